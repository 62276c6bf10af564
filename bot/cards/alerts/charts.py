"""Pictures of reports over time, readable on a telephone, on light and on dark.

Nothing that a reader wrote is in them. Each has a ground of its own, so that Discord's theme does
not matter. Drawing takes some tenths of a second: call these in a thread.
"""

import io
import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import chain, takewhile
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from bot.cards.text import charts as chart_text
from bot.domain.alerts import Series

Axes: TypeAlias = Any
"""matplotlib's own types leave every keyword unknown, which says less than this."""

GROUND: Final = "#1f2126"
INK: Final = "#e6e8ec"
FAINT: Final = "#9aa0aa"
GRID: Final = "#383b43"
CALM: Final = "#7f9cc0"
ALARM: Final = "#ff7a59"
BAND: Final = "#3c4a5e"
LAST_WEEK: Final = "#d7b865"

_SIZE: Final = (8.0, 5.8)
_FOOT: Final = 0.16
"""The part of the height left empty below: Discord lays its ALT sign over the lower left corner, and
on a telephone that is a seventh of the picture."""
_DPI: Final = 110
_FONT: Final = 20
"""Points; on a telephone the picture is shown at a third of its size."""
_TICKS: Final = 4
_TICK_WIDTHS: Final = tuple(timedelta(minutes=one) for one in (15, 30, 60, 120, 180, 360, 720))
_LINES: Final = 4
_ROOM: Final = 1.28
"""How much higher than the highest bar the picture is, for the words over it."""


def spike(series: Series, since: datetime, alert_at: datetime, zone: ZoneInfo) -> bytes:
    """Return a PNG: bars before the spike and from `since` on, and what is usual at that time."""
    figure, axes = _blank()
    steps = len(series.counts)
    places = range(steps)
    moment = (alert_at - series.start) / series.step
    began = (since - series.start) / series.step
    colours = [ALARM if place + 1 > began else CALM for place in places]
    axes.bar(places, series.counts, width=0.82, align="edge", color=colours, zorder=3)
    _usual(axes, series)
    if series.before:
        edges = range(len(series.before) + 1)
        before = [*series.before, series.before[-1]]
        axes.plot(edges, before, drawstyle="steps-post", color=LAST_WEEK, linewidth=1.8, zorder=4)
    axes.axvline(moment, color=INK, linewidth=2, linestyle=(0, (3, 2)), zorder=5)
    highest = max([1, *series.counts, *series.before, *(_high(u) for u in series.usual)])
    axes.set_xlim(0, max(steps, 1))
    axes.set_ylim(0, highest * _ROOM)
    beside = {"ha": "right", "xytext": (-8, 0)} if moment > steps * 0.6 else {"xytext": (8, 0)}
    axes.annotate(
        chart_text.chart_alert(alert_at.astimezone(zone)),
        (moment, highest * (_ROOM - 0.03)),
        textcoords="offset points",
        va="top",
        color=INK,
        weight="bold",
        fontsize=_FONT,
        **beside,
    )
    _whole_numbers(axes, highest)
    _hours(axes, series, zone)
    _legend(axes, series)
    return _png(figure)


def day(series: Series, zone: ZoneInfo) -> bytes:
    """Return a PNG of a day's hours beside the same weekday a week before."""
    figure, axes = _blank()
    places = range(len(series.counts))
    axes.bar(places, series.counts, width=0.82, align="edge", color=CALM, zorder=3)
    steps = [place + 0.41 for place in range(len(series.before))]
    axes.plot(steps, series.before, color=LAST_WEEK, linewidth=2.4, zorder=4)
    highest = max([1, *series.counts, *series.before])
    axes.set_xlim(0, 24)
    axes.set_ylim(0, highest * _ROOM)
    axes.set_xticks([0, 6, 12, 18, 24])
    first = series.start.astimezone(zone)
    axes.set_xticklabels([chart_text.chart_hour(hour) for hour in (0, 6, 12, 18, 24)])
    _whole_numbers(axes, highest)
    _key(axes, [(CALM, chart_text.chart_day(first)), (LAST_WEEK, chart_text.CHART_WEEK_BEFORE)])
    return _png(figure)


