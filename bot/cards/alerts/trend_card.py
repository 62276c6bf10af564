"""How reports go, as an answer with two pictures: the day, and the week by the hour."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import discord

from bot.cards import escape, parts
from bot.cards.alerts.chart_worker import Kind, draw_each
from bot.cards.text import alert_answers as alert_answer_text
from bot.cards.text import charts as chart_text
from bot.cards.text import common as common_text
from bot.services.alerts.trends import Trend

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
            alert_answer_text.trend(
                escape.line(trend.name, _TITLE) or common_text.NO_TITLE,
                sum(trend.today.counts),
                trend.before,
                trend.last_week,
            )
        ),
        *galleries,
    )


async def pictures(trend: Trend, zone: ZoneInfo) -> Sequence[bytes]:
    """Return the two pictures as PNG."""
    return await draw_each(
        (Kind.DAY, (trend.today, zone)), (Kind.WEEK, (trend.week, _days(trend, zone)))
    )


def descriptions(trend: Trend, zone: ZoneInfo) -> tuple[str, str]:
    """Describe the two pictures for who cannot see them."""
    highest, day, hour = max(
        (count or 0, -day, -hour)
        for day, line in enumerate(trend.week)
        for hour, count in enumerate(line)
    )
    when = f"{_days(trend, zone)[-day]} {chart_text.chart_hour(-hour)}"
    return (
        chart_text.alt_day(sum(trend.today.counts), trend.before),
        chart_text.alt_week(highest, when),
    )


def _days(trend: Trend, zone: ZoneInfo) -> Sequence[str]:
    first = trend.first_day.astimezone(zone)
    return [chart_text.chart_weekday(first + timedelta(days=day)) for day in range(len(trend.week))]
