"""`comment-desk spikes`: judge reports from a stream, or tell what last month would have alerted."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bot.domain.alerts import AlertRules, Logged
from bot.domain.detection.events import ReportEvent, Tier
from bot.domain.detection.incidents import Kind, Notice
from bot.domain.detection.season import utc
from bot.domain.detection.thresholds import Budget
from bot.domain.detection.watch import Watch
from bot.domain.errors import DeskError
from bot.domain.lines import count as counted
from bot.services.alerts.spike_worker import sighting
from bot.services.alerts.spikes_offline import read_row, run
from bot.services.alerts.views import name as alert_name
from bot.store.sqlite import open_store
from bot.store.store import Store
from config.policy import load_policy

_SQLITE = b"SQLite format 3\0"
_PAGE = 1_000
_A_WEEK = 7 * 86_400.0
_SHOWN = 40
_TITLE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One report of the past, with the names to show and how far through the source it is."""

    site: str
    sighting: ReportEvent
    title: str
    name: str
    place: int


@dataclass(slots=True, kw_only=True)
class Past:
    """What the past would have alerted."""

    reports: int = 0
    first: float = 0.0
    last: float = 0.0
    opened: list[tuple[Notice, str]] = field(default_factory=list[tuple[Notice, str]])
    final: dict[tuple[str, int], Notice] = field(default_factory=dict[tuple[str, int], Notice])
    names: dict[tuple[Tier, str], str] = field(default_factory=dict[tuple[Tier, str], str])

    @property
    def weeks(self) -> float:
        """How long the past was."""
        return max((self.last - self.first) / _A_WEEK, 1 / 7)


