"""A desk that hypothesis can drive: one loop, a store that can be opened again, and its end."""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis.stateful import RuleBasedStateMachine, initialize

from bot.domain.cases import Case, CaseState
from bot.domain.decisions import Action, Decision, Door, Verdict
from bot.domain.ids import CaseId, SiteId
from bot.domain.staff import Person
from bot.services.cases.decide import decide
from bot.services.deliver import card_lane, order_lane
from bot.services.outbox_worker import turn
from bot.store.tx import Tx
from tests.services.desks import Bench
from tests.services.outside import Channel, ObedientSite
from tests.support.databases import new_place

T = TypeVar("T")

COURIER = SiteId("courier")
COMMENTS = {"c1": "a1", "c2": "a1", "c3": "a2"}
_ENOUGH_ROUNDS = 60


class DeskMachine(RuleBasedStateMachine):
    """What every story told to the desk shares; at its end all must come to agree."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.Runner()
        self._folder = tempfile.TemporaryDirectory()
        self._place = AsyncExitStack()
        self._open: AsyncExitStack | None = None
        self.record: list[Decision] = []

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run(work)

    def read(self, query: Callable[[Tx], T]) -> T:
        return self.run(self.bench.store.read(query))

    @initialize()
    def begin(self) -> None:
        self.run(self.reopen())
        self.channel = Channel(self.bench.clock)
        self.site = ObedientSite()

    async def reopen(self) -> None:
        if self._open is not None:
            await self._open.aclose()
        else:
            place = new_place(Path(self._folder.name))
            self._opens = await self._place.enter_async_context(place)
        self._open = AsyncExitStack()
        store = await self._open.enter_async_context(self._opens())
        if hasattr(self, "bench"):
            self.bench.store = store
        else:
            self.bench = Bench(store)

    def teardown(self) -> None:
        try:
            if self._open is not None:
                self._all_is_well_in_the_end()
        finally:
            if self._open is not None:
                self.run(self._open.aclose())
            self.run(self._place.aclose())
            self._loop.close()
            self._folder.cleanup()

    def _all_is_well_in_the_end(self) -> None:
        """Once nothing fails any more, the channel and the site come to say what the record says."""
        for case in self.cases():
            self.run(self.bench.store.write(lambda tx, one=case: _revive(tx, one, self.bench)))
        record = self.decisions()
        for _ in range(_ENOUGH_ROUNDS):
            self.bench.clock.pass_by(minutes=20)
            drawn = self.run(turn(card_lane(self.bench.desk, self.channel)))
            told = self.run(turn(order_lane(self.bench.desk, COURIER, self.site)))
            if not drawn and not told:
                break
        else:
            raise AssertionError("something is asked for without end")
        cards = {card.case_id: card for card in self.channel.messages.values()}
        assert len(cards) == len(self.channel.messages)
        for case in self.cases():
            self._shown_as_it_is(case, cards)
            last = [one for one in record if one.case_id == case.id][-1:]
            hidden = bool(last) and last[0].action in (Action.HIDE, Action.BAN)
            assert (case.comment_id in self.site.hidden) == hidden
        self._banned_as_decided(record)

    def _shown_as_it_is(self, case: Case, cards: dict[CaseId, Any]) -> None:
        if case.id not in cards:
            assert not case.is_open, "only what is decided may do without a card, if it was deleted"
            return
        card = cards[case.id]
        assert card.touched == case.touched
        assert (card.state is CaseState.DECIDED) == (not case.is_open)

    def _banned_as_decided(self, record: Sequence[Decision]) -> None:
        """See that the site keeps out whom it should: a ban outlives an edit of its comment."""
        now = self.bench.clock.now
        gone = {one.reverses for one in record} | {one.amends for one in record}
        wanted = {
            one.author_id
            for one in record
            if one.action is Action.BAN
            and one.id not in gone
            and (one.until is None or one.until > now)
        }
        stands = {
            author for author, until in self.site.banned.items() if until is None or until > now
        }
        assert stands == wanted

    # ---- reading

    def case(self, comment: str) -> Case | None:
        return self.read(lambda tx: tx.cases.find(COURIER, comment))

    def cases(self) -> list[Case]:
        found = (self.case(comment) for comment in COMMENTS)
        return [case for case in found if case is not None]

    def decisions(self) -> list[Decision]:
        return list(self.read(lambda tx: tx.decisions.after(0, limit=1000)))

    async def verdict(
        self, case: Case, by: Person, action: Action, *, days: int | None, seen: int
    ) -> None:
        verdict = Verdict(
            action=action,
            by=by,
            door=Door.BUTTON,
            lasting=timedelta(days=days) if days and action is Action.BAN else None,
        )
        await decide(self.bench.desk, case.id, verdict, seen=seen)


def check_each_follows(made: Sequence[Decision]) -> dict[CaseId, Decision]:
    """See that nothing was decided while a decision stood; return what stands at the end."""
    standing: dict[CaseId, Decision] = {}
    for one in made:
        last = standing.pop(one.case_id, None)
        changes = one.reverses if one.reverses is not None else one.amends
        if changes is not None:
            assert last is not None
            assert last.id == changes
        elif last is not None:
            # A kept comment comes back by a new reason or a new text, a hidden one by a new text.
            assert last.action is Action.KEEP or one.revision > last.revision
        assert one.second is None or one.second.id != one.verdict.by.id
        if one.reverses is None:
            standing[one.case_id] = one
    return standing


def _revive(tx: Tx, case: Case, bench: Bench) -> None:
    tx.outbox.revive(case.id, bench.clock.now)
    # Somebody looks at the case again, so that a card that was deleted is missed.
    tx.outbox.want_card(case.id, bench.clock.now)
