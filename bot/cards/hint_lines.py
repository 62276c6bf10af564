"""Whom an account may belong to, in words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.cards import escape, parts
from bot.cards.text import authors as author_text
from bot.cards.text import cases as case_text
from bot.domain.hint import Hint

_REASONS: Final = 160


def said(hints: Sequence[Hint], now: datetime, *, most: int) -> list[str]:
    """Say whom an account may belong to, as long as that one is banned."""
    live = [hint for hint in hints if hint.until is None or hint.until > now]
    return [
        author_text.may_be(
            f"{parts.name(hint.name)} (#{hint.case_id})",
            escape.line(", ".join(hint.reasons), _REASONS),
            case_text.banned(hint.until, now),
        )
        for hint in live[:most]
    ]
