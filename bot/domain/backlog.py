"""The open cases that wait for a card of their own, as one message shows them."""

from dataclasses import dataclass

from bot.domain.case import CaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How many cases are open, how many of them have no card yet, and the worst of all."""

    open_cases: int
    without_card: int
    worst: tuple[CaseView, ...]
