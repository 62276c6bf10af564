"""Messages to staff: facts to be put into words when they are sent, each with whom it calls."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import CaseId, PersonId


class ErrandKind(StrEnum):
    """What is to be said, or done."""

    ASSIGNED = "assigned"
    """To the one person a case was assigned to."""
    BACK = "back"
    """To whoever put a case off, once it is back."""
    ESCALATED = "escalated"
    """To the editors."""
    LATE = "late"
    """To the shift: cases nobody has taken."""
    LATE_EDITORS = "late editors"
    """To the editors: cases the shift has not taken either."""
    CONTESTED = "contested"
    """To the shift: somebody contests a decision; it calls nobody."""
    LATE_CONTESTS = "late contests"
    """To the shift: contested decisions that nobody has answered in time."""
    LATE_CONTESTS_EDITORS = "late contests, editors"
    """To the editors: the same, a day later."""
    THREAD = "thread"
    """Begin a thread under a case's card."""


TO_EDITORS = frozenset(
    {ErrandKind.ESCALATED, ErrandKind.LATE_EDITORS, ErrandKind.LATE_CONTESTS_EDITORS}
)
"""What is said to the editors, in their channel if they have one."""

WITHOUT_A_SOUND = frozenset({ErrandKind.CONTESTED})
"""What names a role without calling it, as strangers bring it about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One thing to say or do.

    `cases` are those it is about, the longest waiting first, of `total`. `people` are called by
    name; where there are none, a message to the shift calls the moderators' role. `rule` is the
    name of the first case's rule. `since` is how long the first has waited. A `quiet` one names
    people without calling them, as they have a break.
    """

    kind: ErrandKind
    cases: tuple[CaseId, ...]
    total: int = 1
    people: tuple[PersonId, ...] = ()
    by_name: str | None = None
    note: str | None = None
    rule: str | None = None
    since: datetime | None = None
    quiet: bool = False
