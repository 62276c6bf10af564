"""Write the record out, and check that nobody edited it."""

import csv
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from functools import partial
from typing import Any, Final, TextIO

from bot.domain import erasure as erasures
from bot.domain.cells import BOM, inert
from bot.domain.decisions import COLUMNS, Decision, to_row
from bot.domain.erasure import Erasure
from bot.domain.readers import contest_steps
from bot.domain.readers.contest_steps import ContestStep
from bot.domain.record import Line, in_order
from bot.store.opening import open_store
from bot.store.store import Place
from bot.store.tx import Tx

_IDS: Final = frozenset({"comment_id", "author_id", "by_id", "second_id", "previous", "digest"})
"""Kept as text, for a spreadsheet keeps fifteen digits of a number, and takes 1e5 for 100000."""


def writer(out: TextIO, zone: tzinfo) -> Callable[[Decision], None]:
    """Write the head of the table, and return what writes a line of it; times are in the zone."""
    out.write(BOM)
    table = csv.writer(out, quoting=csv.QUOTE_ALL)
    table.writerow(COLUMNS)

    def write(decision: Decision) -> None:
        table.writerow([_cell(name, value, zone) for name, value in to_row(decision).items()])

    return write


def _cell(name: str, value: object, zone: tzinfo) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(sep=" ", timespec="seconds")
    return f"'{inert(str(value))}" if name in _IDS else inert(str(value))


_PAGE = 500


class Format(StrEnum):
    """How decisions are written."""

    JSONL = "jsonl"
    """A line each, exactly as recorded, so that the chain can be walked."""
    CSV = "csv"
    """For a spreadsheet: made inert, and so no longer to the letter."""


async def export(database: Place, out: TextIO, form: Format, zone: tzinfo = UTC) -> int:
    """Write every decision, oldest first, and return how many there were.

    A table is for reading, with times in the zone and everything inert in it; JSON Lines is what
    `verify_lines` takes, so what was erased is told there too.
    """
    async with open_store(database, create=False) as store:
        write = _rows(out, zone) if form is Format.CSV else _jsonl(out)
        # One state of it: an erasure that came between two pages would be in one and not the other.
        return await store.read(partial(_write_all, write))


def _write_all(write: Callable[[Line], None], tx: Tx) -> int:
    decisions = 0
    for line in lines(tx):
        write(line)
        decisions += isinstance(line, Decision)
    return decisions


def lines(tx: Tx) -> Iterator[Line]:
    """Yield the whole record, oldest first."""
    return in_order(_decisions(tx), tx.erasures.all(), tx.contest_steps.steps())


def _decisions(tx: Tx) -> Iterator[Decision]:
    page = tx.decisions.after(0, limit=_PAGE)
    while page:
        yield from page
        page = tx.decisions.after(page[-1].id, limit=_PAGE)


def _rows(out: TextIO, zone: tzinfo) -> Callable[[Line], None]:
    """A table is of decisions alone."""
    row = writer(out, zone)

    def write(line: Line) -> None:
        if isinstance(line, Decision):
            row(line)

    return write


def _jsonl(out: TextIO) -> Callable[[Line], None]:
    def write(line: Line) -> None:
        out.write(json.dumps(as_line(line), ensure_ascii=False) + "\n")

    return write


def as_line(line: Line) -> dict[str, Any]:
    """Return a line of the record as it is exported."""
    match line:
        case Erasure():
            return erasures.to_line(line)
        case ContestStep():
            return contest_steps.to_line(line)
        case Decision():
            return {
                name: value.isoformat() if isinstance(value, datetime) else value
                for name, value in to_row(line).items()
            }
