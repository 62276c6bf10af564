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

from collections.abc import Iterator, Sequence
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
    original,
    verdicts,
    was_on_hold,
)
from bot.domain.effects import Order
from bot.domain.errors import NoSuchCase
from bot.domain.ids import CaseId, DecisionId, PersonId, ReporterKey
from bot.domain.policy import Policy, Rule
from bot.domain.priority import of_story, priority
from bot.domain.reporters import standing_after
from bot.domain.staff import Person
from bot.services.desk import REDRAW_AFTER, Desk
from bot.services.redraw import show_raised, tell_readers
from bot.store.tx import Tx

THE_DESK: Final = Person(id=PersonId(0), name="the desk", roles=frozenset())

_NEARLY: Final = 0.8
"""Of the unfounded reports that bring a warning; a record forgets a little as it grows."""

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
        if decision.action in {Action.BAN, Action.UNBAN}:
            self._show_ban(tx, case)
        if tell_site and decision.action is not Action.REOPEN:
            order = self._order(tx, case, decision)
            self._tell(tx, order if shows and not again else _leaving(order))
        if again:
            self.hold(tx, self.case(tx, case.id))
        return decision

    def hold(self, tx: Tx, case: Case, *, note: str | None = None) -> Decision:
        """Put a comment on hold, by the desk itself; the case waits as before."""
        verdict = Verdict(action=Action.HOLD, by=THE_DESK, door=Door.DESK, note=note)
        return self.enter(tx, case, Entry(verdict=verdict), settles=False)

    def is_held_again(self, tx: Tx, case: Case, reverses: DecisionId | None) -> bool:
        """Whether undoing that decision puts the comment back on hold, rather than shows it."""
        undone = tx.decisions.get(reverses) if reverses is not None else None
        return undone is not None and was_on_hold(tx.decisions.of_case(case.id), undone)

    def _tell(self, tx: Tx, order: Order) -> None:
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
        self._judge_readers(tx, case, decision)
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

    def _judge_readers(self, tx: Tx, case: Case, decision: Decision) -> None:
        """Let the case's reporters weigh more or less from now on, or take that back.

        Only a person's verdict judges, and each reader once: whoever reported before an earlier
        verdict, which was not undone, was judged by that.
        """
        made = tx.decisions.of_case(case.id)
        undone = next((line for line in made if line.id == decision.reverses), None)
        judges = original(undone, made) if undone else decision
        if not judges.is_verdict:
            return
        right = judges.action is not Action.KEEP
        after, until = _verdict_before(made, judges), judges.at if undone else None
        for reader, at in _reporters(tx, case, after=after, until=until):
            record = tx.readers.get(reader)
            if undone:
                judged = record.taken_back(right=right)
                tx.readers.unjudge(reader, judges.id)
            else:
                judged = record.judged(right=right)
                tx.readers.judge(reader, judges, at)
            tx.readers.put(reader, judged)
            # Who was seldom wrong cannot have so many unfounded reports; most are such.
            if undone or judged.disagreed >= max(1, self.policy.unfounded.warned) * _NEARLY:
                self._stand(tx, reader, decision)

    def _stand(self, tx: Tx, reader: ReporterKey, decision: Decision) -> None:
        """Warn a reader with many unfounded reports, count them no more, or hear them again."""
        before, rules = tx.readers.standing(reader), self.policy.unfounded
        judged = tx.readers.judged(reader)
        after = standing_after(before, judged, rules, decision_id=decision.id, now=self.now)
        if after != before:
            tx.readers.stand(reader, after)

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
        rule = self.policy.rule(decision.verdict.rule) if decision.verdict.rule else None
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
            rule_name=rule.name if rule else None,
            notice=_notice(decision, rule),
            at=decision.at,
            # A hold is about the comment, whatever it says.
            text_sha256=None if decision.is_hold else view.comment.text_sha256,
            text_key=None if decision.is_hold else text_key(view.comment.text),
        )


def _verdict_before(made: Sequence[Decision], judges: Decision) -> datetime | None:
    """Return when people at this desk last decided the case before, as far as it stands."""
    earlier = [line.at for line in verdicts(made) if line.id < judges.id]
    return earlier[-1] if earlier else None


def _reporters(
    tx: Tx, case: Case, *, after: datetime | None, until: datetime | None
) -> Iterator[tuple[ReporterKey, datetime]]:
    """Yield who reported a case first within that time, and when."""
    for reader, at in tx.tallies.readers(case.id).items():
        if (after is None or at > after) and (until is None or at <= until):
            yield ReporterKey(reader), at


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
