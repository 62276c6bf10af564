"""Why an order is not carried out, in the words that are the same on every platform."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.comments import Comment, text_key
from bot.domain.decisions import REVERSAL, Action
from bot.domain.effects import Order, Verb
from bot.sites.base.answers import SiteCallFailed
from bot.sites.base.context import revision_of


def refuse_edited(order: Order, found: Comment, where: str, *, written: Sequence[str] = ()) -> None:
    """Let an order pass that was decided on the text that stands there now, or that judges none.

    `written` are other ways in which the platform writes that text, where reports may come in any
    of them.

    Raises:
        SiteCallFailed: The moderator saw another text; what stands there goes along.
    """
    if order.action is Action.HOLD or found.revision == order.revision_key:
        return
    if order.text_key is None and order.action in REVERSAL.values():
        return  # asked for by an earlier version, which did not say what was judged
    if order.text_key in {text_key(text) for text in (found.text, *written)}:
        return
    raise SiteCallFailed(
        Verb.CHANGED,
        f"The comment was edited {where} before the desk could do this, so nothing was done.",
        found=found,
    )


def as_read(order: Order, text: str) -> Comment:
    """Return the comment of an order with a text that was read at its platform."""
    return Comment(external_id=order.comment_id, revision=revision_of(text), text=text)


def of_staff(name: str, where: str) -> SiteCallFailed:
    """Return the refusal to hide or ban somebody of the newsroom."""
    return SiteCallFailed(
        Verb.REFUSED,
        f"{name} is on the staff at {where}. The desk neither hides nor bans the newsroom's own "
        "people.",
    )


def not_done(where: str, what: str) -> SiteCallFailed:
    """Return the doubt of a success that had no effect."""
    return SiteCallFailed(Verb.LATER, f"{where} answered that it was done, but {what}.")


def unreadable(where: str) -> SiteCallFailed:
    """Return the doubt of an answer that says nothing about what was asked."""
    return SiteCallFailed(Verb.LATER, f"The answer of {where} cannot be read.")


def gone(where: str, what: str = "comment") -> SiteCallFailed:
    """Return that something is not there any more."""
    return SiteCallFailed(Verb.GONE, f"{where} no longer has this {what}.")


def still(until: datetime | None, now: datetime) -> datetime | None:
    """Return a ban's end if it is to come."""
    return until if until is not None and until > now else None


def is_over(order: Order, now: datetime) -> bool:
    """Whether the ban that is asked for ended before it could be asked for."""
    return bool(order.banned) and order.until is not None and order.until <= now


def same_end(one: datetime | None, other: datetime | None) -> bool:
    """Whether two ends of a ban are one, but for what clocks and rounding make of them."""
    if one is None or other is None:
        return one is other
    return abs(one - other) <= timedelta(minutes=2)
