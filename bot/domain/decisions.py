"""Decisions: what is asked, proposed and recorded, and what undoes what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from bot.domain.ids import CaseId, DecisionId, RuleNumber, SiteId
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
    RUN = "run"
    """With one press that took back all that somebody did beyond the brake."""
    CONTEST = "contest"
    """By whoever answered somebody who contested a decision."""
    SITE = "site"
    """Decided in the comment platform's own console, and taken over from there."""
    AUTHOR = "author"
    """Deleted there by whoever wrote it, and taken over from there."""
    DESK = "desk"
    """By the desk itself, because of the comment's story."""


NOT_OURS = frozenset({Door.SITE, Door.AUTHOR, Door.DESK})
"""What comes by these is no decision by a person at this desk, and in none of its figures."""

SOMEBODY_THERE = "somebody at the site"
"""How whoever decided at the site is called in the record, where the site does not name them."""

ITS_AUTHOR = "its author"
"""How whoever deleted their own comment is called in the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What somebody wants done about a case: the same while it is asked, waits and is recorded.

    `lasting` is a ban's length from when it is recorded, `None` for good. `note` is for colleagues;
    `reason` is a text of the cited rule to add to what the author is told.
    """

    action: Action
    by: Person
    door: Door
    rule: RuleNumber | None = None
    lasting: timedelta | None = None
    note: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A verdict as it is recorded.

    `revision` is the text it was made on; `reverses` names the decision it undoes and `amends` the
    one whose rule it corrects. `second` agreed, where two were needed. `digest` chains it to the
    line before, so that an edit of the file shows. `seals` are hashes that stand in the chain for
    what it says of people, and `salts` what they were made with, both as `bot.domain.seals` has
    them; earlier versions had neither.
    """

    id: DecisionId
    case_id: CaseId
    site: SiteId
    comment_id: str
    author_id: str
    verdict: Verdict
    revision: int
    at: datetime
    reverses: DecisionId | None = None
    amends: DecisionId | None = None
    second: Person | None = None
    seals: str | None = None
    salts: str | None = None
    previous: str = ""
    digest: str = ""

    @property
    def action(self) -> Action:
        """What it says was done; see `did`."""
        return self.verdict.action

    @property
    def until(self) -> datetime | None:
        """When a ban ends, `None` for good."""
        return None if self.verdict.lasting is None else self.at + self.verdict.lasting

    def rest(self, now: datetime) -> timedelta | None:
        """Return for how long a ban goes on from a moment, `None` for good."""
        return None if self.until is None else self.until - now

    @property
    def is_verdict(self) -> bool:
        """Whether a person at this desk decided the case by it; a correction decides nothing."""
        return self.action in VERDICTS and self.verdict.door not in NOT_OURS and self.amends is None

    @property
    def is_about_author(self) -> bool:
        """Whether it bans the comment's author, or lets them in again."""
        return self.action in (Action.BAN, Action.UNBAN)

    @property
    def takes_back(self) -> bool:
        """Whether the desk itself undid something by it, as the site did not carry that out."""
        return self.reverses is not None and self.verdict.door is Door.DESK

    def hides_at(self, moment: datetime) -> bool:
        """Whether it takes the comment from view, and did so at that moment."""
        return self.action in DOWN and self.at == moment

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
        return self.action is Action.HIDE and self.verdict.door is Door.DESK


def original(made: Decision, history: Sequence[Decision]) -> Decision:
    """Return the decision itself, or the one whose rule it corrects."""
    return original_among(made, {line.id: line for line in history})


def original_among(made: Decision, known: Mapping[DecisionId | None, Decision]) -> Decision:
    """Return what `original` does, of decisions that are known by their ids."""
    while made.amends in known:
        made = known[made.amends]
    return made


def line_of(history: Sequence[Decision], number: int | None) -> Decision | None:
    """Return the line of that number, `None` if the history has none."""
    return next((line for line in history if line.id == number), None)


