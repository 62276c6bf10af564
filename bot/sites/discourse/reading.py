"""What Discourse's review queue tells, in the desk's own words."""

from collections.abc import Iterator

from bot.domain.comments import Author, Comment, Report, Story
from bot.domain.site import About, Seen
from bot.sites.base.context import SiteContext, Why, revision_of
from bot.sites.base.json_value import JsonValue

USUAL = {
    "off_topic": "other",
    "inappropriate": "abuse",
    "spam": "spam",
    "illegal": "threats",
    "notify_moderators": "other",
}
"""Discourse's kinds of flags, as the house rules that ship with the desk."""

PENDING = {"0", "pending"}


def reports_of(context: SiteContext, item: JsonValue, page: JsonValue) -> Iterator[Report]:
    """Return the reports that one item of the review queue stands for.

    Raises:
        ValueError: It is a flagged post, and it cannot be told which or whose.
    """
    if item["type"].text() != "ReviewableFlaggedPost":
        return
    what = _about(context, item, page)
    for score in _scores(item, page):
        key, at = score["id"].key(), score["created_at"].time()
        if not key or at is None:
            continue
        kind = _of_id(page["score_types"], score["score_type_id"].key(), score["score_type"])
        yield context.report(
            delivery=f"score-{key}",
            about=what,
            by=score.any_key("user_id", "user.id") or f"score-{key}",
            why=Why(
                rule=context.rule(kind["type"].text(), USUAL), at=at, note=score["reason"].title()
            ),
        )


def _scores(item: JsonValue, page: JsonValue) -> list[JsonValue]:
    ids = {one.key() for one in item["reviewable_score_ids"]}
    beside = [one for one in page["reviewable_scores"] if one["id"].key() in ids]
    return beside or list(item["reviewable_scores"])


def _of_id(many: JsonValue, key: str, otherwise: JsonValue) -> JsonValue:
    """Return which of many has that id; a page of the queue lists beside its items what they name."""
    return next((one for one in many if one["id"].key() == key), otherwise)


def _about(context: SiteContext, item: JsonValue, page: JsonValue) -> About:
    """Return the post, its author and its topic.

    Raises:
        ValueError: They cannot be told.
    """
    post, key = item.any_key("post_id", "target_id"), item["id"].key()
    author = item.any_key("target_created_by_id", "target_created_by.id")
    if not all((post, key, author)):
        raise ValueError("a flagged post without an id or an author")
    topic_id = item["topic_id"].key()
    text = item["cooked"].prose()
    where = item["target_url"].address() or context.url
    return About(
        comment=Comment(
            external_id=f"{post}-{key}",
            revision=revision_of(text),
            text=text,
            permalink=where,
            created=item["created_at"].time(),
        ),
        author=Author(
            external_id=author,
            name=_of_id(page["users"], author, item["target_created_by"])["username"].line(100),
        ),
        story=Story(
            external_id=topic_id or "unknown",
            title=_of_id(page["topics"], topic_id, JsonValue(None))["title"].line(),
            url=item["topic_url"].address() or where,
        ),
    )


def seen_of(key: str, item: JsonValue, post: JsonValue, me: str) -> Seen:
    """Return how a post stands, and who else than this desk answered the flags on it."""
    scores = [JsonValue(None), *item["reviewable_scores"]]
    last = max(scores, key=lambda score: score["reviewed_at"].text(40))
    by = last["reviewed_by_id"].key()
    name = _of_id(item["users"], by, JsonValue(None))["username"].line(100)
    text = post["cooked"].prose()
    here = Comment(external_id=key, revision=revision_of(text), text=text)
    waits = item["reviewable.status"].key() in PENDING
    if waits or not by or name.casefold() == me.casefold():
        return Seen(comment_id=key, comment=here)
    return Seen(
        comment_id=key,
        visible=not post["hidden"].flag() and not post["deleted_at"],
        by=name or None,
        at=last["reviewed_at"].time(),
        comment=here,
    )
