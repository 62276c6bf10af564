"""Reactions that cannot be taken off, come too early, or came while the desk was down."""

import pytest

from bot.domain.cases import CaseState
from bot.domain.decisions import Action, Door
from bot.standin.permissions import Permission, allow
from tests.journey.newsroom import Newsroom
from tests.support.cards import Card
from tests.support.waiting import eventually, until

TAKING_OFF = "/channels/*/messages/*/reactions/*"


async def state(newsroom: Newsroom, case: int) -> CaseState:
    found = await newsroom.desk.desk.store.read(lambda tx: tx.cases.get(case))
    assert found is not None
    return found.state


def reacted(newsroom: Newsroom, card: Card, emoji: str) -> set[str]:
    found = newsroom.sandbox.world.reactions.get(card.id, {}).get(emoji, ())
    return set(found) - {newsroom.sandbox.world.bot_id}


async def taken_off(newsroom: Newsroom, card: Card, *emoji: str) -> None:
    for one in emoji:
        await until(lambda one=one: not reacted(newsroom, card, one), what=f"{one} to be taken off")


def saying(newsroom: Newsroom, words: str) -> list[Card]:
    return [
        card
        for card in newsroom.sandbox.as_user("ana").sees("moderation") or []
        if words in card.text
    ]


async def caught_up(newsroom: Newsroom) -> None:
    """Wait until what was missed was read: a later reaction to the newest card was."""
    case = await newsroom.report(comment={"id": "later"})
    card = await newsroom.card(case)
    await newsroom.sandbox.as_user("ana").react(card, "✅")
    await newsroom.card(case, "Kept")


async def restarted(newsroom: Newsroom) -> None:
    await newsroom.stop()
    await newsroom.start()


async def test_a_left_over_reaction_does_not_undo_an_undo_at_the_next_start(newsroom: Newsroom):
    case = await newsroom.report()
    card = await newsroom.card(case)
    ana = newsroom.sandbox.as_user("ana")
    await until(lambda: len(card.reactions) == 3, what="the reactions to press")
    newsroom.sandbox.rest.fault("DELETE", TAKING_OFF, status=403, times=None)
    newsroom.sandbox.rest.fault(
        "DELETE", "/channels/*/messages/*/reactions", status=403, times=None
    )
    await ana.react(card, "✅")
    await newsroom.card(case, "Kept")
    await ana.press(card, "Undo")
    await newsroom.card(case, "Ana undid it")
    assert reacted(newsroom, card, "✅"), "it could not be taken off"

    await restarted(newsroom)
    await caught_up(newsroom)
    await restarted(newsroom)
    await caught_up(newsroom)

    assert await state(newsroom, case) is CaseState.REOPENED


async def test_taken_back_and_given_again_a_reaction_counts_anew(newsroom: Newsroom):
    case = await newsroom.report()
    card = await newsroom.card(case)
    ana = newsroom.sandbox.as_user("ana")
    await until(lambda: len(card.reactions) == 3, what="the reactions to press")
    newsroom.sandbox.rest.fault("DELETE", TAKING_OFF, status=403, times=None)
    newsroom.sandbox.rest.fault(
        "DELETE", "/channels/*/messages/*/reactions", status=403, times=None
    )
    await ana.react(card, "✅")
    await newsroom.card(case, "Kept")
    await ana.press(card, "Undo")
    await newsroom.card(case, "Ana undid it")
    await ana.unreact(card, "✅")

    await ana.react(card, "✅")
    await newsroom.card(case, "Kept")

    assert [one.action for one in await newsroom.decisions()] == [
        Action.KEEP, Action.REOPEN, Action.KEEP,
    ]  # fmt: skip


async def test_an_outsiders_reaction_goes_though_nobody_can_be_told(newsroom: Newsroom):
    card = await newsroom.card(await newsroom.report())
    await until(lambda: len(card.reactions) == 3, what="the reactions to press")
    world = newsroom.sandbox.world
    world.channels[world.place("moderation")]["permission_overwrites"] = [
        allow(world.guild_id, Permission.VIEW_CHANNEL)
    ]
    newsroom.sandbox.rest.fault("POST", "/channels/*/messages", status=403, times=None)

    for emoji in ("✅", "🙈", "🔨"):
        await newsroom.sandbox.as_user("olly").react(card, emoji)
        await taken_off(newsroom, card, emoji)

    assert await newsroom.decisions() == []


