"""Every sentence and label about report spikes; change it here to change the voice.

Names, titles and texts passed in have been made inert already, by `bot.cards.escape`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.cards.wording import ago, clock, count
from bot.domain.alert import Record, Sensitivity
from bot.domain.brigades import Clue, Coordination, Sign, Suspicion
from bot.domain.decision import Action
from bot.domain.spikes.sighting import Tier

OPEN_COLOUR: Final = 0xE8552D
COOLING_COLOUR: Final = 0xF0B232
OVER_COLOUR: Final = 0x80848E

# On buttons.
REAL: Final = "Real"
FALSE: Final = "False alarm"
MUTE: Final = "Mute 24 h"
UNMUTE: Final = "Unmute"
CASES: Final = "Show the cases"
THREAD: Final = "Ask the moderators"
WATCH: Final = "Watch story"
CLOSE: Final = "Close comments"

# In pictures.
CHART_USUAL: Final = "usual at this hour"
CHART_WEEK_BEFORE: Final = "a week before"
CHART_HEAT: Final = "reports in each hour"

# On cards and answers.
NO_TITLE: Final = "a story without a title"
NO_NAME: Final = "a commenter without a name"
MUTED_HERE: Final = "muted: nobody is told of this one"
NO_CASES: Final = "There are no cases to show; the reports are gone from the record."
NO_ALERTS: Final = "Reports have not piled up anywhere so far."
NO_SUCH_ALERT: Final = "There is no such alert any more. /spikes lists the recent ones."
UNKNOWN_KEY: Final = "Nothing of that name was reported lately. Pick one from the list."
ASKED_MODERATORS: Final = "A thread with the moderators is being opened. The alert will link to it."
WATCHED: Final = "The story is on watch now. /story shows how it stands and changes it."
CLOSED: Final = (
    "The site is asked to take no more comments on this story. /story shows how it stands."
)
NOT_MUTED: Final = "That was not muted."
UNMUTED: Final = "You will hear of it again."
SETTINGS_TITLE: Final = "**Alerts**"
SETTINGS_HELP: Final = (
    "More false alarms mean earlier alerts. Say of each alert whether it was real: "
    "the desk learns from it, and the figures above become true."
)
LIVE: Final = "**Going on**"
ENDED: Final = "**Over**"
COOLING: Final = "calming down"
OPINIONS: Final = {True: "real", False: "false alarm"}

_HOUR = timedelta(hours=1)
_DAY_HOURS: Final = 24
_YEAR_WEEKS: Final = 52
_NUMBERS: Final = ("no", "one", "two", "three")


def headline(tier: Tier, what: str, *, over: bool) -> str:
    """Say first on the card what happens, and where."""
    where = {
        Tier.STORY: f"on {what}",
        Tier.COMMENTER: f"on the comments of {what}",
        Tier.SITE: f"all over {what}",
    }[tier]
    return f"**📉 Reports piled up {where}**" if over else f"**📈 Reports are piling up {where}**"


def bulk(reports: int, readers: int, lasted: timedelta) -> str:
    """Say how many reports came by how many readers, in which time."""
    by = count(readers, "reader")
    return f"{count(reports, 'report')} by {by} in {span(lasted)}."


def usual(hourly: float) -> str:
    """Say what is usual at this hour, in the unit people count in."""
    return f"Usual at this hour: {rate(hourly)}."


def rate(hourly: float) -> str:
    """Say how often something comes that comes so often an hour."""
    daily = hourly * _DAY_HOURS
    if hourly >= 1.5:  # noqa: PLR2004 - from here on a number an hour reads best
        return f"about {hourly:,.0f} an hour"
    if hourly >= 0.75:  # noqa: PLR2004
        return "one an hour"
    if daily >= 1.5:  # noqa: PLR2004
        return f"about {daily:.0f} a day"
    return "one a day" if daily >= 0.75 else "less than one a day"  # noqa: PLR2004


def chance(weeks: float) -> str:
    """Say how rarely chance alone brings as much."""
    if weeks > 50 * _YEAR_WEEKS:
        return "Chance alone practically never brings as many."
    if weeks > 2 * _YEAR_WEEKS:
        return f"Chance alone brings as many once in {weeks / _YEAR_WEEKS:.0f} years."
    if weeks >= 1.5:  # noqa: PLR2004
        return f"Chance alone brings as many once in {weeks:.0f} weeks."
    return "Chance alone brings as many once a week."


def span(length: timedelta) -> str:
    """Say how long something took, roughly."""
    minutes = max(1, round(length / timedelta(minutes=1)))
    if minutes < 90:  # noqa: PLR2004
        return count(minutes, "minute")
    hours = minutes / 60
    return count(round(hours), "hour") if hours < 36 else count(round(hours / 24), "day")  # noqa: PLR2004


def about(comments: int, authors: Sequence[str], reasons: Sequence[tuple[str, int]]) -> str:
    """Say which comments most reports are on, and under which rules."""
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


def coordinated(found: Coordination) -> str | None:
    """Say whether readers may have agreed to report together, and why one might think so."""
    if found.suspicion is Suspicion.NONE:
        return None
    how = "Likely" if found.suspicion is Suspicion.LIKELY else "Possibly"
    why = "; ".join(clue(one) for one in found.clues[:3])
    return f"{how} coordinated: {why}." if why else f"{how} coordinated."


def clue(found: Clue) -> str:
    """Say what speaks for an agreement."""
    of = f"{found.readers} of the {found.of}"
    return {
        Sign.OVERLAP: f"{of} readers reported the same comments before",
        Sign.NEW_READERS: f"{of} readers never reported anything before",
        Sign.REFERRER: f"{of} readers came from the same place",
        Sign.NOTE: f"{of} readers sent the same words",
        Sign.RECORD: f"{of} readers mostly report what turns out to be fine",
    }[found.sign]


def brigade_on_case(alert: int) -> str:
    """Say on a case that its readers may have agreed to report it, and what that changes."""
    return (
        f"Likely reported by agreement (alert {alert}): those reports weigh as one. "
        "The comment may be bad all the same."
    )


def inside(labels: Sequence[str], more: int) -> str:
    """Say which other spikes are part of the site's."""
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
    """Say that it may be over."""
    return f"Calming down: the last report came {ago(at)}."


