"""Many at once: hide everything of one author, or take back a whole run beyond the brake."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zlib import crc32

from bot.domain.brake import Run, TakenBack
from bot.domain.cases import Case
from bot.domain.decisions import REVERSAL, Action, Decision, Door, Verdict, is_or_amends
from bot.domain.errors import AlreadyClaimed, NoChange, NoSuchCase, NotUnderstood, WithEditors
from bot.domain.ids import CaseId, DecisionId, RuleNumber
from bot.domain.staff import Person, Rank
from bot.services.cases import brake
from bot.services.cases.claim import check_free
from bot.services.cases.decision_log import DecisionWriter, Entry
from bot.services.cases.two_person import DecisionResult, act, takes_two
from bot.services.desk import Desk
from bot.store.tx import Tx

LONGEST = timedelta(hours=168)
"""How far back comments may be hidden all at once."""


async def reported_of_late(
    desk: Desk, case_id: CaseId, within: timedelta, *, by: Person
) -> tuple[Case, ...]:
    """Return the open cases of the case's author whose comments were reported of late.

    What a colleague has, or was handed to the editors, is left out where the person could not
    hide it by itself either.

    Raises:
        NotAllowed: The person is no moderator.
        NoSuchCase: There is no case of that number.
        NotPossible: The site cannot hide comments.
    """
    desk.require(by, Rank.MODERATOR)
    return await desk.store.read(lambda tx: _found(tx, desk, case_id, within, by))


async def hide_all(
    desk: Desk,
    case_id: CaseId,
    within: timedelta,
    *,
    by: Person,
    door: Door,
    listed: int | None = None,
) -> tuple[DecisionResult, ...]:
    """Hide them all, each by a decision of its own under the rule most readers gave.

    Each counts for the brake: those beyond it are put on hold.

    `listed` is the `mark_of` those that the person was told of.

    Raises:
        NotAllowed: The person is no moderator.
        NoSuchCase: There is no case of that number.
        NotPossible: The site cannot hide comments.
        NotUnderstood: They are not those that were listed, or not with the same texts.
    """
    desk.require(by, Rank.MODERATOR)
    writer = DecisionWriter.of(desk)

    def work(tx: Tx) -> tuple[DecisionResult, ...]:
        made: list[DecisionResult] = []
        found = _found(tx, desk, case_id, within, by)
        if found and listed not in (None, mark_of(found)):
            raise NotUnderstood(
                "Since they were listed, one of these comments was edited, decided or newly "
                "reported, so nothing was hidden. Use /hide-author again and look at the list."
            )
        for case in found:
            verdict = Verdict(action=Action.HIDE, by=by, door=door, rule=case.top_rule)
            # Each decision moves the author's other cases, so the case is read anew.
            made.append(act(tx, desk, writer, writer.case(tx, case.id), Entry(verdict=verdict)))
        return tuple(made)

    return await brake.write(desk, by, work)


def mark_of(cases: Iterable[Case]) -> int:
    """Return a number that stands for these cases with the texts they have now."""
    return crc32(",".join(f"{case.id}:{case.revision}" for case in cases).encode())


def _found(tx: Tx, desk: Desk, case_id: CaseId, within: timedelta, by: Person) -> tuple[Case, ...]:
    case = tx.cases.get(case_id)
    if case is None:
        raise NoSuchCase(case_id)
    desk.require_site(case.site, Action.HIDE)
    if not timedelta() < within <= LONGEST:
        raise NotUnderstood(
            "Only comments from the last 168 hours can be hidden at once. Give 1 to 168 hours."
        )
    since = desk.clock() - within
    theirs = tx.cases.open_of_author(case.site, case.author_id)
    return tuple(one for one in theirs if one.opened_at >= since and _is_free(tx, desk, one, by))


def _is_free(tx: Tx, desk: Desk, case: Case, by: Person) -> bool:
    try:
        check_free(tx, desk, case, by)
    except (AlreadyClaimed, WithEditors):
        return False
    return True


log = logging.getLogger(__name__)

_AT_ONCE: Final = 50
"""Decisions a transaction, so that nobody else waits for the store meanwhile."""


async def run_of(desk: Desk, run_id: int) -> Run | None:
    """Return a run, `None` if this record has none of that number."""
    return await desk.store.read(lambda tx: tx.runs.get(run_id))


async def take_back(desk: Desk, run_id: int, *, by: Person) -> TakenBack:
    """Undo what the person of a run did in it, as far as it still stands, at the sites too.

    What they hid is shown and waits again, or is on hold where showing it takes two people; whom
    they banned is let in; what they overturned stands again; what they proposed waits no more. Each
    is a line of the record. A press that was cut short is finished by the next one.

    Raises:
        NotAllowed: The person is neither a senior moderator nor an editor.
        NoChange: There is no such run, or nothing of it is left.
    """
    desk.require(by, Rank.SENIOR)
    writer = DecisionWriter.of(desk)

    def find(tx: Tx) -> "_Found | None":
        run = tx.runs.get(run_id)
        return _run_back_found(tx, run, run.last_at + writer.policy.brake.within) if run else None

    found = await desk.store.read(find)
    if found is None:
        raise NoChange("That run is not in this record, so nothing was done.")
    undoing = _Undoing(desk, writer, found.run, by)
    counts: Counter[str] = Counter()
    for start in range(0, len(found.made), _AT_ONCE):
        counts += await desk.store.write(undoing.each(found.made[start : start + _AT_ONCE]))
    for start in range(0, len(found.holds), _AT_ONCE):
        counts += await desk.store.write(undoing.release(found.holds[start : start + _AT_ONCE]))
    counts += await desk.store.write(undoing.withdraw(found.proposed))
    taken = TakenBack(**counts)
    if not taken.total:
        raise NoChange(f"Nothing that {found.run.name} did there is left to take back.")
    log.warning("person %s took back a run of person %s", by.id, found.run.person_id)
    return taken


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What there is to take back, the newest first."""

    run: Run
    made: Sequence[DecisionId]
    holds: Sequence[DecisionId]
    proposed: Sequence[CaseId]


