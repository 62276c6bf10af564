"""A Coral: reports from its flags, decisions by approving and rejecting, bans and suspensions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.comments import Report
from bot.domain.decisions import REVERSAL, Action
from bot.domain.effects import Order, Outcome, Verb
from bot.domain.site import Ability, About, Finding, Found, Seen
from bot.sites.base.answers import (
    SiteCallFailed,
    as_outcome,
    barred_after,
    or_down,
    or_nothing,
    read_each,
)
from bot.sites.base.client import SiteClient
from bot.sites.base.context import SiteContext
from bot.sites.base.json_value import JsonValue
from bot.sites.base.named import in_query
from bot.sites.base.refusals import gone, not_done, refuse_edited
from bot.sites.coral import api, authors
from bot.sites.coral.api import CoralApi
from bot.sites.coral.reading import (
    Place,
    about,
    comment_of,
    cursor_before,
    newest,
    page_of,
    reports_of,
    seen_of,
)

USUAL_DSA = {
    "threats": "ILLEGAL_CONTENT",
    "private": "HARASSMENT_BULLYING",
    "harassment": "HARASSMENT_BULLYING",
    "hate": "HATE_SPEECH",
    "abuse": "ABUSIVE",
    "graphic": "OFFENSIVE",
    "spam": "SPAM",
}
"""Coral's reasons for the rules that ship with the desk; all others are OTHER, with their name."""

_FLAGS_A_PAGE = 50
_ID = r"[A-Za-z0-9_-]{1,64}"
_MEANWHILE = timedelta(minutes=2)
"""How long before a decision here one at Coral may have been made without the moderator seeing."""


