"""Cite another rule for a decision that stands."""

from dataclasses import replace

from bot.domain.decision import Action, Decision, Door, original
from bot.domain.errors import NoChange, NotUnderstood
from bot.domain.ids import CaseId, RuleNumber
from bot.domain.staff import Person, Rank
from bot.services.decide import check_reason
from bot.services.desk import Desk
from bot.services.record import Entry, Recorder
from bot.services.reverse import check_may_change, standing_decision
from bot.store.tx import Tx


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
    """Record that the standing hide or ban rests on another rule; it counts as one strike still.

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
    if rule not in policy.by_number:
        raise NotUnderstood(f"There is no house rule {rule}. /rules lists them.")
    if reason is not None:
        check_reason(policy, rule, reason)
    recorder = Recorder.of(desk)

    def work(tx: Tx) -> Decision:
        case = recorder.case(tx, case_id)
        standing = standing_decision(tx, case)
        if meant not in (None, standing.id) and not _corrects(tx, standing, meant):
            raise NoChange(f"That decision on case #{case_id} no longer stands. Look at the card.")
        check_may_change(desk, tx, standing, by)
        if standing.action not in (Action.HIDE, Action.BAN):
            raise NoChange(f"Case #{case_id} was kept, so no rule is cited.")
        if standing.verdict.rule == rule and reason in (None, standing.verdict.reason):
            return standing
        corrected = replace(
            standing.verdict,
            by=by,
            door=door,
            rule=rule,
            reason=reason,
            lasting=standing.rest(recorder.now),
        )
        return recorder.enter(tx, case, Entry(verdict=corrected, amends=standing.id))

    return await desk.store.write(work)


def _corrects(tx: Tx, standing: Decision, meant: int | None) -> bool:
    """Whether what stands only cites another rule for the decision that was meant."""
    history = tx.decisions.of_case(standing.case_id)
    first = original(standing, history)
    return any(one.id == meant and original(one, history) == first for one in history)
