"""What the desk says in its channels of its own accord, as facts; `bot.cards` has the words.

A case's card is its `CaseView`, an alert's card its `AlertView`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.alert import AlertView
from bot.domain.backlog import Backlog
from bot.domain.brake import Run
from bot.domain.case import CardRef, CaseView
from bot.domain.decision import Decision
from bot.domain.errand import Errand
from bot.domain.ids import CaseId
from bot.domain.legal import LegalNotice
from bot.domain.overview import Overview
from bot.domain.places import MessageRef
from bot.domain.reaction import Question
from bot.domain.readers.contest import ContestView
from bot.domain.readers.notice import Notice, Told
from bot.domain.spikes.incidents import Kind
from bot.domain.stories import KnownStory
from bot.domain.trouble import Trouble

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
    """A message to those of the staff whom it is for, who are still there."""

    errand: Errand
    cards: CardRefs


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadOpening:
    """The first message in a case's thread."""

    errand: Errand


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
