"""Every door to every action, through the real discord.py over sockets."""

import pytest

from bot.domain.decisions import Action, Door
from tests.journey.newsroom import Newsroom, send_ban
from tests.support.waiting import until

FIRST_LENGTH = "1 day"


async def only_decision(newsroom: Newsroom):
    found: list = []

    async def look() -> None:
        found[:] = await newsroom.decisions()

    for _ in range(200):
        await look()
        if found:
            break
    else:
        raise AssertionError("nothing was decided")
    assert len(found) == 1
    return found[0]


async def decided(newsroom: Newsroom, case: int, action: Action, door: Door):
    words = {"keep": "Kept", "hide": "Hidden", "ban": "anned"}
    await newsroom.card(case, words[action])
    [decision] = await newsroom.decisions()
    assert (decision.action, decision.verdict.door, decision.verdict.by.name) == (
        action,
        door,
        "Ana",
    )
    await newsroom.settled()
    assert newsroom.site.actions == [action]
    return decision


@pytest.mark.parametrize(("label", "action"), [("Keep", Action.KEEP), ("Hide", Action.HIDE)])
async def test_one_press_decides(newsroom: Newsroom, label: str, action: Action):
    case = await newsroom.report()
    answer = await newsroom.sandbox.as_user("ana").press(await newsroom.card(case), label)

    assert answer.ephemeral
    await decided(newsroom, case, action, Door.BUTTON)


async def test_ban_opens_a_form_and_its_answers_are_recorded(newsroom: Newsroom):
    case = await newsroom.report()
    ana = newsroom.sandbox.as_user("ana")

    form = await ana.press(await newsroom.card(case), "Ban")
    answer = await send_ban(ana, form, rule=["5"], days=["30"], note="third time this month")

    assert "banned until" in answer.text
    decision = await decided(newsroom, case, Action.BAN, Door.BUTTON)
    assert (decision.verdict.rule, decision.verdict.note) == (5, "third time this month")
    assert decision.until is not None
    assert (decision.until - decision.at).days == 30
    assert "a1" in newsroom.site.banned
    assert newsroom.site.hidden == {"c1"}


@pytest.mark.parametrize(("emoji", "action"), [("✅", Action.KEEP), ("🙈", Action.HIDE)])
async def test_a_reaction_decides_and_is_taken_off(newsroom: Newsroom, emoji: str, action: Action):
    case = await newsroom.report()
    card = await newsroom.card(case)
    await until(lambda: len(card.reactions) == 3, what="the reactions to press")

    await newsroom.sandbox.as_user("ana").react(card, emoji)

    await decided(newsroom, case, action, Door.REACTION)
    await until(lambda: not any(card.reactions.values()), what="the reactions to be taken off")


async def test_slash_commands_decide(newsroom: Newsroom):
    ana = newsroom.sandbox.as_user("ana")
    cases = [await newsroom.report(comment={"id": f"c{n}"}) for n in range(3)]
    for case in cases:
        await newsroom.card(case)

    kept = await ana.slash("moderation", "keep", case=cases[0])
    hidden = await ana.slash("moderation", "hide", case=cases[1], rule=3, note="no")
    banned = await ana.slash("moderation", "ban", case=cases[2], duration=7, rule=5)

    assert "Kept" in kept.text
    assert "Hidden" in hidden.text
    assert "banned until" in banned.text
    decisions = await newsroom.decisions()
    assert [decision.action for decision in decisions] == [Action.KEEP, Action.HIDE, Action.BAN]
    assert {decision.verdict.door for decision in decisions} == {Door.SLASH}
    assert [decision.verdict.rule for decision in decisions] == [None, 3, 5]


async def test_the_slash_picker_offers_open_cases_and_rules(newsroom: Newsroom):
    case = await newsroom.report()
    await newsroom.card(case)
    ana, olly = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("olly")

    cases = await ana.autocomplete("moderation", "hide", "case", case="")
    rules = await ana.autocomplete("moderation", "hide", "rule", case=case, rule="")

    assert [choice["value"] for choice in cases] == [case]
    assert len(rules) == len(newsroom.desk.desk.policy().rules)
    assert await olly.autocomplete("general", "hide", "case", case="") == []


async def test_queue_and_case_show_what_is_open(newsroom: Newsroom):
    ana = newsroom.sandbox.as_user("ana")
    case = await newsroom.report()
    await newsroom.card(case)

    queue = await ana.slash("moderation", "queue")
    details = await ana.slash("moderation", "case", case=case)

    assert f"#{case}" in queue.text
    assert "You are all bought" in details.text
    assert queue.ephemeral
    assert details.ephemeral


