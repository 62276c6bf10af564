"""A Ghost with its own comments: reports by counting them, hiding, and bans that may end."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from bot.domain.comments import Author, Comment, Report, Story
from bot.domain.effects import Order, Outcome, Verb
from bot.domain.site import Ability, About, Finding, Found, Seen
from bot.sites.base.answers import SiteCallFailed, as_outcome, in_turn, name_of, or_down, read_each
from bot.sites.base.client import SiteClient
from bot.sites.base.context import SiteContext, Why, revision_of
from bot.sites.base.json_value import JsonValue
from bot.sites.base.refusals import (
    as_read,
    gone,
    is_over,
    not_done,
    refuse_edited,
    same_end,
    still,
    unreadable,
)
from bot.sites.ghost.api import PAGE, GhostApi, is_id, read, safe, written

_BANS = frozenset({Ability.BAN, Ability.TIMED_BAN, Ability.UNBAN})
_ALWAYS = frozenset({Ability.POLL, Ability.HIDE, Ability.UNHIDE})


class GhostSite:
    """A site that runs Ghost; ports `PolledSite`, `WatchedSite`, `CheckedSite`.

    Args:
        context: The desk.
        client: The way to the address of Ghost's admin.
        key: The integration's Admin API key, ``id:secret``.
    """

    def __init__(self, context: SiteContext, client: SiteClient, key: str) -> None:
        self._context = context
        self._api = GhostApi(client, key, context.clock)
        self._bans: bool | None = None

    @property
    def abilities(self) -> frozenset[Ability]:
        """What every version can do, and bans until it is known that this one has none."""
        return _ALWAYS if self._bans is False else _ALWAYS | _BANS

    async def carry_out(self, order: Order) -> Outcome:
        """Make Ghost be as the order says; asking twice changes nothing more."""
        return await as_outcome(in_turn(order, self._show, self._bar))

    async def _show(self, order: Order) -> None:
        path = f"comments/{safe(order.comment_id)}/"
        comment = await self._api.one("GET", path, "comments", "read the comment")
        status = comment["status"].text()
        if status not in {"published", "hidden"}:
            raise gone("Ghost") if status else unreadable("Ghost")
        wanted = "published" if order.visible else "hidden"
        if order.visible or status != wanted:
            refuse_edited(order, as_read(order, comment["html"].prose()), "at Ghost")
        if status == wanted:
            return
        change = {"comments": [{"id": order.comment_id, "status": wanted}]}
        await self._api.one("PUT", path, "comments", "change the comment", change)
        after = await self._api.one("GET", path, "comments", "read the comment")
        if after["status"].text() != wanted:
            raise not_done("Ghost", f"the comment is still {after['status'].line(40)}")

    async def _bar(self, order: Order) -> None:
        now, key = self._context.clock(), safe(order.author_id)
        if is_over(order, now):
            return
        if await self._is_barred_as(order, key):
            return
        path = f"members/{key}/commenting"
        if order.banned:
            told = order.notice or order.rule_name or "House rules"
            body: dict[str, object] = {"reason": told, "hide_comments": False}
            if order.until is not None:
                body["expires_at"] = order.until.isoformat().replace("+00:00", "Z")
            await self._ban_call(f"{path}/disable/", body)
        else:
            await self._ban_call(f"{path}/enable/", {})
        if not await self._is_barred_as(order, key):
            raise not_done("Ghost", "the author's ban is not as asked")

    async def _is_barred_as(self, order: Order, key: str) -> bool:
        member = await self._api.one("GET", f"members/{key}/", "members", "read the member")
        if not member["id"].key():
            raise unreadable("Ghost")
        commenting = member["commenting"]
        barred = commenting["disabled"].flag() is True
        if not barred or not order.banned:
            return barred is order.banned
        until = still(commenting["disabled_until"].time(), self._context.clock())
        return same_end(until, order.until)

    async def _ban_call(self, path: str, body: Mapping[str, object]) -> None:
        answer = await self._api.ask("POST", path, body=body)
        if answer.status in (HTTPStatus.NOT_FOUND, HTTPStatus.NOT_IMPLEMENTED):
            words = "This Ghost is too old to ban a member from commenting. Ban them there by hand."
            raise SiteCallFailed(Verb.REFUSED, words)
        if not answer.ok:
            raise answer.refusal("change the member's comments")

    async def look_for_reports(self, mark: str | None) -> Found:
        """Return the reports by which a comment's count has grown since the mark.

        Raises:
            SiteDown: Try later.
        """
        return await or_down(self._look_for_reports(*read(mark)))

    async def _look_for_reports(self, page: int, known: Mapping[str, int]) -> Found:
        if self._bans is None:
            await self._probe()
        params = {
            "filter": "count.reports:>0",
            "order": "created_at desc",
            "page": str(page),
            "limit": str(PAGE),
            "include_nested": "true",
        }
        said = await self._api.fetch("GET", "comments/", "read the comments", params=params)
        if not said["comments"].is_list:
            raise unreadable("Ghost")
        counts: dict[str, int] = {}
        reports: list[Report] = []
        unread: set[str] = set()
        for comment in said["comments"]:
            key, count = comment["id"].key(), comment["count.reports"].number()
            if not is_id(key):
                unread.add(name_of(comment))
                continue
            counts[key] = count
            if count > known.get(key, 0) and comment["status"].text() == "published":
                found, bad = await self._reports(comment, key)
                reports += found
                unread |= bad
                # What came between two pages may have pushed one past both: it is asked again.
                counts[key] = min(count, max(known.get(key, 0), len(found) + len(bad)))
        more = said["meta.pagination.next"].number() == page + 1
        # A comment that left the list while it was read page by page is forgotten only at the
        # end of the next reading, which costs a request and loses nothing.
        kept = {**known, **counts} if more or page > 1 else counts
        mark = written(page + 1 if more else 1, kept)
        return Found(reports=reports, mark=mark, more=more, unread=frozenset(unread))

    async def _reports(self, comment: JsonValue, key: str) -> tuple[list[Report], frozenset[str]]:
        try:
            entries = await self._entries(key)
        except SiteCallFailed as trouble:
            if trouble.outcome.verb is Verb.GONE:  # between the list and this request
                return [], frozenset()
            raise
        return read_each(entries, lambda one: [self._report(one, comment)])

    async def _entries(self, key: str) -> Sequence[JsonValue]:
        """Return a comment's reports, read to the end: Ghost gives fifteen where none is named."""
        found: dict[str, JsonValue] = {}
        page = 1
        while True:
            params = {"page": str(page), "limit": str(PAGE)}
            path, doing = f"comments/{key}/reports/", "read the reports"
            said = await self._api.fetch("GET", path, doing, params=params)
            if not said["comment_reports"].is_list:
                raise unreadable("Ghost")
            before = len(found)
            for entry in said["comment_reports"]:
                found.setdefault(name_of(entry), entry)
            if said["meta.pagination.next"].number() != page + 1 or len(found) == before:
                return list(found.values())
            page += 1

    def _report(self, one: JsonValue, comment: JsonValue) -> Report:
        key = one["id"].key()
        if not key:
            raise ValueError("a report without an id")
        return self._context.report(
            delivery=f"report-{key}",
            about=self._about(comment),
            by=one["member.id"].key() or one["member_id"].key() or key,
            why=Why(
                rule=self._context.rule("", {}),
                at=one["created_at"].time() or self._context.clock(),
            ),
        )

    def _about(self, comment: JsonValue) -> About:
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
                external_id=comment["member_id"].key()
                or comment["member.id"].key()
                or f"deleted-{key}",
                name=comment["member.name"].line(200) or "deleted member",
            ),
            story=Story(
                external_id=comment["post_id"].key() or post["id"].key() or "unknown",
                title=post["title"].line(),
                url=url or self._context.url,
            ),
        )

    async def look_at(self, comment_ids: Sequence[str]) -> Sequence[Seen]:
        """Return which comments somebody has hidden, and how their texts now are.

        Raises:
            SiteDown: Try later.
        """
        return await or_down(self._look_at([key for key in comment_ids if is_id(key)]))

    async def _look_at(self, keys: Sequence[str]) -> Sequence[Seen]:
        if not keys:
            return []
        params = {
            "filter": f"id:[{','.join(keys)}]",
            "limit": str(PAGE),
            "include_nested": "true",
        }
        said = await self._api.fetch("GET", "comments/", "read the comments", params=params)
        return [
            Seen(
                comment_id=one["id"].key(),
                # Ghost tells neither who hid it nor when, and showing is how it was before.
                visible=False if one["status"].text() == "hidden" else None,
                comment=self._about(one).comment if one["html"].value is not None else None,
            )
            for one in said["comments"]
            if one["id"].key() in keys
        ]

    async def check(self) -> Sequence[Finding]:
        """Say whether the key lets the desk see comments, and whether this Ghost knows bans."""
        try:
            await self._api.fetch("GET", "comments/", "read the comments", params={"limit": "1"})
            await self._probe()
        except SiteCallFailed as trouble:
            return [Finding(name="Ghost key", good=False, words=str(trouble), mend=_KEY_STEPS)]
        bans = "it can ban members" if self._bans else "no bans in this version"
        return [Finding(name="Ghost key", good=True, words=f"comments can be read; {bans}")]

    async def _probe(self) -> None:
        """Learn from a member's fields whether this version can ban; without members, hope so."""
        said = await self._api.fetch("GET", "members/", "read the members", params={"limit": "1"})
        member = said["members"].first()
        if member["id"].key():
            self._bans = member["can_comment"].flag() is not None or bool(member["commenting"])


_KEY_STEPS = (
    "In Ghost: Settings, Integrations, Add custom integration; name it Comment Desk.",
    (
        "Put its Admin API key (id:secret) into GHOST__ADMIN_KEY, and the address of Ghost's admin, "
        "without /ghost, into URL."
    ),
    "Compare this machine's clock with the right time: a key's tokens live for five minutes.",
)