def stream(budget: float, hourly: float | None, policy: Path | None) -> None:
    """Read reports as JSON lines from the standard input, and write the alerts they raise.

    Raises:
        DeskError: A line is no report.
    """
    rules = load_policy(policy).alerts

    def write(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    # The stream's times are the reader's own; only a named policy says where that is.
    offset = rules.offset if policy is not None else utc
    try:
        run(sys.stdin, write, budget=budget, hourly=hourly or rules.hourly, offset=offset)
    except ValueError as error:
        raise DeskError(str(error)) from error


def replay(source: Path, budget: float, hourly: float | None, policy: Path | None) -> None:
    """Print what the reports of the past would have alerted somebody to.

    Raises:
        DeskError: The source holds no reports.
    """
    rules = load_policy(policy).alerts
    out, err = Console(highlight=False, soft_wrap=True), Console(stderr=True, highlight=False)
    past = asyncio.run(_replay(source, rules, budget, hourly or rules.hourly, err))
    _tell(past, rules, budget, out)


async def _replay(
    source: Path, rules: AlertRules, budget: float, hourly: float, err: Console
) -> Past:
    past, sites = Past(), dict[str, Watch]()
    columns = (TextColumn("[progress.description]{task.description}"), BarColumn())
    with Progress(*columns, TimeRemainingColumn(), console=err, transient=True) as bar:
        total, rows = await _source(source)
        task = bar.add_task("Going through the reports", total=total)
        async for seen in rows:
            watch = sites.get(seen.site)
            if watch is None:
                watch = Watch(Budget(a_week=budget), hourly=hourly, offset=rules.offset)
                sites[seen.site] = watch
            _note(past, seen, watch.observe(seen.sighting))
            if past.reports % _PAGE == 0:
                bar.update(task, completed=seen.place)
        for site, watch in sites.items():
            for notice in watch.tick(past.last + _A_WEEK):
                past.final[site, notice.facts.number] = notice
    return past


def _note(past: Past, seen: Seen, notices: Sequence[Notice]) -> None:
    at = seen.sighting.at
    past.first = at if not past.reports else past.first
    past.last = max(past.last, at)
    past.reports += 1
    past.names[Tier.STORY, seen.sighting.story] = seen.title
    past.names[Tier.COMMENTER, seen.sighting.author] = seen.name
    for notice in notices:
        past.final[seen.site, notice.facts.number] = notice
        if notice.aloud and notice.kind in (Kind.OPENED, Kind.REOPENED):
            past.opened.append((notice, seen.site))


async def _source(source: Path) -> tuple[int, AsyncGenerator[Seen]]:
    """Return how long the source is, in a unit of its own, and its reports in their order."""
    size, is_database = _looked_at(source)
    if not is_database:
        return size, _from_lines(source)
    async with open_store(source, create=False) as store:
        newest = await store.read(lambda tx: tx.report_events.newest())
    return newest, _from_database(source)


def _looked_at(source: Path) -> tuple[int, bool]:
    with source.open("rb") as file:
        return source.stat().st_size, file.read(len(_SQLITE)) == _SQLITE


async def _from_lines(source: Path) -> AsyncGenerator[Seen]:
    place = 0
    with source.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            place += len(line)
            if line.strip():
                yield _parsed(line, number, place)


def _parsed(line: str, number: int, place: int) -> Seen:
    try:
        row = read_row(line, number)
    except ValueError as error:
        raise DeskError(str(error)) from error
    story, author = str(row["article"]), str(row["author"])
    sighting = ReportEvent(
        at=row["t"],
        story=story,
        published=row.get("published"),
        comment=str(row["comment"]),
        author=author,
        reader=str(row["reporter"]),
        reason=str(row.get("reason") or ""),
    )
    return Seen(
        site=str(row.get("site", "")), sighting=sighting, title=story, name=author, place=place
    )


async def _from_database(source: Path) -> AsyncGenerator[Seen]:
    async with open_store(source, create=False) as store:
        last, names = 0, dict[tuple[Tier, str], str]()
        while rows := await _page(store, last):
            for row in rows:
                yield await _shown(store, row, names)
            last = rows[-1].id


async def _page(store: Store, last: int) -> Sequence[Logged]:
    return await store.read(lambda tx: tx.report_events.after(last, limit=_PAGE))


async def _shown(store: Store, row: Logged, names: dict[tuple[Tier, str], str]) -> Seen:
    for tier, key in ((Tier.STORY, row.story), (Tier.COMMENTER, row.author)):
        if (tier, key) not in names:
            names[tier, key] = await store.read(
                lambda tx, tier=tier, key=key: alert_name(tx, row.site, tier, key)
            )
    return Seen(
        site=row.site,
        sighting=sighting(row, row.at.timestamp()),
        title=names[Tier.STORY, row.story],
        name=names[Tier.COMMENTER, row.author],
        place=row.id,
    )


def _tell(past: Past, rules: AlertRules, budget: float, out: Console) -> None:
    if not past.reports:
        out.print("There are no reports in it. The desk keeps those of the last five weeks.")
        return
    for line in _lines(past, rules):
        out.print(line)
    count = len(past.opened)
    days = max(1, round(past.weeks * 7))
    alerts = "one alert" if count == 1 else f"{count or 'no'} alerts"
    out.print(
        f"{counted(past.reports, 'report')} in {counted(days, 'day')} would have given [bold]{alerts}[/bold], "
        f"{count / past.weeks:.1f} a week, with {budget:g} false {'alarm' if budget == 1 else 'alarms'} a week accepted."
    )


def _lines(past: Past, rules: AlertRules) -> Iterator[str]:
    for notice, site in past.opened[-_SHOWN:]:
        facts = past.final[site, notice.facts.number].facts
        name = past.names.get((facts.tier, facts.key), facts.key)[:_TITLE] or site
        what = {
            Tier.STORY: f"the story “{escape(name)}”",
            Tier.COMMENTER: f"the commenter {escape(name)}",
            Tier.SITE: "the whole site",
        }[facts.tier]
        at = rules.local(datetime.fromtimestamp(notice.at, UTC))
        yield (
            f"[bold]{at:%a %d %b %H:%M}[/bold]  {what}: {counted(facts.reports, 'report')} "
            f"by {counted(facts.readers, 'reader')}, noticed after {notice.facts.reports:,}"
        )
    hidden = len(past.opened) - _SHOWN
    if hidden > 0:
        yield f"… and {counted(hidden, 'earlier one')}."
