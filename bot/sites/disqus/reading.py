"""What Disqus tells of posts, in the desk's own words."""

from collections.abc import Iterator

from bot.domain.comments import Author, Comment, Report, Story
from bot.domain.site import About
from bot.sites.base.context import SiteContext, Why, revision_of
from bot.sites.base.json_value import JsonValue

GUEST = "guest-"
"""How the ids begin that the desk gives authors without an account."""


def reports_of(context: SiteContext, post: JsonValue) -> Iterator[Report]:
    """Return the report that a flagged post stands for; none if it is hidden already.

    Raises:
        ValueError: It has no id.
    """
    key = post["id"].key()
    if not key:
        raise ValueError("a post without an id")
    if is_hidden(post):
        return
    # Disqus tells neither who flagged nor when: how many did stands for who the last one was.
    count = post["numReports"].number()
    yield context.report(
        delivery=f"flagged-{key}-{count}",
        about=about(context, post),
        by=f"flag-{key}-{count}",
        why=Why(rule=context.rule("", {}), at=context.clock()),
    )


def about(context: SiteContext, post: JsonValue) -> About:
    """Return a post with its author and its thread."""
    key, thread = post["id"].key(), post["thread"]
    text, url = post["message"].prose(), thread["link"].address() or context.url
    return About(
        comment=Comment(
            external_id=key,
            revision=revision_of(text),
            text=text,
            permalink=post["url"].address() or f"{url.partition('#')[0]}#comment-{key}",
            created=post["createdAt"].time(),
        ),
        author=_author(post["author"], key),
        story=Story(
            external_id=post.any_key("thread.id", "thread") or "unknown",
            title=thread["clean_title"].line() or thread["title"].title(),
            url=url,
        ),
    )


def _author(said: JsonValue, comment_id: str) -> Author:
    """Return who wrote a comment; a guest has no account, so each comment of one has its own."""
    return Author(
        external_id=said["id"].key() or f"{GUEST}{comment_id}",
        name=said["name"].line(200) or said["username"].line(200),
        since=said["joinedAt"].time(),
    )


def is_hidden(post: JsonValue) -> bool:
    """Whether readers do not see a post, as it was removed or passes for spam."""
    return post["isDeleted"].flag() is True or post["isSpam"].flag() is True
