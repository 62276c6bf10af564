"""All that is on record of one case, for whoever has to account for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.domain.cases import CaseView
from bot.domain.comments import Parent
from bot.domain.decisions import Decision
from bot.domain.effects import EffectState, Order
from bot.domain.ids import DecisionId, RuleNumber
from bot.domain.legal import LegalNotice, Stage
from bot.domain.readers.contest import Contest
from bot.domain.readers.notice import Notice
from bot.domain.readers.report import ReaderReport
from bot.domain.stories import StoryStatus
from bot.domain.triage import CaseNote, Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class TextThen:
    """A text of the comment, as it stood; `shown_at` is since when its card showed it."""

    revision: int
    text: str
    created: datetime | None
    shown_at: datetime | None
    permalink: str | None
    parent: Parent | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """A reader's report; `reader` counts readers of this case, as nothing else is told of them."""

    reader: int
    rule: RuleNumber
    note: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the site was asked to carry out, and what came of it."""

    order: Order
    state: EffectState
    attempts: int
    done_at: datetime | None
    trouble: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalStep:
    """Something that was done about a legal notice."""

    notice: int
    stage: Stage
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """What the store has of a case beside what its card shows; each list has the oldest first."""

    texts: tuple[TextThen, ...]
    complaints: tuple[Complaint, ...]
    filed: tuple[ReaderReport, ...]
    told: tuple[Told, ...]
    stated: Mapping[DecisionId, datetime]
    notices: tuple[Notice, ...]
    legal: tuple[LegalNotice, ...]
    legal_steps: tuple[LegalStep, ...]
    contests: tuple[Contest, ...]
    notes: tuple[CaseNote, ...]
    lookers: tuple[Viewer, ...]
    states: tuple[StoryStatus, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a walk over the whole record found.

    `broken` is the first line that was changed, `None` if none was; `head` is the digest of the
    last one that holds, and `decisions` how many do.
    """

    decisions: int
    head: str
    broken: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One case with all that is known of it, and the proof that its record was not rewritten.

    `history` is its record, oldest first, with the names as they then were. `withheld` says that
    what anybody wrote is left out, as it may be quoted elsewhere only.
    """

    view: CaseView
    history: tuple[Decision, ...]
    file: CaseFile
    proof: Proof
    made_at: datetime
    zone: tzinfo
    withheld: bool = False
