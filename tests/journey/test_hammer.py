"""A reaction that stands for a ban asks once, of whoever gave it."""

from datetime import timedelta

import pytest

from bot.domain.decisions import Action, Door
from bot.standin.permissions import Permission, allow
from tests.journey.newsroom import Newsroom, send_ban
from tests.support.cards import Card
from tests.support.driver import Actor
from tests.support.waiting import until


def lines(newsroom: Newsroom, saying: str = "Ban salty") -> list[Card]:
    return [
        card
        for card in newsroom.sandbox.as_user("ana").sees("moderation") or []
        if card.raw.get("message_reference") and saying in card.text
    ]


async def asked(newsroom: Newsroom, many: int = 1, saying: str = "Ban salty") -> list[Card]:
    await until(lambda: len(lines(newsroom, saying)) == many, what=f"{many} lines saying {saying}")
    return lines(newsroom, saying)


async def all_gone(newsroom: Newsroom, card: Card, emoji: str = "🔨") -> None:
    await until(lambda: not lines(newsroom), what="the line to go")
    mine = {newsroom.sandbox.world.bot_id}
    reactions = newsroom.sandbox.world.reactions
    await until(
        lambda: not set(reactions.get(card.id, {}).get(emoji, ())) - mine,
        what="the reaction to go",
    )


def open_to_all(newsroom: Newsroom) -> None:
    world = newsroom.sandbox.world
    rights = [allow(world.guild_id, Permission.VIEW_CHANNEL)]
    world.channels[world.place("moderation")]["permission_overwrites"] = rights


async def hammered(newsroom: Newsroom, who: str = "ana") -> tuple[Card, Card, Actor]:
    """Return the card, the line and who is asked."""
    case = await newsroom.report()
    card = await newsroom.card(case)
    actor = newsroom.sandbox.as_user(who)
    await actor.react(card, "🔨")
    [line] = await asked(newsroom)
    return card, line, actor


async def test_it_says_what_would_happen_and_bans_once_confirmed(newsroom: Newsroom):
    card, line, ana = await hammered(newsroom)
    assert "for 1 day under 3 Harassment?" in line.text
    assert line.labels == ["Ban", "Change…", "Cancel"]
    assert newsroom.sandbox.as_user("ben").sees("moderation")
    assert await newsroom.decisions() == []

    answer = await ana.press(line, "Ban")

    assert "banned until" in answer.text
    assert answer.ephemeral
    [decision] = await newsroom.decisions()
    assert (decision.action, decision.verdict.door, decision.verdict.by.name) == (
        Action.BAN,
        Door.REACTION,
        "Ana",
    )
    assert decision.until == decision.at + timedelta(days=1)
    await all_gone(newsroom, card)


async def test_only_who_reacted_can_answer(newsroom: Newsroom):
    _, line, _ = await hammered(newsroom)
    open_to_all(newsroom)
    for who in ("ben", "sam", "olly"):
        for label in line.labels:
            answer = await newsroom.sandbox.as_user(who).press(line, label)
            assert answer.modal is None
            assert "nothing was done" in answer.text.lower() or "none of your roles" in answer.text

    assert line.exists
    assert await newsroom.decisions() == []


async def test_cancel_takes_the_line_and_the_reaction_away(newsroom: Newsroom):
    card, line, ana = await hammered(newsroom)

    answer = await ana.press(line, "Cancel")

    assert "Nobody was banned" in answer.text
    await all_gone(newsroom, card)
    await ana.react(card, "🔨")
    await asked(newsroom)
    assert await newsroom.decisions() == []


async def test_change_opens_the_form_and_its_answer_takes_the_line_away(newsroom: Newsroom):
    card, line, ana = await hammered(newsroom)

    form = await ana.press(line, "Change")
    answer = await send_ban(ana, form, rule=["5"], days=["7"])

    assert "banned until" in answer.text
    [decision] = await newsroom.decisions()
    assert (decision.verdict.rule, decision.until) == (5, decision.at + timedelta(days=7))
    await all_gone(newsroom, card)


async def test_after_five_minutes_it_goes_also_over_a_restart(newsroom: Newsroom):
    card, line, ana = await hammered(newsroom)
    await newsroom.stop()
    newsroom.later += timedelta(minutes=5, seconds=1)

    await newsroom.start()

    await all_gone(newsroom, card)
    assert not line.exists
    assert await newsroom.decisions() == []
    await ana.react(card, "🔨")
    await asked(newsroom)


async def test_the_line_is_answered_after_a_restart_and_not_asked_twice(newsroom: Newsroom):
    card, line, ana = await hammered(newsroom)
    await newsroom.stop()
    await newsroom.start()
    await newsroom.card(await newsroom.report(comment={"id": "c2"}))
    assert [one.id for one in lines(newsroom)] == [line.id]

    await ana.press(line, "Ban")

    assert len(await newsroom.decisions()) == 1
    await all_gone(newsroom, card)


