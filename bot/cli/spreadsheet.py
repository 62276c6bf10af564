"""The record as a table that a spreadsheet opens without changing or running anything of it."""

import csv
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Final, TextIO

from bot.domain.decision import COLUMNS, Decision, to_row

BOM: Final = "\ufeff"
"""Tells Excel that what follows is UTF-8, without which it garbles every name with an accent."""

_IDS: Final = frozenset({"comment_id", "author_id", "by_id", "second_id", "previous", "digest"})
"""Kept as text, for a spreadsheet keeps fifteen digits of a number, and takes 1e5 for 100000."""

# Where a spreadsheet may begin another cell: told that semicolons or tabs part the cells, or taking
# them for that by itself, it no longer knows a quotation that it stands in.
_NEXT_CELL: Final = re.compile(r"[,;|\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_STARTS_FORMULA: Final = "=+-@"
_MINUS: Final = "\u2212"


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


def inert(text: str) -> str:
    """Return text in which no cell begins as a formula does, by an apostrophe before it.

    What cannot be seen at the beginning of a cell is passed over, as spreadsheets do; so are
    quotation marks, which one that has lost count of them does not show.
    """
    starts = [0, *(found.end() for found in _NEXT_CELL.finditer(text))]
    marked = [start for start in starts if _is_formula(text, start)]
    parts = [text[one:next_] for one, next_ in zip([0, *marked], [*marked, None], strict=True)]
    return "'".join(parts)


def _is_formula(text: str, start: int) -> bool:
    first = next((char for char in text[start:] if not _is_passed_over(char)), "")
    return unicodedata.normalize("NFKC", first)[:1] in (*_STARTS_FORMULA, _MINUS)


def _is_passed_over(char: str) -> bool:
    return char in "\"'" or unicodedata.category(char)[0] in "ZC"
