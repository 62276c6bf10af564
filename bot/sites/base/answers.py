"""What came of a request to a site: an answer, or a trouble that has an outcome's words."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar

from multidict import CIMultiDictProxy

from bot.domain.effect import Order, Outcome, Verb
from bot.domain.errors import DeskError, SiteDown
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
    if order.banned is not None:
        await bar(order)
    return Outcome(verb=Verb.DONE)


async def or_down(work: Awaitable[T]) -> T:
    """Return what was asked for.

    Raises:
        SiteDown: There was a trouble on the way.
    """
    try:
        return await work
    except SiteCallFailed as trouble:
        raise trouble.down from trouble
