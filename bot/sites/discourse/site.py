"""A Discourse under whose articles readers write: flags, their review, suspensions, topics."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, NamedTuple

from bot.domain.effects import Order, Outcome, Verb
from bot.domain.site import Ability, Finding, Found, Seen
from bot.sites.base.answers import SiteCallFailed, as_outcome, barred_after, or_down, read_each
from bot.sites.base.client import SiteClient
from bot.sites.base.context import SiteContext
from bot.sites.base.json_value import JsonValue
from bot.sites.base.notices import reason_of, with_statement
from bot.sites.base.refusals import (
    a_list,
    as_read,
    gone,
    is_over,
    not_done,
    not_moved,
    of_staff,
    refuse_edited,
    same_end,
    still,
    unreadable,
)
from bot.sites.discourse.reading import PENDING, reports_of, seen_of

# A post without a flag has nothing that could be reviewed, so none is found by its address.
_ABILITIES = frozenset(Ability) - {Ability.HISTORY, Ability.FIND}
_PAGE = 10
_OFFSET = re.compile("[0-9]{1,7}")
_LOOKED_AT = 5

_FOR_GOOD = datetime(2300, 1, 1, tzinfo=UTC)
"""Discourse knows no ban without an end; its own console uses dates as far."""


class _Ban(NamedTuple):
    """What Discourse calls one of its two kinds of bans, its end in an account and in an order."""

    name: str
    field: str
    end: str


_SUSPEND = _Ban("suspend", field="suspended_till", end="suspend_until")
_SILENCE = _Ban("silence", field="silenced_till", end="silenced_till")

_KEEP = ("ignore_and_do_nothing", "ignore", "disagree")
_RESTORE = ("disagree_and_restore", "disagree")
_HIDE = ("agree_and_hide",)


class DiscourseSite:
    """A site that runs Discourse.

    Ports `PolledSite`, `WatchedSite`, `ClosingSite`. Comments are named by their post and, after a hyphen, by what is reviewed about it: each
    post has one of those, and only through it can a post be hidden.
    """

    def __init__(
        self,
        context: SiteContext,
        client: SiteClient,
        key: str,
        username: str,
        *,
        silence: bool = False,
    ) -> None:
        self._context = context
        self._client = client
        self._headers = {"Api-Key": key, "Api-Username": username}
        self._me = username
        self._waiting: frozenset[str] | None = None
        self._round: set[str] = set()
        self._turn = 0
        self._ban = _SILENCE if silence else _SUSPEND

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
            return await barred_after(order, self._bar)
        return Outcome(verb=Verb.DONE)

    async def _show(self, order: Order, post: JsonValue, post_id: str, item_id: str) -> None:
        hidden = post["hidden"].flag()
        if hidden is None:
            raise unreadable("Discourse")
        if not order.visible:
            _refuse_staff(post)
        found = as_read(order, post["cooked"].prose())
        refuse_edited(order, found, "at Discourse", is_hidden=hidden)
        if hidden:
            await self._put_right_hidden(order, post, item_id)
        else:
            await self._put_right_shown(order, item_id)
        after = await self._get(f"posts/{post_id}.json", "read the post")
        if after["hidden"].flag() is order.visible:
            raise not_moved("Discourse", order, "post")

    async def _put_right_shown(self, order: Order, item_id: str) -> None:
        """Answer the flags on a post that is shown, by leaving it so or by hiding it."""
        if not order.takes_back:
            wanted = _KEEP if order.visible else _HIDE
            await self._review(item_id, wanted, kept=bool(order.visible))

    async def _put_right_hidden(self, order: Order, post: JsonValue, item_id: str) -> None:
        """Show a hidden post if that is asked for: by its flags, where they count and wait."""
        if order.takes_back or (order.visible and await self._was_ours(item_id, post)):
            post_id = order.comment_id.partition("-")[0]
            await self._put(f"posts/{post_id}/unhide.json", "show the post", {})
        elif order.visible:
            await self._review(item_id, _RESTORE)

    async def _was_ours(self, item_id: str, post: JsonValue) -> bool:
        """Whether the flags were answered by the desk alone, as when it put the post on hold."""
        page = await self._get(f"review/{_digits(item_id)}.json", "read the review queue")
        is_answered = page["reviewable.status"].key() not in PENDING
        return is_answered and seen_of(item_id, page, post, self._me).visible is None

    async def _review(self, item_id: str, wanted: Sequence[str], *, kept: bool = False) -> None:
        """Answer the flags in one of the wanted ways, whichever this version knows."""
        page = await self._get(f"review/{_digits(item_id)}.json", "read the review queue")
        item = page["reviewable"]
        if item["status"].key() not in PENDING:
            if kept:
                return
            raise SiteCallFailed(
                Verb.CHANGED,
                "These flags were already dealt with at Discourse, which hides a post only while "
                "flags on it wait. Hide it there by hand if it should go.",
            )
        action = _offered(page, wanted)
        answer = await self._ask(
            "PUT",
            f"review/{item_id}/perform/{action}.json",
            params={"version": item["version"].key()},
        )
        if answer.status in (HTTPStatus.CONFLICT, HTTPStatus.FORBIDDEN):
            # Somebody was faster, or only touched it: the next attempt sees which.
            raise SiteCallFailed(
                Verb.LATER, "Somebody at Discourse worked on these flags just now."
            )
        if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            raise SiteCallFailed(Verb.LATER, "Somebody at Discourse has claimed these flags.")
        answer.require_ok("answer the flags")

    async def _bar(self, order: Order) -> None:
        now, key = self._context.clock(), _digits(order.author_id)
        until = _end_of(order)
        user = await self._get(f"admin/users/{key}.json", "read the author's account")
        _require_reader(user)
        is_now = still(user[self._ban.field].time(), now)
        if is_over(order, now) or same_end(is_now, until):
            return
        if is_now is not None:
            await self._put(f"admin/users/{key}/un{self._ban.name}.json", "lift the ban", {})
        if until is not None:
            await self._ban_until(until, key, order)
        after = await self._get(f"admin/users/{key}.json", "read the author's account")
        if not same_end(still(after[self._ban.field].time(), now), until):
            raise not_done("Discourse", "the author's ban is not as asked")

    async def _ban_until(self, until: datetime, key: str, order: Order) -> None:
        told = reason_of(order)
        # The reason stands on the author's page for everybody; the message is mailed to them alone.
        mailed = with_statement(told, order)
        values = {self._ban.end: until.isoformat(), "reason": told[:300], "message": mailed}
        await self._put(f"admin/users/{key}/{self._ban.name}.json", "ban the author", values)

    async def look_for_reports(self, mark: str | None) -> Found:
        """Return what waits for review, ten posts at a time.

        Raises:
            SiteDown: Try later.
        """
        return await or_down(self._look_for_reports(mark or ""))

    async def _look_for_reports(self, mark: str) -> Found:
        offset = int(mark) if _OFFSET.fullmatch(mark) else 0
        params = {"status": "pending", "type": "ReviewableFlaggedPost", "offset": str(offset)}
        page = await self._get("review.json", "read the review queue", params)
        items = list(a_list(page["reviewables"], "Discourse"))
        reports, unread = read_each(items, lambda item: reports_of(self._context, item, page))
        # What is answered there meanwhile moves the rest up past the next offset, and is found
        # when the whole queue is read again at the next turn.
        end = offset + (len(items) or _PAGE)
        total = page["meta.total_rows_reviewables"].value
        more = end < total if isinstance(total, int) else len(items) >= _PAGE
        self._note(items, first=offset == 0, last=not more)
        return Found(reports=reports, mark=str(end) if more else "0", more=more, unread=unread)

    def _note(self, items: Iterable[JsonValue], *, first: bool, last: bool) -> None:
        """Keep what a page of the queue holds: what waits is known when the last one was read."""
        before = set[str]() if first else self._round
        self._round = before | {item["id"].key() for item in items}
        if last:
            self._waiting = frozenset(self._round)

    async def look_at(self, comment_ids: Sequence[str]) -> Sequence[Seen]:
        """Return how some posts stand that no longer wait in the review queue.

        Each costs two requests, so few are looked at in one turn, others in the next.

        Raises:
            SiteDown: Try later.
        """
        if self._waiting is None:
            return []
        gone = [key for key in comment_ids if key.partition("-")[2] not in self._waiting]
        start = self._turn % max(1, len(gone))
        self._turn += _LOOKED_AT
        return await or_down(self._look_at((gone[start:] + gone[:start])[:_LOOKED_AT]))

    async def _look_at(self, keys: Sequence[str]) -> Sequence[Seen]:
        found: list[Seen] = []
        for key in keys:
            post_id, _, item_id = key.partition("-")
            try:
                item = await self._get(f"review/{_digits(item_id)}.json", "read the review queue")
                post = await self._get(f"posts/{_digits(post_id)}.json", "read the post")
            except SiteCallFailed as trouble:
                if trouble.outcome.verb in (Verb.GONE, Verb.REFUSED):
                    continue
                raise
            if post["hidden"].flag() is not None:
                found.append(seen_of(key, item, post, self._me))
        return found

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
        except SiteCallFailed as trouble:
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

    async def _get(self, path: str, doing: str, params: dict[str, str] | None = None) -> JsonValue:
        return await self._fetch("GET", path, doing, params=params)

    async def _put(self, path: str, doing: str, form: dict[str, str]) -> JsonValue:
        return await self._fetch("PUT", path, doing, form=form)

    async def _fetch(self, method: str, path: str, doing: str, **how: Any) -> JsonValue:
        answer = await self._ask(method, path, **how)
        if answer.status == HTTPStatus.NOT_FOUND:
            raise SiteCallFailed(Verb.GONE, f"Discourse has nothing there any more to {doing}.")
        answer.require_ok(doing)
        if not answer.is_json:
            raise SiteCallFailed(Verb.LATER, "Discourse answered with something other than data.")
        return answer.said

    async def _ask(self, method: str, path: str, **how: Any):
        return await self._client.ask(method, path, headers=self._headers, **how)


def _end_of(order: Order) -> datetime | None:
    """Return until when the author is to be banned, `None` if not at all."""
    return order.until or _FOR_GOOD if order.banned else None


def _require_reader(user: JsonValue) -> None:
    """Let an account pass that may be banned.

    Raises:
        SiteCallFailed: It cannot be read, or is one of the staff's.
    """
    if not user["id"].key():
        raise unreadable("Discourse")
    _refuse_staff(user)


def _refuse_staff(user: JsonValue) -> None:
    if any(user[name].flag() for name in ("staff", "admin", "moderator")):
        raise of_staff(user["username"].line(60), "Discourse")


def _digits(key: str) -> str:
    """Return an id that is safe in a path.

    Raises:
        SiteCallFailed: It is none.
    """
    if not key.isdecimal():
        raise SiteCallFailed(Verb.REFUSED, "This does not name anything at Discourse.")
    return key


def _offered(page: JsonValue, wanted: Sequence[str]) -> str:
    """Return which of the wanted ways to answer flags this version offers.

    Raises:
        SiteCallFailed: None.
    """
    known = {one["id"].text().rpartition("-")[2] for one in page["actions"]}
    action = next((one for one in wanted if not known or one in known), None)
    if action is None:
        raise SiteCallFailed(
            Verb.REFUSED, "Discourse does not offer the desk to do this to the post."
        )
    return action
