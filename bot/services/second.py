"""The two-person rule: what one person asks for, somebody else has to agree to."""

from dataclasses import replace
from datetime import datetime

from bot.domain.case import Case
from bot.domain.decision import REVERSAL, Decision
from bot.domain.errors import CommentEdited, NotAllowed, NothingToUndo
from bot.domain.ids import CaseId
from bot.domain.proposal import Proposal
from bot.domain.staff import Person, Rank
from bot.ports import Tx
from bot.services.claim import check_escalated
from bot.services.desk import Desk
from bot.services.record import Entry, Recorder

Ruling = Decision | Proposal
"""What came of a verdict: it was decided, or it waits for a second person."""


def settle(tx: Tx, desk: Desk, recorder: Recorder, case: Case, entry: Entry) -> Ruling:
    """Record an entry that takes two people: as a proposal first, as a decision once agreed to.

    Raises:
        NotAllowed: The same person asks again; somebody else has to.
    """
    waiting = tx.proposals.get(case.id)
    if waiting is None or waiting.expires_at <= recorder.now or waiting.action != entry.action:
        return _propose(tx, desk, recorder, case, entry)
    return _agreed(tx, recorder, case, waiting, entry.by)


async def agree(desk: Desk, case_id: CaseId, *, by: Person, seen: int | None = None) -> Decision:
    """Agree to what waits on a case, so that it is decided.

    Raises:
        NotAllowed: The person proposed it, or is no moderator.
        NothingToUndo: Nothing waits there any more.
        CommentEdited: The text is not the one the proposal was made on.
        WithEditors: It was handed to the editors, and the person is none.
    """
    desk.require(by, Rank.MODERATOR)
    recorder = Recorder(policy=desk.policy(), now=desk.clock(), strikes_since=desk.strikes_since())

    def work(tx: Tx) -> Decision:
        case = recorder.case(tx, case_id)
        waiting = _waiting(tx, case_id, recorder.now)
        check_escalated(desk, case, by)
        if case.revision not in (waiting.revision, seen):
            raise CommentEdited(case_id, waiting.revision, case.revision)
        return _agreed(tx, recorder, case, waiting, by)

    return await desk.store.write(work)


async def decline(desk: Desk, case_id: CaseId, *, by: Person) -> Proposal:
    """Take what waits on a case off the table; anybody may, its proposer too.

    Raises:
        NotAllowed: The person is no moderator.
        NothingToUndo: Nothing waits there any more.
    """
    desk.require(by, Rank.MODERATOR)
    now = desk.clock()

    def work(tx: Tx) -> Proposal:
        waiting = _waiting(tx, case_id, now)
        _forget(tx, case_id, now)
        return waiting

    return await desk.store.write(work)


async def expire(desk: Desk) -> int:
    """Forget what nobody agreed to in time, and return how many there were."""
    now = desk.clock()

    def work(tx: Tx) -> int:
        expired = tx.proposals.expired(now)
        for case_id in expired:
            _forget(tx, case_id, now)
        return len(expired)

    return await desk.store.write(work)


def _propose(tx: Tx, desk: Desk, recorder: Recorder, case: Case, entry: Entry) -> Proposal:
    proposal = Proposal(
        case_id=case.id,
        action=entry.action,
        rule=entry.rule,
        note=entry.note,
        reason=entry.reason,
        lasting=entry.until - recorder.now if entry.until else None,
        by_id=entry.by.id,
        by_name=entry.by.name,
        door=entry.door,
        revision=case.revision,
        at=recorder.now,
        expires_at=recorder.now + desk.policy().agree_within,
    )
    tx.proposals.put(proposal)
    tx.cases.save(replace(case, touched=case.touched + 1))
    tx.outbox.want_card(case.id, recorder.now)
    return proposal


def _agreed(tx: Tx, recorder: Recorder, case: Case, waiting: Proposal, by: Person) -> Decision:
    if waiting.by_id == by.id:
        raise NotAllowed(
            "You proposed this yourself. Somebody else has to agree before it is done."
        )
    undoes = waiting.action in REVERSAL.values()
    if undoes and case.decision_id is None:
        raise NothingToUndo(
            f"Case #{case.id} was opened again meanwhile, so there is nothing left to take back. "
            "Look at the card."
        )
    entry = Entry(
        action=waiting.action,
        by=Person(id=waiting.by_id, name=waiting.by_name, roles=frozenset()),
        door=waiting.door,
        rule=waiting.rule,
        note=waiting.note,
        reason=waiting.reason,
        until=recorder.now + waiting.lasting if waiting.lasting else None,
        reverses=case.decision_id if undoes else None,
        second_id=by.id,
        second_name=by.name,
    )
    return recorder.enter(tx, case, entry)


def _waiting(tx: Tx, case_id: CaseId, now: datetime) -> Proposal:
    waiting = tx.proposals.get(case_id)
    if waiting is None or waiting.expires_at <= now:
        raise NothingToUndo(
            f"Nothing waits for a second person on case #{case_id} any more. Its card shows how it "
            "ended."
        )
    return waiting


def _forget(tx: Tx, case_id: CaseId, now: datetime) -> None:
    tx.proposals.drop(case_id)
    case = tx.cases.get(case_id)
    if case is not None:
        tx.cases.save(replace(case, touched=case.touched + 1))
        tx.outbox.want_card(case_id, now)
