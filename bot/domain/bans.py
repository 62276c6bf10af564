"""Bans: how long one lasts, those in force, and how things are after one came or went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.domain.errors import NotUnderstood
from bot.domain.ids import CaseId, DecisionId, PersonId, RuleNumber, SiteId
from bot.domain.lengths import Length


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban:
    """A standing decision that keeps an author out; `until` is `None` for good.

    `second_name` is who agreed, where it took two.
    """

    decision_id: DecisionId
    case_id: CaseId
    site: SiteId
    author_id: str
    author_name: str
    rule: RuleNumber | None
    by_name: str
    at: datetime
    until: datetime | None
    second_name: str | None = None


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = datetime.max.replace(tzinfo=UTC)


def whole(bans: Sequence[Ban]) -> Ban | None:
    """Return which of an author's bans in force ends last, as that is how long they are out."""
    return max(bans, key=lambda ban: (ban.until or _NEVER, ban.decision_id), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class BanDraft:
    """A ban that somebody filled in and did not send off; `lasting` is `None` for good.

    `seen` is the revision of the text that they saw, `note` is for the record, and `reason` is a
    text that they want added to what the author is told. `at` tells it from what they filled in at another
    time.
    """

    case_id: CaseId
    by_id: PersonId
    at: datetime
    seen: int
    rule: RuleNumber
    lasting: timedelta | None
    note: str | None = None
    reason: str | None = None

    @property
    def number(self) -> int:
        """Its time in microseconds, by which a button names it."""
        return (self.at - _EPOCH) // timedelta(microseconds=1)


OFFERED: Final = tuple(timedelta(days=days) for days in (1, 3, 7, 30, 90))
"""The lengths a moderator may pick from; for good is offered beside them."""

LONGEST: Final = timedelta(days=365)
"""A longer ban is a ban for good, and should be asked for as one."""

LONGEST_YEAR: Final = timedelta(days=366, hours=1)
"""What a year may come to by the calendar: with 29 February, and from summer time to winter's."""

_HOUR: Final = timedelta(hours=1)
_AS_HOURS: Final = 72
"""Up to so many hours that are no whole days are said in hours."""


def of_ban(taken: Length, said: str) -> Length:
    """Return a length that a ban may have.

    Raises:
        NotUnderstood: It is less than an hour or more than a year.
    """
    if not taken.months and not taken.time:
        raise NotUnderstood(f'"{said}" is no time at all. A ban lasts at least 1h.')
    if not taken.months and taken.time < _HOUR:
        raise NotUnderstood(f'"{said}" is too short. A ban lasts at least 1h.')
    if taken.months * LONGEST / 12 + taken.time > LONGEST:
        raise NotUnderstood(
            f'"{said}" is more than a year. Write up to {LONGEST.days}d, or forever.'
        )
    return taken


def of_days(days: int) -> timedelta | None:
    """Return the length that a form's option stands for, `None` (for good) for 0.

    An option that was never offered stays too long or too short, so that it is refused.
    """
    return timedelta(days=max(-1, min(days, 2 * LONGEST.days))) if days else None


def in_words(lasting: timedelta | None) -> str:
    """Return a length as people say it: ``7 days``, ``12 hours``, ``for good`` for `None`."""
    if lasting is None:
        return "for good"
    hours, minutes = divmod(round(lasting / timedelta(minutes=1)), 60)
    days = 0
    if hours % 24 == 0 or hours > _AS_HOURS:
        days, hours = divmod(hours, 24)
    parts = [(days, "day"), (hours, "hour"), (minutes, "minute")]
    said = [
        f"{count} {name}" if count == 1 else f"{count} {name}s" for count, name in parts if count
    ]
    return " ".join(said) or "no time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """How things are after a decision, as the person who is answered may know it.

    `banned` is for how long the author is out after a ban came or went, all their bans taken
    together. `put_back` says that the comment was not to be seen and is shown again now.
    `held_again` says that nobody has decided about it any more, and it is on hold as before.
    `may_change` says that this person could take the decision back. `author` is who wrote the
    comment.
    """

    banned: Ban | None = None
    put_back: bool = False
    held_again: bool = False
    may_change: bool = True
    author: str | None = None


NOTHING_ELSE: Final = Aftermath()
