"""The two-person rule and the brake's answer: what one person asks for and another agrees to."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.cases import Case, hidden_by
from bot.domain.decisions import (
    REVERSAL,
    Action,
    Decision,
    Proposal,
    line_of,
    original,
    undone_by,
)
from bot.domain.errors import CommentEdited, NoChange, NotAllowed
from bot.domain.ids import CaseId, DecisionId
from bot.domain.policy import Policy
from bot.domain.staff import Person, Rank
from bot.services.cases import auto_hide, brake
from bot.services.cases.claim import check_escalated
from bot.services.cases.decision_log import DecisionWriter, Entry
from bot.services.desk import Desk
from bot.store.tx import Tx

_EXPIRE_EVERY = 30.0

DecisionResult = Decision | Proposal
"""What came of a verdict: it was decided, or it waits for a second person."""


def takes_two(tx: Tx, writer: DecisionWriter, case: Case, entry: Entry) -> bool:
    """Whether what an entry does takes two people, by whatever way it is asked for.

    What counts is that a text becomes visible which was hidden for a legal reason, or under a
    story whose state asks for two. A slip of one's own that hid it is taken back alone, for a
    while.
    """
    policy, verdict = writer.policy, entry.verdict
    if auto_hide.takes_two(policy, tx, case, verdict.action):
        return True
    history = tx.decisions.of_case(case.id)
    own_slip = entry.reverses is not None and _is_own_slip(writer, history, verdict.by)
    legal = is_hidden_legally(policy, history) and not own_slip
    return policy.takes_two(verdict.action, for_good=verdict.lasting is None, legal=legal)


def is_hidden_legally(policy: Policy, history: Sequence[Decision]) -> bool:
    """Whether somebody hid a comment for a legal reason since readers last saw it."""
    undone = _slips(policy, history)
    return any(
        one.verdict.rule is not None
        and policy.rule(one.verdict.rule).legal
        and one.id not in undone
        for one in hidden_by(history)
        if not one.is_hold
    )


def _is_own_slip(writer: DecisionWriter, history: Sequence[Decision], by: Person) -> bool:
    """Whether one person alone hid a comment, and only just; corrections make it no newer."""
    since = writer.now - timedelta(minutes=writer.policy.undo_minutes)
    hiding = [one for one in hidden_by(history) if not one.is_hold]
    return (
        bool(hiding) and hiding[0].at >= since and {one.verdict.by.id for one in hiding} == {by.id}
    )


def _slips(policy: Policy, history: Sequence[Decision]) -> set[DecisionId]:
    """Return what was taken back in time by who had made it, and so left no trace but a hold."""
    within = timedelta(minutes=policy.undo_minutes)
    taken = undone_by((one for one in history if _mends_slip(one, history, within)), history)
    return {one.id for one in history if original(one, history).id in taken}


def _mends_slip(back: Decision, history: Sequence[Decision], within: timedelta) -> bool:
    undone = line_of(history, back.reverses)
    if undone is None:
        return False
    first = original(undone, history)
    return back.verdict.by.id == first.verdict.by.id and back.at - first.at <= within


def settle(tx: Tx, desk: Desk, writer: DecisionWriter, case: Case, entry: Entry) -> DecisionResult:
    """Record an entry that takes two people: as a proposal first, as a decision once agreed to.

    The same again by somebody else agrees to it. What differs in anything but a note is a
    proposal of its own, in place of the one before.

    Raises:
        NotAllowed: The same person asks again; somebody else has to.
    """
    waiting = tx.proposals.waiting(case.id, writer.now)
    if waiting is None:
        return propose(tx, desk, writer, case, entry)
    if not _is_same(waiting, _proposal(desk, writer, case, entry)):
        return propose(tx, desk, writer, case, entry)
    return _agreed(tx, desk, writer, case, waiting, entry.verdict.by)


def _is_same(waiting: Proposal, asked: Proposal) -> bool:
    """Whether two people ask for the same: of the same text, under the same rule, for as long."""
    one, other = waiting.verdict, asked.verdict
    return (
        waiting.revision == asked.revision
        and (one.action, one.rule, one.lasting) == (other.action, other.rule, other.lasting)
        and other.reason in (None, one.reason)
    )


async def agree(
    desk: Desk,
    case_id: CaseId,
    *,
    by: Person,
    seen: int | None = None,
    meant: int | None = None,
) -> Decision:
    """Agree to what waits on a case, so that it is decided.

    `seen` is the revision that the person saw, and `meant` the `number` of the proposal.

    Raises:
        NotAllowed: The person proposed it, or is no moderator.
        NoChange: Nothing waits there any more, or something else does.
        CommentEdited: The text is not the one the proposal was made on.
        WithEditors: It was handed to the editors, and the person is none.
        Braked: The person has a part in so much of it already that somebody else has to agree.
    """
    desk.require(by, Rank.MODERATOR)
    writer = DecisionWriter.of(desk)

    def work(tx: Tx) -> Decision:
        case = writer.case(tx, case_id)
        waiting = _waiting(tx, case_id, writer.now)
        check_escalated(desk, case, by)
        if meant not in (None, waiting.number):
            raise NoChange(
                f"What you agree to on case #{case_id} is no longer what is proposed. Look at the "
                "card: something else waits there now."
            )
        if case.revision != waiting.revision or seen not in (None, case.revision):
            raise CommentEdited(case_id, seen or waiting.revision, case.revision)
        return _agreed(tx, desk, writer, case, waiting, by)

    return await brake.write(desk, by, work)


async def decline(desk: Desk, case_id: CaseId, *, by: Person) -> Proposal:
    """Take what waits on a case off the table; anybody may, its proposer too.

    Raises:
        NotAllowed: The person is no moderator.
        NoChange: Nothing waits there any more.
    """
    desk.require(by, Rank.MODERATOR)
    now = desk.clock()

    def work(tx: Tx) -> Proposal:
        waiting = _waiting(tx, case_id, now)
        _forget(tx, case_id, now)
        return waiting

    return await desk.store.write(work)


async def keep_expiring(desk: Desk) -> None:
    """Forget what nobody agreed to in time, for ever."""
    while True:
        await expire(desk)
        await asyncio.sleep(_EXPIRE_EVERY)


async def expire(desk: Desk) -> int:
    """Forget what nobody agreed to in time, and return how many there were."""
    now = desk.clock()

    def work(tx: Tx) -> int:
        expired = tx.proposals.expired(now)
        for case_id in expired:
            _forget(tx, case_id, now)
        return len(expired)

    return await desk.store.write(work)


def propose(
    tx: Tx, desk: Desk, writer: DecisionWriter, case: Case, entry: Entry, *, braked: bool = False
) -> DecisionResult:
    """Keep an entry as a proposal; beyond the brake, the same by somebody else agrees to it.

    Raises:
        NotAllowed: The same person asks again; somebody else has to.
        Braked: It would agree to what waits, and the person has a part in too much already.
    """
    proposal = replace(_proposal(desk, writer, case, entry), braked=braked)
    waiting = tx.proposals.waiting(case.id, writer.now)
    if braked and waiting is not None and _is_same(waiting, proposal):
        return _agreed(tx, desk, writer, case, waiting, entry.verdict.by)
    tx.proposals.put(proposal)
    tx.cases.touch(case, writer.now)
    return proposal


def _proposal(desk: Desk, writer: DecisionWriter, case: Case, entry: Entry) -> Proposal:
    return Proposal(
        case_id=case.id,
        verdict=entry.verdict,
        revision=case.revision,
        at=writer.now,
        expires_at=writer.now + desk.policy().agree_within,
    )


def _agreed(
    tx: Tx, desk: Desk, writer: DecisionWriter, case: Case, waiting: Proposal, by: Person
) -> Decision:
    if waiting.verdict.by.id == by.id:
        raise NotAllowed(
            "You proposed this yourself. Somebody else has to agree before it is done."
        )
    brake.check(tx, desk, by, waiting.verdict.action)
    undoes = waiting.verdict.action in REVERSAL.values()
    if undoes and case.decision_id is None:
        raise NoChange(
            f"Case #{case.id} was opened again meanwhile, so there is nothing left to take back. "
            "Look at the card."
        )
    entry = Entry(verdict=waiting.verdict, reverses=case.decision_id if undoes else None, second=by)
    return writer.enter(tx, case, entry)


def _waiting(tx: Tx, case_id: CaseId, now: datetime) -> Proposal:
    waiting = tx.proposals.waiting(case_id, now)
    if waiting is None:
        raise NoChange(
            f"Nothing waits for a second person on case #{case_id} any more. Its card shows how it "
            "ended."
        )
    return waiting


def _forget(tx: Tx, case_id: CaseId, now: datetime) -> None:
    tx.proposals.drop(case_id)
    case = tx.cases.get(case_id)
    if case is not None:
        tx.cases.touch(case, now)


def act(
    tx: Tx, desk: Desk, writer: DecisionWriter, case: Case, entry: Entry, *, shows: bool = True
) -> DecisionResult:
    """Record an entry, or what stands in its place until somebody else has looked.

    What takes two people is proposed first. Beyond the brake a hide becomes a hold, and anything
    else a proposal. Without `shows`, nothing becomes visible by it, which then takes nobody else.

    Raises:
        NotAllowed: The same person asks again for what waits; somebody else has to.
        Braked: It agrees to what waits, and the person has a part in too much already.
    """
    verdict = entry.verdict
    if shows and takes_two(tx, writer, case, entry):
        return settle(tx, desk, writer, case, entry)
    act = brake.exceeds(tx, desk, verdict.by, verdict.action)
    if act is None:
        return writer.enter(tx, case, entry)
    run = brake.call(tx, desk, verdict.by, act)
    held = None
    if verdict.action is Action.HIDE:
        held = brake.hold_instead(tx, desk, writer, case, verdict.by, run)
    return held or propose(tx, desk, writer, case, entry, braked=True)