async def test_a_reaction_that_comes_before_the_card_is_recorded_is_taken_up(newsroom: Newsroom):
    newsroom.sandbox.rest.fault("POST", "/channels/*/messages", drop="after", times=1)
    case = await newsroom.report()
    card = await newsroom.card(case)

    await newsroom.sandbox.as_user("ana").react(card, "✅")

    await newsroom.card(case, "Kept")
    assert len(newsroom.cards(case)) == 1
    [decision] = await newsroom.decisions()
    assert decision.verdict.door is Door.REACTION


async def test_an_early_reaction_that_was_taken_back_decides_nothing(newsroom: Newsroom):
    newsroom.sandbox.rest.fault("POST", "/channels/*/messages", drop="after", times=1)
    case = await newsroom.report()
    card = await newsroom.card(case)
    ana = newsroom.sandbox.as_user("ana")

    await ana.react(card, "🙈")
    await ana.unreact(card, "🙈")
    await caught_up(newsroom)

    assert await state(newsroom, case) is CaseState.OPEN


@pytest.mark.parametrize(
    "given",
    [
        [("ana", "✅"), ("ben", "🙈")],
        [("ana", "✅"), ("ben", "✅"), ("sam", "🙈")],
        [("ana", "✅"), ("ana", "🙈")],
        [("ana", "🙈"), ("ben", "🔨")],
    ],
)
async def test_reactions_that_disagree_are_asked_about(
    newsroom: Newsroom, given: list[tuple[str, str]]
):
    case = await newsroom.report()
    card = await newsroom.card(case)
    await newsroom.stop()
    for who, emoji in given:
        await newsroom.sandbox.as_user(who).react(card, emoji)

    await newsroom.start()

    await until(lambda: saying(newsroom, "reacted differently"), what="a question")
    [line] = saying(newsroom, "reacted differently")
    assert all(f"{who.capitalize()} {emoji}" in line.text for who, emoji in given)
    await taken_off(newsroom, card, *(emoji for _, emoji in given))
    assert await newsroom.decisions() == []
    await restarted(newsroom)
    await newsroom.sandbox.as_user("ben").press(line, "Keep")
    [decision] = await newsroom.decisions()
    assert (decision.action, decision.verdict.by.name) == (Action.KEEP, "Ben")
    await until(lambda: not line.exists, what="the line to go")


async def test_reactions_that_agree_decide_once_and_nobody_is_told_off(newsroom: Newsroom):
    case = await newsroom.report()
    card = await newsroom.card(case)
    await newsroom.stop()
    for who in ("ana", "ben", "sam"):
        await newsroom.sandbox.as_user(who).react(card, "🙈")

    await newsroom.start()

    await newsroom.card(case, "Hidden")
    await taken_off(newsroom, card, "🙈")
    assert len(await newsroom.decisions()) == 1
    assert saying(newsroom, "was first") == []


async def test_an_outsider_has_no_say_in_whether_the_others_agree(newsroom: Newsroom):
    case = await newsroom.report()
    card = await newsroom.card(case)
    world = newsroom.sandbox.world
    world.channels[world.place("moderation")]["permission_overwrites"] = [
        allow(world.guild_id, Permission.VIEW_CHANNEL)
    ]
    await newsroom.stop()
    await newsroom.sandbox.as_user("olly").react(card, "🙈")
    await newsroom.sandbox.as_user("ana").react(card, "✅")

    await newsroom.start()

    await newsroom.card(case, "Kept")
    await taken_off(newsroom, card, "🙈", "✅")


@pytest.mark.parametrize("emoji", ["✅", "🙈", "🔨"])
async def test_a_reaction_from_before_an_edit_does_not_decide_the_edited_text(
    newsroom: Newsroom, emoji: str
):
    case = await newsroom.report()
    card = await newsroom.card(case)
    for number in range(3):
        await newsroom.stop()
        await newsroom.sandbox.as_user("ana").react(card, emoji)
        newsroom.sandbox.gateway.down = 503
        await newsroom.start(wait=False)
        text = f"Edited, {number} times."
        await newsroom.report(comment={"text": text, "revision": text})
        newsroom.sandbox.gateway.down = None

        await until(lambda: saying(newsroom, "Does this still hold"), what="a question")
        await taken_off(newsroom, card, emoji)
        assert await newsroom.decisions() == []

    line = saying(newsroom, "Does this still hold")[-1]
    await eventually(lambda: _shows(newsroom, case), "the card to show the newest text")
    await newsroom.sandbox.as_user("ana").press(await newsroom.card(case), "Keep")
    await until(lambda: not line.exists, what="the lines to go")


