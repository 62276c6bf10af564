"""Decisions for tests, told by the names of their columns."""

from typing import Any

from bot.domain.decisions import Decision, from_row, to_row


def changed(made: Decision, **columns: Any) -> Decision:
    """Return a decision with other values in some of its columns, and its old seal."""
    return from_row(to_row(made) | columns)
