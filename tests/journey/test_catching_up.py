"""What was typed while the desk was down is not lost when catching up begins badly."""

import asyncio
from contextlib import ExitStack
from datetime import timedelta

import pytest

from bot.domain.decisions import Action, Door
from bot.domain.ids import CaseId
from bot.store.opening import open_store
from bot.store.tx import Tx
from cogs.cases import catchup
from tests.journey.newsroom import Newsroom
from tests.support.beneath import held
from tests.support.cards import Card
from tests.support.waiting import until


async def test_a_missed_line_is_read_though_discord_stumbles_and_a_newer_one_comes_first(
    newsroom: Newsroom,
):
    ana = newsroom.sandbox.as_user("ana")
    missed, newer = [await newsroom.report(comment={"id": f"c{n}"}) for n in range(2)]
    cards = [await newsroom.card(case) for case in (missed, newer)]
    await newsroom.stop()
    await ana.reply(cards[0], "h 3")
    newsroom.sandbox.rest.fault("GET", "/channels/*/messages", status=503, times=1)

    await newsroom.start()
    await ana.reply(cards[1], "k")

    await newsroom.card(newer, "Kept")
    await newsroom.card(missed, "Hidden")
    made = {one.case_id: one.verdict.door for one in await newsroom.decisions()}
    assert made == {missed: Door.TYPED, newer: Door.TYPED}


async def test_a_lost_answer_to_a_line_or_a_reaction_does_not_undo_what_it_did(
    newsroom: Newsroom, caplog
):
    ana = newsroom.sandbox.as_user("ana")
    typed, reacted = [await newsroom.report(comment={"id": f"c{n}"}) for n in range(2)]
    cards = [await newsroom.card(case) for case in (typed, reacted)]

    newsroom.sandbox.rest.fault("POST", "/channels/*/messages", drop="before", times=1)
    await ana.reply(cards[0], "h 3")
    await newsroom.card(typed, "Hidden")
    newsroom.sandbox.rest.fault("DELETE", "/channels/*/reactions/*", drop="before", times=1)
    await ana.react(cards[1], "✅")
    await newsroom.card(reacted, "Kept")

    assert len(await newsroom.decisions()) == 2
    assert [one for one in caplog.records if one.levelname == "ERROR"] == []


async def all_cards(newsroom: Newsroom, number: int) -> list[Card]:
    cases = [
        await newsroom.report(comment={"id": f"c{n}", "author": {"id": f"a{n}", "name": "x"}})
        for n in range(number)
    ]
    return [await newsroom.card(case) for case in cases]


async def decided_cases(newsroom: Newsroom) -> set[int]:
    return {made.case_id for made in await newsroom.decisions()}


async def test_lines_from_a_lost_session_are_read_though_somebody_types_right_after(
    newsroom: Newsroom,
):
    ana, ben = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("ben")
    *missed, newest = await all_cards(newsroom, 9)
    await newsroom.sandbox.gateway.drop(forget=True)
    for card in missed:
        await ana.reply(card, "h 3")
    await until(lambda: newsroom.sandbox.gateway.connected, what="the new session")
    await ben.reply(newest, "k")

    for case in range(1, 9):
        await newsroom.card(case, "Hidden")
    await newsroom.card(9, "Kept")
    assert len(await newsroom.decisions()) == 9


async def test_a_line_typed_while_others_are_missed_does_not_hide_them_from_a_restart(
    newsroom: Newsroom, caplog
):
    ana, ben = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("ben")
    missed, newest = await all_cards(newsroom, 2)
    newsroom.sandbox.rest.fault("GET", "/channels/*/messages", status=503, times=50)
    await newsroom.sandbox.gateway.drop(forget=True)
    await ana.reply(missed, "h 3")
    await until(lambda: newsroom.sandbox.gateway.connected, what="the new session")
    await newsroom.answer(await ben.reply(newest, "k"))
    await until(lambda: "is read later" in caplog.text, what="the desk to have looked in vain")
    await newsroom.stop()
    newsroom.sandbox.rest.clear_faults()
    await newsroom.start()

    await newsroom.card(1, "Hidden")
    assert await decided_cases(newsroom) == {1, 2}


async def test_a_late_line_that_names_no_case_is_asked_about(newsroom: Newsroom):
    await all_cards(newsroom, 2)
    await newsroom.stop()
    line = await newsroom.type("ana", "h")
    await newsroom.start()

    answer = await newsroom.answer(line)
    assert "late" in answer.text
    assert "#1042" in answer.text
    assert await newsroom.decisions() == []
    await newsroom.stop()
    await newsroom.start()
    again = await newsroom.answer(await newsroom.type("ana", "help"))
    assert again.text
    replies = [
        card
        for card in newsroom.sandbox.as_user("ana").sees("moderation") or []
        if (card.raw.get("message_reference") or {}).get("message_id") == line.id
    ]
    assert len(replies) == 1, "asked once, though there was a restart"


