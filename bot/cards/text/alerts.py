"""What stands on an alert's card."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.cards.text.common import ago, date_and_clock
from bot.domain.decisions import Action
from bot.domain.detection.brigades import Clue, Coordination, Sign, Suspicion
from bot.domain.detection.events import Tier
from bot.domain.lines import count

OPEN_COLOUR: Final = 0xE8552D
COOLING_COLOUR: Final = 0xF0B232
OVER_COLOUR: Final = 0x80848E

_HOUR = timedelta(hours=1)
_DAY_HOURS: Final = 24
_YEAR_WEEKS: Final = 52
_RARE_WEEKS: Final = 10
"""From here on something is very unusual."""
_NUMBERS: Final = ("no", "one", "two", "three")


def headline(tier: Tier, what: str, *, over: bool) -> str:
    where = {
        Tier.STORY: f"on {what}",
        Tier.COMMENTER: f"on the comments of {what}",
        Tier.SITE: f"all over {what}",
    }[tier]
    return f"**📉 Reports piled up {where}**" if over else f"**📈 Reports are piling up {where}**"


def urgent(called: str) -> str:
    return f"🚨 **Urgent** {called}"


def bulk(reports: int, readers: int, lasted: timedelta) -> str:
    by = count(readers, "reader")
    return f"{count(reports, 'report')} by {by} in {span(lasted)}."


def usual(hourly: float) -> str:
    return f"Usual at this hour: {rate(hourly)}."


def rate(hourly: float) -> str:
    daily = hourly * _DAY_HOURS
    if hourly >= 1.5:  # noqa: PLR2004 - from here on a number an hour reads best
        return f"about {hourly:,.0f} an hour"
    if hourly >= 0.75:  # noqa: PLR2004
        return "one an hour"
    if daily >= 1.5:  # noqa: PLR2004
        return f"about {daily:.0f} a day"
    return "one a day" if daily >= 0.75 else "less than one a day"  # noqa: PLR2004


def chance(weeks: float) -> str:
    if weeks > 50 * _YEAR_WEEKS:
        return "Very unusual: chance practically never does this."
    if weeks > 2 * _YEAR_WEEKS:
        return f"Very unusual: about once in {weeks / _YEAR_WEEKS:.0f} years."
    if weeks >= 1.5:  # noqa: PLR2004
        how = "Very unusual" if weeks >= _RARE_WEEKS else "Unusual"
        return f"{how}: about once in {weeks:.0f} weeks."
    return "Not that unusual: about once a week."


def span(length: timedelta) -> str:
    minutes = max(1, round(length / timedelta(minutes=1)))
    if minutes < 90:  # noqa: PLR2004
        return count(minutes, "minute")
    hours = minutes / 60
    return count(round(hours), "hour") if hours < 36 else count(round(hours / 24), "day")  # noqa: PLR2004


def about(comments: int, authors: Sequence[str], reasons: Sequence[tuple[str, int]]) -> str:
    which = f"{_small(comments)} comment{'' if comments == 1 else 's'}"
    by = f" by {listed(authors)}" if authors else ""
    why = ", ".join(f"{name.lower()} {number:,}" for name, number in reasons)
    return f"Mostly about {which}{by}: {why}." if why else f"Mostly about {which}{by}."


def listed(names: Sequence[str]) -> str:
    """Join names as people do: ``a, b and c``."""
    if len(names) < 2:  # noqa: PLR2004
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _small(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def coordinated(found: Coordination, readers: int) -> str | None:
    """Say whether readers may have agreed to report together, and why one might think so.

    `readers` is how many the card counts: only of as many is it said of how many some are.
    """
    if found.suspicion is Suspicion.NONE:
        return None
    how = "Likely" if found.suspicion is Suspicion.LIKELY else "Possibly"
    why = "; ".join(clue(one, readers) for one in found.clues[:3])
    return f"{how} coordinated: {why}." if why else f"{how} coordinated."


def clue(found: Clue, readers: int) -> str:
    some = count(found.readers, "reader")
    if found.of == readers:
        everybody = found.readers == found.of
        if everybody and found.sign is Sign.NEW_READERS:
            return _none_before(readers)
        some = f"all {some}" if everybody else f"{found.readers} of the {count(readers, 'reader')}"
    return {
        Sign.OVERLAP: f"{some} reported the same commenters before",
        Sign.NEW_READERS: f"{some} had never reported before",
        Sign.REFERRER: f"{some} came from the same place",
        Sign.NOTE: f"{some} sent the same words",
        Sign.RECORD: f"{some} mostly report what turns out to be fine",
    }[found.sign]


def _none_before(readers: int) -> str:
    if readers == 1:
        return "the reader had never reported before"
    return f"none of the {count(readers, 'reader')} had reported before"


def brigade_on_case(alert: int) -> str:
    return (
        f"Likely reported by agreement (alert {alert}): those reports weigh as one. "
        "The comment may still break the rules."
    )


def inside(labels: Sequence[str], more: int) -> str:
    rest = f" and {more} more" if more else ""
    return f"Among them: {', '.join(labels)}{rest}."


def over(when: str, reports: int, decided: Mapping[Action, int], waiting: int) -> str:
    """Say how a spike ended; `when` is a time of the day."""
    done = [
        _outcome(decided.get(Action.HIDE, 0), "comment hidden", "comments hidden"),
        _outcome(decided.get(Action.BAN, 0), "ban", "bans"),
        _outcome(decided.get(Action.KEEP, 0), "comment kept", "comments kept"),
        _outcome(waiting, "comment still waits", "comments still wait"),
    ]
    parts = [count(reports, "report"), *(part for part in done if part)]
    return f"**Over at {when}:** {', '.join(parts)}."


def _outcome(number: int, one: str, many: str) -> str:
    return count(number, one, many) if number else ""


def cooling(at: datetime) -> str:
    return f"Calming down: the last report came {ago(at)}."


def said(opinion_real: bool, name: str) -> str:
    return f"{name}: a real one" if opinion_real else f"{name}: a false alarm"


def number(alert: int) -> str:
    return f"alert {alert}"


def in_thread(thread_id: int) -> str:
    return f"with the moderators: <#{thread_id}>"


def muted(until: datetime, name: str) -> str:
    return f"muted until {date_and_clock(until)} by {name}"


def raised(name: str, left: int) -> str:
    still = count(left, "case still waits", "cases still wait") if left else "all are decided"
    return f"raised in the queue by {name}: {still}"


def asking(name: str) -> str:
    return f"{name} is asking the moderators"


def not_asked(why: str) -> str:
    return f"**The moderators could not be asked:** {why}"


CLOSING: Final = "the site is being asked to close the comments"
COMMENTS_CLOSED: Final = "comments closed on the site"


def not_closed(why: str) -> str:
    return f"**The comments are not closed on the site:** {why}"


def doubled(alert: int, reports: int, readers: int) -> str:
    return (
        f"Alert {alert} has doubled: {count(reports, 'report')} by {count(readers, 'reader')} now."
    )


def reopened(alert: int) -> str:
    return f"Alert {alert} has started again."


def held_back(more: int, *, overnight: bool) -> str:
    when = "during the quiet hours" if overnight else "this hour"
    if not more:
        return f"Every alert {when} got a message of its own after all."
    return f"**{count(more, 'more alert')} {when}**"


HELD_LISTED: Final = "These came on top of the alerts sent one by one. /spikes lists them."
HELD_ONE_LISTED: Final = "It came on top of the alerts sent one by one. /spikes lists it too."


def reports(number: int) -> str:
    return count(number, "report")


def unshowable(alert: int) -> str:
    return (
        f"### Alert {alert}\nReports are piling up, and Discord refuses to show this alert in full."
    )
