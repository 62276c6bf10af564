"""A notice under section 5 of the Defamation Act 2013, and its two clocks; not legal advice.

48 hours, in which Saturdays, Sundays and the bank holidays of England and Wales do not count, and
five days, which all do. A holiday that is proclaimed once, as for a coronation, is not known here:
then a clock runs out a day too early, never too late.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.ids import CaseId, MessageRef

_LONDON: Final = ZoneInfo("Europe/London")
_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_MONDAY: Final = 0


def due_in_48_hours(start: datetime) -> datetime:
    """Return when 48 counted hours after a moment are over."""
    left, at = timedelta(hours=48), start.astimezone(UTC)
    while True:
        day = at.astimezone(_LONDON).date()
        midnight = _midnight(day + _DAY)
        if counts(day):
            if midnight - at >= left:
                return at + left
            left -= midnight - at
        at = midnight


def poster_answers_by(told: datetime) -> datetime:
    """Return the midnight at the end of the fifth day after the one on which a poster was told."""
    return _midnight(told.astimezone(_LONDON).date() + 6 * _DAY)


def counts(day: date) -> bool:
    """Whether the hours of a day count."""
    return day.weekday() < _SATURDAY and day not in bank_holidays(day.year)


def bank_holidays(year: int) -> frozenset[date]:
    """Return the bank holidays of England and Wales in a year, with their substitute days."""
    easter = easter_sunday(year)
    christmas = _substituted(date(year, 12, 25), ())
    return frozenset(
        {
            _substituted(date(year, 1, 1), ()),
            easter - 2 * _DAY,
            easter + _DAY,
            _monday_from(date(year, 5, 1)),
            _monday_from(date(year, 5, 25)),
            _monday_from(date(year, 8, 25)),
            christmas,
            _substituted(date(year, 12, 26), (christmas,)),
            # Christmas Day and Good Friday are left out of the count as such.
            date(year, 12, 25),
        }
    )


def easter_sunday(year: int) -> date:
    """Return Easter Sunday, by the reckoning that Butcher published in 1876."""
    century, rest = divmod(year, 100)
    moon = year % 19
    leaps, over = divmod(century, 4)
    shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * moon + century - leaps - shift + 15) % 30
    quarter, single = divmod(rest, 4)
    weekday = (32 + 2 * over + 2 * quarter - epact - single) % 7
    correction = (moon + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)


def _substituted(day: date, taken: tuple[date, ...]) -> date:
    """Return the day, or the next one that is neither on a weekend nor taken."""
    while day.weekday() >= _SATURDAY or day in taken:
        day += _DAY
    return day


def _monday_from(day: date) -> date:
    return day + timedelta(days=(_MONDAY - day.weekday()) % 7)


def _midnight(day: date) -> datetime:
    """Return when a day begins in London."""
    return datetime.combine(day, time(0), _LONDON).astimezone(UTC)


class Consent(StrEnum):
    """Whether the poster may be told something of who complains."""

    UNSAID = "unsaid"
    GIVEN = "given"
    REFUSED = "refused"


class Stage(StrEnum):
    """How far a notice has got. The last three are its ends."""

    RECEIVED = "received"
    """Contact the poster, or take the comment down, within 48 counted hours."""
    DEFECTIVE = "defective"
    """Tell the complainant what is missing, within 48 counted hours."""
    POSTER_TOLD = "poster told"
    """The poster has five days."""
    POSTER_SILENT = "poster silent"
    """Take the comment down and tell the complainant, within 48 counted hours."""
    POSTER_AGREES = "poster agrees"
    """The same: the poster does not insist."""
    POSTER_INSISTS = "poster insists"
    """Tell the complainant, within 48 counted hours."""
    REMOVED = "removed"
    ANSWERED = "answered"
    HANDED_ON = "handed on"
    """The complainant knows that the poster insists, and may go to court."""


FOLLOWING: Mapping[Stage, tuple[Stage, ...]] = {
    Stage.RECEIVED: (Stage.POSTER_TOLD, Stage.REMOVED),
    Stage.DEFECTIVE: (Stage.ANSWERED, Stage.REMOVED),
    Stage.POSTER_TOLD: (Stage.POSTER_AGREES, Stage.POSTER_INSISTS, Stage.REMOVED),
    Stage.POSTER_SILENT: (Stage.REMOVED,),
    Stage.POSTER_AGREES: (Stage.REMOVED,),
    Stage.POSTER_INSISTS: (Stage.HANDED_ON, Stage.REMOVED),
}
"""What can be done next; nothing, once a notice has come to an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalNotice:
    """One notice. `act_by` is when the clock that runs is over, `None` at the end."""

    case_id: CaseId
    name: str
    email: str
    meaning: str
    falsity: str
    unknown: bool
    """Whether the complainant says that they do not know enough of the poster to sue."""
    consent: Consent
    """To tell the poster the complainant's name."""
    stage: Stage
    received_at: datetime
    stage_at: datetime
    act_by: datetime | None
    by_name: str
    id: int = 0
    at: MessageRef | None = None
    """Where its card stands."""
    token: str = ""
    """Its case's."""
    email_consent: Consent | None = None
    """To give the poster the address; `None` where that was asked together with the name."""

    @property
    def may_give_name(self) -> bool:
        """Whether the poster may be told who complains."""
        return self.consent is Consent.GIVEN

    @property
    def may_give_email(self) -> bool:
        """Whether the poster may be given their address."""
        return (self.email_consent or self.consent) is Consent.GIVEN

    @property
    def defects(self) -> tuple[str, ...]:
        """What the notice should say and does not."""
        asked = (
            ("the complainant's name", self.name),
            ("their e-mail address", "@" in self.email),
            ("what the statement means, and why that is defamatory", self.meaning),
            ("what in it is untrue, or is opinion without a basis in fact", self.falsity),
            ("that they do not know enough about the poster to sue them", self.unknown),
            ("whether the poster may be told who complains", self.consent is not Consent.UNSAID),
            (
                "whether the poster may be given their e-mail address",
                self.email_consent is not Consent.UNSAID,
            ),
        )
        return tuple(words for words, said in asked if not said)


def act_by(stage: Stage, since: datetime) -> datetime | None:
    """Return until when a stage has to be dealt with."""
    if stage not in FOLLOWING:
        return None
    return poster_answers_by(since) if stage is Stage.POSTER_TOLD else due_in_48_hours(since)