async def test_what_its_author_has_overtaken_is_asked_about(newsroom: Newsroom):
    ana = newsroom.sandbox.as_user("ana")
    [card] = await all_cards(newsroom, 1)
    await newsroom.stop()
    first = await ana.reply(card, "h 3")
    second = await ana.reply(card, "k")
    await newsroom.start()

    assert "something else about" in (await newsroom.answer(first)).text
    assert "Kept" in (await newsroom.answer(second)).text
    assert [made.action for made in await newsroom.decisions()] == [Action.KEEP]


async def test_a_late_line_about_a_case_that_has_changed_since_is_asked_about(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(catchup, "_TRIES_AFTER", (0.1,))
    ana, ben = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("ben")
    [card] = await all_cards(newsroom, 1)
    newsroom.sandbox.rest.fault("GET", "/channels/*/messages", status=503, times=None)
    await newsroom.sandbox.gateway.drop(forget=True)
    line = await ana.reply(card, "h 3")
    await until(lambda: newsroom.sandbox.gateway.connected, what="the new session")
    made = await ben.press(card, "Keep")
    await newsroom.card(1, "Kept")
    await ben.press(made.message or card, "Undo")
    await newsroom.card(1, "Ben undid it")
    newsroom.sandbox.rest.clear_faults()

    assert "has changed since" in (await newsroom.answer(line)).text
    assert [one.action for one in await newsroom.decisions()] == [Action.KEEP, Action.REOPEN]


async def test_a_reaction_to_a_card_that_was_not_recorded_is_taken_up_once_it_is_found(
    newsroom: Newsroom,
):
    """It was posted, the desk ended before it knew, and somebody reacted before it came back."""
    ana = newsroom.sandbox.as_user("ana")
    first, lost = await all_cards(newsroom, 2)
    await until(lambda: len(lost.reactions) == 3, what="the cards to be recorded")
    await newsroom.stop()
    async with open_store(newsroom.place) as store:

        def forget(tx: Tx) -> None:
            now = newsroom.clock()
            tx.cards.lost(CaseId(2))
            tx.cards.intend(CaseId(2), now)
            tx.outbox.want_card(CaseId(2), now + timedelta(minutes=30))

        await store.write(forget)
    for card in (first, lost):
        await ana.react(card, "✅")

    await newsroom.start()
    await newsroom.card(1, "Kept")
    assert await decided_cases(newsroom) == {1}
    newsroom.later = timedelta(minutes=40)

    await newsroom.card(2, "Kept")
    assert await decided_cases(newsroom) == {1, 2}
    assert len(newsroom.cards()) == 2


async def test_a_line_typed_while_the_database_is_held_is_carried_out_or_told(newsroom: Newsroom):
    [card] = await all_cards(newsroom, 1)
    await until(lambda: len(card.reactions) == 3, what="the card to be recorded")
    holding = ExitStack()
    holding.enter_context(held(newsroom.place))
    line = await newsroom.sandbox.as_user("ana").reply(card, "h 3")
    asyncio.get_running_loop().call_later(8, holding.close)

    assert "Hidden" in (await newsroom.answer(line)).text
    await newsroom.stop()
    await newsroom.start()
    await newsroom.answer(await newsroom.type("ana", "help"))
    assert await decided_cases(newsroom) == {1}
    assert len(await newsroom.decisions()) == 1


async def test_who_was_not_answered_before_a_crash_is_told_what_was_done(newsroom: Newsroom):
    [card] = await all_cards(newsroom, 1)
    newsroom.sandbox.rest.fault("POST", "/channels/*/messages", drop="before", times=1)
    line = await newsroom.sandbox.as_user("ana").reply(card, "h 3")
    await newsroom.card(1, "Hidden")
    await newsroom.stop()
    await newsroom.start()

    assert "Hidden" in (await newsroom.answer(line)).text
    assert len(await newsroom.decisions()) == 1


async def test_lines_in_a_case_s_thread_are_caught_up_with(newsroom: Newsroom):
    [card] = await all_cards(newsroom, 1)
    ana = newsroom.sandbox.as_user("ana")
    more = await ana.press(card, "More")
    await ana.press(more.message or card, "Thread")
    thread = await until(lambda: card.thread, what="the thread")
    await newsroom.card(1, thread)
    await newsroom.stop()
    line = await newsroom.type("ana", "h 3", place=thread)
    await newsroom.start()

    assert "Hidden" in (await newsroom.answer(line)).text
