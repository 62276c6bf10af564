"""Why an order is not carried out, in the words that are the same on every platform."""

from datetime import datetime, timedelta

from bot.domain.decision import REVERSAL, Action
from bot.domain.effect import Order, Verb
from bot.sites.answers import Unwell

_ON_ANY_TEXT = frozenset({*REVERSAL.values(), Action.HOLD})
"""What judges no text: undoing a judgement, and waiting for one."""


def refuse_edited(order: Order, revision: str, where: str) -> None:
    """Let an order pass that was decided on the text that stands there now, or that judges none.

    Raises:
        Unwell: The moderator saw another text.
    """
    if order.action not in _ON_ANY_TEXT and revision != order.revision_key:
        raise Unwell(
            Verb.CHANGED,
            f"The comment was edited at {where} after the moderator saw it. Undo, look at the new "
            "text, and decide again.",
        )


def of_staff(name: str, where: str) -> Unwell:
    """Return the refusal to hide or ban somebody of the newsroom."""
    return Unwell(
        Verb.REFUSED,
        f"{name} is of the staff at {where}. The desk neither hides nor bans the newsroom's own "
        "people.",
    )


def not_done(where: str, what: str) -> Unwell:
    """Return the doubt of a success that had no effect."""
    return Unwell(Verb.LATER, f"{where} answered that it was done, but {what}.")


def unreadable(where: str) -> Unwell:
    """Return the doubt of an answer that says nothing about what was asked."""
    return Unwell(Verb.LATER, f"The answer of {where} cannot be read.")


def gone(where: str, what: str = "comment") -> Unwell:
    """Return that something is not there any more."""
    return Unwell(Verb.GONE, f"{where} no longer has this {what}.")


def still(until: datetime | None, now: datetime) -> datetime | None:
    """Return a ban's end if it is to come."""
    return until if until is not None and until > now else None


def same_end(one: datetime | None, other: datetime | None) -> bool:
    """Whether two ends of a ban are one, but for what clocks and rounding make of them."""
    if one is None or other is None:
        return one is other
    return abs(one - other) <= timedelta(minutes=2)