def said(opinion_real: bool, name: str) -> str:
    """Say what an editor thought of it."""
    return f"{name}: a real one" if opinion_real else f"{name}: a false alarm"


def number(alert: int) -> str:
    """Name an alert."""
    return f"alert {alert}"


def in_thread(thread_id: int) -> str:
    """Point to the thread with the moderators."""
    return f"with the moderators: <#{thread_id}>"


def doubled(alert: int, reports: int, readers: int) -> str:
    """Say under the card that it has become much more."""
    return (
        f"Alert {alert} has doubled: {count(reports, 'report')} by {count(readers, 'reader')} now."
    )


def reopened(alert: int) -> str:
    """Say under the card that it has begun again."""
    return f"Alert {alert} is on again."


def held_back(number: int) -> str:
    """Say that there were too many alerts to tell of each."""
    more = count(number, "more spike", "more spikes")
    return f"Many alerts at once: {more} this hour. /spikes lists them all."


def thanks(*, real: bool, counted: bool) -> str:
    """Answer who said what an alert was."""
    if not counted:
        return "That was said already; nothing has changed."
    return (
        "Thank you. Alerts like this one will go on coming."
        if real
        else "Thank you. The desk learns from it, and will ask for more before it alerts again."
    )


def muted(what: str, until: datetime) -> str:
    """Say that nobody will be told of something for a while."""
    return (
        f"You will hear nothing of {what} until {clock(until)} tomorrow. The reports still count."
    )


def mute_line(what: str, until: datetime, name: str) -> str:
    """List one mute."""
    return f"{what} is muted until {clock(until)}, by {name}"


def settings(site: str, chosen: Sensitivity, record: Record) -> str:
    """Say how sensitive a site's alerts are, and how well that went."""
    who = f"as {chosen.by_name} chose" if chosen.by_name else "as the policy says"
    wanted = f"**{site}**: you accept {_false_alarms(chosen.a_week)}, {who}."
    if not record.alerts:
        return f"{wanted} There was no alert {_period(record.days)}."
    unsaid = record.alerts - record.real - record.false
    measured = (
        f"{count(record.alerts, 'alert')} {_period(record.days)}: {record.real} real, "
        f"{record.false} false, {unsaid} nobody judged."
    )
    if record.days < 7:  # noqa: PLR2004 - a week is what the figure is about
        return f"{wanted}\n{measured} It is too early to say how many false alarms a week that is."
    low, high = record.false_a_week, (record.false + unsaid) * 7 / record.days
    weekly = f"{low:.1f}" if unsaid == 0 else f"between {low:.1f} and {high:.1f}"
    return f"{wanted}\n{measured} Measured: {weekly} false alarms a week."


