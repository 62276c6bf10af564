"""What Ghost says, made into what the desk works with."""

import json
from collections.abc import Mapping
from typing import cast

from bot.domain.comments import Author, Comment, Report, Story
from bot.domain.site import About, Seen
from bot.sites.base.context import SiteContext, Why, revision_of
from bot.sites.base.json_value import JsonValue

UNWRITTEN = "deleted"
"""What Ghost calls a comment that its author took away; staff can only hide."""
NOBODY = "deleted-"
"""Before a comment's id: its author, where Ghost no longer has the member."""


def report_of(context: SiteContext, one: JsonValue, comment: JsonValue) -> Report:
    """Return a report of a comment; the reader's address, which Ghost sends along, is passed over.

    Raises:
        ValueError: It has no id.
    """
    key = one["id"].key()
    if not key:
        raise ValueError("a report without an id")
    return context.report(
        delivery=f"report-{key}",
        about=_about(context, comment),
        by=one["member.id"].key() or one["member_id"].key() or key,
        why=Why(
            rule=context.rule("", {}),
            at=one["created_at"].time() or context.clock(),
        ),
    )


def _about(context: SiteContext, comment: JsonValue) -> About:
    text, post = comment["html"].prose(), comment["post"]
    url, key = post["url"].address(), comment["id"].key()
    return About(
        comment=Comment(
            external_id=key,
            revision=revision_of(text),
            text=text,
            permalink=f"{url.partition('#')[0]}#ghost-comments" if url else None,
            created=comment["created_at"].time(),
        ),
        author=Author(
            external_id=comment.any_key("member_id", "member.id") or f"{NOBODY}{key}",
            name=comment["member.name"].line(200) or "deleted member",
        ),
        story=Story(
            external_id=comment.any_key("post_id", "post.id") or "unknown",
            title=post["title"].line(),
            url=url or context.url,
        ),
    )


def seen_of(context: SiteContext, one: JsonValue) -> Seen:
    """Return how a comment stands."""
    status = one["status"].text()
    return Seen(
        comment_id=one["id"].key(),
        # Ghost tells neither who hid it nor when, and showing is how it was before.
        visible=False if status == "hidden" else None,
        comment=_about(context, one).comment if one["html"].value is not None else None,
        unwritten=status == UNWRITTEN,
    )


PAGE = 100
_MOST = 20_000
"""Comments of which it is remembered how many reports they had."""


def read_mark(mark: str | None) -> tuple[int, dict[str, int]]:
    """Return the page to ask for and how many reports each comment had, as far as written."""
    try:
        said = JsonValue(json.loads(mark or "{}"))
    except (ValueError, RecursionError):
        return 1, {}
    counts = said["counts"].value
    members = cast("dict[str, object]", counts) if isinstance(counts, dict) else {}
    known = {key: count for key, count in members.items() if isinstance(count, int)}
    return max(1, said["page"].number()), known


def written_mark(page: int, counts: Mapping[str, int]) -> str:
    """Return the mark that says so."""
    newest = dict(list(counts.items())[-_MOST:])
    return json.dumps({"page": page, "counts": newest}, separators=(",", ":"))
