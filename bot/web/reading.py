"""A checked body made a report in the desk's own words."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from bot.domain import foreign, markup
from bot.domain.comments import Author, Comment, Parent, Report, Story, sha256_of
from bot.domain.ids import RuleNumber, SiteId
from bot.domain.making import maker_of
from bot.domain.policy import Policy
from bot.domain.site import SiteKeys
from bot.web.models import (
    LONGEST_TEXT,
    AuthorBody,
    CommentBody,
    ReportBody,
    StoryBody,
)
from bot.web.problems import FieldProblem, Problem
from bot.web.shape import read_single
from bot.web.signature import Sender

_make_author, _make_comment = maker_of(Author), maker_of(Comment)
_make_report, _make_story = maker_of(Report), maker_of(Story)

_BARE = re.compile(r"[^\s/?#:@\\]+(?::[0-9]{1,5})?(?:[/?#]\S*)?")
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])")
_SCHEMES = frozenset({"", "http", "https", "android-app"})
_LONGEST_HOST = 253
_WWW = "www."


def came_from(sent: str, story: str) -> str | None:
    """Return the host that a referrer names; `None` if it names none, or the paper's own.

    What a browser says of where it came from is worth no report, so that a bad one is passed
    over rather than refused. `story` is the story's address; to have come from another page of
    the same paper, or of a part of it under its name, says nothing about a reader.
    """
    host, own = host_of(sent), host_of(story) or ""
    if host is None or host == own or host.endswith(f".{own}") or own.endswith(f".{host}"):
        return None
    return host


def host_of(written: str) -> str | None:
    """Return the host of an address or of itself, in small letters and without ``www.``.

    Network addresses are no hosts here: they may be somebody's own.
    """
    written = written.strip()
    if "//" not in written.partition("?")[0].partition("#")[0]:
        if not _BARE.fullmatch(written):
            return None
        written = f"//{written}"
    try:
        parts = urlsplit(written)
        host = foreign.host_in_ascii((parts.hostname or "")[: _LONGEST_HOST + 1].rstrip("."))
    except ValueError:  # of which an undecodable host's error is one
        return None
    known = parts.scheme in _SCHEMES and len(host) <= _LONGEST_HOST and _HOST.fullmatch(host)
    return host.removeprefix(_WWW) if known else None


_AHEAD = timedelta(minutes=10)
_FIRST_REPORT = datetime(2000, 1, 1, tzinfo=UTC)
_FIRST_ACCOUNT = datetime(1990, 1, 1, tzinfo=UTC)
"""Before the web there were no accounts: such a time is a zero that was made a date."""


class Unreadable(Exception):
    """A report whose fields have the right shape and a wrong meaning."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(field)
        self.error = FieldProblem(field=field, problem=problem)


def read_report(
    body: ReportBody, sender: Sender, delivery: str, keys: SiteKeys, policy: Policy, now: datetime
) -> Report:
    """Return the report that a body makes.

    Args:
        body: What was sent.
        sender: The site that sent it.
        delivery: The id of the request, with the report's place if it was a batch.
        keys: What is shared with the site.
        policy: The house rules as they are now.
        now: The time that stands where the site gives none.

    Raises:
        Unreadable: A field's value cannot be taken; the error says which and why.
    """
    return _make_report(
        site=sender.site,
        delivery=delivery,
        comment=_comment(body.comment),
        author=_author(body.comment.author, keys),
        story=_story(body.story),
        reporter=keys.reporter(body.reporter),
        rule=_rule(body.reason, policy),
        note=(foreign.tidy(body.note) or None) if body.note else None,
        at=now if body.at is None else _at(body.at, now),
        referrer=came_from(body.referrer, body.story.url) if body.referrer else None,
        digest=sender.digest,
    )


