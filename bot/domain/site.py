"""What a comment platform can do, and what is found there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.comment import Comment
from bot.domain.decision import Action
from bot.domain.report import Report


class Ability(StrEnum):
    """One thing a platform can do through its adapter."""

    PUSH = "push"
    """It sends reports by itself."""
    POLL = "poll"
    """It can be asked for reports."""
    HIDE = "hide"
    UNHIDE = "unhide"
    BAN = "ban"
    TIMED_BAN = "timed ban"
    """It ends a ban by itself; where it cannot, the desk lifts it."""
    UNBAN = "unban"
    CLOSE_STORY = "close story"
    HISTORY = "history"
    """It can tell what else an author wrote."""
    STAFF_CHECK = "staff check"
    """It can tell whether an author is of the staff, who are never hidden or banned."""


ALL_ABILITIES = frozenset(Ability)

_NEEDED = {
    Action.HIDE: {Ability.HIDE},
    Action.UNHIDE: {Ability.UNHIDE},
    Action.BAN: {Ability.HIDE, Ability.BAN},
    Action.UNBAN: {Ability.UNBAN},
    # What could not be shown again would be a verdict.
    Action.HOLD: {Ability.HIDE, Ability.UNHIDE},
}


def actions_of(abilities: frozenset[Ability]) -> frozenset[Action]:
    """Return the actions that a platform of these abilities can carry out.

    Keeping, and taking a keep back, ask nothing of a platform that it must be able to do.
    """
    return frozenset(action for action in Action if _NEEDED.get(action, set()) <= abilities)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far a platform was read, in its own notion, and when it last answered."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How a comment stands at its platform now.

    `visible` says what somebody there decided, `None` that nobody has since it was reported;
    `by` is their name, if the platform tells. `comment` is the text as it now is.
    """

    comment_id: str
    visible: bool | None = None
    by: str | None = None
    at: datetime | None = None
    comment: Comment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What asking a platform for reports brought: some of them, and where to go on from.

    `mark` is the platform's own notion of how far it was read; `more` says that it is worth
    asking again at once. A report found twice has the same `delivery` both times. `unread` has a
    name for each thing that could not be read, the same whenever it is found again.
    """

    reports: Sequence[Report]
    mark: str
    more: bool = False
    unread: frozenset[str] = frozenset()
