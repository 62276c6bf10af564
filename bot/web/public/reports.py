"""The form's two ways in: as JSON from the sites' own pages, and as a page without JavaScript."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from bot.domain.comments import Report
from bot.domain.markup import from_html
from bot.domain.readers.site import OTHER, PublicSite
from bot.domain.readers.ticket import BadTicket, read_ticket
from bot.services.desk import Desk
from bot.services.readers.report import LONGEST_NOTE
from bot.web.models import ReportBody
from bot.web.reading import Unreadable, read_report
from bot.web.signature import Sender

_LONGEST_READER = 200


class Refused(Exception):
    """A report that is not taken: which field is wrong, and the name of the sentence about it."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field
        self.words = words


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What somebody filled in. `reader` is the browser's own name for them, and unproven."""

    ticket: str
    reason: str
    note: str
    reader: str
    referrer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """What is reported, shown above the form; `back` is where it stands."""

    author: str
    text: str
    back: str | None


def read_form(form: Form, site: PublicSite, desk: Desk) -> Report:
    """Return the report that a form makes.

    Raises:
        Refused: Something is missing, the ticket is none of the site's, or the reader has to log in.
    """
    rule = site.rule_for(form.reason, desk.policy().at(site.id))
    if rule is None:
        raise Refused("reason", "choose")
    note = _note(form)
    content = _ticket(form.ticket, site)
    if site.log_in and not _signed_reader(content):
        raise Refused("ticket", "log_in")
    reader = _reader(content, form.reader)
    return _report(content, site, desk, int(rule), note, reader, form.referrer)


def _note(form: Form) -> str:
    note = form.note.strip()
    if form.reason == OTHER and not note:
        raise Refused("note", "say")
    if len(note) > LONGEST_NOTE:
        raise Refused("note", "too_long")
    return note


def vouched_report(
    ticket: str, site: PublicSite, desk: Desk, reason: str | None, reader: str
) -> Report:
    """Return the report of a comment that the site vouches for, under a rule or the mildest.

    Raises:
        Refused: The ticket is none of the site's.
    """
    policy = desk.policy()
    rule = site.rule_for(reason or OTHER, policy) or site.rule_for(OTHER, policy)
    content = _ticket(ticket, site)
    return _report(content, site, desk, int(rule or 0), "", _reader(content, reader), None)


def quoted(ticket: str, site: PublicSite) -> Quoted:
    """Return what a ticket is about.

    Raises:
        Refused: It is none of the site's.
    """
    content = _ticket(ticket, site)
    comment: Any = content.get("comment")
    story: Any = content.get("story")
    try:
        text = _text_of(comment)
        author = comment["author"]["name"]
        back = comment.get("permalink") or story.get("url")
    except (AttributeError, KeyError, TypeError):
        raise Refused("ticket", "bad_ticket") from None
    if not isinstance(text, str) or not isinstance(author, str):
        raise Refused("ticket", "bad_ticket")
    return Quoted(author=author, text=text, back=_safe(back))


def _text_of(comment: Any) -> object:
    return comment.get("text") or from_html(comment.get("html") or "")


def _safe(address: object) -> str | None:
    """Return an address that may be followed, `None` if it is none, or leads to a script."""
    if isinstance(address, str) and address.lower().startswith(("https://", "http://")):
        return address
    return None


def _ticket(ticket: str, site: PublicSite) -> Mapping[str, Any]:
    try:
        content = read_ticket(ticket, site.keys.secrets)
    except BadTicket:
        raise Refused("ticket", "bad_ticket") from None
    if content.get("site") != site.id:
        raise Refused("ticket", "bad_ticket")
    return content


def _reader(content: Mapping[str, Any], named: str) -> str:
    """Return who reports: as the site says where readers have accounts, else as the browser does."""
    signed = _signed_reader(content)
    if signed:
        return signed[:_LONGEST_READER]
    # Marked, so that no browser can pass for an account of the site.
    return f"browser:{named}"[:_LONGEST_READER]


def _signed_reader(content: Mapping[str, Any]) -> str:
    """Return what the site calls the reader, nothing if it does not."""
    signed = content.get("reader")
    return signed if isinstance(signed, str) else ""


def _report(
    content: Mapping[str, Any],
    site: PublicSite,
    desk: Desk,
    rule: int,
    note: str,
    reader: str,
    referrer: str | None,
) -> Report:
    body = {
        "comment": content.get("comment"),
        "story": content.get("story"),
        "reporter": reader,
        "reason": rule,
        "note": note or None,
        "referrer": referrer,
        "at": content.get("as_of"),
    }
    now = desk.clock()
    # Each sending is one of its own; whether it counts, the reader and the reason tell.
    sender = Sender(site=site.id, delivery=f"form-{secrets.token_hex(16)}")
    try:
        read = read_report(
            ReportBody.model_validate(body),
            sender,
            sender.delivery,
            site.keys,
            desk.policy(),
            now,
        )
    except (ValidationError, Unreadable):
        raise Refused("ticket", "bad_ticket") from None
    # The page is as old as it says, and its text with it; the reader reports now.
    return replace(read, at=now, comment=replace(read.comment, read_at=read.at))
