"""A small town's site: some readers, some stories, and what they report on an ordinary day."""

import random
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace

from bot.domain.detection.events import ReportEvent
from bot.domain.detection.incidents import Kind, Notice
from bot.domain.detection.watch import Watch

HOUR = 3600.0
DAY = 24 * HOUR
MONDAY = 1_767_571_200.0  # 2026-01-05, midnight in London


def ordinary(
    days: int, *, hourly: float = 20.0, seed: int = 1, start: float = MONDAY
) -> list[ReportEvent]:
    dice = random.Random(seed)  # noqa: S311 - a repeatable town, not a secret
    stories = [(f"s{seed}-{n}", start - 3 * DAY + n * DAY / 20) for n in range((days + 3) * 20)]
    born_at = [born for _, born in stories]
    reports: list[ReportEvent] = []
    at = start
    comment = 0
    while True:
        lively = 0.4 if (at - start) % DAY < 7 * HOUR else 1.25
        at += dice.expovariate(hourly * lively / HOUR)
        if at >= start + days * DAY:
            break
        alive = stories[bisect_right(born_at, at - DAY) : bisect_right(born_at, at)]
        story, born = dice.choice(alive)
        comment += 1
        first = ReportEvent(
            at=at,
            story=story,
            published=born,
            comment=f"c{seed}-{comment}",
            author=f"a{dice.randrange(600)}",
            reader=f"r{dice.randrange(2000)}",
            reason="insult",
        )
        reports.append(first)
        while dice.random() < 0.3:
            reports.append(
                replace(
                    first, at=at + dice.expovariate(1 / 2400), reader=f"r{dice.randrange(2000)}"
                )
            )
    return sorted(reports, key=lambda report: report.at)


def mob(
    count: int,
    *,
    start: float,
    minutes: float = 10,
    story: str = "fresh",
    comments: int = 4,
    author: str | None = None,
    reader: str = "m",
) -> list[ReportEvent]:
    return [
        ReportEvent(
            at=start + minutes * 60 * n / count,
            story=story,
            published=start - 5 * HOUR,
            comment=f"{reader}-{n % comments}",
            author=author or f"{reader}-author-{n % comments}",
            reader=f"{reader}{n}",
            reason="hate" if n % 3 else "insult",
        )
        for n in range(count)
    ]


def merged(*streams: Iterable[ReportEvent]) -> list[ReportEvent]:
    return sorted((r for stream in streams for r in stream), key=lambda report: report.at)


def fed(watch: Watch, reports: Iterable[ReportEvent]) -> list[Notice]:
    return [notice for report in reports for notice in watch.observe(report)]


def opened(notices: Iterable[Notice]) -> list[Notice]:
    return [n for n in notices if n.kind in (Kind.OPENED, Kind.REOPENED)]
