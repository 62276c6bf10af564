"""Say to staff what they are to be told, and begin the threads that were asked for."""

from dataclasses import replace
from functools import partial

from bot.domain.cases import CardRef
from bot.domain.effects import Effect, EffectKind, Outcome, Verb
from bot.domain.errors import BoardDown
from bot.domain.ids import CaseId, MessageRef, PersonId
from bot.domain.sayings import TO_EDITORS, CardRefs, Errand, ErrandKind, StaffCall, ThreadOpening
from bot.domain.triage import CaseNote
from bot.ports import Messenger
from bot.services.cases.lookup import look_in
from bot.services.cases.notes import NOTE_LENGTH, begun, put_note
from bot.services.desk import Desk
from bot.services.outbox_worker import DONE, Attempt, Lane
from bot.services.staff.shift import on_shift
from bot.store.deliveries import errand_from
from bot.store.tx import Tx

NOBODY = PersonId(0)
"""Stands for the desk itself where it leaves a note."""

_BATCH = 20
_CALLS = (ErrandKind.LATE, ErrandKind.LATE_EDITORS)
_CONTESTS = (ErrandKind.LATE_CONTESTS, ErrandKind.LATE_CONTESTS_EDITORS)
_TO_SHIFT = (ErrandKind.LATE, ErrandKind.LATE_CONTESTS)


def message_lane(desk: Desk, messenger: Messenger) -> Lane:
    """Say to staff what they are to be told."""
    return Lane(
        desk=desk,
        due=lambda tx, now: tx.outbox.due(EffectKind.STAFF, now, limit=_BATCH),
        carry_out=partial(_carry_out, desk, messenger),
        after=partial(_after, desk),
        ready=messenger.ready,
    )


def _is_wanted(tx: Tx, errand: Errand) -> bool:
    """Whether anybody still has to come: a call that had to wait is not made for what is done."""
    if errand.kind in _CONTESTS:
        return any(tx.contests.waiting_of(case_id) for case_id in errand.cases)
    if errand.kind not in _CALLS:
        return True
    cases = (tx.cases.get(case_id) for case_id in errand.cases)
    return any(case is not None and case.is_open for case in cases)


async def _carry_out(desk: Desk, messenger: Messenger, effect: Effect) -> Attempt:
    errand = errand_from(effect.payload)
    if not await desk.store.read(lambda tx: _is_wanted(tx, errand)):
        return DONE
    cards = await desk.store.read(lambda tx: _cards(tx, errand))
    if errand.kind in _TO_SHIFT:
        errand = await desk.store.read(partial(_without_absent, desk, errand))
    if errand.kind is not ErrandKind.THREAD:
        said = await _say(desk, messenger, errand, cards, effect.nonce)
        return Attempt(keep=lambda tx: tx.lines.say(said.message_id, errand.cases))
    [case_id] = errand.cases
    if case_id not in cards:
        raise BoardDown(f"The card of case {case_id} is not there yet.")
    thread_id = await messenger.thread(cards[case_id].at, errand)
    await messenger.post(thread_id, ThreadOpening(errand=errand), nonce=effect.nonce)
    return Attempt(keep=partial(begun, case_id, thread_id, desk.clock()))


async def _say(
    desk: Desk, messenger: Messenger, errand: Errand, cards: CardRefs, nonce: str
) -> MessageRef:
    """Call whom it is for, and of these who is still there; bring the case that is handed over."""
    there, places = tuple(await messenger.still_staff(errand.people)), messenger.places
    channel_id = places.editors if errand.kind in TO_EDITORS else places.channel_id
    handed = errand.kind is ErrandKind.ESCALATED
    view = await look_in(desk, errand.cases[0], channel_id) if handed else None
    call = StaffCall(errand=replace(errand, people=there), cards=cards, view=view)
    posted = await messenger.post(channel_id, call, nonce=nonce)
    return posted.at


def _cards(tx: Tx, errand: Errand) -> dict[CaseId, CardRef]:
    found = ((case_id, tx.cards.get(case_id)) for case_id in errand.cases)
    return {case_id: ref for case_id, ref in found if ref is not None}


def _without_absent(desk: Desk, errand: Errand, tx: Tx) -> Errand:
    """Leave out who has begun a break, or ended their shift, since the call was asked for."""
    there = on_shift(tx, desk).people
    return replace(errand, people=tuple(one for one in errand.people if one in there))


def _after(desk: Desk, tx: Tx, effect: Effect, outcome: Outcome) -> None:
    """Say once on a case why its thread is not there yet.

    Somebody waits for it, and has nothing else to look at than the card.
    """
    if outcome.verb is not Verb.MISCONFIGURED or effect.attempts:
        return
    errand = errand_from(effect.payload)
    if errand.kind is ErrandKind.THREAD:
        said = f"The thread is not open yet; it is opened once it can be. {outcome.words}"
        at = desk.clock()
        note = CaseNote(by_id=NOBODY, by_name="Comment Desk", text=said[:NOTE_LENGTH], at=at)
        put_note(tx, errand.cases[0], note)
