"""What came of a request to a site: an answer, or a trouble that has an outcome's words."""

import logging
import traceback
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from http import HTTPStatus
from typing import Any, TypeVar

from multidict import CIMultiDictProxy

from bot.domain.effects import Order, Outcome, Verb
from bot.domain.errors import DeskError, SiteDown, apart
from bot.sites.base.json_value import JsonValue
from bot.sites.base.outcomes import own_words

T = TypeVar("T")


class SiteCallFailed(DeskError):
    """A request that did not bring what was asked for; `outcome` says what that means."""

    def __init__(self, verb: Verb, words: str, **more: Any) -> None:
        super().__init__(words)
        self.outcome = Outcome(verb=verb, words=words, **more)

    @property
    def down(self) -> SiteDown:
        """The same, for those who only ask whether to come again."""
        return SiteDown(str(self), self.outcome.after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a site answered: the status, the headers, and its JSON if it was any."""

    status: int
    headers: Mapping[str, str]
    said: JsonValue
    is_json: bool
    is_empty: bool = False
    busy: SiteCallFailed | None = None
    """Why the site should be asked later, if its status says so."""

    @property
    def cookies(self) -> Sequence[str]:
        """The Set-Cookie headers, of which there may be several."""
        headers = self.headers
        every = headers.getall("Set-Cookie", []) if isinstance(headers, CIMultiDictProxy) else []
        return [str(one) for one in every]

    @property
    def ok(self) -> bool:
        """Whether the status says success."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    def require_ok(self, doing: str) -> None:
        """Let an answer pass that says success.

        Raises:
            SiteCallFailed: The site is busy, or did not do what was asked.
        """
        if self.busy is not None:
            raise self.busy
        if not self.ok:
            raise self.refusal(doing)

    def refusal(self, doing: str) -> SiteCallFailed:
        """Return what a status that is no success means where the platform has no own sense."""
        if self.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            return SiteCallFailed(
                Verb.MISCONFIGURED,
                f"The site does not let the desk {doing} ({self.status}){own_words(self.said)}"
                " Check the credentials in the settings and what they allow.",
            )
        return SiteCallFailed(
            Verb.REFUSED, f"The site did not {doing} ({self.status}){own_words(self.said)}"
        )


async def as_outcome(work: Awaitable[Outcome]) -> Outcome:
    """Return how an order ended, a trouble on the way included."""
    try:
        return await work
    except SiteCallFailed as trouble:
        return trouble.outcome


async def in_turn(
    order: Order,
    show: Callable[[Order], Awaitable[None]],
    bar: Callable[[Order], Awaitable[None]],
) -> Outcome:
    """Do what an order asks of the comment, then what it asks of the author, and say it is done.

    Raises:
        SiteCallFailed: There was a trouble on the way.
    """
    if order.visible is not None:
        await show(order)
    if order.banned is None:
        return Outcome(verb=Verb.DONE)
    return await barred_after(order, bar)


async def barred_after(order: Order, bar: Callable[[Order], Awaitable[None]]) -> Outcome:
    """Do what an order asks of the author, after what it asks of the comment; say how it ended.

    Not done for the author, it is still done for the comment, and nobody is to read otherwise.
    """
    try:
        await bar(order)
    except SiteCallFailed as trouble:
        return half_done(order, trouble.outcome)
    return Outcome(verb=Verb.DONE)


def half_done(order: Order, outcome: Outcome) -> Outcome:
    """Return how an order ended that did what it was to do to the comment, and no more."""
    if order.visible is None:
        return outcome
    placed = "The comment is shown again." if order.visible else "The comment is hidden."
    return replace(outcome, words=f"{placed} {outcome.words or ''}".rstrip(), placed=True)


async def or_down(work: Awaitable[T]) -> T:
    """Return what was asked for.

    Raises:
        SiteDown: There was a trouble on the way.
    """
    try:
        return await work
    except SiteCallFailed as trouble:
        raise trouble.down from trouble


async def none_if(work: Awaitable[T], *verbs: Verb) -> T | None:
    """Return what was asked for, `None` where the site's answer means one of these.

    Raises:
        SiteCallFailed: There was another trouble on the way.
    """
    try:
        return await work
    except SiteCallFailed as trouble:
        if trouble.outcome.verb in verbs:
            return None
        raise


async def or_nothing(work: Awaitable[T]) -> T | None:
    """Return what was asked for, `None` where the site says that it has none such.

    Raises:
        SiteDown: There was a trouble on the way.
    """
    return await or_down(none_if(work, Verb.GONE, Verb.REFUSED))


log = logging.getLogger(__name__)


def read_each(
    items: Iterable[JsonValue], make: Callable[[JsonValue], Iterable[T]]
) -> tuple[list[T], frozenset[str]]:
    """Return what is made of the items, and a name for each of which nothing could be made.

    A name is the same when the same item is told again.
    """
    made: list[T] = []
    unread: set[str] = set()
    for item in items:
        with apart(SiteCallFailed) as part:  # which is about the site, not about this item
            made += make(item)
        if part.fault is not None:
            # The text of the error may quote what was sent, so only the place is told.
            places = "".join(traceback.format_tb(part.fault.__traceback__)[-2:])
            log.debug("an item cannot be read: %s at\n%s", type(part.fault).__name__, places)
            unread.add(name_of(item))
    return made, frozenset(unread)


def name_of(item: JsonValue) -> str:
    """Return a name for an item of which not even the id can be read."""
    key = item["id"].key()
    words = repr(item.value).encode("utf-8", "replace")
    return f"id {key}" if key else sha256(words).hexdigest()[:16]
