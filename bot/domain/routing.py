"""Which channel a case's card stands in, and what is done when much waits there."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.cases import CaseView
from bot.domain.folding import folded
from bot.domain.ids import RuleNumber, SiteId
from bot.domain.stories import StoryState


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One rule; what is `None` fits everything. `reason` is a rule that any reader cited."""

    channel_id: int
    section: str | None = None
    state: StoryState | None = None
    reason: RuleNumber | None = None
    site: SiteId | None = None

    def fits(
        self,
        *,
        site: SiteId,
        section: str | None,
        state: StoryState,
        reasons: Collection[RuleNumber],
    ) -> bool:
        """Whether a case goes this way."""
        return (
            _admits(self.site, {site})
            and (self.section is None or folded(self.section) == folded(section or ""))
            and _admits(self.state, {state})
            and _admits(self.reason, reasons)
        )


def _admits(wanted: object | None, found: Collection[object]) -> bool:
    return wanted is None or wanted in found


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where a card stands; `channel_id` is `None` for the desk's own channel.

    `is_restricted` says that a route names this channel for the state of the story, so that a
    text which may not be quoted elsewhere may be read there.
    """

    channel_id: int | None = None
    is_restricted: bool = False


def home(
    routes: Iterable[Route],
    *,
    site: SiteId,
    section: str | None,
    state: StoryState,
    reasons: Collection[RuleNumber],
) -> Home:
    """Return where the card of a case belongs."""
    for route in routes:
        if route.fits(site=site, section=section, state=state, reasons=reasons):
            return Home(channel_id=route.channel_id, is_restricted=route.state is state)
    return Home()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRules:
    """How cards are posted, and how typed lines are read.

    From `backlog_digest` open cards on, further cases share one message; 0 is never. A line that
    names no case means cards that had stood for `seen_after` when it was typed; one that is not
    picked up within `late_after` does not count as prompt.
    """

    backlog_digest: int = 50
    seen_after: timedelta = timedelta(seconds=5)
    late_after: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How many cases are open, how many of them have no card yet, and the worst of all."""

    open_cases: int
    without_card: int
    worst: tuple[CaseView, ...]
