"""Many moderators, readers, restarts and lost messages in any order hold the desk's invariants."""

import asyncio
import os
import tempfile
from collections import Counter
from collections.abc import Awaitable, Coroutine
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.cases import CaseState
from bot.domain.decisions import Action, Decision, Door, Verdict
from bot.domain.effects import EffectKind
from bot.domain.errors import AlreadyClaimed, AlreadyDecided, DeskError
from bot.domain.ids import CaseId, RuleNumber
from bot.domain.sayings import StaffMessage, StaffMessageKind
from bot.domain.staff import Person
from bot.domain.triage import CaseWork
from bot.services.cases.claim import assign, claim, release, release_expired
from bot.services.cases.decide import decide
from bot.services.cases.escalate import escalate, take_back
from bot.services.cases.lookup import queue
from bot.services.cases.reverse import reverse
from bot.services.cases.snooze import bring_back, snooze, wake
from bot.services.deliver import card_lane
from bot.services.outbox_worker import turn
from bot.services.staff.overdue import page_overdue
from bot.store.deliveries import staff_message_from
from bot.store.tx import Tx
from tests.services.desks import ANA, BEN, SAM, Bench, Clock
from tests.services.outside import Channel
from tests.support.chains import first_broken
from tests.support.databases import new_place

T = TypeVar("T")

COMMENTS = ("c1", "c2")
PEOPLE = st.sampled_from([ANA, BEN, SAM])
NUMBERS = st.integers(0, len(COMMENTS) - 1)


