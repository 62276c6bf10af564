"""Say to staff what they are to be told, and begin the threads that were asked for."""

import logging
from dataclasses import replace
from functools import partial

from bot.domain.case import CardRef
from bot.domain.casework import CaseNote
from bot.domain.effect import TRIES
from bot.domain.errand import Errand, ErrandKind
from bot.domain.errors import BoardBarred, BoardDown
from bot.domain.ids import CaseId, PersonId
from bot.ports import Staffroom
from bot.services.case_notes import NOTE_LENGTH, put_note
from bot.services.desk import Desk
from bot.services.due import LATER, OURS, again_at, each, keep_on
from bot.services.shift import on_shift
from bot.services.threads import thread_begun
from bot.store.tx import Tx

log = logging.getLogger(__name__)

NOBODY = PersonId(0)
"""Stands for the desk itself where it leaves a note."""

_BATCH = 20
_CALLS = (ErrandKind.LATE, ErrandKind.LATE_EDITORS)


async def deliver_errands(desk: Desk, staffroom: Staffroom) -> None:
    """Run errands as they fall due, for ever."""

    async def turn() -> bool:
        await staffroom.ready()
        return await run_due(desk, staffroom)

    await keep_on(desk, turn)


async def run_due(desk: Desk, staffroom: Staffroom) -> bool:
    """Run the errands that are due now; false if there were none."""
    now = desk.clock()
    due = await desk.store.read(lambda tx: tx.errands.due(now, limit=_BATCH))
    return await each(due, partial(_run, desk, staffroom), partial(_later, desk))


async def _run(desk: Desk, staffroom: Staffroom, errand: Errand) -> None:
    try:
        if await desk.store.read(lambda tx: _is_wanted(tx, errand)):
            await _carry_out(desk, staffroom, errand)
    except LATER as trouble:
        await _put_off(desk, errand, trouble)
    else:
        at = desk.clock()
        await desk.store.write(lambda tx: tx.errands.done(errand.id, at))


def _is_wanted(tx: Tx, errand: Errand) -> bool:
    """Whether anybody still has to come: a call that had to wait is not made for what is done."""
    if errand.kind not in _CALLS:
        return True
    cases = (tx.cases.get(case_id) for case_id in errand.cases)
    return any(case is not None and case.is_open for case in cases)


async def _carry_out(desk: Desk, staffroom: Staffroom, errand: Errand) -> None:
    cards = await desk.store.read(lambda tx: _cards(tx, errand))
    if errand.kind is ErrandKind.LATE:
        errand = await desk.store.read(lambda tx: _without_absent(tx, desk, errand))
    if errand.kind is not ErrandKind.THREAD:
        message_id = await staffroom.say(errand, cards)
        if message_id is not None:
            await desk.store.write(lambda tx: tx.lines.say(message_id, errand.cases))
        return
    [case_id] = errand.cases
    if case_id not in cards:
        raise BoardDown(f"The card of case {case_id} is not there yet.")
    thread_id = await staffroom.begin_thread(errand, cards[case_id])
    await thread_begun(desk, case_id, thread_id)


def _cards(tx: Tx, errand: Errand) -> dict[CaseId, CardRef]:
    found = ((case_id, tx.cards.get(case_id)) for case_id in errand.cases)
    return {case_id: ref for case_id, ref in found if ref is not None}


def _without_absent(tx: Tx, desk: Desk, errand: Errand) -> Errand:
    """Leave out who has begun a break, or ended their shift, since the call was asked for."""
    there = on_shift(tx, desk).people
    return replace(errand, people=tuple(one for one in errand.people if one in there))


async def _later(desk: Desk, errand: Errand) -> None:
    """Put off what failed by a fault of ours, which a few hours of trying will not mend."""
    if errand.attempts + 1 < TRIES:
        await _put_off(desk, errand, None)
        return
    at = desk.clock()
    await desk.store.write(lambda tx: tx.errands.fail(errand.id, at, OURS))
    log.error("a message to staff was not sent, by a fault of ours")


async def _put_off(desk: Desk, errand: Errand, trouble: Exception | None) -> None:
    due_at, words = again_at(desk, errand.attempts, trouble), str(trouble or OURS)
    at = desk.clock()

    def work(tx: Tx) -> None:
        tx.errands.retry(errand.id, due_at, words)
        if errand.kind is ErrandKind.THREAD and isinstance(trouble, BoardBarred) and is_first:
            # Somebody waits for it, and has nothing else to look at than the card.
            said = f"The thread is not open yet; it is opened once it can be. {words}"
            note = CaseNote(by_id=NOBODY, by_name="Comment Desk", text=said[:NOTE_LENGTH], at=at)
            put_note(tx, errand.cases[0], note)

    is_first = errand.attempts == 0
    await desk.store.write(work)
    log.info("a message to staff is sent later: %s", words)