def _run_back_found(tx: Tx, run: Run, until: datetime) -> _Found:
    return _Found(
        run=run,
        made=tx.runs.made(run, until),
        holds=tx.runs.holds(run.id),
        proposed=tx.runs.proposed(run, until),
    )


@dataclass(frozen=True, slots=True)
class _Undoing:
    """One press: who takes back whose run."""

    desk: Desk
    writer: DecisionWriter
    run: Run
    by: Person

    def each(self, made: Sequence[DecisionId]) -> Callable[[Tx], Counter[str]]:
        def work(tx: Tx) -> Counter[str]:
            counts: Counter[str] = Counter()
            for number in made:
                decision = tx.decisions.get(number)
                if decision is not None:
                    counts.update(self._undo(tx, decision))
            return counts

        return work

    def release(self, holds: Sequence[DecisionId]) -> Callable[[Tx], Counter[str]]:
        def work(tx: Tx) -> Counter[str]:
            held = (tx.decisions.get(number) for number in holds)
            cases = (self.writer.case(tx, hold.case_id) for hold in held if hold is not None)
            found = [case for case in cases if case.hold_id in holds]
            for case in found:
                entry = Entry(verdict=self._verdict(Action.UNHIDE), reverses=case.hold_id)
                self.writer.enter(tx, case, entry, settles=False)
            return Counter(holds=len(found))

        return work

    def withdraw(self, proposed: Sequence[CaseId]) -> Callable[[Tx], Counter[str]]:
        def work(tx: Tx) -> Counter[str]:
            tx.runs.taken_back(self.run.id, self.writer.now)
            waiting = (tx.proposals.get(case_id) for case_id in proposed)
            theirs = [
                one.case_id for one in waiting if one and one.verdict.by.id == self.run.person_id
            ]
            for case_id in theirs:
                tx.proposals.drop(case_id)
                tx.cases.touch(self.writer.case(tx, case_id), self.writer.now)
            return Counter(proposals=len(theirs))

        return work

    def _undo(self, tx: Tx, made: Decision) -> list[str]:
        if made.reverses is not None:
            name, undo = "overturns", self._restore
        elif made.action is Action.BAN:
            name, undo = "bans", self._lift
        else:
            name, undo = "hides", self._reopen
        return [name] if undo(tx, self.writer.case(tx, made.case_id), made) else []

    def _lift(self, tx: Tx, case: Case, made: Decision) -> bool:
        return self._reopen(tx, case, made) or self._let_in(tx, case, made)

    def _reopen(self, tx: Tx, case: Case, made: Decision) -> bool:
        """Undo what stands; what takes two people to be shown stays out of view until then."""
        current = tx.decisions.current(case)
        if current is None or not is_or_amends(current, made.id, tx.decisions.of_case(case.id)):
            return False
        verdict = self._verdict(REVERSAL[current.action], current.verdict.rule)
        entry = Entry(verdict=verdict, reverses=current.id)
        legal = takes_two(tx, self.writer, case, entry)
        self.writer.enter(tx, case, entry, shows=not legal)
        if legal and Action.HOLD in self.desk.site_can(case.site):
            self.writer.hold(tx, self.writer.case(tx, case.id))
        return True

    def _let_in(self, tx: Tx, case: Case, made: Decision) -> bool:
        """Lift a ban whose case was opened again, or decided by somebody else, since."""
        history = tx.decisions.of_case(case.id)
        bans = tx.bans.of_author(case.site, case.author_id, self.writer.now)
        in_force = {ban.decision_id for ban in bans if ban.case_id == case.id}
        ban = next((one for one in history if one.id in in_force), None)
        if ban is None or not is_or_amends(ban, made.id, history):
            return False
        entry = Entry(verdict=self._verdict(Action.UNBAN, ban.verdict.rule), reverses=ban.id)
        self.writer.enter(tx, case, entry, shows=False, settles=False)
        return True

    def _restore(self, tx: Tx, case: Case, made: Decision) -> bool:
        """Let stand again what was overturned, unless somebody else has decided since."""
        undone = tx.decisions.get(made.reverses)
        if undone is None or not case.is_open or self._others_since(tx, made):
            return False
        lasting = undone.rest(self.writer.now)
        if lasting is not None and lasting <= timedelta():  # as a ban it would be over by now
            again = self._verdict(Action.HIDE, undone.verdict.rule)
        else:
            again = replace(self._verdict(undone.action, undone.verdict.rule), lasting=lasting)
        entry = Entry(verdict=replace(again, reason=undone.verdict.reason))
        self.writer.enter(tx, case, entry)
        return True

    def _others_since(self, tx: Tx, made: Decision) -> bool:
        later = (one for one in tx.decisions.of_case(made.case_id) if one.id > made.id)
        return not all(self._is_ours(one) for one in later)

    def _is_ours(self, made: Decision) -> bool:
        """Whether a line of the record is of this run, of taking it back, or of the desk itself."""
        return made.verdict.by.id == self.run.person_id or made.verdict.door in (
            Door.RUN,
            Door.DESK,
        )

    def _verdict(self, action: Action, rule: RuleNumber | None = None) -> Verdict:
        note = f"taken back with all that {self.run.name} did then"
        return Verdict(action=action, by=self.by, door=Door.RUN, rule=rule, note=note)
