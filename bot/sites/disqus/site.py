"""A forum at Disqus: what its readers flagged, removing and restoring, bans that may end."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.domain.effects import Order, Outcome, Verb
from bot.domain.site import Ability, About, Finding, Found
from bot.sites.base.answers import (
    SiteCallFailed,
    as_outcome,
    in_turn,
    none_if,
    or_down,
    or_nothing,
    read_each,
)
from bot.sites.base.client import SiteClient
from bot.sites.base.context import SiteContext
from bot.sites.base.json_value import JsonValue
from bot.sites.base.named import in_fragment
from bot.sites.base.outcomes import one_line
from bot.sites.base.refusals import (
    a_list,
    as_read,
    gone,
    is_over,
    not_done,
    not_moved,
    refuse_edited,
    same_end,
    still,
    unreadable,
)
from bot.sites.disqus.reading import GUEST, about, is_hidden, reports_of

_ABILITIES = frozenset(
    {
        Ability.POLL,
        Ability.HIDE,
        Ability.UNHIDE,
        Ability.BAN,
        Ability.TIMED_BAN,
        Ability.UNBAN,
        Ability.CLOSE_STORY,
        Ability.FIND,
    }
)
_PAGE = "100"
_NOT_FOUND = {2, 8}
_OUR_KEYS = {4, 5, 9, 11, 12, 17, 18}
_BUSY = {13, 14, 15, 16}
_AN_HOURS_BUDGET = timedelta(minutes=10)
"""How long to leave Disqus alone once its budget of requests, counted by the hour, is spent."""

_MARK = re.compile("cursor:(?P<cursor>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisqusKeys:
    """What opens a forum: the application's keys and a moderator's token."""

    forum: str
    api_key: str
    api_secret: str
    access_token: str


class _Ban(NamedTuple):
    """Whether an author is banned, and until when."""

    barred: bool
    until: datetime | None


def _is_as_asked(there: _Ban, order: Order) -> bool:
    if there.barred is not order.banned:
        return False
    return not there.barred or same_end(there.until, order.until)


class DisqusSite:
    """A forum at Disqus; ports `PolledSite`, `ClosingSite`."""

    def __init__(self, context: SiteContext, client: SiteClient, keys: DisqusKeys) -> None:
        self._context = context
        self._client = client
        self._forum = keys.forum
        self._keys = {
            "api_key": keys.api_key,
            "api_secret": keys.api_secret,
            "access_token": keys.access_token,
        }

    @property
    def abilities(self) -> frozenset[Ability]:
        """All but sending reports, an author's history, and knowing who is of the staff."""
        return _ABILITIES

    async def carry_out(self, order: Order) -> Outcome:
        """Make Disqus be as the order says; asking twice changes nothing more."""
        return await as_outcome(in_turn(order, self._show, self._bar))

    async def _show(self, order: Order) -> None:
        post = await self._post(order.comment_id)
        found = as_read(order, post["message"].prose())
        refuse_edited(order, found, "at Disqus", is_hidden=is_hidden(post))
        about = {"post": order.comment_id}
        if order.visible:
            await self._bring_back(post, about)
        elif not is_hidden(post):
            await self._change("posts/remove", about)
        after = await self._post(order.comment_id)
        if is_hidden(after) is order.visible:
            raise not_moved("Disqus", order)

    async def _bring_back(self, post: JsonValue, about: dict[str, str]) -> None:
        if post["isDeleted"].flag() or post["isSpam"].flag():
            await self._change("posts/restore", about)
            post = await self._post(about["post"])
        if post["isFlagged"].flag() or not post["isApproved"].flag():
            await self._change("posts/approve", about)

    async def _post(self, post_id: str) -> JsonValue:
        post = await self._get("posts/details", {"post": post_id})
        if post["isDeleted"].flag() is None:
            raise unreadable("Disqus")
        return post

    async def _bar(self, order: Order) -> None:
        if order.author_id.startswith(GUEST):
            words = "The author is a guest without an account, whom Disqus cannot ban by name."
            raise SiteCallFailed(Verb.REFUSED, words)
        if is_over(order, self._context.clock()):
            return
        there = await self._ban_of(order.author_id)
        if _is_as_asked(there, order):
            return
        await self._replace_ban(there, order)
        if not _is_as_asked(await self._ban_of(order.author_id), order):
            raise not_done("Disqus", "the author's ban is not as asked")

    async def _replace_ban(self, there: _Ban, order: Order) -> None:
        user = {"forum": self._forum, "user": order.author_id}
        if there.barred:
            await self._change("blacklists/remove", user)
        if order.banned:
            end = {"dateExpires": _iso(order.until)} if order.until else {}
            await self._change("blacklists/add", {**user, **end, "notes": "Comment Desk"})

    async def _ban_of(self, author_id: str) -> _Ban:
        """Return whether an author is banned and until when."""
        params = {"forum": self._forum, "type": "user", "query": author_id, "limit": _PAGE}
        entries = a_list(await self._get("blacklists/list", params), "Disqus")
        for entry in entries:
            value = entry["value"]
            if author_id in (value["id"].key(), value.key()):
                until = entry["dateExpires"].time()
                ended = until is not None and still(until, self._context.clock()) is None
                return _Ban(not ended, until)
        return _Ban(barred=False, until=None)

    async def look_for_reports(self, mark: str | None) -> Found:
        """Return what is flagged now; a flag on an old comment shows nowhere else.

        Raises:
            SiteDown: Try later.
        """
        return await or_down(self._look_for_reports(mark or ""))

    async def _look_for_reports(self, mark: str) -> Found:
        params = {
            "forum": self._forum,
            "include": "flagged",
            "related": "thread",
            "limit": _PAGE,
            "order": "desc",
        }
        written = _MARK.fullmatch(mark)
        at = written.groupdict() if written else {}
        asked = self._ask("GET", "posts/list", params | at)
        said = await (none_if(asked, Verb.REFUSED, Verb.GONE) if at else asked)
        if said is None:
            # A place that Disqus no longer knows: from the beginning, as counts once all the same.
            return Found(reports=(), mark="", more=True)
        reports, unread = read_each(
            a_list(said["response"], "Disqus"), lambda post: reports_of(self._context, post)
        )
        after = said["cursor.next"].text(200)
        more = said["cursor.hasNext"].flag() is True and after not in ("", at.get("cursor"))
        place = f"cursor:{after}" if more else ""
        return Found(reports=reports, mark=place, more=more, unread=unread)

    async def find(self, address: str) -> About | None:
        """Return the comment that an address of Disqus names.

        Raises:
            SiteDown: Try later.
        """
        key = in_fragment(address, r"comment-([0-9]{1,20})")
        return await or_nothing(self._find(key)) if key else None

    async def _find(self, key: str) -> About | None:
        post = await self._get("posts/details", {"post": key, "related": "thread"})
        # Numbers are given out for all of Disqus, and WordPress writes its addresses so as well.
        is_ours = post["id"].key() == key and post["forum"].key() == self._forum
        return about(self._context, post) if is_ours and not is_hidden(post) else None

    async def close_story(self, story_id: str, *, closed: bool) -> Outcome:
        """Make a thread be closed, or open."""
        return await as_outcome(self._close_story(story_id, closed=closed))

    async def _close_story(self, story_id: str, *, closed: bool) -> Outcome:
        about = {"thread": story_id}
        await self._change("threads/close" if closed else "threads/open", about)
        after = await self._get("threads/details", about)
        if after["isClosed"].flag() is not closed:
            raise not_done("Disqus", "the thread is not as asked")
        return Outcome(verb=Verb.DONE)

    async def check(self) -> Sequence[Finding]:
        """Say whether the keys let the desk see what was flagged."""
        try:
            params = {"forum": self._forum, "include": "flagged", "limit": "1"}
            await self._get("posts/list", params)
        except SiteCallFailed as trouble:
            steps = (
                "At disqus.com/api/applications, make an application; copy its API key and secret.",
                "Copy the access token from the same page, logged in as a moderator of the forum.",
                "Compare DISQUS__FORUM with the shortname in the forum's admin address.",
            )
            return [Finding(name="Disqus keys", good=False, words=str(trouble), mend=steps)]
        return [Finding(name="Disqus keys", good=True, words=f"forum {self._forum} can be read")]

    async def _get(self, name: str, params: Mapping[str, str]) -> JsonValue:
        return (await self._ask("GET", name, params))["response"]

    async def _change(self, name: str, values: Mapping[str, str]) -> None:
        await self._ask("POST", name, values)

    async def _ask(self, method: str, name: str, values: Mapping[str, str]) -> JsonValue:
        sent = {**self._keys, **values}
        path = f"api/3.0/{name}.json"
        # In a form where it can be, for addresses end up in logs.
        how = {"params": sent} if method == "GET" else {"form": sent}
        answer = await self._client.ask(method, path, busy=False, **how)
        code = answer.said["code"]
        if code.number():  # which says more than the status
            raise _meaning(code.number(), answer.said["response"].text())
        answer.require_ok("read or change the forum")
        if not answer.is_json or code.value is None:
            raise unreadable("Disqus")
        return answer.said


def _meaning(code: int, said: str) -> SiteCallFailed:
    words = f"Disqus says: {one_line(said).rstrip('.') or code}."
    if code in _NOT_FOUND:
        return gone("Disqus")
    if code in _OUR_KEYS:
        return SiteCallFailed(
            Verb.MISCONFIGURED, f"{words} Check the keys and the token in the settings."
        )
    if code in _BUSY:
        return SiteCallFailed(Verb.LATER, words, after=_AN_HOURS_BUDGET)
    return SiteCallFailed(Verb.REFUSED, words)


def _iso(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S")
