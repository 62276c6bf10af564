"""A WordPress, with the companion plugin or without; docs/wordpress.md says how it is set up."""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from aiohttp.abc import AbstractResolver

from bot.domain.comments import Comment, Report
from bot.domain.effects import Order, Outcome
from bot.domain.site import Ability, About, Finding, Found, Seen
from bot.ports import GreetedSite
from bot.sites.base.answers import SiteCallFailed, as_outcome, or_down, or_nothing, read_each
from bot.sites.base.client import TIMEOUT, SiteClient
from bot.sites.base.context import SiteContext, revision_of
from bot.sites.base.json_value import JsonValue
from bot.sites.base.named import in_fragment
from bot.sites.base.refusals import a_list
from bot.sites.wordpress.checking import examine
from bot.sites.wordpress.closing import set_story
from bot.sites.wordpress.comments import Kept, find, find_named, read
from bot.sites.wordpress.greeting import greet, try_report
from bot.sites.wordpress.orders import DONE, Hand
from bot.sites.wordpress.rest import CORE, PLUGIN, Access, Rest, Status, is_id

log = logging.getLogger(__name__)

_CORE_ABILITIES = frozenset(
    {Ability.HIDE, Ability.UNHIDE, Ability.CLOSE_STORY, Ability.HISTORY},
)
_PLUGIN_ABILITIES = frozenset(
    {
        Ability.PUSH,
        Ability.POLL,
        Ability.BAN,
        Ability.TIMED_BAN,
        Ability.UNBAN,
        Ability.STAFF_CHECK,
        Ability.FIND,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorHistory:
    """What else an author wrote: how many comments stand how, and the newest ones."""

    counts: dict[Status, int]
    newest: Sequence[Comment]


class WordPressSite(GreetedSite):
    """A WordPress. Use it as an async context manager.

    Args:
        context: The desk, and the site's own address.
        access: As whom the desk comes, and what is to be expected there.
        timeout: Seconds for one request.
        resolver: Who looks names up, if not the system.
    """

    def __init__(
        self,
        context: SiteContext,
        access: Access,
        *,
        timeout: float = TIMEOUT,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._context = context
        self._access = access
        self._read = context.read
        self._client = SiteClient(
            context.url,
            clock=context.clock,
            allow_private=context.allow_private,
            timeout=timeout,
            resolver=resolver,
            hear_time=context.hear_time,
        )
        self._rest = Rest(self._client, access)
        self._hand = Hand(
            rest=self._rest, clock=context.clock, plugin=access.plugin, hidden_as=access.hidden_as
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *_raised: object) -> None:
        await self._client.close()

    @property
    def abilities(self) -> frozenset[Ability]:
        """What WordPress itself can do, and what the plugin adds where it is installed."""
        return _CORE_ABILITIES | _PLUGIN_ABILITIES if self._access.plugin else _CORE_ABILITIES

    async def carry_out(self, order: Order) -> Outcome:
        """Make the comment and its author be as the order says; never raises."""
        if order.visible is None and order.banned is None:
            return DONE
        return await as_outcome(self._hand.obey(order))

    async def close_story(self, story_id: str, *, closed: bool) -> Outcome:
        """Close the article for comments, or open it; comments that stand there stay."""
        return await as_outcome(set_story(self._rest, story_id, closed=closed))

    async def look_for_reports(self, mark: str | None) -> Found:
        """Return the plugin's reports after `mark`; without one, those it could not send.

        The house rules, and where the readers' pages are, are sent to the plugin on the way,
        whenever they are not those it has.

        Raises:
            SiteDown: Try later.
        """
        if not self._access.plugin:
            return Found(reports=(), mark=mark or "")
        return await or_down(self._look_for_reports(mark))

    async def _look_for_reports(self, mark: str | None) -> Found:
        said = await self._rest.get(f"{PLUGIN}/reports", **({"after": mark} if mark else {}))
        try:
            await self._tell_rules(said["rules"].key())
        except SiteCallFailed as trouble:
            # The form keeps the rules it has until the next look; reports are what counts.
            log.warning("WordPress did not take the house rules: %s", trouble)
        reports, unread = read_each(a_list(said["reports"], "WordPress"), self._report)
        return Found(
            reports=reports,
            mark=said["mark"].key() or mark or "0",
            more=said["more"].flag() is True,
            unread=unread,
        )

    def _report(self, entry: JsonValue) -> Iterator[Report]:
        body = entry["report"].value
        report = self._read(body.encode(), entry["id"].key()) if isinstance(body, str) else None
        if report is None:
            raise ValueError("a report that the intake would refuse")
        yield report

    async def _tell_rules(self, known: str) -> None:
        wanted = [
            {"number": rule.number, "code": rule.code, "name": rule.name, "text": rule.text}
            for rule in self._context.policy().rules
        ]
        readers = self._context.readers_url
        mark = revision_of(json.dumps([wanted, readers]))
        if known != mark:
            told = {"rules": wanted, "readers": readers, "mark": mark}
            await self._rest.post(f"{PLUGIN}/rules", told)

    async def look_at(self, comment_ids: Sequence[str]) -> Sequence[Seen]:
        """Return how comments stand; of those that WordPress no longer has, nothing is said.

        Raises:
            SiteDown: Try later.
        """
        numbers = [one for one in comment_ids if is_id(one)]
        if not numbers:
            return ()
        asked = self._rest.get(
            f"{CORE}/comments",
            context="edit",
            include=",".join(numbers),
            per_page="100",
            status="any",
        )
        said = await or_down(asked)
        seen, _ = read_each(said, lambda one: [_seen(read(one))])
        return [one for one in seen if one.comment_id in numbers]

    async def find(self, address: str) -> About | None:
        """Return the comment that an address of WordPress names; only the plugin knows its author.

        Raises:
            SiteDown: Try later.
        """
        key = in_fragment(address, r"comment-([0-9]{1,20})")
        if not key or not self._access.plugin:
            return None
        return await or_nothing(find_named(self._rest, key))

    async def history(self, comment_id: str, *, limit: int = 5) -> AuthorHistory | None:
        """Return what else the author of a comment wrote, `None` if the comment is gone.

        Raises:
            SiteDown: Try later.
        """
        return await or_down(self._history(comment_id, limit))

    async def _history(self, comment_id: str, limit: int) -> AuthorHistory | None:
        kept = await find(self._rest, comment_id)
        if kept is None:
            return None
        author = _author_of(kept)
        if not author:
            return AuthorHistory(counts={}, newest=())
        asked = {"context": "edit", "type": "comment", **author}
        counts = {status: await self._count(asked, status) for status in Status}
        said = await self._rest.get(
            f"{CORE}/comments", **asked, status="any", per_page=str(limit + 1)
        )
        newest = [one.comment for one in map(read, said) if one.id != kept.id]
        return AuthorHistory(counts=counts, newest=newest[:limit])

    async def _count(self, asked: Mapping[str, str], status: Status) -> int:
        name = "approve" if status is Status.APPROVED else status.value
        params = {**asked, "status": name, "per_page": "1"}
        answer = await self._rest.ask("GET", f"{CORE}/comments", params=params)
        return _total(answer.headers.get("X-WP-Total"))

    async def greet(self, secrets: Sequence[str]) -> Sequence[Finding]:
        """Say whether the plugin goes by the same name and the same secret."""
        return await greet(self._rest, self._context, secrets) if self._access.plugin else ()

    async def try_report(self, secrets: Sequence[str]) -> Sequence[Finding]:
        """Send the house rules, and work with a report of a comment that readers never see.

        Raises:
            SiteDown: The test comment could not be deleted.
        """
        if not self._access.plugin:
            return ()
        try:
            await self._tell_rules("")
        except SiteCallFailed as trouble:
            return [Finding(name="House rules", good=False, words=str(trouble))]
        return await try_report(self._rest, self._context, secrets)

    async def check(self) -> Sequence[Finding]:
        """Say what the desk may and may not do there, and what to mend."""
        return await examine(self._rest, self._access, self._context)


def _author_of(kept: Kept) -> Mapping[str, str]:
    """Return by what WordPress finds an author's comments; nothing if it keeps neither."""
    if kept.author_id:
        return {"author": str(kept.author_id)}
    return {"author_email": kept.email} if kept.email else {}


def _total(header: str | None) -> int:
    return int(header) if header and is_id(header) else 0


def _seen(kept: Kept) -> Seen:
    visible: bool | None = None
    by: str | None = None
    at: datetime | None = None
    if kept.verdict is not None and kept.verdict[0] == kept.status:
        visible, by, at = kept.visible, kept.verdict[1] or None, kept.verdict[2]
    elif kept.status in (Status.SPAM, Status.TRASH):
        visible = False
    return Seen(comment_id=kept.id, visible=visible, by=by, at=at, comment=kept.comment)


__all__ = ["Access", "AuthorHistory", "Status", "WordPressSite"]
