"""Undo a decision by another one, or cite another rule for it; the record keeps both."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.bans import Aftermath, Ban, whole
from bot.domain.cases import Case, hidden_by
from bot.domain.decisions import REVERSAL, Action, Decision, Door, Verdict, original
from bot.domain.errors import NoChange, NotAllowed
from bot.domain.ids import CaseId, RuleNumber
from bot.domain.lines import count
from bot.domain.staff import Person, Rank
from bot.services.cases import brake
from bot.services.cases.decide import check_reason, check_rule
from bot.services.cases.decision_log import DecisionWriter, Entry
from bot.services.cases.two_person import DecisionResult, act
from bot.services.desk import Desk
from bot.store.tx import Tx


async def reverse(
    desk: Desk,
    case_id: CaseId,
    *,
    by: Person,
    door: Door,
    note: str | None = None,
    meant: int | None = None,
) -> DecisionResult:
    """Undo the decision that stands on a case, and put the case back in the queue.

    Raises:
        DeskError: Whatever `reversing` raises.
    """
    work = reversing(desk, case_id, by=by, door=door, note=note, meant=meant)
    return await brake.write(desk, by, work)


def reversing(
    desk: Desk,
    case_id: CaseId,
    *,
    by: Person,
    door: Door,
    note: str | None = None,
    meant: int | None = None,
) -> Callable[[Tx], DecisionResult]:
    """Return the work that undoes the decision that stands on a case, for a transaction.

    A moderator may undo their own decision for a while (`undo_minutes` in the policy); a senior
    moderator may undo anyone's, at any time. What was hidden for a legal reason is shown again
    only when two people agree, but for that first while; under a story whose state asks for two,
    always. What was on hold before is on hold again, and takes nobody else. `meant` is the decision
    that the person saw, so that a button on an old answer does not undo a newer one.

    Raises:
        NotAllowed: It is somebody else's, or too long ago.
        NoSuchCase: There is no case of that number.
        NoChange: No decision stands.
        NotPossible: The site cannot take it back.
    """
    desk.require(by, Rank.MODERATOR)
    writer = DecisionWriter.of(desk)

    def work(tx: Tx) -> DecisionResult:
        case = writer.case(tx, case_id)
        current = current_decision(tx, case)
        if meant is not None and meant != current.id:
            raise NoChange(f"That decision on case #{case_id} no longer stands. Look at the card.")
        check_may_change(desk, tx, current, by)
        desk.require_site(case.site, REVERSAL[current.action])
        verdict = Verdict(
            action=REVERSAL[current.action],
            by=by,
            door=door,
            rule=current.verdict.rule,
            note=note,
        )
        entry = Entry(verdict=verdict, reverses=current.id)
        shows = not writer.is_held_again(tx, case, current.id)
        return act(tx, desk, writer, case, entry, shows=shows)

    return work


def current_decision(tx: Tx, case: Case) -> Decision:
    """Return the decision that stands on the case.

    Raises:
        NoChange: There is none.
    """
    current = tx.decisions.current(case)
    if current is None:
        raise NoChange(
            f"Case #{case.id} is open: there is no decision to change. Decide it with keep, hide or "
            "ban."
        )
    if current.verdict.door is Door.AUTHOR:
        raise NoChange(
            f"The author of #{case.id} has deleted the comment on the site, so there is no decision "
            "to change."
        )
    return current


async def may_change(desk: Desk, current: Decision, by: Person) -> bool:
    """Whether the person could change a decision now."""
    return await desk.store.read(lambda tx: lets_change(desk, tx, current, by))


def lets_change(desk: Desk, tx: Tx, current: Decision, by: Person) -> bool:
    """Whether `check_may_change` would let the person pass."""
    try:
        check_may_change(desk, tx, current, by)
    except NotAllowed:
        return False
    return True


def check_may_change(desk: Desk, tx: Tx, current: Decision, by: Person) -> None:
    """Let the person change a decision if it is theirs and fresh, or if they are senior.

    It is as old as when the case was decided: citing another rule makes it no fresher.

    Raises:
        NotAllowed: Neither is so.
    """
    if desk.authority.rank(by) >= Rank.SENIOR:
        return
    minutes = count(desk.policy().undo_minutes, "minute")
    if current.verdict.by.id != by.id:
        raise NotAllowed(
            f"{current.verdict.by.name} decided this and can change it for {minutes}; a senior "
            "moderator can at any time."
        )
    first = original(current, tx.decisions.of_case(current.case_id))
    if desk.clock() - first.at > timedelta(minutes=desk.policy().undo_minutes):
        raise NotAllowed(
            f"You decided this more than {minutes} ago. A senior moderator can still change it."
        )


async def amend(
    desk: Desk,
    case_id: CaseId,
    rule: RuleNumber,
    *,
    by: Person,
    door: Door,
    reason: str | None = None,
    meant: int | None = None,
) -> Decision:
    """Record that the current hide or ban rests on another rule; it counts as one strike still.

    `reason` is a text of that rule to add to what the author is told. `meant` is the decision that
    the person saw, so that a menu on an old answer does not reach a newer one.

    Raises:
        NotAllowed: It is somebody else's decision, or too long ago.
        NoSuchCase: There is no case of that number.
        NoChange: No hide or ban stands.
        NotUnderstood: The rule is not among the house rules, or the text not among its own.
    """
    desk.require(by, Rank.MODERATOR)
    policy = desk.policy()
    check_rule(policy, rule)
    if reason is not None:
        check_reason(policy, rule, reason)
    writer = DecisionWriter.of(desk)

    def work(tx: Tx) -> Decision:
        case = writer.case(tx, case_id)
        current = current_decision(tx, case)
        if meant not in (None, current.id) and not _corrects(tx, current, meant):
            raise NoChange(f"That decision on case #{case_id} no longer stands. Look at the card.")
        check_may_change(desk, tx, current, by)
        if current.action not in (Action.HIDE, Action.BAN):
            raise NoChange(
                f"Case #{case_id} was kept, so no rule is cited. A rule goes with hide or ban."
            )
        if current.verdict.rule == rule and reason in (None, current.verdict.reason):
            return current
        if current.verdict.rule != rule:
            check_rule(policy.at(case.site), rule)
        corrected = replace(
            current.verdict,
            by=by,
            door=door,
            rule=rule,
            reason=reason,
            lasting=current.rest(writer.now),
        )
        return writer.enter(tx, case, Entry(verdict=corrected, amends=current.id))

    return await desk.store.write(work)


def _corrects(tx: Tx, current: Decision, meant: int | None) -> bool:
    """Whether what stands only cites another rule for the decision that was meant."""
    history = tx.decisions.of_case(current.case_id)
    first = original(current, history)
    return any(one.id == meant and original(one, history) == first for one in history)


async def after(desk: Desk, ruling: DecisionResult, by: Person) -> Aftermath:
    """Return how things are after a ruling, for the person who is answered."""
    return await desk.store.read(lambda tx: left_by(tx, desk, ruling, by))


def _ban_after(tx: Tx, desk: Desk, made: Decision) -> Ban | None:
    """Return for how long the author is out, if the decision has to do with that."""
    if not made.is_about_author:
        return None
    return whole(tx.bans.of_author(made.site, made.author_id, desk.clock()))


def _was_hidden(made: Decision, history: Sequence[Decision]) -> bool:
    return bool(hidden_by([line for line in history if line.id < made.id]))


def left_by(tx: Tx, desk: Desk, made: object, by: Person) -> Aftermath:
    """Return the same within a transaction; what is no decision leaves nothing else."""
    if not isinstance(made, Decision):
        return Aftermath()
    history = tx.decisions.of_case(made.case_id)
    return Aftermath(
        banned=_ban_after(tx, desk, made),
        put_back=made.action is Action.KEEP and _was_hidden(made, history),
        held_again=made.reverses is not None and history[-1].is_hold,
        # What is on hold is not decided, so there is nothing of the person's to change.
        may_change=not made.is_hold and lets_change(desk, tx, made, by),
        author=tx.cases.author_name(made.case_id),
    )
