"""How a story stands in law, and what that changes for the comments under it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ids import CaseId, RuleNumber, SiteId


class StoryState(StrEnum):
    """What a story is about, as far as the law or the newsroom cares."""

    NORMAL = "normal"
    WATCH = "watch"
    """Somebody keeps an eye on it."""
    PROCEEDINGS = "proceedings"
    """Somebody was arrested or charged: contempt of court threatens."""
    PROTECTED = "protected"
    """A sexual offence, or a child: nobody may be identified."""
    CLOSED = "closed"
    """Comments are not wanted any more."""


class HoldRules(StrEnum):
    """Which reports put a comment on hold, where the newsroom does not list rules of its own."""

    NONE = "none"
    SERIOUS = "serious"
    """Those under a rule that a court may care about, or that is critical."""
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRules:
    """What a state changes.

    `extra` moves cases up the queue; a step of severity is 100. `hold_rules` are the rules of
    which one report puts a comment on hold, until somebody has looked. `second_pair` lets nothing that was hidden be shown
    again by one person alone. `close_comments` asks the site to take no more. `restricted` keeps
    the text out of every channel but the one that a route names for this state. After
    `review_days` somebody is asked whether the state still holds; 0 is never.
    """

    extra: int = 0
    hold_rules: HoldRules | frozenset[RuleNumber] = HoldRules.NONE
    second_pair: bool = False
    close_comments: bool = False
    restricted: bool = False
    review_days: int = 0


ORDINARY = StateRules()

DEFAULTS: Mapping[StoryState, StateRules] = {
    StoryState.WATCH: StateRules(extra=60, review_days=14),
    StoryState.PROCEEDINGS: StateRules(
        extra=150, hold_rules=HoldRules.SERIOUS, second_pair=True, review_days=28
    ),
    StoryState.PROTECTED: StateRules(
        extra=200,
        hold_rules=HoldRules.ALL,
        second_pair=True,
        close_comments=True,
        restricted=True,
        review_days=90,
    ),
    StoryState.CLOSED: StateRules(close_comments=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRules:
    """What each state changes in this newsroom."""

    by_state: Mapping[StoryState, StateRules] = field(default_factory=lambda: DEFAULTS)

    def of(self, state: StoryState) -> StateRules:
        """Return what a state changes; nothing, for a normal story."""
        return self.by_state.get(state, ORDINARY)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryStatus:
    """How one story stands, who said so, and when that should be looked at again."""

    site: SiteId
    story_id: str
    state: StoryState
    by_id: int
    by_name: str
    at: datetime
    note: str | None = None
    review_at: datetime | None = None


def state_of(status: StoryStatus | None) -> StoryState:
    """Return how a story stands of which that may be kept; most stand as they always do."""
    return status.state if status is not None else StoryState.NORMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Whether a story should be closed at its site, and how far that has got."""

    site: SiteId
    story_id: str
    closed: bool
    is_done: bool = False
    trouble: str | None = None


def review_after(rules: StateRules, days: int | None) -> timedelta | None:
    """Return how long until a state should be looked at again; `None` is never."""
    chosen = rules.review_days if days is None else days
    return timedelta(days=chosen) if chosen else None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownStory:
    """A story that was reported under; `case_id` is a case under it, which stands for it.

    `token` is that case's. `held` counts the comments on hold under it, and `unwanted` those of
    them that its state does not ask to hold. `closable` says that its site can be asked to close
    it.
    """

    site: SiteId
    story_id: str
    case_id: CaseId
    token: str = ""
    title: str = ""
    url: str = ""
    status: StoryStatus | None = None
    closing: Closing | None = None
    held: int = 0
    unwanted: int = 0
    closable: bool = True

    @property
    def state(self) -> StoryState:
        """How it stands."""
        return state_of(self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What would come of setting a story's state: told before it is done.

    `matters` says that comments are or may be put on hold or shown, or the site asked something;
    else nobody need be asked. `holds` counts the comments that would go on hold, `frees` those on hold that the state does
    not ask to hold. `closes` is what the site would be asked: to close the story, to open it, or
    nothing (`None`).
    """

    story: KnownStory
    wanted: StoryState
    holds: int
    frees: int
    closes: bool | None
    matters: bool
