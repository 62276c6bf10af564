"""How reports go, as an answer with two pictures: the day, and the week by the hour."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import discord

from bot.cards import escape, parts
from bot.cards import wording_alert_answers as told
from bot.cards import wording_alerts as wording
from bot.cards import wording_charts as pictured
from bot.services.trends import Trend

DAY: Final = "day.png"
WEEK: Final = "week.png"
_TITLE: Final = 80


def render(trend: Trend, zone: ZoneInfo) -> discord.ui.LayoutView:
    """Draw the answer; send it with the pictures as files named `DAY` and `WEEK`."""
    # One below the other: beside each other they would be too small to read.
    galleries = [
        discord.ui.MediaGallery[Any](
            discord.MediaGalleryItem(f"attachment://{name}", description=described)
        )
        for name, described in zip((DAY, WEEK), descriptions(trend, zone), strict=True)
    ]
    return parts.plain(
        parts.text(
            told.trend(
                escape.line(trend.name, _TITLE) or wording.NO_TITLE,
                sum(trend.today.counts),
                trend.before,
                trend.last_week,
            )
        ),
        *galleries,
    )


def pictures(trend: Trend, zone: ZoneInfo) -> tuple[bytes, bytes]:
    """Return the two pictures as PNG; takes some tenths of a second."""
    from bot.cards import charts  # noqa: PLC0415 - matplotlib takes half a second to load

    return charts.day(trend.today, zone), charts.week(trend.week, _days(trend, zone))


def descriptions(trend: Trend, zone: ZoneInfo) -> tuple[str, str]:
    """Describe the two pictures for who cannot see them."""
    highest, day, hour = max(
        (count or 0, -day, -hour)
        for day, line in enumerate(trend.week)
        for hour, count in enumerate(line)
    )
    when = f"{_days(trend, zone)[-day]} {pictured.chart_hour(-hour)}"
    return (
        pictured.alt_day(sum(trend.today.counts), trend.before),
        pictured.alt_week(highest, when),
    )


def _days(trend: Trend, zone: ZoneInfo) -> Sequence[str]:
    first = trend.first_day.astimezone(zone)
    return [pictured.chart_weekday(first + timedelta(days=day)) for day in range(len(trend.week))]