class CoralSite:
    """A site that runs Coral.

    Ports `PolledSite`, `WatchedSite`, `AskedSite`, `ClosingSite`.

    Args:
        context: The desk.
        client: The way there.
        token: A personal token of an administrator.
        dsa: Coral's reasons by the codes of the newsroom's own rules.
        premoderate: Whether a ban that ends holds back what is written, rather than suspend.
    """

    def __init__(
        self,
        context: SiteContext,
        client: SiteClient,
        token: str,
        *,
        dsa: Mapping[str, str] | None = None,
        premoderate: bool = False,
    ) -> None:
        self._context = context
        self._api = CoralApi(client, token)
        self._dsa = {**USUAL_DSA, **(dsa or {})}
        self._premoderate = premoderate
        self._me = ""

    @property
    def abilities(self) -> frozenset[Ability]:
        """All that the desk knows of, but that a held-back author stays so until lifted."""
        held = {Ability.TIMED_BAN} if self._premoderate else set[Ability]()
        return frozenset(Ability) - {Ability.HISTORY} - held

    async def carry_out(self, order: Order) -> Outcome:
        """Make Coral be as the order says; asking twice changes nothing more."""
        return await as_outcome(self._carry_out(order))

    async def _carry_out(self, order: Order) -> Outcome:
        comment = await self._comment(order.comment_id)
        is_gone = not comment or comment["deleted"].flag() is True
        if is_gone and order.banned is None:
            raise gone("Coral")
        if not is_gone and order.visible is not None:
            if order.visible is False:
                authors.refuse_staff(comment["author"])
            changed = await self._changed(order, comment)
            if changed is not None:
                return changed
            await self._show(order, comment)
        if order.banned is None:
            return Outcome(verb=Verb.DONE)
        return await barred_after(replace(order, visible=None) if is_gone else order, self._bar)

    async def _bar(self, order: Order) -> None:
        if order.banned:
            clock = self._context.clock
            await authors.ban(self._api, order, premoderate=self._premoderate, clock=clock)
        else:
            await authors.lift(self._api, order, premoderate=self._premoderate)

    async def _comment(self, comment_id: str) -> JsonValue:
        return (await self._api.run(api.COMMENT, {"id": comment_id}))["comment"]

    async def _changed(self, order: Order, comment: JsonValue) -> Outcome | None:
        """Return what stands in the way: an edit, or somebody who decided otherwise at Coral.

        Raises:
            SiteCallFailed: The comment was edited.
        """
        if order.visible or comment["status"].text() != "REJECTED":
            refuse_edited(order, comment_of(comment), "at Coral")
        undoing = order.action in REVERSAL.values()
        last = newest(comment)
        at, by = last["createdAt"].time(), last["moderator.id"].key()
        since = order.at if undoing else order.at - _MEANWHILE
        if not by or at is None or at < since or comment["status"].text() == _wanted(order):
            return None
        if by == await self._my_id():
            return None
        return _left_as_is(comment, last["moderator.username"].line(60))

    async def _show(self, order: Order, comment: JsonValue) -> None:
        wanted = _wanted(order)
        if comment["status"].text() == wanted:
            return
        which: dict[str, object] = {
            "commentID": order.comment_id,
            # An older revision's id would be answered with success, and nothing would change.
            "commentRevisionID": comment["revision.id"].key(),
        }
        if order.visible:
            done = await self._api.change(api.APPROVE, order.key, **which)
        else:
            done = await self._api.change(
                api.REJECT, order.key, **which, reason=self._reason(order)
            )
        status = done["comment.status"].text()
        if status != wanted:
            raise not_done("Coral", f"the comment is still {status.lower()}")

    def _reason(self, order: Order) -> dict[str, str]:
        """Return what Coral tells the author where the Digital Services Act is switched on."""
        code = self._dsa.get(self._context.code(order.rule), "OTHER")
        reason = {"code": code, "detailedExplanation": order.notice or order.rule_name or ""}
        if code == "OTHER":
            on_hold = "On hold" if order.action is Action.HOLD else "House rules"
            reason["customReason"] = order.rule_name or on_hold
        if code == "ILLEGAL_CONTENT":
            reason["legalGrounds"] = order.rule_name or "Law"
        return reason

    async def look_for_reports(self, mark: str | None) -> Found:
        """Return flags since the mark; at first, those of what still waits in Coral's queue.

        Raises:
            SiteDown: Try later.
        """
        place = Place.read(mark) if mark else None
        if place is None:
            return await or_down(self._queue(Place(since=self._context.clock())))
        return await or_down(self._queue(place) if place.queue else self._flags(place))

    async def _queue(self, place: Place) -> Found:
        data = await self._api.run(api.REPORTED, {"after": place.queue})
        page = page_of(data["moderationQueues.reported.comments"])
        reports: list[Report] = []
        unread: frozenset[str] = frozenset()
        since = place.since
        for comment in page["nodes"]:
            found, bad = reports_of(self._context, comment["flags.nodes"], comment)
            reports += found
            unread |= bad
            if comment["flags.pageInfo.hasNextPage"].flag() is True:
                # The rest of its flags come one by one afterwards, from when it was written.
                since = min(since, comment["createdAt"].time() or since)
        more = page["pageInfo.hasNextPage"].flag() is True
        queue = page["pageInfo.endCursor"].text() if more else None
        mark = Place(since=since, queue=queue or None).written()
        # After the queue the flags are asked for at once, for there may be many.
        return Found(
            reports=reports, mark=mark, more=bool(queue) or since < place.since, unread=unread
        )

    async def _flags(self, place: Place) -> Found:
        asked = {"after": place.cursor, "first": _FLAGS_A_PAGE}
        page = page_of((await self._api.run(api.FLAGS, asked))["flags"])
        flags = list(page["nodes"])
        more = page["pageInfo.hasNextPage"].flag() is True
        end = page["pageInfo.endCursor"].text()
        times = [time for flag in flags if (time := flag["createdAt"].time()) is not None]
        after = cursor_before(end, place.cursor) if more and end else None
        reports, unread = reports_of(self._context, flags)
        return Found(
            reports=reports,
            unread=unread,
            mark=Place(since=max([place.since, *times]), after=after).written(),
            more=after is not None,
        )

    async def find(self, address: str) -> About | None:
        """Return the comment that a permalink of Coral names.

        Raises:
            SiteDown: Try later.
        """
        key = in_query(address, "commentID", _ID)
        return await or_nothing(self._about(key)) if key else None

    async def _about(self, comment_id: str) -> About | None:
        comment = await self._comment(comment_id)
        is_there = bool(comment) and comment["deleted"].flag() is not True
        return about(self._context, comment) if is_there else None

    async def look_at(self, comment_ids: Sequence[str]) -> Sequence[Seen]:
        """Return how comments stand now, and who at Coral decided that.

        Raises:
            SiteDown: Try later.
        """
        return await or_down(self._look_at(comment_ids))

    async def _look_at(self, comment_ids: Sequence[str]) -> Sequence[Seen]:
        me = await self._my_id()
        asked = {f"i{n}": comment_id for n, comment_id in enumerate(comment_ids)}
        data = await self._api.run(api.comments(len(asked)), asked)
        answers = (data[f"c{n}"] for n in range(len(asked)))
        seen, _ = read_each(answers, lambda one: [seen_of(one, me)] if one["id"].key() else [])
        return seen

    async def close_story(self, story_id: str, *, closed: bool) -> Outcome:
        """Make a story be closed for comments, or open."""
        return await as_outcome(self._close_story(story_id, closed=closed))

    async def _close_story(self, story_id: str, *, closed: bool) -> Outcome:
        operation = api.CLOSE if closed else api.OPEN
        done = await self._api.change(operation, "story", id=story_id)
        if done["story.isClosed"].flag() is not closed:
            raise not_done("Coral", "the story is not as asked")
        return Outcome(verb=Verb.DONE)

    async def check(self) -> Sequence[Finding]:
        """Say whose token it is, and whether that may do what the desk needs."""
        try:
            me = await self._api.run(api.ME)
        except SiteCallFailed as trouble:
            return [Finding(name="Coral", good=False, words=str(trouble), mend=_TOKEN_STEPS)]
        name, role = me["viewer.username"].line(60), me["viewer.role"].text()
        if role != "ADMIN":
            words = f"the token is {name or 'nobody'}'s, whose role is {role or 'none'}, not ADMIN"
            return [Finding(name="Coral token", good=False, words=words, mend=_TOKEN_STEPS)]
        dsa = "on" if me["settings.dsa.enabled"].flag() else "off"
        return [
            Finding(name="Coral token", good=True, words=f"{name}, an administrator"),
            Finding(name="Coral reasons", good=True, words=f"Digital Services Act is {dsa}"),
        ]

    async def _my_id(self) -> str:
        if not self._me:
            self._me = (await self._api.run(api.ME))["viewer.id"].key()
        return self._me


def _wanted(order: Order) -> str:
    return "APPROVED" if order.visible else "REJECTED"


_TOKEN_STEPS = (
    (
        "On the machine that runs Coral: coral-cli token:create --domain https://YOUR-CORAL "
        "--name comment-desk --json, for an account of its own whose role is ADMIN."
    ),
    "Put its signedToken into CORAL__TOKEN, and Coral's public address into URL.",
    "Give that account a username and an e-mail address; without them Coral refuses it.",
)


def _left_as_is(comment: JsonValue, name: str) -> Outcome:
    did = "approved" if comment["status"].text() == "APPROVED" else "rejected"
    return Outcome(
        verb=Verb.CHANGED,
        words=f"{name or 'Somebody'} {did} this in Coral's own console meanwhile, and that was left "
        "as it is.",
    )
