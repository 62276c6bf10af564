"""What a site's answer means for the order, in words for the card."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, cast

from bot.domain import foreign
from bot.domain.comments import Comment, sha256_of
from bot.domain.effects import Order, Outcome, Verb
from bot.sites.base.json_value import LONGEST_TEXT, JsonValue

LONGEST_PAUSE = timedelta(hours=1)
"""However long a site asks to be left alone, it is asked again after this."""

_SLACK = timedelta(minutes=1)
"""How far a ban's end may differ, since some sites keep whole minutes."""

_ASK_LATER = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
}
_OWN_WORDS = 160

_CLOCKS_DIFFER = timedelta(minutes=1)
"""How far two clocks are apart before that may be why a signature was refused."""


def outcome_of(
    status: int, headers: Mapping[str, str], answer: bytes, order: Order, now: datetime
) -> Outcome:
    """Return what an HTTP answer means.

    A 2xx is believed unless its JSON says another state than was asked for, since several
    platforms answer success and do nothing. `answer` may be anything; what is not a JSON object
    says nothing.
    """
    said = _parsed(answer)
    if 200 <= status < 300:  # noqa: PLR2004 - the class of statuses that mean success
        return _believed(said, order)
    if 300 <= status < 400:  # noqa: PLR2004 - the class of statuses that mean a redirect
        return _misconfigured(moved(status, headers))
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return _absent(status, said)
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return _misconfigured(
            f"The site did not accept the desk's signature ({status}). Check that the outgoing "
            "secret in the settings is the one the site holds, and that both clocks are right."
        )
    busy = site_is_busy(status)
    if busy:
        return Outcome(verb=Verb.LATER, words=busy, after=pause(headers.get("Retry-After"), now))
    return _unwilling(status, said, order)


def _unwilling(status: int, said: Mapping[str, Any], order: Order) -> Outcome:
    if status == HTTPStatus.CONFLICT and order.text_sha256 is not None:
        return _conflict(said, order)
    return _refused(f"The site refused the order ({status}){own_words(JsonValue(said))}")