@pytest.mark.parametrize(
    ("typed", "action"), [("k", Action.KEEP), ("h 3", Action.HIDE), ("ban 7d 5 again", Action.BAN)]
)
async def test_a_reply_to_a_card_decides(newsroom: Newsroom, typed: str, action: Action):
    case = await newsroom.report()

    await newsroom.sandbox.as_user("ana").reply(await newsroom.card(case), typed)

    await decided(newsroom, case, action, Door.TYPED)


async def test_a_mention_decides_the_newest_cards_in_order(quiet_newsroom: Newsroom):
    newsroom = quiet_newsroom
    newsroom.behind = 7.0
    await newsroom.start()
    ana = newsroom.sandbox.as_user("ana")
    cases = []
    for number in range(4):
        cases.append(await newsroom.report(comment={"id": f"c{number}"}))
        await newsroom.card(cases[-1])
    newest = cases[::-1]
    newsroom.read_cards()

    bot = newsroom.sandbox.world.bot_id
    await ana.send("moderation", f"<@{bot}> k h3 - h")

    await newsroom.card(newest[0], "Kept")
    await newsroom.card(newest[1], "Hidden")
    await newsroom.card(newest[3], "Hidden")
    decisions = await newsroom.decisions()
    assert [decision.case_id for decision in decisions] == [newest[0], newest[1], newest[3]]


async def test_a_line_that_is_half_understood_does_nothing_and_says_so(newsroom: Newsroom):
    case = await newsroom.report()
    card = await newsroom.card(case)
    ana = newsroom.sandbox.as_user("ana")

    line = await ana.reply(card, "bann 7d 5")

    def answer() -> str | None:
        seen = ana.sees("moderation") or []
        replies = [
            one
            for one in seen
            if (one.raw.get("message_reference") or {}).get("message_id") == line.id
        ]
        return replies[0].text if replies else None

    assert "bann" in await until(answer, what="an answer")
    assert await newsroom.decisions() == []

    await ana.edit(line, f"<@{newsroom.sandbox.world.bot_id}> ban 7d 5")
    await decided(newsroom, case, Action.BAN, Door.TYPED)


async def test_undo_and_another_rule_are_one_press_away(newsroom: Newsroom):
    case = await newsroom.report()
    ana = newsroom.sandbox.as_user("ana")
    answer = await ana.press(await newsroom.card(case), "Hide")
    assert answer.message is not None

    other = await ana.press(answer.message, "Other rule")
    assert other.message == answer.message
    amended = await ana.select(other.message, "desk:amend", ["1"])
    assert "1" in amended.text
    undone = await ana.press(answer.message, "Undo")

    assert not undone.failed
    await newsroom.settled()
    assert [decision.action for decision in await newsroom.decisions()] == [
        Action.HIDE,
        Action.HIDE,
        Action.UNHIDE,
    ]
    assert newsroom.site.hidden == set()
    card = await newsroom.card(case, "Ana undid it")
    assert "Keep" in card.labels


async def test_notes_and_long_texts_are_one_press_away_for_ones_own_eyes(newsroom: Newsroom):
    text = "word " * 900 + "the end"
    case = await newsroom.report(comment={"text": text}, note="He does this every week.")
    card = await newsroom.card(case)
    ana = newsroom.sandbox.as_user("ana")
    assert "He does this" not in card.text
    assert "the end" not in card.text

    whole = await ana.press(card, "Read all")
    notes = await ana.press(card, "Readers' notes")

    assert "word" in whole.text
    assert "1 note" in card.text
    assert "He does this every week" in notes.text
    assert notes.ephemeral


async def test_whatever_is_opened_from_more_has_a_way_back(newsroom: Newsroom):
    case = await newsroom.report(comment={"text": "word " * 900}, note="Every week.")
    ana = newsroom.sandbox.as_user("ana")
    back = f"Back to #{case}"
    here = await ana.press(await newsroom.card(case), "More")
    assert back not in here.labels
    for away in ("Readers' notes", "Read all", "Story…", "Author's record"):
        there = await ana.press(here.message, away)
        assert there.labels[-1] == back, away
        if away == "Read all":
            there = await ana.press(there.message, "Next page")
        here = await ana.press(there.message, back)
        assert "Claim" in here.labels

    # What is refused leads back as well.
    ben = newsroom.sandbox.as_user("ben")
    await ben.press(await newsroom.card(case), "Keep")
    refused = await ana.press(here.message, "Claim")
    assert "Ben" in refused.text
    again = await ana.press(refused.message, f"Back to #{case}")
    assert "Kept" in again.text


async def test_who_decided_already_is_not_told_that_somebody_was_first(newsroom: Newsroom):
    case = await newsroom.report()
    card = await newsroom.card(case)
    ana, ben = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("ben")
    await ana.press(card, "Keep")

    again = await ana.slash("moderation", "hide", case=case)
    other = await ben.slash("moderation", "hide", case=case)

    assert "You decided this already" in again.text
    assert "Ana was first" in other.text
