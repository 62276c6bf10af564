"""Decisions: what is asked, what is recorded, and what undoes what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ids import CaseId, DecisionId, PersonId, RuleNumber, SiteId
from bot.domain.staff import Person


class Action(StrEnum):
    """What a line of the record does. The last three undo the others."""

    KEEP = "keep"
    HIDE = "hide"
    BAN = "ban"
    HOLD = "hold"
    """Not to be seen until a person has looked: a precaution, and no verdict."""
    REOPEN = "reopen"
    UNHIDE = "unhide"
    UNBAN = "unban"


REVERSAL = {
    Action.KEEP: Action.REOPEN,
    Action.HIDE: Action.UNHIDE,
    Action.BAN: Action.UNBAN,
    Action.HOLD: Action.UNHIDE,
}
"""Which action undoes which. A ban also hid the comment, so undoing it shows it again."""

VERDICTS = frozenset({Action.KEEP, Action.HIDE, Action.BAN})
"""What decides a case."""

DOWN = frozenset({Action.HIDE, Action.BAN, Action.HOLD})
"""What takes a comment from view."""


class Door(StrEnum):
    """Through which way in a decision came."""

    BUTTON = "button"
    REACTION = "reaction"
    SLASH = "slash"
    TYPED = "typed"
    MENU = "menu"
    RUN = "run"
    """With one press that took back all that somebody did beyond the brake."""
    SITE = "site"
    """Decided in the comment platform's own console, and taken over from there."""
    DESK = "desk"
    """By the desk itself, because of the comment's story."""


NOT_OURS = frozenset({Door.SITE, Door.DESK})
"""What comes by these is no decision by a person at this desk, and in none of its figures."""

SOMEBODY_THERE = "somebody at the site"
"""How whoever decided at the site is called in the record, where the site does not name them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What somebody asks for.

    `seen` is the revision number that stood on the card they looked at; `None` where the door
    cannot know it, which counts as having seen the newest. `lasting` is a ban's length, `None`
    for good. `reason` is a text of the cited rule to add to the notice.
    """

    case_id: CaseId
    action: Action
    by: Person
    door: Door
    rule: RuleNumber | None = None
    lasting: timedelta | None = None
    note: str | None = None
    seen: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One line of the record.

    `revision` is the text it was made on; `until` is when a ban ends, `None` for good;
    `reverses` names the decision it undoes and `amends` the one whose rule it corrects.
    `second_id` agreed, where two were needed. `reason` was added to the rule's notice.
    `digest` chains it to the line before, so that an edit of the file shows.
    """

    id: DecisionId
    case_id: CaseId
    site: SiteId
    comment_id: str
    author_id: str
    action: Action
    rule: RuleNumber | None
    note: str | None
    by_id: PersonId
    by_name: str
    door: Door
    revision: int
    at: datetime
    until: datetime | None = None
    reverses: DecisionId | None = None
    amends: DecisionId | None = None
    second_id: PersonId | None = None
    second_name: str | None = None
    reason: str | None = None
    previous: str = ""
    digest: str = ""

    @property
    def is_verdict(self) -> bool:
        """Whether a person at this desk decided the case by it; a correction decides nothing."""
        return self.action in VERDICTS and self.door not in NOT_OURS and self.amends is None

    @property
    def did(self) -> Action:
        """What it did: a hide by the desk itself, as an earlier version wrote it, was a hold."""
        return Action.HOLD if self._was_held_as_hidden else self.action

    @property
    def is_hold(self) -> bool:
        """Whether it took the comment from view until a person has looked."""
        return self.did is Action.HOLD

    @property
    def _was_held_as_hidden(self) -> bool:
        return self.action is Action.HIDE and self.door is Door.DESK


def original(made: Decision, history: Sequence[Decision]) -> Decision:
    """Return the decision itself, or the one whose rule it corrects."""
    known = {line.id: line for line in history}
    while made.amends is not None and made.amends in known:
        made = known[made.amends]
    return made


def verdicts(history: Sequence[Decision]) -> list[Decision]:
    """Return what people at this desk decided in a case and nobody undid, oldest first."""
    undone = {
        original(made, history).id
        for made in history
        if any(later.reverses == made.id for later in history)
    }
    return [made for made in history if made.is_verdict and made.id not in undone]


def was_on_hold(history: Sequence[Decision], undone: Decision) -> bool:
    """Whether the comment was on hold when a decision was made that is to be undone."""
    before = [made for made in history if made.id < original(undone, history).id]
    if not before or before[-1].reverses is None:
        return bool(before) and before[-1].is_hold
    # An undoing leaves the comment as it was before what it undid.
    earlier = next((made for made in before if made.id == before[-1].reverses), None)
    return earlier is not None and was_on_hold(before, earlier)
