"""How much one person does alone within a short time, and what is counted as one run of theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.decisions import Action
from bot.domain.ids import PersonId
from bot.domain.staff import Rank


class Act(StrEnum):
    """What the brake counts."""

    BAN = "ban"
    HIDE = "hide"
    OVERTURN = "overturn"
    """Undoing what was decided, one's own or anybody's."""


ACTS: Final[Mapping[Action, Act]] = {
    Action.BAN: Act.BAN,
    Action.HIDE: Act.HIDE,
    Action.REOPEN: Act.OVERTURN,
    Action.UNHIDE: Act.OVERTURN,
    Action.UNBAN: Act.OVERTURN,
}
"""What each action counts as; a keep counts as nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrakeRules:
    """How many of each a moderator does alone `within` a time; seniors and editors, twice that."""

    bans: int = 10
    hides: int = 40
    overturns: int = 10
    within: timedelta = timedelta(minutes=5)

    def most(self, act: Act, rank: Rank) -> int:
        """Return how many of an act somebody of a rank does alone."""
        most = {Act.BAN: self.bans, Act.HIDE: self.hides, Act.OVERTURN: self.overturns}[act]
        return most * (2 if rank >= Rank.SENIOR else 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What somebody did within a short time, up to and beyond the brake.

    `most` of `act` were done when somebody else was first asked, at `at`. It takes in all that the
    person did after `since` and until the brake's time after `last_at`, when they last went beyond
    it. `token` is a random name that no other record has.
    """

    person_id: PersonId
    name: str
    act: Act
    most: int
    since: datetime
    at: datetime
    last_at: datetime
    id: int = 0
    token: str = ""
    taken_back_at: datetime | None = None

    def goes_on_at(self, now: datetime, within: timedelta) -> bool:
        """Whether what the person does now belongs to it: nobody took it back, and it was not long."""
        return self.taken_back_at is None and now - self.last_at <= within


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """What was taken back of a run: of each act how many, holds released, proposals dropped."""

    bans: int = 0
    hides: int = 0
    overturns: int = 0
    holds: int = 0
    proposals: int = 0

    @property
    def total(self) -> int:
        """All of it."""
        return self.bans + self.hides + self.overturns + self.holds + self.proposals