async def test_each_of_two_people_is_asked_and_the_first_answer_wins(newsroom: Newsroom):
    card, first, ana = await hammered(newsroom)
    ben = newsroom.sandbox.as_user("ben")
    await ben.react(card, "🔨")
    both = await asked(newsroom, 2)
    second = next(line for line in both if line.id != first.id)

    await ana.press(first, "Ban")
    late = await ben.press(second, "Ban")

    assert "Ana was first" in late.text
    assert len(await newsroom.decisions()) == 1
    await all_gone(newsroom, card)


async def test_the_same_person_is_asked_once(newsroom: Newsroom):
    card, line, ana = await hammered(newsroom)
    await ana.unreact(card, "🔨")
    await all_gone(newsroom, card)
    await ana.react(card, "🔨")
    [again] = await asked(newsroom)
    assert again.id != line.id


async def test_taken_back_and_given_again_at_once_it_is_asked_about_again(newsroom: Newsroom):
    card, line, ana = await hammered(newsroom)
    await ana.unreact(card, "🔨")
    await ana.react(card, "🔨")

    await until(lambda: not line.exists, what="the first line to go")
    [again] = await asked(newsroom)
    assert ana.id in newsroom.sandbox.world.reactions[card.id]["🔨"]
    await ana.press(again, "Ban")
    assert len(await newsroom.decisions()) == 1
    await all_gone(newsroom, card)


async def test_a_case_decided_in_between_is_not_decided_again(newsroom: Newsroom):
    card, line, ana = await hammered(newsroom)
    await newsroom.sandbox.as_user("ben").press(card, "Keep")

    answer = await ana.press(line, "Ban")

    assert "Ben was first" in answer.text
    assert [one.action for one in await newsroom.decisions()] == [Action.KEEP]
    await all_gone(newsroom, card)


async def test_a_text_edited_in_between_is_asked_about_anew(newsroom: Newsroom):
    _, line, ana = await hammered(newsroom)
    await newsroom.report(comment={"text": "You are all lovely.", "revision": "r2"})

    for label in ("Change", "Ban"):
        answer = await ana.press(line, label)
        assert answer.modal is None
        assert "You are all lovely" in answer.text

    assert await newsroom.decisions() == []


async def test_who_lost_the_role_in_between_bans_nobody(newsroom: Newsroom):
    card, line, ana = await hammered(newsroom)
    open_to_all(newsroom)
    newsroom.sandbox.world.members[ana.id]["roles"] = []

    for label in ("Ban", "Change"):
        answer = await ana.press(line, label)
        assert answer.modal is None
        assert "none of your roles" in answer.text

    assert await newsroom.decisions() == []
    newsroom.later += timedelta(minutes=6)
    await all_gone(newsroom, card)


async def test_an_outsider_is_not_asked(newsroom: Newsroom):
    card = await newsroom.card(await newsroom.report())
    open_to_all(newsroom)

    await newsroom.sandbox.as_user("olly").react(card, "🔨")

    await until(lambda: lines(newsroom, "none of your roles"), what="a refusal")
    await all_gone(newsroom, card)
    assert await newsroom.decisions() == []


async def test_a_policy_may_let_it_ban_at_once(quiet_newsroom: Newsroom):
    quiet_newsroom.write_policy(('reaction_ban = "ask"', 'reaction_ban = "at once"'))
    await quiet_newsroom.start()
    case = await quiet_newsroom.report()
    card = await quiet_newsroom.card(case)

    await quiet_newsroom.sandbox.as_user("ana").react(card, "🔨")

    await quiet_newsroom.card(case, "anned")
    [decision] = await quiet_newsroom.decisions()
    assert decision.until is not None, "a reaction never bans for good"
    await all_gone(quiet_newsroom, card)


async def test_a_policy_may_switch_it_off_and_that_is_said(quiet_newsroom: Newsroom):
    quiet_newsroom.write_policy(('reaction_ban = "ask"', 'reaction_ban = "off"'))
    await quiet_newsroom.start()
    card = await quiet_newsroom.card(await quiet_newsroom.report())
    await until(lambda: len(card.reactions) == 2, what="two reactions to press, not three")

    await quiet_newsroom.sandbox.as_user("ana").react(card, "🔨")

    await until(lambda: lines(quiet_newsroom, "bans nobody"), what="a sentence")
    await all_gone(quiet_newsroom, card)
    assert await quiet_newsroom.decisions() == []


@pytest.mark.parametrize("path", ["/channels/*/messages", "/channels/*/messages/*"])
async def test_trouble_at_discord_puts_the_line_off(newsroom: Newsroom, path: str):
    card = await newsroom.card(await newsroom.report())
    await until(lambda: len(card.reactions) == 3, what="the reactions to press")
    method = "POST" if path.endswith("messages") else "DELETE"
    newsroom.sandbox.rest.fault(method, path, status=503, times=2)
    ana = newsroom.sandbox.as_user("ana")

    await ana.react(card, "🔨")
    [line] = await asked(newsroom)
    await ana.press(line, "Cancel")

    await all_gone(newsroom, card)
