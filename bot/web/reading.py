"""A checked body made a report in the desk's own words."""

import hashlib
from datetime import UTC, datetime, timedelta

from bot.domain import markup, plain
from bot.domain.comment import Author, Comment, Parent, Story, sha256_of
from bot.domain.ids import RuleNumber
from bot.domain.policy import Policy
from bot.domain.report import Report
from bot.domain.site_keys import SiteKeys
from bot.web.models import LONGEST_TEXT, AuthorBody, CommentBody, ReportBody, StoryBody
from bot.web.problems import FieldProblem
from bot.web.referrers import came_from
from bot.web.signature import Sender

_AHEAD = timedelta(minutes=10)
_FIRST_REPORT = datetime(2000, 1, 1, tzinfo=UTC)


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
    return Report(
        site=sender.site,
        delivery=delivery,
        comment=_comment(body.comment),
        author=_author(body.comment.author, keys),
        story=_story(body.story),
        reporter=keys.reporter(body.reporter),
        rule=_rule(body.reason, policy),
        note=(plain.tidy(body.note) or None) if body.note else None,
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
    return Comment(
        external_id=body.id,
        revision=body.revision or hashlib.sha256(text.encode()).hexdigest()[:16],
        text=text,
        sent=_hash_of(body, text),
        permalink=plain.address(body.permalink) if body.permalink else None,
        created=_time("comment.created", body.created) if body.created else None,
        parent=Parent(author=plain.one_line(parent.author), text=plain.tidy(parent.text))
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
        return plain.tidy(body.text)
    if body.text is not None:
        raise Unreadable("comment.html", "cannot be sent together with comment.text")
    if body.html.count("<") > markup.MOST_TAGS:
        raise Unreadable("comment.html", f"must have at most {markup.MOST_TAGS} tags")
    text = markup.from_html(body.html)
    if len(text) > LONGEST_TEXT:
        raise Unreadable("comment.html", f"must have at most {LONGEST_TEXT} characters of text")
    return text


def _author(body: AuthorBody, keys: SiteKeys) -> Author:
    return Author(
        external_id=body.id,
        name=plain.one_line(body.name),
        since=_time("comment.author.since", body.since) if body.since else None,
        keys=tuple(map(keys.author_key, dict.fromkeys(body.keys))) if body.keys else (),
    )


def _story(body: StoryBody) -> Story:
    return Story(
        external_id=body.id,
        title=plain.one_line(body.title),
        url=plain.address(body.url),
        section=(plain.one_line(body.section) or None) if body.section else None,
        published=_time("story.published", body.published) if body.published else None,
    )


def _rule(reason: str | int, policy: Policy) -> RuleNumber:
    if isinstance(reason, str):
        rule = policy.by_code.get(reason)
    else:
        rule = policy.by_number.get(RuleNumber(reason))
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


def _time(field: str, written: str) -> datetime:
    try:
        time = datetime.fromisoformat(written)
    except ValueError:
        raise Unreadable(field, "is not a time that exists") from None
    return time if time.tzinfo is UTC else time.astimezone(UTC)