class Shift(RuleBasedStateMachine):
    """One desk, its moderators, and everything that may happen to three comments."""

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._folder = tempfile.TemporaryDirectory()
        self._place = AsyncExitStack()
        self._open = AsyncExitStack()
        self._clock = Clock()
        self._channel = Channel(self._clock, stays=True)
        self._revisions = dict.fromkeys(COMMENTS, 1)
        self._recorded: list[Decision] = []
        self._calls: Counter[tuple[str, CaseId, int]] = Counter()
        self._seen_messages = 0

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run to the end; `Runner.run` would set a handler of signals each of thousands of times."""
        return self._runner.get_loop().run_until_complete(work)

    def _do(self, work: Awaitable[T]) -> T | None:
        """Do something; what the desk refuses changes nothing of the record."""

        async def done() -> T | None:
            try:
                return await work
            except DeskError:
                return None

        return self._run(done())

    def _read(self, query):
        return self._run(self._bench.store.read(query))

    def _case(self, number: int) -> CaseId:
        return CaseId(number + 1)

    @initialize()
    def begin(self) -> None:
        self.start()
        for comment in COMMENTS:
            self._run(self._bench.take(comment=comment, text="r1"))

    def start(self) -> None:
        async def opened() -> Bench:
            if not hasattr(self, "_opens"):
                place = new_place(Path(self._folder.name))
                self._opens = await self._place.enter_async_context(place)
            return Bench(await self._open.enter_async_context(self._opens()), self._clock)

        self._bench = self._run(opened())
        self._desk = self._bench.desk

    def teardown(self) -> None:
        self._run(self._open.aclose())
        self._run(self._place.aclose())
        self._runner.close()
        self._folder.cleanup()

    # ---- what may happen

    @rule()
    def restart(self) -> None:
        self._run(self._open.aclose())
        self.start()

    @rule(number=NUMBERS, cites=st.sampled_from([1, 3, 9]), edited=st.booleans())
    def report(self, number: int, cites: int, edited: bool) -> None:
        comment = COMMENTS[number]
        self._revisions[comment] += edited
        revision = f"r{self._revisions[comment]}"
        self._run(
            self._bench.take(
                comment=comment, revision=revision, text=revision, rule=RuleNumber(cites)
            )
        )

    @rule(minutes=st.sampled_from([1, 10, 30]))
    def time_passes(self, minutes: int) -> None:
        self._clock.pass_by(minutes=minutes)
        for due in (release_expired, bring_back, page_overdue):
            self._run(due(self._desk))

    @rule(number=NUMBERS, by=PEOPLE, action=st.sampled_from(["keep", "hide", "ban"]))
    def somebody_decides(self, number: int, by: Person, action: str) -> None:
        self._decide(self._case(number), by, Action(action))

    @rule(number=NUMBERS, action=st.sampled_from(["keep", "hide"]))
    def two_decide_at_once(self, number: int, action: str) -> None:
        case_id = self._case(number)

        async def both() -> list[object]:
            verdicts = [self._verdict(by, Action(action)) for by in (ANA, BEN)]
            works = [decide(self._desk, case_id, one) for one in verdicts]
            return await asyncio.gather(*works, return_exceptions=True)

        made = [one for one in self._run(both()) if isinstance(one, Decision)]
        assert len(made) <= 1, "one of two wins"

    @rule(number=NUMBERS, by=PEOPLE)
    def undo(self, number: int, by: Person) -> None:
        self._do(reverse(self._desk, self._case(number), by=by, door=Door.BUTTON))

    @rule(number=NUMBERS, by=PEOPLE, take_over=st.booleans())
    def claims(self, number: int, by: Person, take_over: bool) -> None:
        self._do(claim(self._desk, self._case(number), by, take_over=take_over))

    @rule(number=NUMBERS, first=PEOPLE, then=PEOPLE)
    def one_claims_and_one_decides(self, number: int, first: Person, then: Person) -> None:
        self._do(claim(self._desk, self._case(number), first))
        self._decide(self._case(number), then, Action.KEEP)

    @rule(number=NUMBERS, by=PEOPLE)
    def releases(self, number: int, by: Person) -> None:
        self._do(release(self._desk, self._case(number), by))

    @rule(number=NUMBERS, by=PEOPLE, back=st.booleans())
    def hands_on(self, number: int, by: Person, back: bool) -> None:
        work = take_back if back else escalate
        self._do(work(self._desk, self._case(number), by))

    @rule(number=NUMBERS, by=PEOPLE, to=st.one_of(st.none(), PEOPLE))
    def assigns(self, number: int, by: Person, to: Person | None) -> None:
        self._do(assign(self._desk, self._case(number), to, by))

    @rule(number=NUMBERS, by=PEOPLE, up=st.booleans())
    def puts_off(self, number: int, by: Person, up: bool) -> None:
        if up:
            self._do(wake(self._desk, self._case(number), by))
        else:
            until = self._clock.now + timedelta(hours=2)
            self._do(snooze(self._desk, self._case(number), by, until))

    @rule(troubles=st.lists(st.sampled_from(["down", "lost"]), max_size=2))
    def cards_are_drawn(self, troubles: list[str]) -> None:
        for trouble in (*troubles, None):
            self._channel.trouble = trouble
            self._clock.pass_by(seconds=5)  # past the first waits between tries
            self._run(turn(card_lane(self._desk, self._channel)))

    @precondition(lambda self: self._channel.messages)
    @rule(which=st.integers(0, 5))
    def a_message_is_deleted(self, which: int) -> None:
        messages = self._channel.messages
        del messages[sorted(messages)[which % len(messages)]]

    def _verdict(self, by: Person, action: Action) -> Verdict:
        return Verdict(action=action, by=by, door=Door.BUTTON, lasting=timedelta(days=1))

    def _decide(self, case_id: CaseId, by: Person, action: Action) -> None:
        before = self._read(lambda tx: (tx.cases.get(case_id), tx.triage.get(case_id)))
        case, held = before
        running = held.claim_at(self._clock.now)
        try:
            made = self._run(decide(self._desk, case_id, self._verdict(by, action)))
        except AlreadyClaimed:
            assert running is not None
            assert running.by_id != by.id
        except AlreadyDecided:
            assert not case.is_open
        except DeskError:
            assert case is None or case.state is CaseState.ESCALATED
        else:
            assert isinstance(made, Decision)
            assert case.is_open
            assert running is None or running.by_id == by.id

    # ---- what always holds

    @invariant()
    def all_that_always_holds(self) -> None:
        """Look at the store once for all of it, as there are thousands of steps."""
        now = self._clock.now
        record, cases, asked = self._read(
            lambda tx: (
                list(tx.decisions.after(0, limit=10_000)),
                [_stands(tx, CaseId(one)) for one in range(1, len(COMMENTS) + 2)],
                _messages(tx, now),
            )
        )
        known = [one for one in cases if one[0] is not None]
        self._the_record_only_grows_and_is_whole(record)
        self._every_case_stands_as_its_record_says(known)
        self._one_comment_has_one_case(known)
        self._the_queue_is_what_is_open_and_not_put_off(known)
        self._a_case_has_one_card_at_most()
        self._nobody_is_called_twice_for_one_wait(asked)

    def _the_record_only_grows_and_is_whole(self, record: list[Decision]) -> None:
        assert record[: len(self._recorded)] == self._recorded
        assert first_broken(record) is None
        self._recorded = record

    def _every_case_stands_as_its_record_says(self, known: list[tuple]) -> None:
        for case, held, standing in known:
            assert (case.state is CaseState.DECIDED) == (standing is not None)
            assert (case.state is CaseState.ESCALATED) == (held.escalation is not None)
            if case.state is CaseState.CLAIMED:
                assert held.claim is not None
            if not case.is_open:
                assert held == CaseWork(), "a decision ends all work on the case"
            assert not (held.claim and held.snooze)

    def _one_comment_has_one_case(self, known: list[tuple]) -> None:
        comments = [case.comment_id for case, *_ in known]
        assert len(comments) == len(set(comments))

    def _the_queue_is_what_is_open_and_not_put_off(self, known: list[tuple]) -> None:
        page = self._run(queue(self._desk, ANA, limit=50))
        awake = [view.case.id for view in page.views]
        assert page.total == len(awake)
        for case, held, _ in known:
            assert (case.id in awake) == (case.is_open and held.snooze is None)

    def _a_case_has_one_card_at_most(self) -> None:
        counted = Counter(card.case_id for card in self._channel.messages.values())
        assert all(number == 1 for number in counted.values()), counted

    def _nobody_is_called_twice_for_one_wait(self, asked: list[StaffMessage]) -> None:
        for message in asked[self._seen_messages :]:
            if message.kind in {StaffMessageKind.LATE, StaffMessageKind.LATE_EDITORS}:
                for case_id in message.cases:
                    decided = sum(made.case_id == case_id for made in self._recorded)
                    self._calls[message.kind, case_id, decided] += 1
        self._seen_messages = len(asked)
        assert all(number == 1 for number in self._calls.values()), self._calls


def _stands(tx: Tx, case_id: CaseId) -> tuple:
    case = tx.cases.get(case_id)
    standing = tx.decisions.current(case)
    return case, tx.triage.get(case_id), standing


def _messages(tx: Tx, now: datetime) -> list[StaffMessage]:
    due = tx.outbox.due(EffectKind.STAFF, now, limit=10_000)
    return [staff_message_from(one.payload) for one in sorted(due, key=lambda one: one.id)]


TestShift = Shift.TestCase
TestShift.settings = settings(
    max_examples=100 if os.environ.get("CI_FULL") == "1" else 15,
    stateful_step_count=50,
    deadline=None,  # every step waits for the disk
    suppress_health_check=[HealthCheck.too_slow],
)
