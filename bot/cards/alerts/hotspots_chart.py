"""A picture of the few behind the many, readable on a telephone, on light and on dark."""

import io
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.cards import escape
from bot.cards.alerts.charts import ALARM, CALM, FAINT, GROUND, INK, LAST_WEEK
from bot.domain.hotspots import Hotspots

_WIDTH: Final = 5.6
_BAR: Final = 0.46
"""Inches that a bar and a heading are high."""
_DPI: Final = 110
_FONT: Final = 14
_NAME: Final = 20
_LEFT: Final = -1.06
"""Where names begin, in widths of the bars' field left of it."""
_UNKNOWN: Final = "·"


def draw(found: Hotspots, headings: tuple[str, str, str]) -> bytes:
    """Return a PNG of three groups of bars on one scale: authors, stories, quarrels.

    Takes some tenths of a second; `chart_worker` draws it in a process of its own.
    """
    every = zip(headings, _groups(found), (ALARM, CALM, LAST_WEEK), strict=True)
    groups = [group for group in every if group[1]]
    bars_in_all = list(chain.from_iterable(bars for _, bars, _ in groups))
    rows = len(bars_in_all) + len(groups)
    figure: Any = Figure(figsize=(_WIDTH, rows * _BAR + 0.5), dpi=_DPI, facecolor=GROUND)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.46, 0.01, 0.42, 0.98))
    axes.set_facecolor(GROUND)
    axes.set_axis_off()
    axes.set_ylim(rows, -0.6)  # room below for Discord's own mark on a described picture
    longest = max(number for _, number in bars_in_all)
    axes.set_xlim(0, longest)
    place = 0
    for heading, bars, colour in groups:
        _words(axes, _LEFT, place, heading, FAINT, weight="bold", of_axes=True)
        _bars(axes, place + 1, bars, colour, gap=longest * 0.015)
        place += len(bars) + 1
    out = io.BytesIO()
    figure.savefig(out, format="png", facecolor=GROUND)
    return out.getvalue()


def _bars(
    axes: Any, place: int, bars: Sequence[tuple[str, int]], colour: str, *, gap: float
) -> None:
    """Draw bars one below the other, each with its name before it and its number after it."""
    for row, (name, number) in enumerate(bars, start=place):
        axes.barh(row, number, height=0.66, color=colour, zorder=2)
        _words(axes, _LEFT, row, name, INK, of_axes=True)
        _words(axes, number + gap, row, f"{number:,}", INK)


def _groups(found: Hotspots) -> Sequence[list[tuple[str, int]]]:
    return (
        [(spot.name, spot.reports) for spot in found.authors],
        [(spot.name, spot.reports) for spot in found.stories],
        [(" ⇄ ".join(_shown(name, 9) for name in one.names), one.total) for one in found.quarrels],
    )


def _words(
    axes: Any,
    x: float,
    y: float,
    words: str,
    colour: str,
    *,
    weight: str = "normal",
    of_axes: bool = False,
) -> None:
    """Write words that mean nothing but themselves: no formulas, no signs the font lacks."""
    axes.text(
        x,
        y,
        _shown(words, _NAME),
        color=colour,
        fontsize=_FONT,
        weight=weight,
        va="center",
        parse_math=False,
        clip_on=False,
        zorder=1,  # a name that is too wide goes on behind its bar
        transform=axes.get_yaxis_transform() if of_axes else axes.transData,
    )


def _shown(words: str, length: int) -> str:
    known = _letters()
    kept = "".join(c if ord(c) in known else _UNKNOWN for c in escape.label(words, length))
    return kept or _UNKNOWN


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    fonts: Any = font_manager
    return frozenset(fonts.get_font(fonts.findfont(fonts.FontProperties())).get_charmap())
