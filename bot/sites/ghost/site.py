"""A Ghost with its own comments: reports by counting them, hiding, and bans that may end."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from bot.domain.comments import Report
from bot.domain.effects import Order, Outcome, Verb
from bot.domain.site import Ability, Finding, Found, Seen
from bot.sites.base.answers import (
    SiteCallFailed,
    as_outcome,
    in_turn,
    name_of,
    none_if,
    or_down,
    read_each,
)
from bot.sites.base.client import SiteClient
from bot.sites.base.context import SiteContext
from bot.sites.base.json_value import JsonValue
from bot.sites.base.notices import reason_of
from bot.sites.base.refusals import (
    a_list,
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
        status, wanted = _status_of(comment), "published" if order.visible else "hidden"
        found = as_read(order, comment["html"].prose())
        refuse_edited(order, found, "at Ghost", is_hidden=status == "hidden")
        if status == wanted:
            return
        change = {"comments": [{"id": order.comment_id, "status": wanted}]}
        await self._api.one("PUT", path, "comments", "change the comment", change)
        after = await self._api.one("GET", path, "comments", "read the comment")
        if after["status"].text() != wanted:
            raise not_done("Ghost", f"the comment is still {after['status'].line(40)}")

    async def _bar(self, order: Order) -> None:
        if is_over(order, self._context.clock()) or await self._is_barred_as(order):
            return
        path = f"members/{safe(order.author_id)}/commenting"
        if order.banned:
            await self._ban_call(f"{path}/disable/", _ban_of(order))
        else:
            await self._ban_call(f"{path}/enable/", {})
        if not await self._is_barred_as(order):
            raise not_done("Ghost", "the author's ban is not as asked")

    async def _is_barred_as(self, order: Order) -> bool:
        member = await self._member(order.author_id)
        if member is None:
            if order.banned:
                raise _no_member()
            return True  # whom there is not, nobody keeps out
        commenting = member["commenting"]
        barred = commenting["disabled"].flag() is True
        if not barred or not order.banned:
            return barred is order.banned
        until = still(commenting["disabled_until"].time(), self._context.clock())
        return same_end(until, order.until)

    async def _member(self, author_id: str) -> JsonValue | None:
        """Return an account, `None` if the author has none, or no longer."""
        if author_id.startswith(NOBODY):
            return None
        path = f"members/{safe(author_id)}/"
        asked = self._api.one("GET", path, "members", "read the member")
        member = await none_if(asked, Verb.GONE)
        if member is not None and not member["id"].key():
            raise unreadable("Ghost")
        return member

    async def _ban_call(self, path: str, body: Mapping[str, object]) -> None:
        answer = await self._api.ask("POST", path, body=body)
        if is_no_path(answer):
            self._bans = False
            words = f"{self._api.name} is too old to ban a member from commenting. Update it."
            raise SiteCallFailed(Verb.REFUSED, words)
        if answer.status == HTTPStatus.NOT_FOUND and answer.is_json:
            raise _no_member()
        answer.require_ok("change the member's comments")

    async def look_for_reports(self, mark: str | None) -> Found:
        """Return the reports by which a comment's count has grown since the mark.

        Raises:
            SiteDown: Try later.
        """
        return await or_down(self._look_for_reports(*read_mark(mark)))

    async def _look_for_reports(self, page: int, known: Mapping[str, int]) -> Found:
        if self._bans is None:
            await self._probe()
        said = await self._comments(
            filter="count.reports:>0", order="created_at desc", page=str(page)
        )
        counts: dict[str, int] = {}
        reports: list[Report] = []
        unread: set[str] = set()
        for comment in said["comments"]:
            key = comment["id"].key()
            if not is_id(key):
                unread.add(name_of(comment))
                continue
            found, bad, counts[key] = await self._new_reports(comment, key, known.get(key, 0))
            reports += found
            unread |= bad
        more = said["meta.pagination.next"].number() == page + 1
        # A comment that left the list while it was read page by page is forgotten only at the end
        # of the next reading, which costs a request and loses nothing.
        kept = {**known, **counts} if more or page > 1 else counts
        mark = written_mark(page + 1 if more else 1, kept)
        return Found(reports=reports, mark=mark, more=more, unread=frozenset(unread))

    async def _comments(self, **params: str) -> JsonValue:
        """Return a page of comments, answers to others among them."""
        params |= {"limit": str(PAGE), "include_nested": "true"}
        said = await self._api.fetch("GET", "comments/", "read the comments", params=params)
        a_list(said["comments"], "Ghost")
        return said

    async def _new_reports(
        self, comment: JsonValue, key: str, before: int
    ) -> tuple[list[Report], frozenset[str], int]:
        """Return a comment's reports if there are more than before, and how many are now known."""
        count = comment["count.reports"].number()
        if count <= before or comment["status"].text() != "published":
            return [], frozenset(), count
        entries = await none_if(self._entries(key), Verb.GONE)
        found, bad = read_each(
            entries or (),  # gone between the list and this request
            lambda one: [report_of(self._context, one, comment)],
        )
        # What came between two pages may have pushed one past both: it is asked again.
        return found, bad, min(count, max(before, len(found) + len(bad)))

    async def _entries(self, key: str) -> Sequence[JsonValue]:
        """Return a comment's reports, read to the end: Ghost gives fifteen where none is named."""
        found: dict[str, JsonValue] = {}
        page = 1
        while True:
            params = {"page": str(page), "limit": str(PAGE)}
            path, doing = f"comments/{key}/reports/", "read the reports"
            said = await self._api.fetch("GET", path, doing, params=params)
            before = len(found)
            for entry in a_list(said["comment_reports"], "Ghost"):
                found.setdefault(name_of(entry), entry)
            if said["meta.pagination.next"].number() != page + 1 or len(found) == before:
                return list(found.values())
            page += 1

    async def look_at(self, comment_ids: Sequence[str]) -> Sequence[Seen]:
        """Return which comments somebody has hidden or deleted, and how their texts now are.

        Raises:
            SiteDown: Try later.
        """
        keys = [key for key in comment_ids if is_id(key)]
        return await or_down(self._look_at(keys)) if keys else []

    async def _look_at(self, keys: Sequence[str]) -> Sequence[Seen]:
        said = await self._comments(filter=f"id:[{','.join(keys)}]")
        seen = [seen_of(self._context, one) for one in said["comments"] if one["id"].key() in keys]
        listed = {one.comment_id for one in seen}
        # The list leaves out what its author has deleted; read alone, it says so.
        alone = [await self._read_alone(key) for key in keys if key not in listed]
        return [*seen, *filter(None, alone)]

    async def _read_alone(self, key: str) -> Seen | None:
        asked = self._api.one("GET", f"comments/{key}/", "comments", "read the comment")
        comment = await none_if(asked, Verb.GONE, Verb.REFUSED)
        if comment is None:
            return None  # by nobody knows whom, or an id that is none: its case waits
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
        path = f"comments/{_NO_ID}/reports/"
        await none_if(self._api.fetch("GET", path, "read the reports"), Verb.GONE)

    async def _probe(self) -> None:
        """Learn from a member's fields whether this version can ban; without one, by its number."""
        said = await self._api.fetch("GET", "members/", "read the members", params={"limit": "1"})
        member = said["members"].first()
        if member["id"].key():
            self._bans = member["can_comment"].flag() is not None or bool(member["commenting"])


def _status_of(comment: JsonValue) -> str:
    """Return whether a comment is published or hidden.

    Raises:
        SiteCallFailed: Neither, as it is gone or cannot be read.
    """
    status = comment["status"].text()
    if status == UNWRITTEN:
        raise SiteCallFailed(Verb.GONE, "Its author has deleted this comment at Ghost.")
    if status not in {"published", "hidden"}:
        raise gone("Ghost") if status else unreadable("Ghost")
    return status


def _ban_of(order: Order) -> Mapping[str, object]:
    """Return a ban as Ghost is asked for it."""
    body: dict[str, object] = {"reason": reason_of(order), "hide_comments": False}
    if order.until is not None:
        body["expires_at"] = order.until.isoformat().replace("+00:00", "Z")
    return body


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