def _false_alarms(a_week: float) -> str:
    return "one false alarm a week" if a_week == 1 else f"{a_week:g} false alarms a week"


def _period(days: float) -> str:
    return f"in {count(max(1, round(days)), 'day')}"


def chosen(site: str, a_week: float) -> str:
    """Confirm a new sensitivity."""
    return f"{site}: {_false_alarms(a_week)} from now on. It takes hold within a day."


def case_line(case: str, author: str, reports: int, done: str | None, link: str | None) -> str:
    """List one of an alert's cases."""
    named = f"[{case}]({link})" if link else case
    state = f" · {done}" if done else " · waits"
    return f"{named} · {author} · {count(reports, 'report')}{state}"


def spike_line(what: str, alert: int, opened: datetime, tail: str, link: str | None) -> str:
    """List one alert."""
    named = f"[alert {alert}]({link})" if link else f"alert {alert}"
    return f"{named} · {what} · {ago(opened)} · {tail}"


def reports(number: int) -> str:
    """Say how many reports came."""
    return count(number, "report")


def folded(alert: int) -> str:
    """Say that an alert was told of as a part of another."""
    return f"part of alert {alert}"


def cases_title(what: str) -> str:
    """Head the list of an alert's cases."""
    return f"**The cases on {what}**, the most reported first"


def more_cases(number: int) -> str:
    """Say that the list of cases is not complete."""
    return f"and {count(number, 'case')} with fewer reports; /queue has those that wait"


def thread_opening(what: str, number: int, asked_by: str) -> str:
    """Begin the thread with the moderators."""
    return f"**{asked_by} asks about the reports on {what}** ({reports(number)})."


def thread_name(alert: int) -> str:
    """Name the thread with the moderators."""
    return f"Alert {alert}"


def chart_alert(at: datetime) -> str:
    """Mark the moment of the alert; `at` is by the newsroom's clock."""
    return f"alert {at:%H:%M}"


def chart_bars(minutes: int) -> str:
    """Say what a bar stands for."""
    if minutes % 60 == 0:
        hours = minutes // 60
        return "reports an hour" if hours == 1 else f"reports in {hours} hours"
    return f"reports in {minutes} min"


def chart_hour(hour: int) -> str:
    """Name an hour on the axis."""
    return f"{hour:02}:00"


def chart_day(at: datetime) -> str:
    """Name a day; `at` is by the newsroom's clock."""
    return f"{at:%A} {at.day} {at:%B}"


def chart_weekday(at: datetime) -> str:
    """Name a day briefly; `at` is by the newsroom's clock."""
    return f"{at:%a} {at.day}"


def alt_spike(minutes: int, counts: Sequence[int], usual_now: float, alert_at: datetime) -> str:
    """Describe the picture of a spike for who cannot see it."""
    step = "an hour" if minutes == 60 else f"in {minutes} minutes"  # noqa: PLR2004
    highest = max(counts, default=0)
    return (
        f"Bars of the reports {step}, the last one {counts[-1] if counts else 0}, the highest "
        f"{highest}. Usual: {rate(usual_now)}. The alert came at {alert_at:%H:%M}."
    )


def alt_day(today: int, before: int) -> str:
    """Describe the picture of a day for who cannot see it."""
    return (
        f"Bars of the reports in each hour of today, {today} so far; a week before it was {before}."
    )


def alt_week(highest: int, when: str) -> str:
    """Describe the picture of a week for who cannot see it."""
    return f"A table of the last seven days by the hour. The most in one hour: {highest}, {when}."


def trend(what: str, today: int, before: int, last_week: int) -> str:
    """Say a trend's figures in words."""
    return (
        f"**{what}**\n{count(today, 'report')} today; {before:,} by this time a week ago. "
        f"{count(last_week, 'report')} in the last seven days."
    )