def week(counts: Sequence[Sequence[int | None]], days: Sequence[str]) -> bytes:
    """Return a PNG of the reports in each hour of the last seven days, a day a line.

    Hours that are still to come are `None`.
    """
    figure, axes = _blank()
    ramp = ["#2a2e36", "#7a5a6b", ALARM, "#ffe3a3"]
    shades = LinearSegmentedColormap.from_list("reports", ramp).with_extremes(bad=GROUND)
    table = [[math.nan if count is None else count for count in line] for line in counts]
    highest = max([1, *filter(None, chain.from_iterable(counts))])
    image = axes.imshow(table, aspect="auto", cmap=shades, vmin=0, vmax=highest)
    axes.set_yticks(range(len(days)))
    axes.set_yticklabels(days)
    axes.set_xticks([0, 6, 12, 18])
    axes.set_xticklabels([chart_text.chart_hour(hour) for hour in (0, 6, 12, 18)])
    axes.grid(visible=False)
    for edge in axes.spines.values():
        edge.set_visible(False)
    bar = figure.colorbar(image, ax=axes, pad=0.02, fraction=0.05)
    bar.set_ticks([0, highest])
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=0, colors=FAINT, labelsize=_FONT)
    axes.set_title(chart_text.CHART_HEAT, loc="left", color=FAINT, fontsize=_FONT)
    return _png(figure)


def _blank() -> tuple[Any, Axes]:
    figure: Any = Figure(figsize=_SIZE, dpi=_DPI, facecolor=GROUND, layout="constrained")
    figure.get_layout_engine().set(w_pad=0.12, h_pad=0.12, rect=(0, _FOOT, 1, 1 - _FOOT))
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_facecolor(GROUND)
    axes.tick_params(colors=FAINT, labelsize=_FONT, length=0, pad=6)
    axes.grid(visible=True, axis="y", color=GRID, linewidth=1, zorder=0)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GRID)
    return figure, axes


def _usual(axes: Axes, series: Series) -> None:
    if not series.usual:
        return
    edges = range(len(series.usual) + 1)
    usual = [*series.usual, series.usual[-1]]
    high = [_high(one) for one in usual]
    low = [max(0.0, 2 * one - _high(one)) for one in usual]
    axes.fill_between(edges, low, high, step="post", color=BAND, linewidth=0, zorder=1)
    axes.plot(edges, usual, drawstyle="steps-post", color=INK, linewidth=2, zorder=4)


def _high(usual: float) -> float:
    """Return what nine in ten steps stay below, for counts that scatter more than by chance."""
    return usual + 1.3 * math.sqrt(1.5 * usual + (0.25 * usual) ** 2)


def _hours(axes: Axes, series: Series, zone: ZoneInfo) -> None:
    """Name round times on the axis, as many as there is room for."""
    length = series.step * len(series.counts)
    width = next((one for one in _TICK_WIDTHS if length / one <= _TICKS), _TICK_WIDTHS[-1])
    local = series.start.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight + width * math.ceil((local - midnight) / width)
    ticks = (first + width * number for number in range(_TICKS + 1))
    inside = list(takewhile(lambda tick: tick - local <= length, ticks))
    axes.set_xticks([(tick - local) / series.step for tick in inside])
    axes.set_xticklabels([f"{tick:%H:%M}" for tick in inside])


def _whole_numbers(axes: Axes, highest: float) -> None:
    step = next((one for one in _round_steps() if highest / one <= _LINES), 1)
    # Without nought, which would stand on the first time of the other axis.
    axes.set_yticks(range(step, math.ceil(highest) + 1, step))


def _round_steps() -> list[int]:
    return [digit * 10**power for power in range(7) for digit in (1, 2, 5)]


def _legend(axes: Axes, series: Series) -> None:
    minutes = series.step // timedelta(minutes=1)
    shown = [(ALARM, chart_text.CHART_SPIKE), (CALM, chart_text.CHART_EARLIER)]
    if series.usual:
        shown.append((INK, chart_text.CHART_USUAL))
    if series.before:
        shown.append((LAST_WEEK, chart_text.CHART_LAST_WEEK))
    _key(axes, shown, heading=chart_text.chart_bars(minutes))


def _key(axes: Axes, shown: Sequence[tuple[str, str]], *, heading: str | None = None) -> None:
    """Say over the picture what the colours are; the heading says what the bars count."""
    axes.legend(
        title=heading,
        alignment="left",
        handles=[Patch(color=colour, label=label) for colour, label in shown],
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=len(shown),
        frameon=False,
        labelcolor=INK,
        fontsize=_FONT - 2,
        handlelength=0.8,
        handleheight=0.8,
        columnspacing=0.9,
        borderaxespad=0.3,
        borderpad=0,
        handletextpad=0.4,
    ).get_title().set(color=INK, fontsize=_FONT, weight="bold")


def _png(figure: Any) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="png", facecolor=GROUND)
    return out.getvalue()
