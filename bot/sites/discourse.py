"""A Discourse under whose articles readers write: flags, their review, suspensions, topics."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from bot.domain.comment import Author, Comment, Story
from bot.domain.decision import REVERSAL
from bot.domain.effect import Order, Outcome, Verb
from bot.domain.finding import Finding
from bot.domain.report import Report
from bot.domain.site import Ability, Found
from bot.sites.answers import Unwell, as_outcome, or_down
from bot.sites.calling import Caller
from bot.sites.ground import About, Ground, Why, revision_of
from bot.sites.refusals import (
    gone,
    not_done,
    of_staff,
    refuse_edited,
    same_end,
    still,
    unreadable,
)
from bot.sites.said import Said

USUAL = {
    "off_topic": "other",
    "inappropriate": "abuse",
    "spam": "spam",
    "illegal": "threats",
    "notify_moderators": "other",
}
"""Discourse's kinds of flags, as the house rules that ship with the desk."""

_ABILITIES = frozenset(Ability) - {Ability.HISTORY}
_PAGE = 10
_MOST = 20 * _PAGE
"""Waiting posts that are read in one round, so that the hourly budget of requests is kept."""

_PENDING = {"0", "pending"}
_FOR_GOOD = datetime(2300, 1, 1, tzinfo=UTC)
"""Discourse knows no ban without an end; its own console uses dates as far."""

_KEEP = ("ignore_and_do_nothing", "ignore", "disagree")
_RESTORE = ("disagree_and_restore", "disagree")
_HIDE = ("agree_and_hide",)


