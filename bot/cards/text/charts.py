"""The words in pictures of reports, of the few behind the many, and for who cannot see one."""

from datetime import datetime, timedelta
from typing import Final

from bot.cards.text.alerts import rate
from bot.domain.alerts import Series
from bot.domain.lines import count

CHART_SPIKE: Final = "this spike"
CHART_EARLIER: Final = "earlier"
CHART_USUAL: Final = "usual"
CHART_LAST_WEEK: Final = "last week"
CHART_WEEK_BEFORE: Final = "a week before"
CHART_HEAT: Final = "reports in each hour"


def chart_alert(at: datetime) -> str:
    """Mark the moment of the alert; `at` is by the newsroom's clock."""
    return f"alert {at:%H:%M}"


def chart_bars(minutes: int) -> str:
    if minutes % 60 == 0:
        hours = minutes // 60
        return "reports an hour" if hours == 1 else f"reports in {hours} hours"
    return f"reports in {minutes} min"


def chart_hour(hour: int) -> str:
    return f"{hour:02}:00"


def chart_day(at: datetime) -> str:
    """Name a day; `at` is by the newsroom's clock."""
    return f"{at:%A} {at.day} {at:%B}"


def chart_weekday(at: datetime) -> str:
    """Name a day briefly; `at` is by the newsroom's clock."""
    return f"{at:%a} {at.day}"


def alt_spike(series: Series, usual_now: float, alert_at: datetime) -> str:
    """Describe the picture of a spike for who cannot see it; `alert_at` is by the newsroom's clock.

    It tells what one sees at a glance: where the bars stand highest, and how it was before.
    """
    zone, counts = alert_at.tzinfo, series.counts
    if not any(counts):
        return f"Bars of {chart_bars(series.step // timedelta(minutes=1))}: there were none."
    highest = max(counts)
    at = series.at(counts.index(highest)).astimezone(zone)
    moment = (alert_at - series.start) // series.step
    before = sum(counts[:moment])
    return (
        f"Bars of {chart_bars(series.step // timedelta(minutes=1))} from "
        f"{series.start.astimezone(zone):%H:%M} to {series.at(len(counts)).astimezone(zone):%H:%M}: "
        f"{before:,} before the alert at {alert_at:%H:%M}, {sum(counts) - before:,} since. "
        f"The highest bar is {highest:,}, at {at:%H:%M}. Usual: {rate(usual_now)}."
    )


def alt_day(today: int, before: int) -> str:
    return (
        f"Bars of the reports in each hour of today, {today} so far; a week before it was {before}."
    )


def alt_week(highest: int, when: str) -> str:
    return f"A table of the last seven days by the hour. The most in one hour: {highest}, {when}."


# Hotspots.
CHART_AUTHORS: Final = "Authors"
CHART_STORIES: Final = "Stories"
CHART_QUARRELS: Final = "Who answers whom"
QUARRELS: Final = "**Who answers whom**"
NO_QUARRELS: Final = "-# No two accounts were reported for answering each other more than once."


def no_reports(days: int) -> str:
    return f"Nothing was reported in the last {count(days, 'day')}."


def hotspots(reports: int, comments: int, days: int) -> str:
    return (
        f"**The last {count(days, 'day')}**: {count(reports, 'report')} on "
        f"{count(comments, 'comment')}"
    )


def sampled(in_all: int, one_in: int) -> str:
    return (
        f"-# There were {in_all:,} reports, too many to look at each. These are one in {one_in}, "
        "spread over the whole time."
    )


def behind(kind: str, share: int, named: int, total: int) -> str:
    many = {"author": "authors", "story": "stories"}[kind]
    if named == total:
        return f"**{many.capitalize()}**"
    are = "is" if named == 1 else "are"
    return f"**{many.capitalize()}**: {named} of {total:,} {are} behind {share} % of the reports"


def on_comments(number: int) -> str:
    return f"on {count(number, 'comment')}"


def most_reported(case: str) -> str:
    return f"most on {case}"


def quarrel(first: str, reports: int, second: str, others: int) -> str:
    return f"**{first}** {reports:,} ⇄ **{second}** {others:,}"


def alt(days: int) -> str:
    return f"Bars: what the reports of the last {count(days, 'day')} were about."
