"""Say to staff what they are to be told, and begin the threads that were asked for."""

import logging
import random
from dataclasses import replace
from functools import partial

from bot.domain.case import CardRef
from bot.domain.casework import CaseNote
from bot.domain.effect import TRIES, wait_before
from bot.domain.errand import Errand, ErrandKind
from bot.domain.errors import BoardDown, BoardRefused, CardGone
from bot.domain.ids import CaseId, PersonId
from bot.ports import Staffroom, Tx
from bot.services.case_notes import NOTE_LENGTH, put_note
from bot.services.desk import Desk
from bot.services.due import OURS, each, keep_on
from bot.services.shift import on_shift
from bot.services.threads import thread_begun

log = logging.getLogger(__name__)

NOBODY = PersonId(0)
"""Stands for the desk itself where it leaves a note."""

_BATCH = 20


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
        await _carry_out(desk, staffroom, errand)
    except BoardDown as down:
        wait = wait_before(errand.attempts + 2, jitter=_jitter(), asked=down.after)
        due_at, words = desk.clock() + wait, str(down)
        await desk.store.write(lambda tx: tx.errands.retry(errand.id, due_at, words))
    except (BoardRefused, CardGone) as refused:
        await _give_up(desk, errand, str(refused))
    else:
        at = desk.clock()
        await desk.store.write(lambda tx: tx.errands.done(errand.id, at))


async def _carry_out(desk: Desk, staffroom: Staffroom, errand: Errand) -> None:
    cards = await desk.store.read(lambda tx: _cards(tx, errand))
    if errand.kind is ErrandKind.LATE:
        errand = await desk.store.read(lambda tx: _without_absent(tx, desk, errand))
    if errand.kind is not ErrandKind.THREAD:
        await staffroom.say(errand, cards)
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
    if errand.attempts + 1 >= TRIES:
        await _give_up(desk, errand, OURS)
        return
    due_at = desk.clock() + wait_before(errand.attempts + 2, jitter=_jitter())
    await desk.store.write(lambda tx: tx.errands.retry(errand.id, due_at, OURS))


async def _give_up(desk: Desk, errand: Errand, trouble: str) -> None:
    at = desk.clock()

    def work(tx: Tx) -> None:
        tx.errands.fail(errand.id, at, trouble)
        if errand.kind is ErrandKind.THREAD:
            # Somebody waits for it, and has nothing else to look at than the card.
            words = f"The thread could not be opened. {trouble}"
            note = CaseNote(by_id=NOBODY, by_name="Comment Desk", text=words[:NOTE_LENGTH], at=at)
            put_note(tx, errand.cases[0], note)

    await desk.store.write(work)
    log.warning("a message to staff was not sent: %s", trouble)


def _jitter() -> float:
    return random.random()  # noqa: S311 - spreads retries, guards nothing
