"""What Coral tells of comments and flags, in the desk's own words."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from bot.domain.comments import Author, Comment, Parent, Report, Story
from bot.domain.site import About, Seen
from bot.sites.base.answers import read_each
from bot.sites.base.context import SiteContext, Why
from bot.sites.base.json_value import JsonValue
from bot.sites.base.refusals import a_list

USUAL = {
    "COMMENT_REPORTED_OFFENSIVE": "abuse",
    "COMMENT_REPORTED_ABUSIVE": "harassment",
    "COMMENT_REPORTED_SPAM": "spam",
}
"""Coral's reasons, as the house rules that ship with the desk."""

STAFF = {"ADMIN", "MODERATOR", "STAFF"}
_NO_LONGER = "deleted account"


def page_of(page: JsonValue) -> JsonValue:
    """Return a page that is one; an unreadable one must not pass for an empty one.

    Raises:
        SiteCallFailed: It is none.
    """
    a_list(page["nodes"], "Coral")
    return page


def next_of(page: JsonValue) -> str | None:
    """Return where the next page begins, `None` if there is none."""
    more = page["pageInfo.hasNextPage"].flag() is True
    return page["pageInfo.endCursor"].text() or None if more else None


def about(context: SiteContext, comment: JsonValue) -> About:
    """Return the comment with its author and story as Coral shows them."""
    author, story = comment["author"], comment["story"]
    return About(
        comment=comment_of(comment),
        author=Author(
            # An account that was deleted leaves no id: each such comment then has its own author.
            external_id=author["id"].key() or f"deleted-{comment['id'].key()}",
            name=author["username"].line(200) or _NO_LONGER,
            since=author["createdAt"].time(),
        ),
        story=Story(
            external_id=story["id"].key() or "unknown",
            title=story["metadata.title"].line(),
            url=story["url"].address() or context.url,
            section=story["metadata.section"].line() or None,
            published=story["metadata.publishedAt"].time(),
        ),
    )


def comment_of(comment: JsonValue) -> Comment:
    """Return a comment's text in the revision that stands now."""
    parent = comment["parent"]
    return Comment(
        external_id=comment["id"].key(),
        revision=comment["revision.id"].key(),
        text=comment["body"].prose(),
        permalink=comment["permalink"].address(),
        created=comment["createdAt"].time(),
        parent=Parent(
            author=parent["author.username"].line(200) or _NO_LONGER, text=parent["body"].prose()
        )
        if parent
        else None,
    )


def report_of(context: SiteContext, flag: JsonValue, comment: JsonValue) -> Report | None:
    """Return the report that a flag is; `None` if it was dealt with there.

    Raises:
        ValueError: It cannot be read.
    """
    at, key = flag["createdAt"].time(), flag["id"].key()
    if comment.value is None:
        return None  # the comment was erased
    if at is None or not all((key, comment["id"].key(), comment["revision.id"].key())):
        raise ValueError("a flag without a time or an id")
    if any((flag["reviewed"].flag(), comment["deleted"].flag(), _settled_since(comment, at))):
        return None
    return context.report(
        delivery=f"flag-{key}",
        about=about(context, comment),
        by=flag["flagger.id"].key() or f"flag-{key}",
        why=Why(
            rule=context.rule(flag["reason"].text(), USUAL),
            at=at,
            note=flag["additionalDetails"].text(),
        ),
    )


def _settled_since(comment: JsonValue, at: datetime) -> bool:
    status = comment["status"].text()
    if status == "APPROVED":
        last = newest(comment)
        settled = last["createdAt"].time()
        return settled is not None and settled > at
    return status == "REJECTED"


def newest(comment: JsonValue) -> JsonValue:
    """Return the newest entry of a comment's status history, or something empty."""
    entries = list(comment["statusHistory.nodes"])
    dated = [(entry["createdAt"].time(), entry) for entry in entries]
    known = [(time, entry) for time, entry in dated if time is not None]
    return max(known, key=lambda pair: pair[0])[1] if known else JsonValue(None)


def seen_of(comment: JsonValue, me: str) -> Seen:
    """Return how a comment stands, and who else than this desk made it so."""
    last, status = newest(comment), comment["status"].text()
    key = comment["id"].key()
    by = last["moderator.id"].key()
    text = None if comment["deleted"].flag() else comment_of(comment)
    if not by or by == me or status not in {"APPROVED", "REJECTED"}:
        return Seen(comment_id=key, comment=text)
    return Seen(
        comment_id=key,
        visible=status == "APPROVED",
        by=last["moderator.username"].line(100) or None,
        at=last["createdAt"].time(),
        comment=text,
    )


def reports_of(
    context: SiteContext, flags: Iterable[JsonValue], comment: JsonValue | None = None
) -> tuple[list[Report], frozenset[str]]:
    """Return the reports among flags, of one comment or each of its own, and which none are."""

    def of(flag: JsonValue) -> Iterator[Report]:
        report = report_of(context, flag, comment or flag["comment"])
        if report is not None:
            yield report

    return read_each(flags, of)


_OVERLAP = timedelta(seconds=10)
"""What is asked for again at every turn: Coral's clock is not ours, and two flags may share a
moment that a page ended with. What was read before is known by its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to go on.

    `since` is up to when flags were read. `queue` is the cursor in the queue while that is
    still being read, `after` the cursor between two pages of flags.
    """

    since: datetime
    queue: str | None = None
    after: str | None = None

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the place that was written, `None` if it cannot be read."""
        try:
            said = JsonValue(json.loads(text))
        except (ValueError, RecursionError):
            return None
        since = said["since"].time()
        if since is None:
            return None
        cursors = {name: said[name].text() or None for name in ("queue", "after")}
        return cls(since=since, **cursors)

    def written(self) -> str:
        """Return the place as text."""
        place = {"since": iso(self.since), "queue": self.queue, "after": self.after}
        return json.dumps({name: value for name, value in place.items() if value is not None})

    @property
    def cursor(self) -> str:
        """The moment after which flags are asked for, as Coral writes it."""
        return self.after or iso(self.since - _OVERLAP)


def iso(time: datetime) -> str:
    """Return a moment as Coral's cursors are written: to the millisecond, ending in Z."""
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def cursor_before(cursor: str, used: str) -> str:
    """Return the cursor a millisecond earlier, so that no flag of the page's last moment is lost.

    A page that lies within one millisecond is left behind, or it would be read for ever.
    """
    time = JsonValue(cursor).time()
    earlier = iso(time - timedelta(milliseconds=1)) if time is not None else cursor
    return cursor if earlier <= used else earlier