def is_or_amends(one: Decision | None, number: DecisionId, history: Sequence[Decision]) -> bool:
    """Whether a line is the decision of that number, or corrects its rule; `None` is neither."""
    return one is not None and original(one, history).id == number


def undone_by(lines: Iterable[Decision], history: Sequence[Decision]) -> set[DecisionId]:
    """Return what some lines of a history undo; whatever a correction was made to is meant."""
    undone = {line.reverses for line in lines}
    return {original(made, history).id for made in history if made.id in undone}


def verdicts(history: Sequence[Decision]) -> list[Decision]:
    """Return what people at this desk decided in a case and nobody undid, oldest first."""
    undone = undone_by(history, history)
    return [made for made in history if made.is_verdict and made.id not in undone]


def is_edited_since(undoing: Decision, history: Sequence[Decision]) -> bool:
    """Whether a comment had another text when a decision on it was undone than when it was made."""
    undone = line_of(history, undoing.reverses)
    return undone is not None and undone.revision != undoing.revision


def was_on_hold(history: Sequence[Decision], undone: Decision) -> bool:
    """Whether the comment was on hold when a decision was made that is to be undone."""
    before = [made for made in history if made.id < original(undone, history).id]
    if not before:
        return False
    if before[-1].reverses is None:
        return before[-1].is_hold
    # An undoing leaves the comment as it was before what it undid.
    earlier = line_of(before, before[-1].reverses)
    return earlier is not None and was_on_hold(before, earlier)


COLUMNS: Final = (
    *("id", "case_id", "site", "comment_id", "author_id", "action", "rule", "note", "by_id"),
    *("by_name", "door", "revision", "at", "until", "reverses", "amends", "second_id"),
    *("second_name", "reason", "seals", "salts", "previous", "digest"),
)
"""Under which names a decision is stored, sealed and exported, whatever values hold it here."""


def to_row(decision: Decision) -> dict[str, Any]:
    """Return what is in each of the columns; `None` where nothing is."""
    verdict, second = decision.verdict, decision.second
    row: dict[str, Any] = {"by_id": verdict.by.id, "by_name": verdict.by.name}
    if second is not None:
        row |= {"second_id": second.id, "second_name": second.name}
    for value in (verdict, decision):
        row |= {field.name: getattr(value, field.name) for field in fields(value)}
    row["until"] = decision.until
    return {name: row.get(name) for name in COLUMNS}


def from_row(row: Mapping[str, Any]) -> Decision:
    """Return what `to_row` was given; what an earlier version did not know is not set.

    Raises:
        KeyError: Something is missing that every version had.
        TypeError: There is more than a decision has, or what is no time.
        ValueError: It is no action, or no door.
    """
    rest = dict(row)
    plain = {one.name for one in fields(Verdict)} & {*COLUMNS} - {"action", "door"}
    at, until = rest["at"], rest.pop("until", None)
    second: Any = (rest.pop("second_id", None), rest.pop("second_name", None))
    verdict = Verdict(
        action=Action(rest.pop("action")),
        by=Person(id=rest.pop("by_id"), name=rest.pop("by_name")),
        door=Door(rest.pop("door")),
        # Both are in UTC; where somebody wrote another zone, it is to show in the seal.
        lasting=None if until is None else until.replace(tzinfo=at.tzinfo) - at,
        **{name: rest.pop(name, None) for name in plain},
    )
    if second != (None, None):  # one without the other is an edit of the file, and is to show
        rest["second"] = Person(id=second[0], name=second[1])
    return Decision(verdict=verdict, **rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A verdict that waits for a second person, until it expires.

    `braked` says that one person may do as much alone, but not so often within so short a time.
    """

    case_id: CaseId
    verdict: Verdict
    revision: int
    at: datetime
    expires_at: datetime
    braked: bool = False

    def waits_at(self, now: datetime) -> bool:
        """Whether somebody may still agree to it."""
        return now < self.expires_at

    @property
    def number(self) -> int:
        """What tells it from any other on its case: when it was made, in ms since 1970."""
        return int(self.at.timestamp() * 1000)
