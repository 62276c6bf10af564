"""Say to staff what they are to be told, and begin the threads that were asked for."""

from dataclasses import replace
from functools import partial

from bot.domain.cases import CardRef
from bot.domain.effects import Effect, EffectKind, Outcome, Verb
from bot.domain.errors import BoardDown
from bot.domain.ids import CaseId, MessageRef, PersonId
from bot.domain.sayings import (
    TO_EDITORS,
    CardRefs,
    StaffCall,
    StaffMessage,
    StaffMessageKind,
    ThreadOpening,
)
from bot.domain.triage import CaseNote
from bot.ports import Messenger
from bot.services.cases.lookup import look_in
from bot.services.cases.notes import NOTE_LENGTH, begun, put_note
from bot.services.desk import Desk
from bot.services.outbox_worker import DONE, Attempt, Lane
from bot.services.staff.shift import on_shift
from bot.store.deliveries import staff_message_from
from bot.store.tx import Tx

NOBODY = PersonId(0)
"""Stands for the desk itself where it leaves a note."""

_BATCH = 20
_CALLS = (StaffMessageKind.LATE, StaffMessageKind.LATE_EDITORS)
_CONTESTS = (StaffMessageKind.LATE_CONTESTS, StaffMessageKind.LATE_CONTESTS_EDITORS)
_TO_SHIFT = (StaffMessageKind.LATE, StaffMessageKind.LATE_CONTESTS)


def message_lane(desk: Desk, messenger: Messenger) -> Lane:
    """Say to staff what they are to be told."""
    return Lane(
        desk=desk,
        due=lambda tx, now: tx.outbox.due(EffectKind.STAFF, now, limit=_BATCH),
        carry_out=partial(_carry_out, desk, messenger),
        after=partial(_after, desk),
        ready=messenger.ready,
    )


def _is_wanted(tx: Tx, message: StaffMessage) -> bool:
    """Whether anybody still has to come: a call that had to wait is not made for what is done."""
    if message.kind in _CONTESTS:
        return any(tx.contests.waiting_of(case_id) for case_id in message.cases)
    if message.kind not in _CALLS:
        return True
    return any(tx.cases.undecided(case_id) for case_id in message.cases)


async def _carry_out(desk: Desk, messenger: Messenger, effect: Effect) -> Attempt:
    message = staff_message_from(effect.payload)
    if not await desk.store.read(lambda tx: _is_wanted(tx, message)):
        return DONE
    cards = await desk.store.read(lambda tx: _cards(tx, message))
    if message.kind in _TO_SHIFT:
        message = await desk.store.read(partial(_without_absent, desk, message))
    if message.kind is not StaffMessageKind.THREAD:
        said = await _say(desk, messenger, message, cards, effect.nonce)
        return Attempt(keep=lambda tx: tx.lines.say(said.message_id, message.cases))
    [case_id] = message.cases
    if case_id not in cards:
        raise BoardDown(f"The card of case {case_id} is not there yet.")
    thread_id = await messenger.thread(cards[case_id].at, message)
    await messenger.post(thread_id, ThreadOpening(message=message), nonce=effect.nonce)
    return Attempt(keep=partial(begun, case_id, thread_id, desk.clock()))


async def _say(
    desk: Desk, messenger: Messenger, message: StaffMessage, cards: CardRefs, nonce: str
) -> MessageRef:
    """Call whom it is for, and of these who is still there; bring the case that is handed over."""
    there, places = tuple(await messenger.still_staff(message.people)), messenger.places
    channel_id = places.editors if message.kind in TO_EDITORS else places.channel_id
    handed = message.kind is StaffMessageKind.ESCALATED
    view = await look_in(desk, message.cases[0], channel_id) if handed else None
    call = StaffCall(message=replace(message, people=there), cards=cards, view=view)
    posted = await messenger.post(channel_id, call, nonce=nonce)
    return posted.at


def _cards(tx: Tx, message: StaffMessage) -> dict[CaseId, CardRef]:
    found = ((case_id, tx.cards.get(case_id)) for case_id in message.cases)
    return {case_id: ref for case_id, ref in found if ref is not None}


def _without_absent(desk: Desk, message: StaffMessage, tx: Tx) -> StaffMessage:
    """Leave out who has begun a break, or ended their shift, since the call was asked for."""
    there = on_shift(tx, desk).people
    return replace(message, people=tuple(one for one in message.people if one in there))


def _after(desk: Desk, tx: Tx, effect: Effect, outcome: Outcome) -> None:
    """Say once on a case why its thread is not there yet.

    Somebody waits for it, and has nothing else to look at than the card.
    """
    if outcome.verb is not Verb.MISCONFIGURED or effect.attempts:
        return
    message = staff_message_from(effect.payload)
    if message.kind is StaffMessageKind.THREAD:
        said = f"The thread is not open yet; it is opened once it can be. {outcome.words}"
        at = desk.clock()
        note = CaseNote(by_id=NOBODY, by_name="Comment Desk", text=said[:NOTE_LENGTH], at=at)
        put_note(tx, message.cases[0], note)
