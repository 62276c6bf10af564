"""Enter a decision in the record, with all that follows from it in the same transaction.

What could go wrong, and why it does not:

Two lines after the same one. A decision's number and its `previous` come from the newest line, read in
the transaction that appends it; there is one writer, and the table takes only the number after the
newest. A line is sealed over what will be read back, which `append` looks at before it writes.

Decided and not done. Line, case, card and order to the site are one transaction: there is no moment at
which a decision stands and its order is not in the outbox. The order's key holds the line's seal, so
that a site asked twice does it once, and a record begun anew never says what an older one said.

Shown though somebody else hid it. An undoing says what becomes of the comment by the record and not by
the case: where it was on hold before what is undone, it is on hold again, by a line of its own that
comes after. An undone ban leaves another ban of that author in force.

Judged twice. What a verdict says of its readers is taken back by the same rule by which it was said,
over the readers of then: who reported after a verdict is not judged by its undoing.

A caller's copy of the case that has grown old. `enter` saves the case it is given, so whoever enters
two lines reads the case anew in between.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.bans import whole
from bot.domain.cases import Case, CaseState
from bot.domain.chain import seal_apart
from bot.domain.comments import text_key
from bot.domain.decisions import (
    REVERSAL,
    Action,
    Decision,
    Door,
    Verdict,
    was_on_hold,
)
from bot.domain.effects import Order
from bot.domain.errors import NoSuchCase
from bot.domain.ids import CaseId, DecisionId, PersonId
from bot.domain.policy import Policy, Rule
from bot.domain.priority import of_story, priority
from bot.domain.staff import Person
from bot.services.cases.reporters import judge_reporters
from bot.services.desk import REDRAW_AFTER, Desk
from bot.services.redraw import show_raised, tell_readers
from bot.store.tx import Tx

THE_DESK: Final = Person(id=PersonId(0), name="the desk", roles=frozenset())

_ON_HOLD: Final = (
    "Your comment is on hold until a moderator has looked at it; nothing has been decided about it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A verdict that is to be recorded, with what it refers to; see `Decision`."""

    verdict: Verdict
    reverses: DecisionId | None = None
    amends: DecisionId | None = None
    second: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionWriter:
    """The rules and times under which a decision is recorded."""

    policy: Policy
    now: datetime
    strikes_since: datetime

    @classmethod
    def of(cls, desk: Desk) -> "DecisionWriter":
        """Return the writer for what is done at a desk now."""
        return cls(policy=desk.policy(), now=desk.clock(), strikes_since=desk.strikes_since())

    def case(self, tx: Tx, case_id: CaseId) -> Case:
        """Return the case.

        Raises:
            NoSuchCase: There is none of that number.
        """
        case = tx.cases.get(case_id)
        if case is None:
            raise NoSuchCase(case_id)
        return case

    def enter(
        self,
        tx: Tx,
        case: Case,
        entry: Entry,
        *,
        tell_site: bool = True,
        shows: bool = True,
        settles: bool = True,
    ) -> Decision:
        """Append the decision, move the case, and ask for the card and the site to follow.

        What was decided at the site itself need not be told there. Without `shows`, a ban that
        is lifted leaves its comment hidden. Without `settles`, somebody has still to decide the
        case, and nothing is concluded about its author and its reporters.

        Where the comment was on hold before what is undone, it is on hold again: nobody has
        decided about it any more.
        """
        again = settles and shows and self.is_held_again(tx, case, entry.reverses)
        decision = self._append(tx, case, entry)
        if settles:
            self._settle(tx, case, decision)
        else:
            tx.cases.touch(replace(case, hold_id=_hold(case, decision)), self.now)
        if decision.is_about_author:
            self._show_ban(tx, case)
        if tell_site:
            self._tell_site(tx, case, decision, shows=shows and not again)
        if again:
            self.hold(tx, self.case(tx, case.id))
        return decision

    def hold(self, tx: Tx, case: Case, *, note: str | None = None) -> Decision:
        """Put a comment on hold, by the desk itself; the case waits as before."""
        verdict = Verdict(action=Action.HOLD, by=THE_DESK, door=Door.DESK, note=note)
        return self.enter(tx, case, Entry(verdict=verdict), settles=False)

    def is_held_again(self, tx: Tx, case: Case, reverses: DecisionId | None) -> bool:
        """Whether undoing that decision puts the comment back on hold, rather than shows it."""
        undone = tx.decisions.get(reverses)
        return undone is not None and was_on_hold(tx.decisions.of_case(case.id), undone)

    def _tell_site(self, tx: Tx, case: Case, decision: Decision, *, shows: bool) -> None:
        """Ask the site to follow, unless there is nothing that it would have to do."""
        if decision.action is Action.REOPEN:
            return
        order = self._order(tx, case, decision)
        if not shows:
            order = _leaving(order)
        if order.visible is not None or order.banned is not None:
            tx.outbox.want_order(order)

    def _settle(self, tx: Tx, case: Case, decision: Decision) -> None:
        """Move the case as a person decided, and learn from that."""
        undone = decision.reverses is not None
        moved = replace(
            case,
            state=CaseState.REOPENED if undone else CaseState.DECIDED,
            decision_id=None if undone else decision.id,
            decided_at=None if undone else self.now,
            raised=False,
            hold_id=None,
        )
        tx.cases.touch(moved, self.now)
        tx.proposals.drop(case.id)
        if case.raised:
            show_raised(tx, case.id, self.now)
        tx.triage.settle(case.id)
        if undone:
            tx.triage.reopened(case.id, self.now)
        in_peace = self.now + timedelta(minutes=self.policy.undo_minutes)
        tell_readers(tx, case, decision, undone_until=in_peace)
        judge_reporters(tx, self.policy, case, decision, self.now)
        self._reweigh_author(tx, case)

    def _append(self, tx: Tx, case: Case, entry: Entry) -> Decision:
        last = tx.decisions.last()
        decision = seal_apart(
            Decision(
                id=DecisionId(last.id + 1 if last else 1),
                case_id=case.id,
                site=case.site,
                comment_id=case.comment_id,
                author_id=case.author_id,
                verdict=entry.verdict,
                revision=case.revision,
                at=self.now,
                reverses=entry.reverses,
                amends=entry.amends,
                second=entry.second,
            ),
            tx.decisions.head(),
        )
        tx.decisions.append(decision)
        return decision

    def _reweigh_author(self, tx: Tx, case: Case) -> None:
        """Move the author's cases in the queue, as strikes came or went."""
        strikes = tx.cases.strikes(case.site, case.author_id, since=self.strikes_since)
        for other in tx.cases.open_of_author(case.site, case.author_id):
            moved = replace(other, strikes=strikes)
            story = of_story(self.policy, tx.stories.of_case(other.id))
            placed = priority(self.policy, moved, story)
            tx.cases.touch(replace(moved, priority=placed), self.now + REDRAW_AFTER)

    def _show_ban(self, tx: Tx, case: Case) -> None:
        """Let the author's other cards say for how long they are out now."""
        banned = tx.bans.of_author(case.site, case.author_id, self.now)
        waiting = tx.cases.open_of_author(case.site, case.author_id)
        for other in {*(ban.case_id for ban in banned), *(one.id for one in waiting)} - {case.id}:
            tx.cases.touch(self.case(tx, other), self.now + REDRAW_AFTER)

    def _order(self, tx: Tx, case: Case, decision: Decision) -> Order:
        view = tx.cases.view(case.id, strikes_since=self.strikes_since)
        if view is None:
            raise NoSuchCase(case.id)
        out = whole(tx.bans.of_author(case.site, case.author_id, self.now))
        visible, banned = _wanted(decision, banned=out is not None)
        rule = self.policy.cited(decision.verdict.rule)
        # A hold is about the comment, whatever it says.
        text = None if decision.is_hold else view.comment
        return Order(
            # The digest keeps a desk that starts anew from reusing the keys of an older record.
            key=f"decision-{decision.id}-{decision.digest[:12]}",
            decision_id=decision.id,
            case_id=case.id,
            site=case.site,
            action=decision.action,
            comment_id=case.comment_id,
            revision_key=case.revision_key,
            permalink=view.comment.permalink,
            author_id=case.author_id,
            visible=visible,
            banned=banned,
            until=out.until if banned and out else None,
            rule=decision.verdict.rule,
            rule_name=rule and rule.name,
            notice=_notice(decision, rule),
            at=decision.at,
            text_sha256=text and text.text_sha256,
            text_key=text and text_key(text.text),
        )


def _leaving(order: Order) -> Order:
    """Return an order that leaves the comment as it is, so that its text does not matter."""
    return replace(order, visible=None, text_sha256=None, text_key=None)


def _hold(case: Case, decision: Decision) -> DecisionId | None:
    """Return under which hold the comment is after a decision that leaves the case to be decided."""
    if decision.is_hold:
        return decision.id
    return None if decision.reverses == case.hold_id else case.hold_id


def _notice(decision: Decision, rule: Rule | None) -> str | None:
    """Return what the author may be told."""
    if decision.is_hold:
        return _ON_HOLD
    if rule is None or decision.action in REVERSAL.values():
        return None
    return rule.told(decision.verdict.reason)


def _wanted(decision: Decision, *, banned: bool) -> tuple[bool, bool | None]:
    """Return what should be true at the site: comment visible, author banned.

    A ban given for another comment goes on, whatever becomes of this one's.
    """
    match decision.action:
        case Action.BAN:
            return False, banned
        case Action.HIDE | Action.HOLD:
            return False, None
        case Action.UNBAN:
            return True, banned
        case _:
            return True, None
