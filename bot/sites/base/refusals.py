"""Why an order is not carried out, in the words that are the same on every platform."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.domain.comments import Comment, text_key
from bot.domain.decisions import Action
from bot.domain.effects import Order, Verb
from bot.sites.base.answers import SiteCallFailed
from bot.sites.base.context import revision_of
from bot.sites.base.json_value import JsonValue


def refuse_edited(
    order: Order,
    found: Comment,
    where: str,
    *,
    written: Sequence[str] = (),
    is_hidden: bool = False,
) -> None:
    """Let an order pass that was decided on the text that stands there now, or that judges none.

    `written` are other ways in which the platform writes that text, where reports may come in any
    of them. What `is_hidden` already is not hidden again, whatever it says.

    Raises:
        SiteCallFailed: The moderator saw another text; what stands there goes along.
    """
    if (is_hidden and not order.visible) or _is_as_judged(order, (found.text, *written), found):
        return
    raise SiteCallFailed(
        Verb.CHANGED,
        f"The comment was edited {where} before the desk could do this, so nothing was done.",
        found=found,
    )


def _is_as_judged(order: Order, texts: Iterable[str], found: Comment) -> bool:
    if order.action is Action.HOLD or found.revision == order.revision_key:
        return True
    if order.text_key is None and order.takes_back:
        return True  # asked for by an earlier version, which did not say what was judged
    return order.text_key in {text_key(text) for text in texts}


def refuse_retyped(
    order: Order, html: JsonValue, typed: JsonValue, where: str, *, is_hidden: bool = False
) -> None:
    """Let an order pass on the text that was judged, as readers see it or as it was typed.

    Raises:
        SiteCallFailed: It is another one.
    """
    text = html.prose()
    if text and order.text_key is not None:
        written = [typed.value] if isinstance(typed.value, str) else []
        found = as_read(order, text)
        refuse_edited(order, found, where, written=written, is_hidden=is_hidden)


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


def not_moved(where: str, order: Order, what: str = "comment") -> SiteCallFailed:
    """Return the doubt of a success after which a comment stands as it stood."""
    return not_done(where, f"the {what} is still {'hidden' if order.visible else 'visible'}")


def a_list(said: JsonValue, where: str) -> JsonValue:
    """Return a list that is one; an unreadable one must not pass for an empty one.

    Raises:
        SiteCallFailed: It is none.
    """
    if not said.is_list:
        raise unreadable(where)
    return said


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
