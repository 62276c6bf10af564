"""What every subject says the same way: names, times, lengths."""

from datetime import datetime, timedelta, tzinfo
from typing import Final

from bot.domain import bans
from bot.domain.policy import Rule

NEXT_PAGE: Final = "Next page"
FIRST_PAGE: Final = "First page"


def back_to(number: int) -> str:
    return f"Back to {case(number)}"


# On cards.
NO_NAME: Final = "Anonymous"
NO_TITLE: Final = "a story without a title"

_A_DAY: Final = timedelta(days=1)


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def ago(at: datetime) -> str:
    """Return a time as Discord shows it to each person: ``3 minutes ago``."""
    return f"<t:{int(at.timestamp())}:R>"


def clock(at: datetime) -> str:
    """Return a time as Discord shows it to each person: ``14:03``."""
    return f"<t:{int(at.timestamp())}:t>"


def day_and_clock(at: datetime) -> str:
    """Return a moment with its weekday: ``Friday, 27 November 2026 08:00``."""
    return f"<t:{int(at.timestamp())}:F>"


def date_and_clock(at: datetime) -> str:
    """Return a moment as Discord shows it to each person: ``24 November 2026 14:03``."""
    return f"<t:{int(at.timestamp())}:f>"


def day(at: datetime) -> str:
    """Return a day as Discord shows it to each person: ``24 November 2026``."""
    return f"<t:{int(at.timestamp())}:D>"


def case(number: int) -> str:
    """Return how a case is called: ``#1042``."""
    return f"#{number}"


def rule(cited: Rule) -> str:
    """Return how a rule is called: ``3 Harassment``."""
    return f"{cited.number} {cited.name}"


def quoted(text: str) -> str:
    return f"“{text}”"


def ban_length(until: datetime | None, since: datetime) -> str:
    if until is None:
        return "for good"
    return f"until {date_and_clock(until) if until - since < _A_DAY else day(until)}"


def ban_end(until: datetime | None, now: datetime, zone: tzinfo) -> str:
    """Say the same where Discord shows no times, by the newsroom's clock: ``until today 15:10``."""
    if until is None:
        return "for good"
    local, today = until.astimezone(zone), now.astimezone(zone).date()
    if until - now >= _A_DAY:
        return f"until {local.day} {local:%B %Y}"
    return f"until {'today' if local.date() == today else 'tomorrow'} {local:%H:%M}"


def ban_length_of(lasting: timedelta | None) -> str:
    return bans.in_words(lasting) if lasting is None else f"for {bans.in_words(lasting)}"


def ban_given(at: datetime, until: datetime | None) -> str:
    return "for good" if until is None else f"for {bans.in_words(until - at)}"


def people(name: str, second: str | None = None) -> str:
    return f"{name} with {second}" if second else name


def note(text: str) -> str:
    return f"Note: {text}"


def ended(words: str) -> str:
    """End words with a full stop, unless they end as a sentence does."""
    return words if words.rstrip("”*")[-1:] in {".", "!", "?", "…"} else f"{words}."
