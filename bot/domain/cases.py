"""A case: one comment's reports, waiting for one decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest

from bot.domain.account_similarity import Hint
from bot.domain.comments import Author, Comment, Story, TextMark
from bot.domain.decisions import (
    DOWN,
    Action,
    Decision,
    Proposal,
    is_edited_since,
    original,
    undone_by,
)
from bot.domain.effects import Asked, Delivery
from bot.domain.ids import CaseId, DecisionId, MessageRef, RuleNumber, SiteId
from bot.domain.stories import Closing, StoryStatus
from bot.domain.triage import CaseWork, Life

SHOWING = frozenset({Action.KEEP, Action.UNHIDE, Action.UNBAN})
"""After these readers see the comment, unless a ban is lifted alone."""


def hidden_by(history: Sequence[Decision]) -> tuple[Decision, ...]:
    """Return what has kept a comment from view since it was last seen, oldest first.

    Empty if readers see it. Whatever else was decided of a comment that stayed hidden, and under
    whatever rule, is part of that.
    """
    made = _carried_out(history)
    hiding: list[Decision] = []
    for one, after in zip_longest(made, made[1:]):
        if one.action in DOWN:
            hiding.append(one)
        elif not _leaves_hidden(one, after, history):
            hiding.clear()
    return tuple(hiding)


def _carried_out(history: Sequence[Decision]) -> list[Decision]:
    """Leave out what the desk itself took back, as the site did not do it, and the taking back."""
    # What was corrected before it was carried out was never carried out either.
    never = undone_by((one for one in history if one.takes_back), history)
    return [one for one in history if not one.takes_back and original(one, history).id not in never]


def _leaves_hidden(one: Decision, after: Decision | None, history: Sequence[Decision]) -> bool:
    """Whether an undoing leaves a comment hidden: on hold again, or where a ban is lifted alone."""
    lifts = one.action is Action.UNBAN
    if after is not None and after.hides_at(one.at):
        return after.is_hold or (lifts and after.verdict.by.id == one.verdict.by.id)
    # If it was edited since the ban, that text is looked at for itself.
    return lifts and is_edited_since(one, history)


class Party(StrEnum):
    """Who contests."""

    AUTHOR = "author"
    """What was done about their comment, or their account."""
    REPORTER = "reporter"
    """That the comment which they reported was kept."""


class Answer(StrEnum):
    """How a contest ended."""

    UPHELD = "upheld"
    """The decision stands."""
    OVERTURNED = "overturned"
    SHORTENED = "shortened"
    """The ban ends sooner; what was served counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    """That a decision was contested, without what was said; `answer` once somebody answered."""

    number: int
    party: Party
    at: datetime
    of_reports: bool = False
    answer: Answer | None = None
    by_name: str | None = None
    answered_at: datetime | None = None


class NoticeKind(StrEnum):
    """What somebody gives notice of."""

    ILLEGAL = "illegal"
    """Content that they hold to be against the law."""
    LEGAL = "legal"
    """A statement that defames them, under section 5 of the Defamation Act 2013."""
    DATA = "data"
    """What is done with their personal data."""
    NEWSROOM = "newsroom"
    """Something about a comment that the newsroom should hear of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeMark:
    """A notice as its case's card tells of it; `act_by` is `None` once it is answered."""

    id: int
    kind: NoticeKind
    act_by: datetime | None


