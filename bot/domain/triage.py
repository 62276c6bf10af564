"""What a shift does with a case besides deciding it: claims, notes, a threat to life."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Somebody is at work on a case, until a time; others are asked before they step in."""

    by_id: PersonId
    by_name: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A case that somebody asked a colleague to take."""

    to_id: PersonId
    to_name: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """A case that was put off, with how it stood then: news of it ends the snooze early."""

    by_id: PersonId
    by_name: str
    until: datetime
    revision: int
    reasons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """A case that was handed to the editors, and with what words."""

    by_id: PersonId
    by_name: str
    at: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A case that was put at the front of the queue until it is decided, and for which alert."""

    alert: int
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNote:
    """A moderator's words to colleagues about a case; readers and authors never see them."""

    by_id: PersonId
    by_name: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Somebody who opened a case's details a moment ago."""

    by_id: PersonId
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWork:
    """All of that for one case. `notes` are the newest few of `notes_total`, oldest first."""

    claim: Claim | None = None
    assigned: Assignment | None = None
    snooze: Snooze | None = None
    escalation: Escalation | None = None
    raised: Raised | None = None
    thread_id: int | None = None
    notes: tuple[CaseNote, ...] = ()
    notes_total: int = 0

    def claim_at(self, now: datetime) -> Claim | None:
        """Return the claim, if it has not run out."""
        return self.claim if self.claim is not None and self.claim.until > now else None


class LifeStep(StrEnum):
    """One thing to do, in the order in which they are shown."""

    POLICE = "police"
    EDITOR = "editor"
    KEPT = "kept"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Who did a step, and when."""

    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Since when a case is one of life and death, and which steps were done."""

    at: datetime
    done: Mapping[LifeStep, Done]

    @property
    def left(self) -> tuple[LifeStep, ...]:
        """The steps that nobody has done yet."""
        return tuple(step for step in LifeStep if step not in self.done)
