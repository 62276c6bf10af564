"""The few behind the many: who and what most of a week's reports are about."""

import io
from collections.abc import Mapping, Sequence
from typing import Final

import discord

from bot.cards import escape, parts, wording
from bot.cards import wording_answers as told
from bot.cards import wording_knowing as knowing
from bot.cards.pictured import Pictured, picture
from bot.domain.hotspots import Hotspots, Quarrel, Spot
from bot.domain.ids import CaseId

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
            knowing.hotspots(found.reports, found.comments, days),
            knowing.CUT if found.cut else None,
        ),
        picture(file),
        parts.text(
            knowing.behind(
                "author", found.share(found.authors), len(found.authors), found.authors_in_all
            ),
            *(_spot(spot, parts.name(spot.name), links) for spot in found.authors),
        ),
        parts.text(
            knowing.behind(
                "story", found.share(found.stories), len(found.stories), found.stories_in_all
            ),
            *(_spot(spot, _title(spot.name), links) for spot in found.stories),
        ),
        parts.text(*_quarrels(found.quarrels, links)),
        files=(file,),
    )


def nothing(days: int) -> discord.ui.LayoutView:
    """Say that nothing was reported."""
    return parts.plain(parts.text(knowing.no_reports(days)))


def headings() -> tuple[str, str, str]:
    """Return what stands over the groups of bars."""
    return knowing.CHART_AUTHORS, knowing.CHART_STORIES, knowing.CHART_QUARRELS


def alt(found: Hotspots, days: int) -> str:
    """Say in words what the picture shows, for those who cannot see it."""
    groups = [
        (knowing.CHART_AUTHORS, [(spot.name, spot.reports) for spot in found.authors]),
        (knowing.CHART_STORIES, [(spot.name, spot.reports) for spot in found.stories]),
        (knowing.CHART_QUARRELS, [(" and ".join(one.names), one.total) for one in found.quarrels]),
    ]
    said = [
        f"{heading}: " + ", ".join(f"{escape.label(name, 30)} {number}" for name, number in bars)
        for heading, bars in groups
        if bars
    ]
    return escape.label(knowing.alt(days) + " " + ". ".join(said) + ".", _ALT)


def _spot(spot: Spot, name: str, links: Mapping[CaseId, str]) -> str:
    return parts.joined(
        f"**{name}**",
        wording.count(spot.reports, "report"),
        knowing.on_comments(spot.comments),
        knowing.most_reported(told.queue_number(spot.case_id, links.get(spot.case_id))),
    )


def _title(title: str) -> str:
    return escape.line(title, _TITLE) or wording.NO_TITLE


def _quarrels(quarrels: Sequence[Quarrel], links: Mapping[CaseId, str]) -> list[str]:
    if not quarrels:
        return [knowing.NO_QUARRELS]
    lines = [
        parts.joined(
            knowing.quarrel(
                parts.name(one.names[0]),
                one.reports[0],
                parts.name(one.names[1]),
                one.reports[1],
            ),
            wording.count(one.total, "report"),
            knowing.on_comments(one.comments),
            knowing.most_reported(told.queue_number(one.case_id, links.get(one.case_id))),
        )
        for one in quarrels
    ]
    return [knowing.QUARRELS, *lines]