def _comment(body: CommentBody) -> Comment:
    text = _text(body)
    if not text and body.permalink is None:
        raise Unreadable(
            "comment.text" if body.html is None else "comment.html",
            "has no text; send comment.permalink too, so that a moderator can look at it",
        )
    parent = body.parent
    return _make_comment(
        external_id=body.id,
        revision=body.revision or hashlib.sha256(text.encode()).hexdigest()[:16],
        text=text,
        sent=_hash_of(body, text),
        permalink=foreign.address(body.permalink) if body.permalink else None,
        created=_told("comment.created", body.created),
        parent=Parent(author=foreign.one_line(parent.author), text=foreign.tidy(parent.text))
        if parent
        else None,
    )


def _hash_of(body: CommentBody, text: str) -> str | None:
    """Return the hash of what was sent, `None` where that is the text itself."""
    sent = body.html if body.html is not None else body.text
    return None if sent is None or sent == text else sha256_of(sent)


def _text(body: CommentBody) -> str:
    if body.html is None:
        if body.text is None:
            raise Unreadable("comment.text", "is required, unless comment.html is sent")
        return foreign.tidy(body.text)
    if body.text is not None:
        raise Unreadable("comment.html", "cannot be sent together with comment.text")
    if body.html.count("<") > markup.MOST_TAGS:
        raise Unreadable("comment.html", f"must have at most {markup.MOST_TAGS} tags")
    text = markup.from_html(body.html)
    if len(text) > LONGEST_TEXT:
        raise Unreadable("comment.html", f"must have at most {LONGEST_TEXT} characters of text")
    return text


def _author(body: AuthorBody, keys: SiteKeys) -> Author:
    since = _told("comment.author.since", body.since)
    return _make_author(
        external_id=body.id,
        name=foreign.one_line(body.name),
        since=since if since and since > _FIRST_ACCOUNT else None,
        keys=tuple(map(keys.author_key, dict.fromkeys(body.keys))) if body.keys else (),
    )


def _story(body: StoryBody) -> Story:
    return _make_story(
        external_id=body.id,
        title=foreign.one_line(body.title),
        url=foreign.address(body.url),
        section=(foreign.one_line(body.section) or None) if body.section else None,
        published=_told("story.published", body.published),
    )


def _rule(reason: str | int, policy: Policy) -> RuleNumber:
    if isinstance(reason, str):
        rule = policy.by_code.get(reason)
    else:
        number = RuleNumber(reason)
        rule = policy.by_number.get(number) or policy.switched_off(number)
    if rule is None:
        codes = ", ".join(f"{rule.code} ({rule.number})" for rule in policy.rules)
        raise Unreadable("reason", f"is not a house rule; the rules are {codes}")
    return rule.number


def _at(written: str, now: datetime) -> datetime:
    at = _time("at", written)
    if at > now + _AHEAD:
        raise Unreadable("at", "is more than 10 minutes ahead; check the clock of the sender")
    if at < _FIRST_REPORT:
        raise Unreadable("at", "is before the year 2000; check how the time is made")
    return at


def _told(field: str, written: str | None) -> datetime | None:
    """Return a time that a report need not have; none where it is one that means none."""
    # Of the shapes that are let in, those of these centuries alone are times.
    return _time(field, written) if written and "17" <= written[:2] <= "21" else None


def _time(field: str, written: str) -> datetime:
    try:
        time = datetime.fromisoformat(written.upper())  # it does not know a lower-case z
    except ValueError:
        raise Unreadable(field, "is not a time that exists") from None
    return time if time.tzinfo is UTC else time.astimezone(UTC)


def read_queued(
    body: bytes, site: SiteId, delivery: str, keys: SiteKeys, policy: Policy, now: datetime
) -> Report | None:
    """Return the report that a site's body makes, `None` where the intake would refuse it."""
    try:
        shaped = read_single(body)
        if shaped.site != site:
            return None
        sender = Sender(site=site, delivery=delivery)
        return read_report(shaped, sender, delivery, keys, policy, now)
    except (Problem, Unreadable):
        return None
