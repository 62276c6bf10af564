"""A Ghost with its own comments: reports by counting them, hiding, and bans that may end."""

import base64
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast

from bot.domain.comment import Author, Comment, Story
from bot.domain.effect import Order, Outcome, Verb
from bot.domain.finding import Finding
from bot.domain.report import Report
from bot.domain.site import Ability, Found
from bot.sites.calling import Answer, Caller, Unwell, as_outcome, or_down
from bot.sites.ground import About, Ground, Why, revision_of
from bot.sites.refusals import gone, not_done, refuse_edited, same_end, still, unreadable
from bot.sites.said import Said

_BASE = "ghost/api/admin"
_VERSION = "v6.0"
_LIVES = 240
"""Seconds that a token of ours is good for; Ghost takes at most 300."""

_PAGE = 100
_PAGES = 5
"""Pages of reported comments, the newest first, in which further reports are looked for."""

_BANS = frozenset({Ability.BAN, Ability.TIMED_BAN, Ability.UNBAN})
_ALWAYS = frozenset({Ability.POLL, Ability.HIDE, Ability.UNHIDE})
_OLD = "This Ghost is too old to let an integration see comments. Update it to version 6 or newer."
_ID = re.compile(r"[0-9A-Za-z]{1,64}")


class GhostSite:
    """A site that runs Ghost; ports `PolledSite`, `CheckedSite`.

    Args:
        ground: The desk.
        caller: The way to the address of Ghost's admin.
        key: The integration's Admin API key, ``id:secret``.
    """

    def __init__(self, ground: Ground, caller: Caller, key: str) -> None:
        self._ground = ground
        self._caller = caller
        self._key_id, _, self._secret = key.partition(":")
        self._bans: bool | None = None

    @property
    def abilities(self) -> frozenset[Ability]:
        """What every version can do, and bans until it is known that this one has none."""
        return _ALWAYS if self._bans is False else _ALWAYS | _BANS

    async def carry_out(self, order: Order) -> Outcome:
        """Make Ghost be as the order says; asking twice changes nothing more."""
        return await as_outcome(self._carry_out(order))

    async def _carry_out(self, order: Order) -> Outcome:
        if order.visible is not None:
            await self._show(order)
        if order.banned is not None:
            await self._bar(order)
        return Outcome(verb=Verb.DONE)

    async def _show(self, order: Order) -> None:
        path = f"comments/{_safe(order.comment_id)}/"
        comment = await self._one("GET", path, "comments", "read the comment")
        status = comment["status"].text()
        if status not in {"published", "hidden"}:
            raise gone("Ghost") if status else unreadable("Ghost")
        refuse_edited(order, revision_of(comment["html"].prose()), "Ghost")
        wanted = "published" if order.visible else "hidden"
        if status == wanted:
            return
        change = {"comments": [{"id": order.comment_id, "status": wanted}]}
        await self._one("PUT", path, "comments", "change the comment", change)
        after = await self._one("GET", path, "comments", "read the comment")
        if after["status"].text() != wanted:
            raise not_done("Ghost", f"the comment is still {after['status'].line(40)}")

    async def _bar(self, order: Order) -> None:
        now, key = self._ground.clock(), _safe(order.author_id)
        if order.banned and order.until is not None and order.until <= now:
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
        member = await self._one("GET", f"members/{key}/", "members", "read the member")
        if not member["id"].key():
            raise unreadable("Ghost")
        commenting = member["commenting"]
        barred = commenting["disabled"].flag() is True
        if not barred or not order.banned:
            return barred is order.banned
        until = still(commenting["disabled_until"].time(), self._ground.clock())
        return same_end(until, order.until)

    async def _ban_call(self, path: str, body: Mapping[str, object]) -> None:
        answer = await self._ask("POST", path, body=body)
        if answer.status in (HTTPStatus.NOT_FOUND, HTTPStatus.NOT_IMPLEMENTED):
            words = "This Ghost is too old to ban a member from commenting. Ban them there by hand."
            raise Unwell(Verb.REFUSED, words)
        if not answer.ok:
            raise answer.refusal("change the member's comments")

    async def look_for_reports(self, mark: str | None) -> Found:
        """Return the reports by which a comment's count has grown since the mark.

        Raises:
            SiteDown: Try later.
        """
        return await or_down(self._look_for_reports(*_read(mark)))

    async def _look_for_reports(self, page: int, known: Mapping[str, int]) -> Found:
        if self._bans is None:
            await self._probe()
        params = {
            "filter": "count.reports:>0",
            "order": "created_at desc",
            "page": str(page),
            "limit": str(_PAGE),
            "include_nested": "true",
        }
        said = await self._fetch("GET", "comments/", "read the comments", params=params)
        if not said["comments"].is_list:
            raise unreadable("Ghost")
        counts = {} if page == 1 else dict(known)
        reports: list[Report] = []
        for comment in said["comments"]:
            key, count = comment["id"].key(), comment["count.reports"].number()
            if not _ID.fullmatch(key):
                continue
            counts[key] = count
            if count > known.get(key, 0) and comment["status"].text() == "published":
                reports += await self._reports(comment)
        more = said["meta.pagination.next"].number() == page + 1 and page < _PAGES
        kept = {**known, **counts} if more else counts
        return Found(reports=reports, mark=_written(page + 1 if more else 1, kept), more=more)

    async def _reports(self, comment: Said) -> list[Report]:
        key = comment["id"].key()
        said = await self._fetch("GET", f"comments/{key}/reports/", "read the reports")
        found = said["reports"] if said["reports"].is_list else said.only()
        return [
            self._ground.report(
                delivery=f"report-{one['id'].key()}",
                about=self._about(comment),
                by=one["member.id"].key() or one["member_id"].key() or one["id"].key(),
                why=Why(
                    rule=self._ground.rule("", {}),
                    at=one["created_at"].time() or self._ground.clock(),
                ),
            )
            for one in found
            if one["id"].key()
        ]

    def _about(self, comment: Said) -> About:
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
                url=url or self._ground.url,
            ),
        )

    async def check(self) -> Sequence[Finding]:
        """Say whether the key lets the desk see comments, and whether this Ghost knows bans."""
        try:
            await self._fetch("GET", "comments/", "read the comments", params={"limit": "1"})
            await self._probe()
        except Unwell as trouble:
            return [Finding(name="Ghost key", good=False, words=str(trouble), mend=_KEY_STEPS)]
        bans = "it can ban members" if self._bans else "no bans in this version"
        return [Finding(name="Ghost key", good=True, words=f"comments can be read; {bans}")]

    async def _probe(self) -> None:
        """Learn from a member's fields whether this version can ban; without members, hope so."""
        said = await self._fetch("GET", "members/", "read the members", params={"limit": "1"})
        member = said["members"].first()
        if member["id"].key():
            self._bans = member["can_comment"].flag() is not None or bool(member["commenting"])

    async def _one(
        self, method: str, path: str, name: str, doing: str, body: object = None
    ) -> Said:
        said = await self._fetch(method, path, doing, body=body)
        return said[name].first()

    async def _fetch(self, method: str, path: str, doing: str, **how: Any) -> Said:
        answer = await self._ask(method, path, **how)
        if answer.status == HTTPStatus.NOT_IMPLEMENTED:
            raise Unwell(Verb.MISCONFIGURED, _OLD)
        if answer.status == HTTPStatus.NOT_FOUND and answer.is_json:
            raise gone("Ghost", path.partition("s/")[0])
        if not answer.ok:
            raise answer.refusal(doing)
        if not answer.is_json:
            raise unreadable("Ghost")
        return answer.said

    async def _ask(self, method: str, path: str, **how: Any) -> Answer:
        headers = {"Authorization": f"Ghost {self._token()}", "Accept-Version": _VERSION}
        return await self._caller.ask(method, f"{_BASE}/{path}", headers=headers, **how)

    def _token(self) -> str:
        """Return a JSON Web Token for the next request.

        Raises:
            Unwell: The key in the settings is none.
        """
        try:
            secret = bytes.fromhex(self._secret)
        except ValueError as error:
            words = "The Admin API key is not an id, a colon and a secret in hexadecimal digits."
            raise Unwell(Verb.MISCONFIGURED, words) from error
        now = int(self._ground.clock().timestamp())
        head = {"alg": "HS256", "typ": "JWT", "kid": self._key_id}
        claims = {"iat": now, "exp": now + _LIVES, "aud": "/admin/"}
        signed = f"{_part(head)}.{_part(claims)}"
        return f"{signed}.{_base64(hmac.digest(secret, signed.encode(), 'sha256'))}"


