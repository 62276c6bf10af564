"""What the desk says in a channel of its own accord, now or when it is due."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import CaseId, SiteId


class ReminderKind(StrEnum):
    """What is said."""

    REVIEW = "review"
    """Does a story's state still hold?"""
    LIFE = "life"
    """To the editors at once: somebody's life may be in danger."""
    LIFE_ROADS = "life by other roads"
    """The same by e-mail, Slack, a telephone, if the settings name any."""
    BRAKE = "brake"
    """To seniors and editors at once: somebody went beyond the brake on mass action."""
    BRAKE_ROADS = "brake by other roads"
    LEGAL_CARD = "legal card"
    """Draw a legal notice's card."""
    LEGAL_SOON = "legal soon"
    """To the editors: a clock of a legal notice runs out soon."""
    LEGAL_OVER = "legal over"
    """To the editors: it has run out."""
    CONTEST_CARD = "contest card"
    """Draw the card of a contested decision."""
    NOTICE_CARD = "notice card"
    """Draw the card of another notice."""
    NOTICE_SOON = "notice soon"
    """To the editors: the time for its answer runs out soon."""
    NOTICE_OVER = "notice over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One thing to say. A `name` is used once, however often it is asked for."""

    name: str
    kind: ReminderKind
    due_at: datetime
    case_id: CaseId | None = None
    site: SiteId | None = None
    story_id: str | None = None
    legal_id: int | None = None
    run_id: int | None = None
    contest_id: int | None = None
    notice_id: int | None = None
