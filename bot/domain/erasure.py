"""Erasures: what was taken out of the record, when and by whom, as links of its chain."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.decisions import Decision, to_row
from bot.domain.ids import DecisionId
from bot.domain.seals import COLUMNS_OF, Part


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedRow:
    """What of one decision is erased by now, with a digest over what it `left` there.

    `parts` are all that were erased, those of earlier erasures with them. So the newest erasure
    that names a decision says all that may be missing in it, and pins what stands there since.
    """

    decision_id: DecisionId
    parts: tuple[Part, ...]
    left: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """One erasure in the record, after the decision of the number `after`.

    It names what was erased and never says it. `by` is who did it: an account of the machine, or
    the policy's retention; `why` is what for.
    """

    id: int
    after: int
    at: datetime
    by: str
    why: str
    rows: tuple[ErasedRow, ...]
    previous: str = ""
    digest: str = ""

    @property
    def is_of_earlier(self) -> bool:
        """Whether all that it names was recorded before it."""
        return all(0 < row.decision_id <= self.after for row in self.rows)


def left_of(decision: Decision, parts: Iterable[Part]) -> str:
    """Return a digest over what erasing some parts left in a decision.

    A row without seals is pinned whole, for its own digest cannot be made again. In one with seals
    they go on holding the rest, so that only the tombstones are pinned.
    """
    row = to_row(decision)
    names = [name for part in parts for name in COLUMNS_OF[part]]
    kept = {"id", *names} if decision.seals is not None else {*row} - {"digest"}
    values = {name: plain(row[name]) for name in kept if row[name] is not None}
    return hashed(values)


def digest_of(erasure: Erasure) -> str:
    """Return the SHA-256, in hex, over all that an erasure says but its own digest."""
    row = to_line(erasure)
    del row["digest"]
    return hashed(row)


def latest(erasures: Iterable[Erasure]) -> Mapping[int, ErasedRow]:
    """Return what is known to be erased, by the decision's number; the newest word counts."""
    return {row.decision_id: row for erasure in erasures for row in erasure.rows}


def to_line(erasure: Erasure) -> dict[str, Any]:
    """Return an erasure as it is exported."""
    return {
        "erasure": erasure.id,
        "after": erasure.after,
        "at": erasure.at.isoformat(),
        "by": erasure.by,
        "why": erasure.why,
        "rows": [[row.decision_id, [*row.parts], row.left] for row in erasure.rows],
        "previous": erasure.previous,
        "digest": erasure.digest,
    }


def from_line(line: Mapping[str, Any]) -> Erasure:
    """Return what `to_line` was given.

    Raises:
        KeyError: Something is missing.
        TypeError: A value is of another kind.
        ValueError: A value says nothing.
    """
    return Erasure(
        id=line["erasure"],
        after=line["after"],
        at=datetime.fromisoformat(line["at"]),
        by=line["by"],
        why=line["why"],
        rows=tuple(
            ErasedRow(decision_id=number, parts=tuple(map(Part, parts)), left=left)
            for number, parts, left in line["rows"]
        ),
        previous=line["previous"],
        digest=line["digest"],
    )


def hashed(values: object) -> str:
    """Return the SHA-256, in hex, of values as JSON in one fixed form."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: object) -> object:
    """Return a value as it is hashed."""
    return value.isoformat() if isinstance(value, datetime) else value
