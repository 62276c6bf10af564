"""A Ghost with its own comments: reports by counting them, hiding, and bans that may end."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from bot.domain.comments import Report
from bot.domain.effects import Order, Outcome, Verb
from bot.domain.site import Ability, Finding, Found, Seen
from bot.sites.base.answers import SiteCallFailed, as_outcome, in_turn, name_of, or_down, read_each
from bot.sites.base.client import SiteClient
from bot.sites.base.context import SiteContext
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
from bot.sites.ghost.api import GhostApi, NoPath, is_id, is_no_path, safe
from bot.sites.ghost.reading import (
    NOBODY,
    PAGE,
    UNWRITTEN,
    read_mark,
    report_of,
    seen_of,
    written_mark,
)

_NO_ID = "0" * 24

_BANS = frozenset({Ability.BAN, Ability.TIMED_BAN, Ability.UNBAN})
_ALWAYS = frozenset({Ability.POLL, Ability.HIDE, Ability.UNHIDE})


class GhostSite:
    """A site that runs Ghost; ports `PolledSite`, `WatchedSite`.

    Args:
        context: The desk.
        client: The way to the address of Ghost's admin.
        key: The integration's Admin API key, ``id:secret``.
    """

    def __init__(self, context: SiteContext, client: SiteClient, key: str) -> None:
        self._context = context
        self._api = GhostApi(client, key, context.clock)
        self._bans: bool | None = None
        """Whether members' fields tell of bans; `None` while none was seen."""

    @property
    def abilities(self) -> frozenset[Ability]:
        """What every version can do, and bans until it is known that this one has none."""
        bans = self._api.can_ban if self._bans is None else self._bans
        return _ALWAYS if bans is False else _ALWAYS | _BANS

    async def carry_out(self, order: Order) -> Outcome:
        """Make Ghost be as the order says; asking twice changes nothing more."""
        return await as_outcome(in_turn(order, self._show, self._bar))

    async def _show(self, order: Order) -> None:
        path = f"comments/{safe(order.comment_id)}/"
        comment = await self._api.one("GET", path, "comments", "read the comment")
        status = comment["status"].text()
        if status == UNWRITTEN:
            raise SiteCallFailed(Verb.GONE, "Its author has deleted this comment at Ghost.")
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
        if is_over(order, self._context.clock()):
            return
        if order.author_id.startswith(NOBODY):
            if order.banned:
                raise _no_member()
            return
        key = safe(order.author_id)
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
        try:
            member = await self._api.one("GET", f"members/{key}/", "members", "read the member")
        except SiteCallFailed as trouble:
            if trouble.outcome.verb is not Verb.GONE:
                raise
            if not order.banned:
                return True  # whom there is not, nobody keeps out
            raise _no_member() from trouble
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
        if is_no_path(answer):
            self._bans = False
            words = f"{self._api.name} is too old to ban a member from commenting. Update it."
            raise SiteCallFailed(Verb.REFUSED, words)
        if answer.status == HTTPStatus.NOT_FOUND and answer.is_json:
            raise _no_member()
        if not answer.ok:
            raise answer.refusal("change the member's comments")

    async def look_for_reports(self, mark: str | None) -> Found:
        """Return the reports by which a comment's count has grown since the mark.

        Raises:
            SiteDown: Try later.
        """
        return await or_down(self._look_for_reports(*read_mark(mark)))

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
        mark = written_mark(page + 1 if more else 1, kept)
        return Found(reports=reports, mark=mark, more=more, unread=frozenset(unread))

    async def _reports(self, comment: JsonValue, key: str) -> tuple[list[Report], frozenset[str]]:
        try:
            entries = await self._entries(key)
        except SiteCallFailed as trouble:
            if trouble.outcome.verb is Verb.GONE:  # between the list and this request
                return [], frozenset()
            raise
        return read_each(entries, lambda one: [report_of(self._context, one, comment)])

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

    async def look_at(self, comment_ids: Sequence[str]) -> Sequence[Seen]:
        """Return which comments somebody has hidden or deleted, and how their texts now are.

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
        if not said["comments"].is_list:
            raise unreadable("Ghost")
        seen = [seen_of(self._context, one) for one in said["comments"] if one["id"].key() in keys]
        listed = {one.comment_id for one in seen}
        # The list leaves out what its author has deleted; read alone, it says so.
        alone = [await self._read_alone(key) for key in keys if key not in listed]
        return seen + [one for one in alone if one is not None]

    async def _read_alone(self, key: str) -> Seen | None:
        try:
            path, doing = f"comments/{key}/", "read the comment"
            comment = await self._api.one("GET", path, "comments", doing)
        except SiteCallFailed as trouble:
            if trouble.outcome.verb in (Verb.GONE, Verb.REFUSED):
                return None  # by nobody knows whom, or an id that is none: its case waits
            raise
        seen = seen_of(self._context, comment)
        return seen if seen.unwritten and seen.comment_id == key else None

    async def check(self) -> Sequence[Finding]:
        """Say whether the key lets the desk see comments, and what this version of Ghost lacks."""
        try:
            await self._api.fetch("GET", "comments/", "read the comments", params={"limit": "1"})
            await self._probe()
            await self._require_reports()
        except SiteCallFailed as trouble:
            mend = () if isinstance(trouble, NoPath) else _KEY_STEPS
            return [Finding(name="Ghost key", good=False, words=str(trouble), mend=mend)]
        bans = "it can ban members" if self.abilities >= _BANS else "no bans in this version"
        words = f"{self._api.name}: comments and reports can be read; {bans}"
        return [Finding(name="Ghost key", good=True, words=words)]

    async def _require_reports(self) -> None:
        """See that reports can be read; of a comment that there cannot be, so that nothing comes.

        Raises:
            SiteCallFailed: They cannot.
        """
        try:
            await self._api.fetch("GET", f"comments/{_NO_ID}/reports/", "read the reports")
        except SiteCallFailed as trouble:
            if trouble.outcome.verb is not Verb.GONE:
                raise

    async def _probe(self) -> None:
        """Learn from a member's fields whether this version can ban; without one, by its number."""
        said = await self._api.fetch("GET", "members/", "read the members", params={"limit": "1"})
        member = said["members"].first()
        if member["id"].key():
            self._bans = member["can_comment"].flag() is not None or bool(member["commenting"])


def _no_member() -> SiteCallFailed:
    return SiteCallFailed(
        Verb.GONE, "Ghost no longer has the author's account, so there is nobody to ban."
    )


_KEY_STEPS = (
    "In Ghost: Settings, Integrations, Add custom integration; name it Comment Desk.",
    (
        "Put its Admin API key (id:secret) into GHOST__ADMIN_KEY, and the address of Ghost's admin, "
        "without /ghost, into URL."
    ),
    "Compare this machine's clock with the right time: a key's tokens live for five minutes.",
)
