"""Cards that stand in other channels, move, and are decided there."""

from bot.cli.check import check
from bot.domain.decisions import Action, Door
from tests.journey.newsroom import Newsroom
from tests.journey.test_stories import NORMAL, PROTECTED, agreed, mark
from tests.support.cards import Card
from tests.support.waiting import until

SECRET = "It was the girl next door."


async def card_in(newsroom: Newsroom, channel: str, case: int, saying: str = "") -> Card:
    def there() -> Card | None:
        seen = newsroom.sandbox.as_user("ana").sees(channel) or []
        found = [
            card
            for card in seen
            if card.buttons and f"#{case}" in card.text.split() and saying in card.text
        ]
        return found[0] if found else None

    return await until(there, what=f"the card of case {case} in #{channel} saying {saying!r}")


def everything(newsroom: Newsroom, channel: str) -> str:
    return "\n".join(card.text for card in newsroom.sandbox.as_user("ana").sees(channel) or [])


async def routed(newsroom: Newsroom) -> None:
    """Start with a restricted channel, and one for threats."""
    restricted, threats = newsroom.add_channel("restricted"), newsroom.add_channel("threats")
    newsroom.write_policy(
        (
            "[[rules]]",
            (
                f'[[routes]]\nstate = "protected"\nchannel = {restricted}\n\n'
                f'[[routes]]\nreason = "threats"\nchannel = {threats}\n\n[[rules]]'
            ),
        )
    )
    await newsroom.start()


async def test_the_first_route_that_fits_wins_and_the_rest_stay_at_home(quiet_newsroom: Newsroom):
    await routed(quiet_newsroom)

    threat = await quiet_newsroom.report(reason="threats")
    other = await quiet_newsroom.report(comment={"id": "c2"})

    await card_in(quiet_newsroom, "threats", threat)
    await card_in(quiet_newsroom, "moderation", other)
    # The pinned overview may name the case; its card is elsewhere.
    seen = quiet_newsroom.sandbox.as_user("ana").sees("moderation") or []
    cards = [card for card in seen if "Keep" in card.labels]
    assert cards
    assert not any(f"#{threat}" in card.text.split() for card in cards)


async def test_every_door_works_in_every_channel(quiet_newsroom: Newsroom):
    newsroom = quiet_newsroom
    newsroom.behind = 7.0
    await routed(newsroom)
    ana = newsroom.sandbox.as_user("ana")
    cases = [
        await newsroom.report(reason="threats", comment={"id": f"c{number}"}) for number in range(4)
    ]
    cards = [await card_in(newsroom, "threats", case) for case in cases]
    newsroom.read_cards()

    await ana.press(cards[0], "Hide")
    await ana.react(cards[1], "✅")
    await ana.reply(cards[2], "h")
    await ana.send("threats", f"<@{newsroom.sandbox.world.bot_id}> k")

    await card_in(newsroom, "threats", cases[0], "Hidden")
    await card_in(newsroom, "threats", cases[1], "Kept")
    await card_in(newsroom, "threats", cases[2], "Hidden")
    await card_in(newsroom, "threats", cases[3], "Kept")
    made = {one.case_id: (one.action, one.verdict.door) for one in await newsroom.decisions()}
    assert made == {
        cases[0]: (Action.HIDE, Door.BUTTON),
        cases[1]: (Action.KEEP, Door.REACTION),
        cases[2]: (Action.HIDE, Door.TYPED),
        cases[3]: (Action.KEEP, Door.TYPED),
    }


async def test_a_line_typed_elsewhere_while_the_desk_was_down_is_read(quiet_newsroom: Newsroom):
    newsroom = quiet_newsroom
    await routed(newsroom)
    case = await newsroom.report(reason="threats")
    card = await card_in(newsroom, "threats", case)
    ana = newsroom.sandbox.as_user("ana")
    await newsroom.stop()
    await ana.reply(card, "k")

    await newsroom.start()

    await card_in(newsroom, "threats", case, "Kept")


async def test_a_card_moves_when_its_story_is_restricted_and_leaves_no_text(
    quiet_newsroom: Newsroom,
):
    newsroom = quiet_newsroom
    await routed(newsroom)
    case = await newsroom.report(comment={"text": SECRET}, note="She is twelve.")
    old = await newsroom.card(case)
    await until(lambda: len(old.reactions) == 3, what="the reactions to press")

    await mark(newsroom, case, PROTECTED)

    moved = await card_in(newsroom, "restricted", case)
    assert SECRET in moved.text
    await until(lambda: "is now in" in old.text, what="the old card to say where it went")
    assert SECRET not in everything(newsroom, "moderation")
    assert old.labels == []
    await until(lambda: not any(old.reactions.values()), what="the reactions to go")

    ana = newsroom.sandbox.as_user("ana")
    assert SECRET not in (await ana.slash("moderation", "case", case=case)).text
    assert SECRET not in (await ana.slash("moderation", "queue")).text
    assert SECRET in (await ana.slash("restricted", "case", case=case)).text
    found = await ana.slash("moderation", "search", text="girl")
    assert f"#{case}" in found.text
    assert SECRET not in found.text
    offered = await ana.autocomplete("moderation", "keep", "case", case="")
    assert [choice["value"] for choice in offered] == [case]
    assert "girl" not in offered[0]["name"]
    await ana.press(moved, "Hide")
    await card_in(newsroom, "restricted", case, "Hidden")


async def test_a_card_comes_home_when_the_story_is_normal_again(quiet_newsroom: Newsroom):
    newsroom = quiet_newsroom
    await routed(newsroom)
    case = await newsroom.report(comment={"text": SECRET})
    await mark(newsroom, case, PROTECTED)
    there = await card_in(newsroom, "restricted", case)

    sam = newsroom.sandbox.as_user("sam")
    await agreed(sam, await sam.slash("restricted", "story", story=f"#{case}", state="normal"))

    await card_in(newsroom, "moderation", case)
    await until(lambda: "is now in" in there.text, what="the old card to say where it went")
    assert NORMAL == "0"


async def test_a_missing_channel_keeps_the_case_and_the_card_comes_once_it_is_there(
    quiet_newsroom: Newsroom,
):
    newsroom = quiet_newsroom
    newsroom.write_policy(
        ("[[rules]]", f'[[routes]]\nreason = "threats"\nchannel = {10**17}\n\n[[rules]]')
    )
    await newsroom.start()

    case = await newsroom.report(reason="threats")

    ana = newsroom.sandbox.as_user("ana")
    assert f"#{case}" in (await ana.slash("moderation", "queue")).text
    other = await newsroom.report(comment={"id": "c2"})
    await card_in(newsroom, "moderation", other)


async def test_check_looks_at_the_channels_of_the_policy_and_the_log(quiet_newsroom: Newsroom):
    newsroom = quiet_newsroom
    restricted = newsroom.add_channel("restricted")
    newsroom.write_policy(
        (
            "[[rules]]",
            (
                f'[[routes]]\nstate = "protected"\nchannel = {restricted}\n\n'
                f'[[routes]]\nreason = "threats"\nchannel = {10**17}\n\n[[rules]]'
            ),
        )
    )
    everybody = int(newsroom.sandbox.world.place("general"))

    settings = newsroom.settings(log_channel_id=everybody)
    found = {one.name: one async for one in check(settings)}

    assert found["Route 1"].good
    assert not found["Route 2"].good
    assert "does not see" in found["Route 2"].words
    assert not found["Log channel"].good
    assert "everybody" in found["Log channel"].words
