"""Erasures in the record: lines of its chain that say what of earlier decisions is gone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.domain.chain import holds, seal_erasure
from bot.domain.decisions import Decision, from_row, to_row
from bot.domain.erasure import ErasedRow, Erasure, left_of
from bot.domain.ids import DecisionId
from bot.domain.seals import COLUMNS_OF, Part, without
from bot.store.decisions import Decisions
from bot.store.engine.connection import Connection
from bot.store.erased import erased_row, read_erasures
from bot.store.errors import StoreTrouble
from bot.store.times import stored

_OF_DECISION = """
SELECT decision_id, parts, left_digest FROM erased
WHERE decision_id = ? ORDER BY erasure_id DESC LIMIT 1
"""
_COUNT = "SELECT COUNT(*) FROM erasures"
_ADD = """
INSERT INTO erasures (id, after, at, by_name, why, previous, digest) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_ADD_ROW = """
INSERT INTO erased (erasure_id, decision_id, parts, left_digest) VALUES (?, ?, ?, ?)
"""
_BLANK = """
UPDATE decisions SET author_id = ?, note = ?, by_id = ?, by_name = ?, second_id = ?,
    second_name = ?, salts = ?
WHERE id = ?
"""
_BLANKED: Final = ("author_id", "note", "by_id", "by_name", "second_id", "second_name", "salts")


_Tombstones = Mapping[Part, Mapping[str, Any]]
"""By the part, and by the column in which it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What is to be taken out of one decision: the tombstones of some of its parts."""

    decision_id: DecisionId
    tombstones: _Tombstones


class Erasures:
    """What was erased in the record."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run
        self._decisions = Decisions(connection)

    def all(self) -> Sequence[Erasure]:
        """Return every erasure, the oldest first."""
        return read_erasures(lambda sql: self._run(sql).fetchall())

    def count(self) -> int:
        """Return how many erasures there are."""
        return int(self._run(_COUNT).fetchone()[0])

    def erase(self, taken: Iterable[Taken], *, at: datetime, by: str, why: str) -> int:
        """Take something out of decisions, and enter in the record that it was; return of how many.

        Raises:
            StoreTrouble: A decision is not what was recorded: what somebody edited is left for
                `verify` to show.
        """
        rows: list[ErasedRow] = []
        blanked: list[Decision] = []
        for made, wanted in self._there(taken):
            left, row = self._without(made, wanted)
            blanked.append(left)
            rows.append(row)
        if rows:
            self._enter(rows, at=at, by=by, why=why)
        for made in blanked:
            row = to_row(made)
            self._run(_BLANK, (*(row[name] for name in _BLANKED), made.id))
        return len(rows)

    def _there(self, taken: Iterable[Taken]) -> Iterator[tuple[Decision, _Tombstones]]:
        """Yield the decisions, the oldest first, with what is there to be taken out of each."""
        for one in sorted(taken, key=lambda one: one.decision_id):
            made = self._decisions.get(one.decision_id)
            if made is not None and (wanted := _wanted(made, one)):
                yield made, wanted

    def _without(self, made: Decision, wanted: _Tombstones) -> tuple[Decision, ErasedRow]:
        before = self._of_decision(made.id)
        if not holds(made, before):
            raise StoreTrouble(
                f"Decision {made.id} was changed after it was recorded, so nothing is erased in it. "
                "Run verify, and find out who changed the file."
            )
        gone = {*(before.parts if before else ()), *wanted}
        parts = tuple(sorted(gone, key=[*Part].index))
        values = {name: value for one in wanted.values() for name, value in one.items()}
        salts = without(made.salts, wanted)
        left = from_row(to_row(made) | values | {"salts": salts})
        return left, ErasedRow(decision_id=made.id, parts=parts, left=left_of(left, parts))

    def _of_decision(self, number: DecisionId) -> ErasedRow | None:
        """Return all that was erased in a decision so far, `None` if nothing was."""
        found = self._run(_OF_DECISION, (number,)).fetchone()
        return erased_row(found) if found else None

    def _enter(self, rows: Sequence[ErasedRow], *, at: datetime, by: str, why: str) -> None:
        last = self._decisions.last()
        made = seal_erasure(
            Erasure(
                id=self.count() + 1,
                after=last.id if last else 0,
                at=at,
                by=by,
                why=why,
                rows=tuple(rows),
            ),
            self._decisions.head(),
        )
        said = (made.by, made.why, made.previous, made.digest)
        self._run(_ADD, (made.id, made.after, stored(made.at), *said))
        for row in made.rows:
            self._run(_ADD_ROW, (made.id, row.decision_id, ",".join(row.parts), row.left))


def _wanted(made: Decision, one: Taken) -> _Tombstones:
    """Return what is there to be taken: what was never set is not, nor what is gone already."""
    row = to_row(made)
    return {
        part: values
        for part, values in one.tombstones.items()
        if all(row[name] is not None for name in COLUMNS_OF[part])
        and any(row[name] != values[name] for name in COLUMNS_OF[part])
    }
