"""Write the record out, and check that nobody edited it."""

import json
import re
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

from bot.cli.spreadsheet import writer
from bot.domain.chain import GENESIS, first_broken
from bot.domain.decision import Decision, from_row, to_row
from bot.domain.errors import DeskError
from bot.store.sqlite import Store, open_store

_PAGE = 500
_END = 8
"""Characters at either end of a digest by which a miscopied one is known."""


class Format(StrEnum):
    """How decisions are written."""

    JSONL = "jsonl"
    """A line each, exactly as recorded, so that the chain can be walked."""
    CSV = "csv"
    """For a spreadsheet: made inert, and so no longer to the letter."""


class ExportUnreadable(DeskError):
    """What is to be verified is no exported record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What checking the record found.

    `decisions` is how many hold, from the first on, and `last` the digest of the last of these.
    `broken` is the first decision that was changed. `missed` says that a digest noted earlier
    does not occur any more, which shows that the newest decisions were cut off; unless it is
    nearly that of a decision, `like`, and so was copied wrongly.
    """

    decisions: int
    last: str
    broken: int | None = None
    missed: bool = False
    like: Decision | None = None


class _Sought:
    """A digest that was noted earlier, looked for among those that there are."""

    def __init__(self, known: str | None) -> None:
        self._known = "".join((known or "").split()).lower()
        self.missed = bool(self._known)
        self.like: Decision | None = None

    def look_at(self, decision: Decision) -> None:
        """See whether it is this decision's, or was to be."""
        digest, known = decision.digest, self._known
        if digest == known:
            self.missed = False
        elif len(known) >= _END and (
            digest[:_END] == known[:_END] or digest.endswith(known[-_END:])
        ):
            # By chance one in four thousand million begins or ends like another.
            self.like = decision


def is_digest(text: str) -> bool:
    """Whether a text has the form of a digest, however it was spaced."""
    return bool(re.fullmatch(r"[0-9a-f]{64}", "".join(text.split()).lower()))


async def export(database: Path, out: TextIO, form: Format, zone: tzinfo = UTC) -> int:
    """Write every decision, oldest first, and return how many there were.

    A table is for reading, with times in the zone and everything inert in it; JSON Lines is what
    `verify_lines` takes.
    """
    count = 0
    async with open_store(database, create=False) as store:
        write = writer(out, zone) if form is Format.CSV else _jsonl(out)
        async for decision in every_decision(store):
            write(decision)
            count += 1
    return count


async def verify(database: Path, known: str | None = None) -> Verified:
    """Walk the chain over the whole record, looking for a digest that was noted earlier."""
    last: Decision | None = None
    sought, broken = _Sought(known), None
    async with open_store(database, create=False) as store:
        async for decision in every_decision(store):
            if first_broken([decision], after=last) is not None:
                broken = decision.id
                break
            sought.look_at(decision)
            last = decision
    return _found(last, broken, sought)


def _found(last: Decision | None, broken: int | None, sought: _Sought) -> Verified:
    missed = sought.missed and broken is None
    return Verified(
        decisions=last.id if last else 0,
        last=last.digest if last else GENESIS,
        broken=broken,
        missed=missed,
        like=sought.like if missed else None,
    )


def verify_lines(written: Path, known: str | None = None) -> Verified:
    """Walk the chain over what was exported as JSON Lines.

    Raises:
        ExportUnreadable: The file is not that.
    """
    last: Decision | None = None
    sought, broken = _Sought(known), None
    for decision in _decisions_in(written):
        if first_broken([decision], after=last) is not None:
            broken = decision.id
            break
        sought.look_at(decision)
        last = decision
    return _found(last, broken, sought)


def _decisions_in(written: Path) -> Iterator[Decision]:
    try:
        with written.open(encoding="utf-8", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _decision(line, written, number)
    except (OSError, UnicodeDecodeError) as error:
        raise ExportUnreadable(f"{written} cannot be read: {error}.") from error


def _decision(line: str, written: Path, number: int) -> Decision:
    try:
        values: dict[str, Any] = json.loads(line)
        for name in ("at", "until"):
            if values[name] is not None:
                values[name] = datetime.fromisoformat(values[name])
        values["id"] = _whole_number(values["id"])
        return from_row(values)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ExportUnreadable(
            f"Line {number} of {written} is no decision as JSON. Only what was exported with "
            "--format jsonl can be verified; a table is for reading."
        ) from error


def _whole_number(said: object) -> int:
    if type(said) is int:
        return said
    raise TypeError(said)


async def every_decision(store: Store) -> AsyncGenerator[Decision]:
    """Yield the whole record, oldest first, a page at a time."""
    page = await _page(store, 0)
    while page:
        for decision in page:
            yield decision
        page = await _page(store, page[-1].id)


async def _page(store: Store, after: int) -> Sequence[Decision]:
    return await store.read(lambda tx: tx.decisions.after(after, limit=_PAGE))


def _plain(decision: Decision) -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in to_row(decision).items()
    }


def _jsonl(out: TextIO) -> Callable[[Decision], None]:
    def write(decision: Decision) -> None:
        out.write(json.dumps(_plain(decision), ensure_ascii=False) + "\n")

    return write
