"""The hash chain over decisions: an edit of the database file shows."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.domain.decision import Decision, to_row

GENESIS = "0" * 64
"""What the first decision names as the line before it."""


def seal(decision: Decision, previous: str) -> Decision:
    """Return the decision with its place in the chain: the digest before it and its own."""
    linked = replace(decision, previous=previous, digest="")
    return replace(linked, digest=digest(linked))


def digest(decision: Decision) -> str:
    """Return the SHA-256, in hex, over every field that is set but the digest itself.

    They go by their names in the record, whatever values hold them here. Fields that are not set are
    left out, so that a later version may add one without breaking the chain over what an earlier
    one recorded.
    """
    row = to_row(decision)
    del row["digest"]
    values = {name: _plain(value) for name, value in row.items() if value is not None}
    text = json.dumps(values, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken(
    decisions: Iterable[Decision], *, after: Decision | None = None
) -> Decision | None:
    """Return the first decision, in order of id, that was edited or lost its forerunner.

    A long record may be walked in parts: `after` is the last decision of the part before.
    """
    number, previous = (after.id, after.digest) if after is not None else (0, GENESIS)
    for decision in decisions:
        number += 1
        if (
            decision.previous != previous
            or decision.id != number
            or digest(decision) != decision.digest
        ):
            return decision
        previous = decision.digest
    return None


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
