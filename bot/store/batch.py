"""Many works in one transaction: what the writer runs in the database's thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.store.engine.connection import Connection
from bot.store.engine.errors import DriverError, translated
from bot.store.errors import StoreTrouble
from bot.store.health import Whereabouts
from bot.store.tx import Tx

Work = Callable[[Tx], Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a work returned, or what it raised; then nothing of it was kept.

    One that `spoils` the transaction takes the other works in it along.
    """

    value: Any = None
    error: BaseException | None = None
    spoils: bool = False


class Batches:
    """Runs works on one connection, which must be used from its own thread only."""

    def __init__(self, connection: Connection, whereabouts: Whereabouts | None = None) -> None:
        self._connection = connection
        self._whereabouts = whereabouts
        self._tx = Tx(connection)
        self._run = connection.run

    @property
    def asked(self) -> int:
        """How many effects were asked for by what was kept."""
        return self._tx.outbox.asked

    def run(self, works: Sequence[Work]) -> list[Outcome]:
        """Run the works in one transaction; when this returns, what did not fail is on disk.

        If one raises, all are undone and run again, each inside a savepoint, so that one bad
        work fails alone and the others still share one commit. If the transaction itself fails,
        as on a full disk, all of them fail.
        """
        try:
            if self._whereabouts is not None:
                self._whereabouts.require()
        except StoreTrouble as trouble:
            return [Outcome(error=trouble)] * len(works)
        outcomes = self._transaction(self._tried, works)
        if isinstance(outcomes, list):
            return outcomes
        if len(works) > 1:
            outcomes = self._transaction(self._apart, works)
        return outcomes if isinstance(outcomes, list) else [outcomes] * len(works)

    def _transaction(
        self, each: Callable[[Work], Outcome], works: Sequence[Work]
    ) -> list[Outcome] | Outcome:
        """Return what came of the works, or what undid them all."""
        asked = self._tx.outbox.asked
        outcomes: list[Outcome] = []
        try:
            self._connection.begin()
            for work in works:
                outcome = each(work)
                outcomes.append(outcome)
                if outcome.spoils:
                    return self._undone(outcome, asked)
            self._run("COMMIT")
        except DriverError as error:
            return self._undone(Outcome(error=translated(error)), asked)
        return outcomes

    def _undone(self, outcome: Outcome, asked: int) -> Outcome:
        # The engine may have rolled back by itself, as SQLite does when the disk is full.
        if self._connection.in_transaction:
            self._run("ROLLBACK")
        self._tx.outbox.asked = asked
        return outcome

    def _tried(self, work: Work) -> Outcome:
        try:
            return Outcome(work(self._tx))
        except Exception as error:  # noqa: BLE001 - a work's boundary: what it raises is its caller's
            return Outcome(error=translated(error), spoils=True)

    def _apart(self, work: Work) -> Outcome:
        asked = self._tx.outbox.asked
        self._run("SAVEPOINT work")
        outcome = self._tried(work)
        if outcome.spoils:
            if not self._connection.in_transaction:
                return outcome  # the engine gave up the whole transaction, not this work alone
            self._run("ROLLBACK TO work")
            self._tx.outbox.asked = asked
            outcome = Outcome(error=outcome.error)
        self._run("RELEASE work")
        return outcome