def time_there(status: int, headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return a site's own time if it refused a signature and its clock is another than ours."""
    if status not in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return None
    try:
        there = parsedate_to_datetime(headers.get("Date") or "")
    except ValueError:
        return None
    if there.tzinfo is None or abs(there - now) < _CLOCKS_DIFFER:
        return None
    return there


def site_is_busy(status: int) -> str:
    """Return why a status means that the site should be asked later; empty if it does not."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return f"The site asks the desk to slow down ({status})."
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"The site has trouble of its own ({status})."
    return f"The site was not ready for the order ({status})." if status in _ASK_LATER else ""


def pause(retry_after: str | None, now: datetime) -> timedelta | None:
    """Return how long a Retry-After header asks for, in seconds or as a date, at most an hour."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(timedelta(seconds=int(text)), LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), LONGEST_PAUSE)


def _refused(words: str) -> Outcome:
    return Outcome(verb=Verb.REFUSED, words=words)


def _misconfigured(words: str) -> Outcome:
    return Outcome(verb=Verb.MISCONFIGURED, words=words)


def _absent(status: int, said: Mapping[str, Any]) -> Outcome:
    # Only an answer that speaks of the comment is about the comment: a wrong path in the
    # settings answers 404 as well, and must not pass for comments having been removed.
    if "comment" in said and said["comment"] is None:
        return Outcome(verb=Verb.GONE, words="The site no longer has this comment.")
    if status == HTTPStatus.GONE:
        return Outcome(
            verb=Verb.GONE,
            words="The site says that its address for the desk is closed for good (410). "
            "Check the site's address in the settings.",
        )
    return _refused(
        "The site does not know the comment, or the address in the settings is wrong (404)."
    )


def _conflict(said: Mapping[str, Any], order: Order) -> Outcome:
    found = _as_it_stands(JsonValue(said)["comment"], order)
    if found is not None:
        return edited(found)
    words = own_words(JsonValue(said)).rstrip(".")
    return _refused(
        f"The site refused the order (409){words}. It may have another text than the one that was "
        "judged, and did not send it: look at the comment there."
    )


def _as_it_stands(comment: JsonValue, order: Order) -> Comment | None:
    """Return the comment with the text that a site sent, `None` if it sent none."""
    html, text = comment["html"].value, comment["text"].value
    sent = html if isinstance(html, str) else text
    if not isinstance(sent, str):
        return None
    shown = comment["html"].prose() if sent is html else foreign.tidy(sent)
    if len(shown) > LONGEST_TEXT:
        shown = f"{shown[: LONGEST_TEXT - 2]} …"
    return Comment(
        external_id=order.comment_id,
        revision=comment["revision"].key() or sha256_of(sent)[:16],
        text=shown,
        sent=sha256_of(sent),
    )


def edited(found: Comment) -> Outcome:
    """Return that another text stands there than the one that was judged."""
    return Outcome(
        verb=Verb.CHANGED,
        words="The comment was edited before the site could do this, so nothing was done there.",
        found=found,
    )


def moved(status: int, headers: Mapping[str, str]) -> str:
    """Say that a site sends the desk elsewhere."""
    place = headers.get("Location", "")
    to = f" to {one_line(place)}" if place else ""
    return (
        f"The site redirects the desk{to} ({status}). Redirects are not followed: put the final "
        "address in the settings."
    )


def _parsed(answer: bytes) -> Mapping[str, Any]:
    try:
        said = foreign.whole(foreign.parsed(answer))
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", said) if isinstance(said, dict) else {}


def _part(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = said.get(name)
    return cast("dict[str, Any]", part) if isinstance(part, dict) else {}


_UNMOVED = {True: "the comment is still hidden", False: "the comment is still visible"}
_UNBARRED = {True: "the author is not banned", False: "the author is still banned"}
"""What is so that should not be, by what was asked for."""


def _believed(said: Mapping[str, Any], order: Order) -> Outcome:
    """Return what a success means: that it is done, unless the site read back another state."""
    wrong = _difference(said, order)
    if wrong is None:
        return Outcome(verb=Verb.DONE)
    words = f"The site answered that it was done, but also that {wrong}."
    return Outcome(verb=Verb.LATER, words=words)


def _difference(said: Mapping[str, Any], order: Order) -> str | None:
    """Return in what the state a site read back differs from the one asked for."""
    comment, author = _part(said, "comment"), _part(said, "author")
    if order.visible is not None and _differs(comment.get("visible"), order.visible):
        return _UNMOVED[order.visible]
    if order.banned is None:
        return None
    if _differs(author.get("banned"), order.banned):
        return _UNBARRED[order.banned]
    return _other_end(author, order) if order.banned else None


def _other_end(author: Mapping[str, Any], order: Order) -> str | None:
    if "until" not in author or _same_end(author["until"], order.until):
        return None
    return f"the author is banned {_end(author['until'])}, not {_end(order.until)}"


def _differs(said: object, asked: bool) -> bool:
    return isinstance(said, bool) and said is not asked


def _same_end(said: object, asked: datetime | None) -> bool:
    if said is None or asked is None:
        return said is asked
    end = _time(said)
    return end is not None and abs(end - asked) <= _SLACK


def _time(said: object) -> datetime | None:
    try:
        time = datetime.fromisoformat(str(said))
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _end(until: object) -> str:
    if until is None:
        return "for good"
    time = _time(until)
    if time is None:
        return "until an unreadable time"
    return f"until {time:%d %B %Y, %H:%M} UTC"


def own_words(said: JsonValue) -> str:
    """Return what a site said of its refusal, after a colon; a full stop if it said nothing."""
    for key in ("detail", "error", "message", "title", "errors", "response"):
        words = said[key].first().value or said[key].value
        if isinstance(words, str) and words.strip():
            return f": {one_line(words).rstrip('.')}."
    return "."


def one_line(text: str) -> str:
    """Return a site's words on one line, cut to what a card has room for."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[:1000]).split())
    return line if len(line) <= _OWN_WORDS else line[:_OWN_WORDS] + "…"
