"""Lists of things to do: what goes wrong with one of them holds up none of the others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.case import CardRef
from bot.domain.effect import TRIES
from bot.domain.errand import Errand, ErrandKind
from bot.domain.ids import CaseId
from bot.domain.overview import Overview
from bot.services.errands import run_due
from bot.services.lookup import look
from bot.services.threads import ask_thread
from tests.services.desks import ANA, BEN, Bench

DAY = timedelta(days=1)


@dataclass
class Room:
    """The `Staffroom` port in memory; there is a fault in it about the cases named."""

    faulty: set[CaseId] = field(default_factory=set[CaseId])
    said: list[CaseId] = field(default_factory=list[CaseId])
    begun: list[CaseId] = field(default_factory=list[CaseId])

    async def ready(self) -> None:
        return

    async def say(self, errand: Errand, cards: Mapping[CaseId, CardRef]) -> None:
        if self.faulty & {*errand.cases, *cards}:
            raise ZeroDivisionError
        self.said += errand.cases

    async def begin_thread(self, errand: Errand, card: CardRef) -> int:
        assert errand.cases == (card.case_id,)
        self.begun.append(card.case_id)
        return 900 + len(self.begun)

    async def show(
        self, overview: Overview, cards: Mapping[CaseId, CardRef], at: tuple[int, int] | None
    ) -> tuple[int, int]:
        raise AssertionError(f"{overview} is not shown here, with {cards} or at {at}")


async def ask(bench: Bench, *cases: CaseId) -> None:
    for case_id in cases:
        errand = Errand(kind=ErrandKind.ASSIGNED, cases=(case_id,), people=(BEN.id,))
        at = bench.clock.now
        await bench.store.write(lambda tx, errand=errand, at=at: tx.errands.add(errand, at))


async def test_a_fault_with_one_holds_up_no_other_and_loses_nothing(bench: Bench):
    first, second = await bench.take(comment="c1"), await bench.take(comment="c2")
    await ask(bench, first, second)
    room = Room(faulty={first})

    assert await run_due(bench.desk, room)
    assert room.said == [second]
    assert not await run_due(bench.desk, room), "it is put off, not tried again at once"

    room.faulty.clear()
    bench.clock.now += DAY
    assert await run_due(bench.desk, room)
    assert room.said == [second, first]


async def test_a_fault_that_stays_is_given_up_in_the_end(bench: Bench):
    case_id = await bench.take()
    await ask(bench, case_id)
    room = Room(faulty={case_id})
    for _ in range(TRIES):
        assert await run_due(bench.desk, room)
        bench.clock.now += DAY
    assert not await run_due(bench.desk, room)


async def test_asking_twice_for_a_thread_begins_one(bench: Bench):
    case_id, other = await bench.take(comment="c1"), await bench.take(comment="c2")
    for number in (case_id, other):
        ref = CardRef(case_id=number, channel_id=700, message_id=number, revision=1)
        await bench.store.write(lambda tx, ref=ref: tx.cards.drawn(ref, 1))
    await ask_thread(bench.desk, case_id, ANA)
    await ask_thread(bench.desk, case_id, BEN)
    await ask_thread(bench.desk, other, BEN)
    room = Room()
    await run_due(bench.desk, room)
    assert room.begun == [case_id, other]
    assert (await look(bench.desk, case_id)).work.thread_id == 901
