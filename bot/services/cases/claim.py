"""Claim a case, so that two people do not work on it at once, or ask a colleague to take it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.cases import Case, CaseState
from bot.domain.errors import (
    AlreadyClaimed,
    AlreadyDecided,
    NoSuchCase,
    NotAllowed,
    NotUnderstood,
    WithEditors,
)
from bot.domain.ids import CaseId
from bot.domain.sayings import StaffMessage, StaffMessageKind
from bot.domain.staff import Person, Rank
from bot.domain.triage import Assignment, CaseWork, Claim
from bot.services.desk import Desk
from bot.store.tx import Tx

_PASSED_FOR: Final = timedelta(hours=1)
"""How long a case is not offered again to who let it go, or handed it to somebody."""


async def claim(desk: Desk, case_id: CaseId, by: Person, *, take_over: bool = False) -> Claim:
    """Give the case to the person for a while; claiming one's own again makes it last longer.

    Raises:
        DeskError: Whatever `claiming` raises.
    """
    return await desk.store.write(claiming(desk, case_id, by, take_over=take_over))


def claiming(
    desk: Desk, case_id: CaseId, by: Person, *, take_over: bool = False
) -> Callable[[Tx], Claim]:
    """Return the work that gives the case to the person, for a transaction.

    Raises:
        NotAllowed: The person is no moderator.
        NoSuchCase: There is no case of that number.
        AlreadyDecided: There is nothing left to do.
        AlreadyClaimed: Somebody else has it, and the person did not say to take it over.
        WithEditors: The editors have it, and the person is none.
    """
    desk.require(by, Rank.MODERATOR)
    now = desk.clock()
    until = now + timedelta(minutes=desk.policy().shift.claim_minutes)

    def work(tx: Tx) -> Claim:
        case = open_case(tx, case_id)
        check_escalated(desk, case, by)
        held = tx.triage.get(case_id)
        other = _claim_of_other(held, by, now)
        if other is not None and not take_over:
            raise AlreadyClaimed(case_id, other, case.token)
        made = Claim(by_id=by.id, by_name=by.name, at=now, until=until)
        taken = replace(held, claim=made, snooze=None, assigned=_kept(held.assigned, by))
        state = CaseState.CLAIMED if case.state is CaseState.OPEN else case.state
        keep_work(tx, case, taken, now=now, state=state)
        return made

    return work


async def release(desk: Desk, case_id: CaseId, by: Person) -> None:
    """Let go of a case: one's own, or anybody's for a senior moderator.

    Raises:
        NotAllowed: It is somebody else's.
        NoSuchCase: There is no case of that number.
        AlreadyDecided: It was decided, which released it.
    """
    desk.require(by, Rank.MODERATOR)
    now = desk.clock()

    def work(tx: Tx) -> None:
        case = open_case(tx, case_id)
        other = _claim_of_other(tx.triage.get(case_id), by, now)
        if other is not None and desk.authority.rank(by) < Rank.SENIOR:
            raise NotAllowed(
                f"{other.by_name} has case #{case_id}. Only they or a senior moderator can "
                "release it, but you can take it over."
            )
        _let_go(tx, case, now)
        if other is None:
            pass_on(tx, case_id, by, now)

    await desk.store.write(work)


async def release_expired(desk: Desk) -> int:
    """Let go of the cases whose claim has run out, and return how many there were."""
    now = desk.clock()
    if not await desk.store.read(lambda tx: tx.triage.expired_claims(now)):
        return 0

    def work(tx: Tx) -> int:
        expired = tx.triage.expired_claims(now)
        for case_id in expired:
            case = tx.cases.get(case_id)
            if case is not None:
                _let_go(tx, case, now)
        return len(expired)

    return await desk.store.write(work)


def check_free(tx: Tx, desk: Desk, case: Case, by: Person) -> None:
    """Let the person decide, unless a colleague has the case at this moment.

    What waits for a second person is free to everybody, for it takes somebody else.

    Raises:
        AlreadyClaimed: A colleague has it.
        WithEditors: The editors have it, and the person is none.
    """
    now = desk.clock()
    check_escalated(desk, case, by)
    other = _claim_of_other(tx.triage.get(case.id), by, now)
    if other is not None and tx.proposals.get(case.id) is None:
        raise AlreadyClaimed(case.id, other, case.token)


def check_escalated(desk: Desk, case: Case, by: Person) -> None:
    """Let only senior moderators and editors at what was handed to the editors.

    Raises:
        WithEditors: The person is neither.
    """
    if case.state is CaseState.ESCALATED and desk.authority.rank(by) < Rank.SENIOR:
        raise WithEditors(case.id)


def open_case(tx: Tx, case_id: CaseId) -> Case:
    """Return a case that waits for its decision.

    Raises:
        NoSuchCase: There is none of that number.
        AlreadyDecided: It was decided.
    """
    case = tx.cases.get(case_id)
    if case is None:
        raise NoSuchCase(case_id)
    current = tx.decisions.current(case)
    if not case.is_open and current is not None:
        raise AlreadyDecided(current)
    return case


def keep_work(
    tx: Tx, case: Case, work: CaseWork, *, now: datetime, state: CaseState | None = None
) -> None:
    """Keep who has a case, and ask for its card to show that."""
    tx.triage.put(case.id, work)
    tx.cases.touch(replace(case, state=state or case.state), now)


def without_claim(state: CaseState) -> CaseState:
    """Return the state of a case that nobody has any more."""
    return CaseState.OPEN if state is CaseState.CLAIMED else state


def _let_go(tx: Tx, case: Case, now: datetime) -> None:
    """Leave a case to whoever wants it, if somebody has it."""
    held = tx.triage.get(case.id)
    if held.claim is not None:
        freed = replace(held, claim=None)
        keep_work(tx, case, freed, now=now, state=without_claim(case.state))


def pass_on(tx: Tx, case_id: CaseId, by: Person, now: datetime) -> None:
    """Let go of a case, if the person has it, and offer it to others first for a while."""
    case, claim = tx.cases.get(case_id), tx.triage.get(case_id).claim_at(now)
    if case is not None and claim is not None and claim.by_id == by.id:
        _let_go(tx, case, now)
    tx.free.pass_on(case_id, by.id, now, now + _PASSED_FOR)


def _claim_of_other(held: CaseWork, by: Person, now: datetime) -> Claim | None:
    running = held.claim_at(now)
    return running if running is not None and running.by_id != by.id else None


def _kept(assigned: Assignment | None, by: Person) -> Assignment | None:
    """Keep an assignment to somebody else; one's own is met by claiming."""
    return assigned if assigned is not None and assigned.to_id != by.id else None