def _part(values: Mapping[str, object]) -> str:
    return _base64(json.dumps(values, separators=(",", ":")).encode())


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _safe(key: str) -> str:
    if not _ID.fullmatch(key):
        raise Unwell(Verb.REFUSED, "This does not name anything at Ghost.")
    return key


def _read(mark: str | None) -> tuple[int, dict[str, int]]:
    """Return the page to ask for and how many reports each comment had, as far as written."""
    try:
        said = Said(json.loads(mark or "{}"))
    except (ValueError, RecursionError):
        return 1, {}
    counts = said["counts"].value
    members = cast("dict[str, object]", counts) if isinstance(counts, dict) else {}
    known = {key: count for key, count in members.items() if isinstance(count, int)}
    return min(max(1, said["page"].number()), _PAGES), known


def _written(page: int, counts: Mapping[str, int]) -> str:
    newest = dict(list(counts.items())[-2 * _PAGE * _PAGES :])
    return json.dumps({"page": page, "counts": newest}, separators=(",", ":"))


_KEY_STEPS = (
    "In Ghost: Settings, Integrations, Add custom integration; name it Comment Desk.",
    (
        "Put its Admin API key (id:secret) into GHOST__ADMIN_KEY, and the address of Ghost's admin, "
        "without /ghost, into URL."
    ),
    "Compare this machine's clock with the right time: a key's tokens live for five minutes.",
)
