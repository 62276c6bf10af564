"""A Remark42: it can block authors and close pages, but only erase comments, which is not hiding."""

import base64
from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from bot.domain.comments import Author, Comment, Story
from bot.domain.effects import Order, Outcome, Verb
from bot.domain.site import Ability, About, Finding
from bot.sites.base.answers import Answer, SiteCallFailed, as_outcome, or_nothing
from bot.sites.base.client import SiteClient
from bot.sites.base.context import SiteContext, revision_of
from bot.sites.base.named import in_fragment
from bot.sites.base.refusals import (
    gone,
    is_over,
    not_done,
    refuse_retyped,
    still,
    unreadable,
)

_ABILITIES = frozenset(
    {
        Ability.PUSH,
        Ability.BAN,
        Ability.TIMED_BAN,
        Ability.UNBAN,
        Ability.CLOSE_STORY,
        Ability.FIND,
    }
)
_FOR_GOOD = timedelta(days=100 * 365)
"""A block without an end erases everything its author ever wrote, so none is without an end."""

_NO_HIDING = "Remark42 can only erase a comment for good, so the desk leaves that to you there."


class Remark42Site:
    """A site that runs Remark42; ports `AskedSite`, `ClosingSite`.

    It has no reports of its own: a form on the page sends them as docs/sites.md says, and each
    must have the comment's permalink, since everything is found by its page.
    """

    def __init__(
        self, context: SiteContext, client: SiteClient, site_id: str, password: str
    ) -> None:
        self._context = context
        self._client = client
        self._site = {"site": site_id}
        login = base64.b64encode(f"admin:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {login}"}

    @property
    def abilities(self) -> frozenset[Ability]:
        """Blocks, and closing pages; hiding is not among what it can do."""
        return _ABILITIES

    async def carry_out(self, order: Order) -> Outcome:
        """Block or let back an author, and see that a comment that is kept is there."""
        return await as_outcome(self._carry_out(order))

    async def _carry_out(self, order: Order) -> Outcome:
        if order.banned is not None:
            await self._bar(order)
        if order.visible is False:
            done = "The author was blocked, but the comment stands. " if order.banned else ""
            return Outcome(verb=Verb.REFUSED, words=f"{done}{_NO_HIDING}")
        if order.visible:
            await self._require_there(order)
        return Outcome(verb=Verb.DONE)

    async def _require_there(self, order: Order) -> None:
        page = (order.permalink or "").partition("#")[0]
        if not page:
            raise SiteCallFailed(
                Verb.REFUSED, "Remark42 finds comments by their page, and none was sent."
            )
        answer = await self._ask("GET", f"id/{_safe(order.comment_id)}", url=page)
        if not answer.ok or answer.said["delete"].flag():
            raise gone("Remark42")
        if answer.said["id"].key() != order.comment_id:
            raise unreadable("Remark42")
        refuse_retyped(order, answer.said["text"], answer.said["orig"], "at Remark42")

    async def find(self, address: str) -> About | None:
        """Return the comment that an address of Remark42 names.

        Raises:
            SiteDown: Try later.
        """
        key = in_fragment(address, r"remark42__comment-([A-Za-z0-9_-]{1,64})")
        return await or_nothing(self._find(key, address)) if key else None

    async def _find(self, key: str, address: str) -> About | None:
        page = address.partition("#")[0]
        answer = await self._ask("GET", f"id/{key}", url=page)
        if answer.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND):
            raise gone("Remark42")
        answer.require_ok("read the comment")
        comment, user, text = answer.said, answer.said["user"], answer.said["text"].prose()
        if comment["id"].key() != key or comment["delete"].flag():
            return None
        return About(
            comment=Comment(
                external_id=key,
                revision=revision_of(text),
                text=text,
                permalink=address,
                created=comment["time"].time(),
            ),
            author=Author(
                external_id=user["id"].key() or f"deleted-{key}", name=user["name"].line(200)
            ),
            story=Story(external_id=page, title=comment["title"].title(), url=page),
        )

    async def _bar(self, order: Order) -> None:
        now, key = self._context.clock(), _safe(order.author_id)
        end = order.until or now + _FOR_GOOD
        if is_over(order, now) or await self._is_as_asked(order, key, end):
            return
        # Only hours, minutes and seconds are read: days would fail, and failing means for good.
        hours = max(1, -(-int((end - now).total_seconds()) // 3600))
        how = {"block": "1", "ttl": f"{hours}h"} if order.banned else {"block": "0"}
        (await self._ask("PUT", f"admin/user/{key}", **how)).require_ok("block the author")
        if not await self._is_as_asked(order, key, end):
            raise not_done("Remark42", "the author's block is not as asked")

    async def _is_as_asked(self, order: Order, key: str, end: datetime) -> bool:
        barred, until = await self._block_of(key, self._context.clock())
        if barred is not order.banned:
            return False
        return not barred or _close(until, end)

    async def _block_of(self, key: str, now: datetime) -> tuple[bool, datetime | None]:
        answer = await self._ask("GET", "admin/blocked")
        answer.require_ok("read who is blocked")
        # Nobody at all is written as null.
        if not answer.is_json or not (answer.said.is_list or answer.said.value is None):
            raise unreadable("Remark42")
        for one in answer.said:
            if one["id"].key() == key:
                until = one["time"].time()
                return still(until, now) is not None, until
        return False, None

    async def close_story(self, story_id: str, *, closed: bool) -> Outcome:
        """Make a page, named by its address, be read-only or open."""
        return await as_outcome(self._close_story(story_id, closed=closed))

    async def _close_story(self, page: str, *, closed: bool) -> Outcome:
        answer = await self._ask("PUT", "admin/readonly", url=page, ro="1" if closed else "0")
        if answer.status == HTTPStatus.FORBIDDEN and answer.is_json:
            raise SiteCallFailed(Verb.REFUSED, "The page is read-only by its age.")
        answer.require_ok("close the page")
        after = await self._ask("GET", "info", url=page)
        if (after.said["read_only"].flag() is True) is not closed:
            raise not_done("Remark42", "the page is not as asked")
        return Outcome(verb=Verb.DONE)

    async def check(self) -> Sequence[Finding]:
        """Say whether the password opens what only an administrator sees."""
        try:
            await self._block_of("nobody", self._context.clock())
        except SiteCallFailed as trouble:
            steps = (
                "Start Remark42 with ADMIN_PASSWD set, and put the same into REMARK42__PASSWORD.",
                "Compare REMARK42__SITE_ID with SITE in Remark42's own settings.",
            )
            return [Finding(name="Remark42", good=False, words=str(trouble), mend=steps)]
        words = "it can block authors and close pages; comments can only be erased there by hand"
        return [Finding(name="Remark42", good=True, words=words)]

    async def _ask(self, method: str, path: str, **params: Any) -> Answer:
        return await self._client.ask(
            method, f"api/v1/{path}", headers=self._headers, params={**self._site, **params}
        )


def _close(one: datetime | None, other: datetime) -> bool:
    """Whether two ends are one, to the hour that a block is rounded up to."""
    return one is not None and abs(one - other) <= timedelta(minutes=62)


def _safe(key: str) -> str:
    if not key or not all(c.isalnum() or c in "-_" for c in key):
        raise SiteCallFailed(Verb.REFUSED, "This does not name anything at Remark42.")
    return key
