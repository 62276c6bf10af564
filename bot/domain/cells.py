"""Cells of a table, made so that a spreadsheet shows them and runs nothing."""

import re
import unicodedata
from typing import Final

BOM: Final = "\ufeff"
"""Tells Excel that what follows is UTF-8, without which it garbles every name with an accent."""

# Where a spreadsheet may begin another cell: told that semicolons or tabs part the cells, or taking
# them for that by itself, it no longer knows a quotation that it stands in.
_NEXT_CELL: Final = re.compile(r"[,;|\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_STARTS_FORMULA: Final = "=+-@"
_MINUS: Final = "\u2212"


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
