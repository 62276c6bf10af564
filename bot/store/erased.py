"""The erasures as they are stored: read from the tables of today, and in the midst of a migration.

The tables are as they were first made. A migration that changes them has to keep what is read here,
or later ones that verify the record before it would read what is not there yet.
"""

from collections.abc import Callable, Sequence
from typing import Any

from bot.domain.erasure import ErasedRow, Erasure
from bot.domain.seals import Part
from bot.store.times import moment

_ALL = "SELECT id, after, at, by_name, why, previous, digest FROM erasures ORDER BY id"
_NAMED = """
SELECT erasure_id, decision_id, parts, left_digest FROM erased ORDER BY erasure_id, decision_id
"""


def read_erasures(rows: Callable[[str], list[Any]]) -> list[Erasure]:
    """Return every erasure, the oldest first; `rows` returns what a statement finds."""
    named: dict[int, list[ErasedRow]] = {}
    for erasure_id, *row in rows(_NAMED):
        named.setdefault(erasure_id, []).append(erased_row(row))
    return [
        Erasure(
            id=number,
            after=after,
            at=moment(at),
            by=by,
            why=why,
            rows=tuple(named.get(number, ())),
            previous=previous,
            digest=digest,
        )
        for number, after, at, by, why, previous, digest in rows(_ALL)
    ]


def erased_row(row: Sequence[Any]) -> ErasedRow:
    """Return what is gone of a decision: its number, the parts and the digest of what is left."""
    decision_id, parts, left = row
    return ErasedRow(
        decision_id=decision_id, parts=tuple(map(Part, str(parts).split(","))), left=left
    )
