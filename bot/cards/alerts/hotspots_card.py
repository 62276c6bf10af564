"""The few behind the many: who and what most of a week's reports are about."""

import io
from collections.abc import Mapping, Sequence
from typing import Final

import discord

from bot.cards import escape, parts
from bot.cards.parts import Pictured, picture
from bot.cards.text import charts as chart_text
from bot.cards.text import common as common_text
from bot.cards.text import decisions as decision_text
from bot.domain.hotspots import Hotspots, Quarrel, Spot
from bot.domain.ids import CaseId
from bot.domain.lines import count

_FILE: Final = "hotspots.png"
_TITLE: Final = 60
_ALT: Final = 1000


def hotspots_card(
    found: Hotspots, *, days: int, links: Mapping[CaseId, str], image: bytes
) -> discord.ui.LayoutView:
    """Show hotspots with their picture; `image` is a PNG."""
    file = discord.File(io.BytesIO(image), _FILE, description=alt(found, days))
    return Pictured(
        parts.text(
            chart_text.hotspots(found.reports, found.comments, days),
            chart_text.sampled(found.in_all, found.one_in) if found.one_in > 1 else None,
        ),
        picture(file),
        parts.text(
            chart_text.behind(
                "author", found.share(found.authors), len(found.authors), found.authors_in_all
            ),
            *(_spot(spot, parts.name(spot.name), links) for spot in found.authors),
        ),
        parts.text(
            chart_text.behind(
                "story", found.share(found.stories), len(found.stories), found.stories_in_all
            ),
            *(_spot(spot, _title(spot.name), links) for spot in found.stories),
        ),
        parts.text(*_quarrels(found.quarrels, links)),
        files=(file,),
    )


def nothing(days: int) -> discord.ui.LayoutView:
    """Say that nothing was reported."""
    return parts.plain(parts.text(chart_text.no_reports(days)))


def headings() -> tuple[str, str, str]:
    """Return what stands over the groups of bars."""
    return chart_text.CHART_AUTHORS, chart_text.CHART_STORIES, chart_text.CHART_QUARRELS


def alt(found: Hotspots, days: int) -> str:
    """Say in words what the picture shows, for those who cannot see it."""
    groups = {
        chart_text.CHART_AUTHORS: [(spot.name, spot.reports) for spot in found.authors],
        chart_text.CHART_STORIES: [(spot.name, spot.reports) for spot in found.stories],
        chart_text.CHART_QUARRELS: [(" and ".join(one.names), one.total) for one in found.quarrels],
    }
    said = [f"{heading}: {_listed(bars)}" for heading, bars in groups.items() if bars]
    return escape.label(chart_text.alt(days) + " " + ". ".join(said) + ".", _ALT)


def _listed(bars: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{escape.label(name, 30)} {number}" for name, number in bars)


def _spot(spot: Spot, name: str, links: Mapping[CaseId, str]) -> str:
    return parts.joined(
        f"**{name}**",
        count(spot.reports, "report"),
        chart_text.on_comments(spot.comments),
        chart_text.most_reported(decision_text.queue_number(spot.case_id, links.get(spot.case_id))),
    )


def _title(title: str) -> str:
    return escape.line(title, _TITLE) or common_text.NO_TITLE


def _quarrels(quarrels: Sequence[Quarrel], links: Mapping[CaseId, str]) -> list[str]:
    if not quarrels:
        return [chart_text.NO_QUARRELS]
    lines = [
        parts.joined(
            chart_text.quarrel(
                parts.name(one.names[0]),
                one.reports[0],
                parts.name(one.names[1]),
                one.reports[1],
            ),
            count(one.total, "report"),
            chart_text.on_comments(one.comments),
            chart_text.most_reported(
                decision_text.queue_number(one.case_id, links.get(one.case_id))
            ),
        )
        for one in quarrels
    ]
    return [chart_text.QUARRELS, *lines]