class CaseState(StrEnum):
    """Where a case stands. Claimed, escalated and reopened cases are open too."""

    OPEN = "open"
    CLAIMED = "claimed"
    ESCALATED = "escalated"
    REOPENED = "reopened"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The working state of a case.

    `revision` counts the texts seen so far, from 1. `touched` grows with every change that a
    card should show. `reasons` maps a rule's number to how many reports cite it. `strikes` is
    the author's count when last looked at. `decision_id` is the decision that stands. `weight`
    sums what each reporter's word counts, in strangers; `pace` is how many reports came of late,
    old ones fading with a half-life of ten minutes. `raised` says that somebody put it at the
    front of the queue. `token` is drawn at random when it is opened and stands in the custom ids
    of its buttons: a number is used again in a record that goes on from a backup, a token is not.
    `text` says which text stands, `None` where that was never noted. `hold_id` is the hold that
    keeps the comment from view until somebody decides, whatever the state. `taken_back` says that
    its only report was taken back by its reader.
    """

    id: CaseId
    site: SiteId
    comment_id: str
    author_id: str
    state: CaseState
    revision: int
    revision_key: str
    touched: int
    reports: int
    reporters: int
    reasons: Mapping[RuleNumber, int]
    strikes: int
    priority: int
    opened_at: datetime
    reported_at: datetime
    decision_id: DecisionId | None = None
    decided_at: datetime | None = None
    weight: float = 1.0
    pace: float = 1.0
    raised: bool = False
    token: str = ""
    text: TextMark | None = None
    hold_id: DecisionId | None = None
    taken_back: bool = False

    @property
    def is_held(self) -> bool:
        """Whether the comment is on hold."""
        return self.hold_id is not None

    @property
    def is_open(self) -> bool:
        """Whether a decision is still wanted."""
        return self.state is not CaseState.DECIDED

    @property
    def top_rule(self) -> RuleNumber:
        """The rule most reports cite; the lower number where two are level."""
        return most_cited(self.reasons)

    def counted(self, counts: "Counts") -> "Case":
        """Return the case with one more report."""
        return replace(
            self,
            touched=self.touched + 1,
            reports=counts.reports,
            reporters=counts.reporters,
            reasons=counts.reasons,
            weight=counts.weight,
            pace=counts.pace,
            priority=counts.priority,
            reported_at=counts.reported_at,
            text=counts.text or self.text,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What every further report changes in its case.

    Most of a crowd's change nothing else, so these are kept without making a case of them first.
    `text` is `None` where the report says nothing new of that.
    """

    reports: int
    reporters: int
    reasons: Mapping[RuleNumber, int]
    weight: float
    pace: float
    priority: int
    reported_at: datetime
    text: TextMark | None = None


def most_cited(reasons: Mapping[RuleNumber, int]) -> RuleNumber:
    """Return the rule most reports cite; the lower number where two are level."""
    if len(reasons) == 1:
        return next(iter(reasons))
    return min(reasons, key=lambda rule: (-reasons[rule], rule))


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorRecord:
    """What is known of an author at this desk: comments reported and hidden, strikes, a ban."""

    reported: int
    hidden: int
    strikes: int
    banned: bool = False
    banned_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """All that a card shows of one case, read in one go.

    `decision` is the one that stands; `history` all of them, oldest first. `delivery` is how far
    the site has got with the newest decision, and `asked` what it was asked for. `before` is the
    text of the revision before, where there was one. `again` counts the reports since the case was
    settled. `notes` counts readers' notes. `proposal` is what waits for a second person.
    `story_status` is how its story stands, `None` for a normal one; `closing` is what its site was
    asked about that last. `life` is what was done about a threat to life, `None` if it is none.
    `withheld` is the channel that alone may show the text, where that is not here (0 if there is no
    such channel): then the view has no text. `brigade` is the alert that takes its readers for
    likely to act together. `contests` are those of decisions on it, the oldest first. `uncounted`
    counts the readers whose reports are kept and not counted. `notices` are those of another kind
    than reports, the oldest first.
    """

    case: Case
    comment: Comment
    author: Author
    story: Story
    record: AuthorRecord
    decision: Decision | None = None
    history: tuple[Decision, ...] = ()
    delivery: Delivery | None = None
    asked: Asked | None = None
    before: str | None = None
    notes: int = 0
    proposal: Proposal | None = None
    work: CaseWork = field(default_factory=CaseWork)
    story_status: StoryStatus | None = None
    closing: Closing | None = None
    life: Life | None = None
    withheld: int | None = None
    why: tuple[str, ...] = field(default=())
    hints: tuple[Hint, ...] = ()
    again: int = 0
    brigade: int | None = None
    contests: tuple[Contested, ...] = ()
    uncounted: int = 0
    notices: tuple[NoticeMark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRef:
    """Where a case's one card stands, and which revision it shows, 0 where it shows no text.

    `seeded` says that it has the reactions to press, `decided` that it was last drawn as decided.
    """

    case_id: CaseId
    channel_id: int
    message_id: int
    revision: int
    seeded: bool = False
    decided: bool = False

    @property
    def shows_text(self) -> bool:
        """Whether the comment is read on it."""
        return self.revision > 0

    @property
    def at(self) -> MessageRef:
        """Where its message stands."""
        return MessageRef(channel_id=self.channel_id, message_id=self.message_id)