async def _shows(newsroom: Newsroom, case: int) -> bool:
    ref = await newsroom.desk.desk.store.read(lambda tx: tx.cards.get(case))
    found = await newsroom.desk.desk.store.read(lambda tx: tx.cases.get(case))
    return ref is not None and found is not None and ref.revision == found.revision


@pytest.mark.parametrize("emoji", ["✅\ufe0f", "✅"])
async def test_how_an_emoji_looks_makes_no_difference(newsroom: Newsroom, emoji: str):
    case = await newsroom.report()
    await newsroom.sandbox.as_user("ana").react(await newsroom.card(case), emoji)

    await newsroom.card(case, "Kept")


# ---- cards that were deleted


async def test_a_deleted_card_comes_back_at_once(newsroom: Newsroom):
    case = await newsroom.report()
    card = await newsroom.card(case)

    newsroom.sandbox.owner.delete_message(card)

    await until(lambda: [one for one in newsroom.cards(case) if one.id != card.id], what="a card")
    again = await newsroom.card(case)
    await newsroom.sandbox.as_user("ana").press(again, "Hide")
    assert len(await newsroom.decisions()) == 1


async def test_a_card_that_was_deleted_while_the_desk_was_down_comes_back(newsroom: Newsroom):
    cases = [await newsroom.report(comment={"id": f"c{n}"}) for n in range(3)]
    cards = [await newsroom.card(case) for case in cases]
    await newsroom.stop()
    for card in cards[:2]:
        newsroom.sandbox.owner.delete_message(card)

    await newsroom.start()

    for case in cases:
        await newsroom.card(case)
    assert newsroom.cards(cases[2])[0].id == cards[2].id


async def test_a_deleted_card_of_a_decided_case_stays_away(newsroom: Newsroom):
    case = await newsroom.report()
    card = await newsroom.card(case)
    ana = newsroom.sandbox.as_user("ana")
    await ana.press(card, "Hide")
    await newsroom.card(case, "Hidden")
    await newsroom.settled()
    newsroom.sandbox.owner.delete_message(card)
    await eventually(lambda: _has_no_card(newsroom, case), "the desk to know")

    shown = await ana.slash("moderation", "case", case=case)
    assert "Hidden" in shown.text
    assert "Undo" in shown.labels
    assert newsroom.cards(case, user="ben") == []
    await ana.press(shown.message or card, "Undo")
    await newsroom.card(case, "Ana undid it")


async def _has_no_card(newsroom: Newsroom, case: int) -> bool:
    return await newsroom.desk.desk.store.read(lambda tx: tx.cards.get(case)) is None


async def test_without_a_card_a_case_offers_what_the_card_did(newsroom: Newsroom):
    case = await newsroom.report()
    card = await newsroom.card(case)
    ana = newsroom.sandbox.as_user("ana")
    await ana.slash("moderation", "claim", case=case)
    newsroom.sandbox.rest.fault("POST", "/channels/*/messages", status=503, times=None)
    newsroom.sandbox.owner.delete_message(card)
    await eventually(lambda: _has_no_card(newsroom, case), "the desk to know")

    shown = await ana.slash("moderation", "case", case=case)

    assert {"Keep", "Ban…"} <= set(shown.labels)
    assert [label for label in shown.labels if label.startswith("Hide: ")]
    await ana.press(shown.message or card, "Keep")
    assert len(await newsroom.decisions()) == 1


async def test_a_reply_to_the_answer_to_a_reaction_means_its_case(newsroom: Newsroom):
    case = await newsroom.report()
    card = await newsroom.card(case)
    ana, ben = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("ben")
    more = await ben.press(card, "More")
    await ben.press(more.message, "Claim")
    await ana.react(card, "🙈")
    told = await ana.wait_for("moderation", "Ben")

    answer = await newsroom.answer(await newsroom.type("ben", "h 3", to=told))

    assert f"#{case}" in answer.text
    assert [made.case_id for made in await newsroom.decisions()] == [case]
