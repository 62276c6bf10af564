"""Comment platforms."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from bot.domain.effect import Order, Outcome
from bot.domain.finding import Finding
from bot.domain.site import Ability, Found, Seen


class Site(Protocol):
    """One comment platform."""

    @property
    def abilities(self) -> frozenset[Ability]:
        """What the platform can do; no button is offered that it cannot honour."""
        ...

    async def carry_out(self, order: Order) -> Outcome:
        """Make the site be as the order says, once, however often it is asked.

        Never raises for what the site does: that is an outcome, with a sentence for the card.
        """
        ...


@runtime_checkable
class PolledSite(Site, Protocol):
    """A platform that is asked for its reports, by itself or besides sending them."""

    async def look_for_reports(self, mark: str | None) -> Found:
        """Return what was reported since `mark`; `None` asks for what is still open there.

        Raises:
            SiteDown: Try later.
        """
        ...


@runtime_checkable
class WatchedSite(Site, Protocol):
    """A platform that tells how a comment stands, whoever decided that."""

    async def look_at(self, comment_ids: Sequence[str]) -> Sequence[Seen]:
        """Return how these comments, at most 25, stand now; of some it may say nothing.

        Raises:
            SiteDown: Try later.
        """
        ...


@runtime_checkable
class ClosingSite(Site, Protocol):
    """A platform on which a story can be closed for comments, and opened again."""

    async def close_story(self, story_id: str, *, closed: bool) -> Outcome:
        """Make the story be closed for comments, or open; never raises for what the site does."""
        ...


@runtime_checkable
class CheckedSite(Site, Protocol):
    """A platform whose set-up can be looked at."""

    async def check(self) -> Sequence[Finding]:
        """Say what the desk may and may not do there, and what to mend; changes nothing."""
        ...


@runtime_checkable
class GreetedSite(Site, Protocol):
    """A platform with a plugin of the desk's, with which it can agree before readers come.

    `secrets` are those that the site is to sign its reports with.
    """

    async def greet(self, secrets: Sequence[str]) -> Sequence[Finding]:
        """Say whether both sides go by the same name and secret; changes nothing."""
        ...

    async def try_report(self, secrets: Sequence[str]) -> Sequence[Finding]:
        """Send the house rules, and work with a report of a comment that readers never see."""
        ...