class DiscourseSite:
    """A site that runs Discourse; ports `PolledSite`, `ClosingSite`, `CheckedSite`.

    Comments are named by their post and, after a hyphen, by what is reviewed about it: each
    post has one of those, and only through it can a post be hidden.
    """

    def __init__(
        self, ground: Ground, caller: Caller, key: str, username: str, *, silence: bool = False
    ) -> None:
        self._ground = ground
        self._caller = caller
        self._headers = {"Api-Key": key, "Api-Username": username}
        self._ban = "silence" if silence else "suspend"

    @property
    def abilities(self) -> frozenset[Ability]:
        """All that the desk knows of, but an author's history."""
        return _ABILITIES

    async def carry_out(self, order: Order) -> Outcome:
        """Make Discourse be as the order says; asking twice changes nothing more."""
        return await as_outcome(self._carry_out(order))

    async def _carry_out(self, order: Order) -> Outcome:
        post_id, _, item_id = order.comment_id.partition("-")
        if order.visible is not None:
            post = await self._get(f"posts/{_digits(post_id)}.json", "read the post")
            if post["deleted_at"]:
                raise gone("Discourse", "post")
            await self._show(order, post, post_id, item_id)
        if order.banned is not None:
            await self._bar(order)
        return Outcome(verb=Verb.DONE)

    async def _show(self, order: Order, post: Said, post_id: str, item_id: str) -> None:
        hidden = post["hidden"].flag()
        if hidden is None:
            raise unreadable("Discourse")
        if not order.visible:
            _refuse_staff(post)
        refuse_edited(order, revision_of(post["cooked"].prose()), "Discourse")
        if order.action in REVERSAL.values():
            if hidden:
                await self._put(f"posts/{post_id}/unhide.json", "show the post", {})
        elif not (hidden and not order.visible):
            wanted = _HIDE if not order.visible else _RESTORE if hidden else _KEEP
            await self._review(item_id, wanted, kept=bool(order.visible) and not hidden)
        after = await self._get(f"posts/{post_id}.json", "read the post")
        if after["hidden"].flag() is order.visible:
            state = "still hidden" if order.visible else "still visible"
            raise not_done("Discourse", f"the post is {state}")

    async def _review(self, item_id: str, wanted: Sequence[str], *, kept: bool) -> None:
        """Answer the flags in one of the wanted ways, whichever this version knows."""
        page = await self._get(f"review/{_digits(item_id)}.json", "read the review queue")
        item = page["reviewable"]
        if item["status"].key() not in _PENDING:
            if kept:
                return
            raise Unwell(
                Verb.CHANGED,
                "These flags were already dealt with at Discourse, which hides a post only while "
                "flags on it wait. Hide it there by hand if it should go.",
            )
        known = {one["id"].text().rpartition("-")[2] for one in page["actions"]}
        action = next((one for one in wanted if not known or one in known), None)
        if action is None:
            raise Unwell(Verb.REFUSED, "Discourse does not offer the desk to do this to the post.")
        answer = await self._ask(
            "PUT",
            f"review/{item_id}/perform/{action}.json",
            params={"version": item["version"].key()},
        )
        if answer.status in (HTTPStatus.CONFLICT, HTTPStatus.FORBIDDEN):
            # Somebody was faster, or only touched it: the next attempt sees which.
            raise Unwell(Verb.LATER, "Somebody at Discourse worked on these flags just now.")
        if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            raise Unwell(Verb.LATER, "Somebody at Discourse has claimed these flags.")
        if not answer.ok:
            raise answer.refusal("answer the flags")

    async def _bar(self, order: Order) -> None:
        now, key = self._ground.clock(), _digits(order.author_id)
        until = None if not order.banned else order.until or _FOR_GOOD
        field = "suspended_till" if self._ban == "suspend" else "silenced_till"
        user = await self._get(f"admin/users/{key}.json", "read the author's account")
        if not user["id"].key():
            raise unreadable("Discourse")
        _refuse_staff(user)
        is_now = still(user[field].time(), now)
        if same_end(is_now, until) or (until is not None and until <= now):
            return
        if is_now is not None:
            await self._put(f"admin/users/{key}/un{self._ban}.json", "lift the ban", {})
        if until is not None:
            end = "suspend_until" if self._ban == "suspend" else "silenced_till"
            told = order.notice or order.rule_name or "House rules"
            values = {end: until.isoformat(), "reason": told[:300], "message": told}
            await self._put(f"admin/users/{key}/{self._ban}.json", "ban the author", values)
        after = await self._get(f"admin/users/{key}.json", "read the author's account")
        if not same_end(still(after[field].time(), now), until):
            raise not_done("Discourse", "the author's ban is not as asked")

    async def look_for_reports(self, mark: str | None) -> Found:
        """Return what waits for review, ten posts at a time.

        Raises:
            SiteDown: Try later.
        """
        return await or_down(self._look_for_reports(mark or ""))

    async def _look_for_reports(self, mark: str) -> Found:
        offset = int(mark) if mark.isdecimal() and int(mark[:6]) <= _MOST else 0
        params = {"status": "pending", "type": "ReviewableFlaggedPost", "offset": str(offset)}
        page = await self._get("review.json", "read the review queue", params)
        if not page["reviewables"].is_list:
            raise unreadable("Discourse")
        reports = [one for item in page["reviewables"] for one in self._reports(item, page)]
        end = offset + _PAGE
        more = end < min(page["meta.total_rows_reviewables"].number(), _MOST)
        return Found(reports=reports, mark=str(end) if more else "0", more=more)

    def _reports(self, item: Said, page: Said) -> Iterator[Report]:
        about = self._about(item, page)
        if item["type"].text() != "ReviewableFlaggedPost" or about is None:
            return
        ids = {one.key() for one in item["reviewable_score_ids"]}
        scores = [one for one in page["reviewable_scores"] if one["id"].key() in ids]
        for score in scores or list(item["reviewable_scores"]):
            key, at = score["id"].key(), score["created_at"].time()
            if not key or at is None:
                continue
            kinds = (
                k for k in page["score_types"] if k["id"].key() == score["score_type_id"].key()
            )
            kind = next(kinds, score["score_type"])["type"].text()
            yield self._ground.report(
                delivery=f"score-{key}",
                about=about,
                by=score["user_id"].key() or score["user.id"].key() or f"score-{key}",
                why=Why(rule=self._ground.rule(kind, USUAL), at=at, note=score["reason"].title()),
            )

    def _about(self, item: Said, page: Said) -> About | None:
        post, key = item["post_id"].key() or item["target_id"].key(), item["id"].key()
        author = item["target_created_by_id"].key() or item["target_created_by.id"].key()
        if not (post and key and author):
            return None
        topic_id = item["topic_id"].key()
        topics = (one for one in page["topics"] if one["id"].key() == topic_id)
        users = (one for one in page["users"] if one["id"].key() == author)
        text = item["cooked"].prose()
        where = item["target_url"].address() or self._ground.url
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
                name=next(users, item["target_created_by"])["username"].line(100) or author,
            ),
            story=Story(
                external_id=topic_id or "unknown",
                title=next(topics, Said(None))["title"].title(),
                url=item["topic_url"].address() or where,
            ),
        )

    async def close_story(self, story_id: str, *, closed: bool) -> Outcome:
        """Make a topic be closed, or open."""
        return await as_outcome(self._close_story(story_id, closed=closed))

    async def _close_story(self, story_id: str, *, closed: bool) -> Outcome:
        story_id = _digits(story_id)
        values = {"status": "closed", "enabled": "true" if closed else "false"}
        await self._put(f"t/{story_id}/status.json", "close the topic", values)
        after = await self._get(f"t/{story_id}.json", "read the topic")
        if after["closed"].flag() is not closed:
            raise not_done("Discourse", "the topic is not as asked")
        return Outcome(verb=Verb.DONE)

    async def check(self) -> Sequence[Finding]:
        """Say whether the key opens the review queue."""
        try:
            page = await self._get("review.json", "read the review queue", {"status": "pending"})
        except Unwell as trouble:
            return [
                Finding(
                    name="Discourse key",
                    good=False,
                    words=str(trouble),
                    mend=(
                        "Make the desk's own account there a moderator.",
                        "Admin, API, New key: user level Single user (that account), scope Global.",
                        "Put the key into DISCOURSE__API_KEY and the account's name into "  # noqa: ISC004 - one step
                        "DISCOURSE__API_USERNAME.",
                    ),
                )
            ]
        waiting = page["meta.total_rows_reviewables"].number()
        return [Finding(name="Discourse key", good=True, words=f"{waiting} waiting for review")]

    async def _get(self, path: str, doing: str, params: dict[str, str] | None = None) -> Said:
        return await self._fetch("GET", path, doing, params=params)

    async def _put(self, path: str, doing: str, form: dict[str, str]) -> Said:
        return await self._fetch("PUT", path, doing, form=form)

    async def _fetch(self, method: str, path: str, doing: str, **how: Any) -> Said:
        answer = await self._ask(method, path, **how)
        if answer.status == HTTPStatus.NOT_FOUND:
            raise Unwell(Verb.GONE, f"Discourse has nothing there any more to {doing}.")
        if not answer.ok:
            raise answer.refusal(doing)
        if not answer.is_json:
            raise Unwell(Verb.LATER, "Discourse answered with something other than data.")
        return answer.said

    async def _ask(self, method: str, path: str, **how: Any):
        return await self._caller.ask(method, path, headers=self._headers, **how)


def _refuse_staff(user: Said) -> None:
    if any(user[name].flag() for name in ("staff", "admin", "moderator")):
        raise of_staff(user["username"].line(60), "Discourse")


def _digits(key: str) -> str:
    """Return an id that is safe in a path.

    Raises:
        Unwell: It is none.
    """
    if not key.isdecimal():
        raise Unwell(Verb.REFUSED, "This does not name anything at Discourse.")
    return key
