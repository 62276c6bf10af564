"""A Coral: reports from its flags, decisions by approving and rejecting, bans and suspensions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.comments import Report
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
    next_of,
    page_of,
    reports_of,
    seen_of,
)
from bot.sites.coral.reasons import OTHER, USUAL, reason_of

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
        self._dsa = {**USUAL, **(dsa or {})}
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
        if not _is_there(comment):
            if order.banned is None:
                raise gone("Coral")
            return await barred_after(replace(order, visible=None), self._bar)
        changed = None if order.visible is None else await self._place(order, comment)
        if changed is not None:
            return changed
        if order.banned is None:
            return Outcome(verb=Verb.DONE)
        return await barred_after(order, self._bar)

    async def _place(self, order: Order, comment: JsonValue) -> Outcome | None:
        """Show or hide the comment; return what stood in the way, if anything did.

        Raises:
            SiteCallFailed: It was edited or is staff's, or Coral did not do it.
        """
        if not order.visible:
            authors.refuse_staff(comment["author"])
        changed = await self._changed(order, comment)
        if changed is None:
            await self._show(order, comment)
        return changed

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
        status, last = comment["status"].text(), newest(comment)
        refuse_edited(order, comment_of(comment), "at Coral", is_hidden=status == "REJECTED")
        by = last["moderator.id"].key()
        if not by or status == _wanted(order) or not _came_after(order, last):
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
        return reason_of(order, self._dsa.get(self._context.code(order.rule), OTHER))

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
        queue = next_of(page)
        mark = Place(since=since, queue=queue).written()
        # After the queue the flags are asked for at once, for there may be many.
        more = queue is not None or since < place.since
        return Found(reports=reports, mark=mark, more=more, unread=unread)

    async def _flags(self, place: Place) -> Found:
        asked = {"after": place.cursor, "first": _FLAGS_A_PAGE}
        page = page_of((await self._api.run(api.FLAGS, asked))["flags"])
        flags = list(page["nodes"])
        end = next_of(page)
        times = [time for flag in flags if (time := flag["createdAt"].time()) is not None]
        after = cursor_before(end, place.cursor) if end else None
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
        return about(self._context, comment) if _is_there(comment) else None

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


def _is_there(comment: JsonValue) -> bool:
    return bool(comment) and comment["deleted"].flag() is not True


def _came_after(order: Order, entry: JsonValue) -> bool:
    """Whether an entry of a comment's history is one that the moderator may not have seen."""
    since = order.at if order.takes_back else order.at - _MEANWHILE
    at = entry["createdAt"].time()
    return at is not None and at >= since


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