async def assign(desk: Desk, case_id: CaseId, to: Person | None, by: Person) -> None:
    """Put a colleague's name on a case and call them once; `None` takes the name off.

    Whoever hands on what they had claimed lets go of it. Assigning to oneself calls nobody.

    Raises:
        NotAllowed: The person is no moderator.
        NotUnderstood: The colleague is no moderator, and could not decide it.
        NoSuchCase: There is no case of that number.
        AlreadyDecided: There is nothing left to do.
    """
    desk.require(by, Rank.MODERATOR)
    if to is not None and desk.authority.rank(to) < Rank.MODERATOR:
        raise NotUnderstood(
            f"{to.name} is no moderator and could not decide the case, so nobody was asked. Ask a "
            "moderator."
        )
    policy, now = desk.policy(), desk.clock()

    def work(tx: Tx) -> None:
        case = open_case(tx, case_id)
        made = (
            Assignment(to_id=to.id, to_name=to.name, by_name=by.name, at=now)
            if to is not None
            else None
        )
        keep_work(tx, case, replace(tx.triage.get(case_id), assigned=made), now=now)
        if to is not None and to.id != by.id:
            pass_on(tx, case_id, by, now)
            tx.outbox.want_said(
                StaffMessage(
                    kind=StaffMessageKind.ASSIGNED,
                    cases=(case_id,),
                    people=(to.id,),
                    by_name=by.name,
                    quiet=to.id in tx.staff.absent(now),
                    rule=policy.rule(case.top_rule).name,
                    since=case.opened_at,
                ),
                now,
            )

    await desk.store.write(work)
