"""What the desk says in its channels of its own accord, as facts; `bot.cards` has the words.

A case's card is its `CaseView`, an alert's card its `AlertView`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.alerts import AlertView
from bot.domain.brake import Run
from bot.domain.cases import CardRef, CaseView
from bot.domain.decisions import Decision
from bot.domain.detection.incidents import Kind
from bot.domain.ids import CaseId, MessageRef, PersonId, SiteId
from bot.domain.legal import LegalNotice
from bot.domain.reactions import Question
from bot.domain.readers.contest import ContestView
from bot.domain.readers.notice import Notice, Told
from bot.domain.routing import Backlog
from bot.domain.set_up import SetUpChange
from bot.domain.staff import Overview, Trouble
from bot.domain.stories import KnownStory


class StaffMessageKind(StrEnum):
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
    {
        StaffMessageKind.ESCALATED,
        StaffMessageKind.LATE_EDITORS,
        StaffMessageKind.LATE_CONTESTS_EDITORS,
    }
)
"""What is said to the editors, in their channel if they have one."""

WITHOUT_A_SOUND = frozenset({StaffMessageKind.CONTESTED})
"""What names a role without calling it, as strangers bring it about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMessage:
    """One thing to say or do.

    `cases` are those it is about, the longest waiting first, of `total`. `people` are called by
    name; where there are none, a message to the shift calls the moderators' role. `rule` is the
    name of the first case's rule. `since` is how long the first has waited. A `quiet` one names
    people without calling them, as they have a break.
    """

    kind: StaffMessageKind
    cases: tuple[CaseId, ...]
    total: int = 1
    people: tuple[PersonId, ...] = ()
    by_name: str | None = None
    note: str | None = None
    rule: str | None = None
    since: datetime | None = None
    quiet: bool = False


CardRefs = Mapping[CaseId, CardRef]
"""The cards that there are, of the cases that a message names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedCard:
    """In place of a card that stands in another channel now."""

    case_id: CaseId
    channel_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLine:
    """A line under a card in which the desk asks what a reaction left open."""

    question: Question
    view: CaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffCall:
    """A message to those of the staff whom it is for, who are still there.

    `view` is the one case that it hands over, to be decided there, as the channel may show it.
    """

    message: StaffMessage
    cards: CardRefs
    view: CaseView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadOpening:
    """The first message in a case's thread."""

    message: StaffMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedOverview:
    """How the desk stands; `contest` is the card of the contest that waits longest."""

    overview: Overview
    cards: CardRefs
    contest: MessageRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BacklogList:
    """The worst of the cases that wait for a card."""

    backlog: Backlog
    cards: CardRefs


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLines:
    """Decisions, a line each."""

    decisions: Sequence[Decision]
    cards: CardRefs


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpLine:
    """A change of the set-up, as a line."""

    change: SetUpChange


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryReview:
    """Does a story's state still hold?"""

    story: KnownStory


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeCall:
    """To editors: somebody's life may be in danger."""

    view: CaseView
    card: CardRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCall:
    """To seniors and editors: somebody went beyond the brake."""

    run: Run


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalCard:
    """A legal notice, and the steps that can be taken."""

    notice: LegalNotice
    view: CaseView
    card: CardRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalCall:
    """To editors: the clock of a legal notice runs out soon, or is `over`."""

    notice: LegalNotice
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestCard:
    """A contested decision, and how whoever contests it can be answered."""

    seen: ContestView


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeCard:
    """A notice of another kind than a report, how far it has got, and its case's card."""

    notice: Notice
    told: Told
    card: CardRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeCall:
    """To editors: the time for answering a notice runs out soon, or is `over`."""

    notice: Notice
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleNews:
    """What Discord refuses, or that this is `over`."""

    trouble: Trouble
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertNews:
    """A line under an alert's card: what became of the spike."""

    view: AlertView
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOpening:
    """To the moderators: the message on which a thread about an alert hangs."""

    view: AlertView
    cards: CardRefs
    asked_by: str
    question: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """A message to editors that is no alert; `body` holds its facts as JSON."""

    name: str
    body: str


Saying = (
    CaseView
    | MovedCard
    | QuestionLine
    | StaffCall
    | ThreadOpening
    | PinnedOverview
    | BacklogList
    | LogLines
    | SetUpLine
    | StoryReview
    | LifeCall
    | RunCall
    | LegalCard
    | LegalCall
    | ContestCard
    | NoticeCard
    | NoticeCall
    | TroubleNews
    | AlertView
    | AlertNews
    | AlertOpening
    | Bulletin
)
"""Everything that the desk says of its own accord; each has one way to be drawn."""

Paged = AlertView | Bulletin | LifeCall | RunCall | TroubleNews
"""What also goes by the other ways to editors."""


class ReminderKind(StrEnum):
    """What is said."""

    SET_UP = "set up"
    """To the log channel: somebody set the desk up anew in Discord."""
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
    set_up_id: int | None = None
