"""The [[routes]] and [channel] tables of the policy file: where cards stand, and how many."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Literal

from pydantic import Field

from bot.domain.ids import RuleNumber, SiteId
from bot.domain.routing import ChannelRules, Route
from bot.domain.stories import StoryState
from config.table import Table


class RouteTable(Table):
    """One route; what is left out fits every case."""

    channel: int = Field(
        ge=10**15,
        lt=2**63,
        description="the number of a channel, such as 123456789012345678, without quotes",
    )
    section: str | None = Field(
        None, min_length=1, max_length=80, description='a section of the paper, such as "Courts"'
    )
    state: Literal["normal", "watch", "proceedings", "protected", "closed"] | None = Field(
        None, description='"normal", "watch", "proceedings", "protected" or "closed"'
    )
    reason: str | None = Field(
        None, description='the `code` of one of the house rules, such as "threats"'
    )
    site: str | None = Field(
        None, min_length=1, max_length=80, description='the short name of a site, such as "courier"'
    )

    def route(self, numbers: Mapping[str, int]) -> Route:
        """Return the same as the desk works with it; `numbers` are the rules' by their codes."""
        return Route(
            channel_id=self.channel,
            section=self.section,
            state=StoryState(self.state) if self.state else None,
            reason=RuleNumber(numbers[self.reason]) if self.reason else None,
            site=SiteId(self.site) if self.site else None,
        )


class ChannelTable(Table):
    """How much is posted in the channel."""

    backlog_digest: int = Field(
        50, ge=0, le=1000, description="a whole number of cases from 0 to 1000"
    )

    seen_after_seconds: int = Field(
        5, ge=0, le=600, description="a whole number of seconds from 0 to 600"
    )
    late_after_seconds: int = Field(
        30, ge=1, le=3600, description="a whole number of seconds from 1 to 3600"
    )

    def rules(self) -> ChannelRules:
        """Return the same as the desk works with it."""
        return ChannelRules(
            backlog_digest=self.backlog_digest,
            seen_after=timedelta(seconds=self.seen_after_seconds),
            late_after=timedelta(seconds=self.late_after_seconds),
        )


def without_rule(routes: Sequence[RouteTable], codes: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the routes, by their place, whose reason is no house rule's code, and that reason."""
    for index, route in enumerate(routes):
        if route.reason is not None and route.reason not in codes:
            yield index, route.reason
