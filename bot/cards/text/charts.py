"""The words in pictures of reports, and what describes a picture for who cannot see it."""

from datetime import datetime, timedelta
from typing import Final

from bot.cards.text.alerts import rate
from bot.domain.alert import Series

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
