"""Decide a case: the one room behind every door."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.domain import bans
from bot.domain.cases import Case
from bot.domain.decisions import VERDICTS, Action, Verdict
from bot.domain.errors import AlreadyDecided, CommentEdited, NotUnderstood, TextUnseen
from bot.domain.ids import CaseId, RuleNumber
from bot.domain.policy import Policy
from bot.domain.staff import Rank
from bot.services.cases import brake
from bot.services.cases.claim import check_free
from bot.services.cases.decision_log import DecisionWriter, Entry
from bot.services.cases.two_person import DecisionResult, act
from bot.services.desk import Desk
from bot.store.tx import Tx


async def decide(
    desk: Desk,
    case_id: CaseId,
    verdict: Verdict,
    *,
    seen: int | None = None,
    also: Callable[[Tx], None] | None = None,
) -> DecisionResult:
    """Record the verdict, and return the decision once it is on disk.

    `also` is done in the same transaction, so that it is kept exactly if the verdict is.

    Raises:
        DeskError: Whatever `deciding` raises.
    """
    work = deciding(desk, case_id, verdict, seen=seen)

    def both(tx: Tx) -> DecisionResult:
        ruling = work(tx)
        if also is not None:
            also(tx)
        return ruling

    return await brake.write(desk, verdict.by, both)


def deciding(
    desk: Desk, case_id: CaseId, verdict: Verdict, *, seen: int | None = None
) -> Callable[[Tx], DecisionResult]:
    """Return the work that records the verdict and returns the decision, for a transaction.

    `seen` is the revision that stood on the card the person looked at; `None` where the door cannot
    know it, which counts as having seen the newest.

    Where the policy asks for two people, the first verdict is kept as a proposal and returned
    as such; the same verdict by somebody else decides. So is a ban beyond the brake; a hide beyond
    it puts the comment on hold, and that is returned.

    A hide or a ban without a rule cites the one most readers reported under.

    Raises:
        NotAllowed: The person's roles do not give the authority.
        NoSuchCase: There is no case of that number.
        NotPossible: The site cannot carry the action out.
        AlreadyDecided: The first decision wins; this one changed nothing.
        CommentEdited: The text is not the one the person saw.
        TextUnseen: They saw none, as the card cannot show it.
        AlreadyClaimed: A colleague has the case at this moment.
        WithEditors: It was handed to the editors, and the person is none.
        NotUnderstood: The rule is not among the house rules, the action is no verdict, or nobody
            is banned for so long.
    """
    desk.require(verdict.by, Rank.MODERATOR)
    policy = desk.policy()
    if verdict.action not in VERDICTS:
        raise NotUnderstood("A case is decided by keep, hide or ban.")
    if verdict.rule is not None:
        check_rule(policy, verdict.rule)
    if verdict.action is Action.BAN:
        check_length(policy, verdict.lasting)
    writer = DecisionWriter.of(desk)

    def work(tx: Tx) -> DecisionResult:
        case = writer.case(tx, case_id)
        _check_open(tx, case)
        if verdict.rule is not None:
            check_rule(policy.at(case.site), verdict.rule)
        desk.require_site(case.site, verdict.action)
        if seen is not None:
            check_seen(case, seen)
        check_free(tx, desk, case, verdict.by)
        cited = replace(
            verdict,
            rule=_rule(verdict, case),
            reason=_reason(policy, verdict, case),
            lasting=verdict.lasting if verdict.action is Action.BAN else None,
        )
        return act(tx, desk, writer, case, Entry(verdict=cited))

    return work


def check_rule(policy: Policy, rule: RuleNumber) -> None:
    """Let a rule be cited that is among the house rules.

    Raises:
        NotUnderstood: It is not.
    """
    if rule in policy.by_number:
        return
    other = policy.other(rule)
    if other is not None:
        raise NotUnderstood(
            f"House rule {rule}, {other.name}, counts at {', '.join(other.sites)} and not at this "
            "comment's site, so nothing was decided. /rules lists them; pick another."
        )
    raise NotUnderstood(f"There is no house rule {rule}. /rules lists them.")


def check_length(policy: Policy, lasting: timedelta | None) -> None:
    """Let a length pass that some form or word offers; a longer one is a ban for good.

    Raises:
        NotUnderstood: Nobody is banned for so long.
    """
    longest = max((bans.LONGEST, *policy.ladder))
    most = max(longest, bans.LONGEST_YEAR)
    if lasting is not None and not timedelta() < lasting <= most:
        raise NotUnderstood(
            f"A ban lasts up to {longest.days} days, or for good. Nobody was banned; pick a length "
            "again."
        )


def check_seen(case: Case, seen: int) -> None:
    """Let a case be decided by somebody who saw its text as it now is.

    Raises:
        CommentEdited: They saw another.
        TextUnseen: They saw none.
    """
    if not seen:
        raise TextUnseen(case.id)
    if seen != case.revision:
        raise CommentEdited(case.id, seen, case.revision)


def _check_open(tx: Tx, case: Case) -> None:
    if case.is_open or case.decision_id is None:
        return
    current = tx.decisions.get(case.decision_id)
    if current is not None:
        raise AlreadyDecided(current)


def _reason(policy: Policy, verdict: Verdict, case: Case) -> str | None:
    """Return the text to add to the notice; it has to be one of the cited rule's own."""
    cited = _rule(verdict, case)
    if verdict.reason is not None:
        check_reason(policy, cited, verdict.reason)
    return verdict.reason


def check_reason(policy: Policy, cited: RuleNumber | None, reason: str) -> None:
    """Let a text be added to the notice if the newsroom wrote it for the rule that is cited.

    Raises:
        NotUnderstood: It did not.
    """
    if cited is None or reason not in policy.rule(cited).reasons:
        raise NotUnderstood(
            "What you picked to tell the author belongs to another rule than the one cited, so "
            "nothing was decided. Pick again, or leave it open."
        )


def _rule(verdict: Verdict, case: Case) -> RuleNumber | None:
    if verdict.action is Action.KEEP:
        return verdict.rule
    return verdict.rule if verdict.rule is not None else case.top_rule
