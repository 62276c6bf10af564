"""Numbers as people read and write them."""

from bot.domain.errors import NotUnderstood
from bot.domain.ids import CaseId

_LONGEST = 15
"""Digits; a desk that takes a million cases a second needs thirty years for more."""


def count(number: int, one: str, many: str | None = None) -> str:
    """Return ``1 reader`` or ``7 readers``; thousands are set apart by a comma."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def case_number(words: str) -> CaseId | None:
    """Return the case meant by ``#1042`` or ``1042``, `None` if the words are no number.

    Raises:
        NotUnderstood: The number is longer than any case's.
    """
    digits = words.strip().lstrip("#")
    if not digits.isdecimal():
        return None
    if len(digits) > _LONGEST:
        raise NotUnderstood(
            f"No case has a number of {len(digits)} digits. A case's number stands on its card, "
            "such as #1042."
        )
    return CaseId(int(digits))
