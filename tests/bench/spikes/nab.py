"""Scores the site tier on real, heavy-tailed volumes, by the Numenta Anomaly Benchmark's rules.

Run as ``python tests/bench/spikes/nab.py [folder] [--budget N]``; the folder holds `*.csv`
(timestamp, count of five minutes) and `windows.json`. No label reaches the detector. The rules
are those published with the benchmark, written down here anew: the first 15 % of a series (of at
most 5,000 rows) are not judged; an alert in a window scores by how early it is, through a scaled
sigmoid; a missed window costs 1; an alert outside costs up to 0.11, less when just after a
window. 0 is silence, 100 is every window at its first row and nothing else (standard profile).
"""

import argparse
import csv
import json
import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.detection.events import ReportEvent, Tier
from bot.domain.detection.incidents import Kind
from bot.domain.detection.thresholds import Budget
from bot.domain.detection.watch import Watch

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "nab"
FIVE_MINUTES = 300.0
PROBATION, PROBATION_ROWS = 0.15, 5000
PROFILES = {"standard": (0.11, 1.0), "low FP": (0.22, 1.0), "low FN": (0.11, 2.0)}
Rows = list[tuple[float, int]]
Windows = list[tuple[int, int]]


def moment(text: str) -> float:
    """Return a timestamp of the data in seconds since 1970."""
    return datetime.fromisoformat(text[:19]).replace(tzinfo=UTC).timestamp()


def read(path: Path) -> Rows:
    """Return the rows of a series: when, how many."""
    with path.open(newline="") as file:
        return [
            (moment(row["timestamp"]), int(float(row["value"]))) for row in csv.DictReader(file)
        ]


def rows_of(windows: Sequence[Sequence[str]], rows: Rows) -> Windows:
    """Return the first and last row of each labelled window."""
    found: Windows = []
    for first, last in windows:
        inside = [i for i, (at, _) in enumerate(rows) if moment(first) <= at <= moment(last)]
        found.append((inside[0], inside[-1]))
    return found


def reports(rows: Rows) -> Iterator[ReportEvent]:
    """Spread each row's count over its five minutes, as reports that share nothing."""
    number = 0
    for at, count in rows:
        for n in range(count):
            number += 1
            yield ReportEvent(
                at=at + FIVE_MINUTES * (n + 0.5) / count,
                story=f"s{number}",
                published=None,
                comment=f"c{number}",
                author=f"a{number}",
                reader=f"r{number}",
            )


def alerts(rows: Rows, budget: float) -> list[int]:
    """Return the rows in which a site incident was opened."""
    watch = Watch(Budget(a_week=budget))
    found: list[int] = []
    row = 0
    for report in reports(rows):
        while row + 1 < len(rows) and report.at >= rows[row + 1][0]:
            row += 1
        found.extend(
            row
            for notice in watch.observe(report)
            if notice.kind in (Kind.OPENED, Kind.REOPENED) and notice.facts.tier is Tier.SITE
        )
    return found


def sigmoid(position: float) -> float:
    """Return the worth of an alert at a position: -1 a window's start, 0 its end."""
    return -1.0 if position > 3.0 else 2.0 / (1.0 + math.exp(5.0 * position)) - 1.0


def score(found: Sequence[int], windows: Windows, count: int, fp: float, fn: float) -> float:
    """Return a series' raw score under a profile's weights of false alarms and misses."""
    quiet = math.floor(PROBATION * min(count, PROBATION_ROWS))
    best: dict[int, float] = {}
    total = 0.0
    for row in {row for row in found if row >= quiet}:
        hit = next((n for n, (a, b) in enumerate(windows) if a <= row <= b), None)
        if hit is not None:
            first, last = windows[hit]
            worth = sigmoid(-(last - row + 1) / (last - first + 1)) / sigmoid(-1.0)
            best[hit] = max(best.get(hit, -1.0), worth)
            continue
        before = [window for window in windows if window[1] < row]
        position = (row - before[-1][1]) / (before[-1][1] - before[-1][0]) if before else 4.0
        total += fp * sigmoid(position)
    return total + sum(best.values()) - fn * (len(windows) - len(best))


def main() -> None:
    """Print each series' alerts and the scores of the three profiles."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--budget", type=float, default=1.0)
    given = parser.parse_args()
    labels = json.loads((given.folder / "windows.json").read_text())
    totals = dict.fromkeys(PROFILES, 0.0)
    windows_in_all = 0
    for name, texts in sorted(labels.items()):
        rows = read(given.folder / name)
        windows = rows_of(texts, rows)
        found = alerts(rows, given.budget)
        hits = sum(any(a <= row <= b for row in found) for a, b in windows)
        print(f"{name}: {len(found)} alerts, {hits} of {len(windows)} windows", flush=True)  # noqa: T201
        windows_in_all += len(windows)
        for profile, (fp, fn) in PROFILES.items():
            totals[profile] += score(found, windows, len(rows), fp, fn)
    for profile, (_, fn) in PROFILES.items():
        worst = -fn * windows_in_all
        scaled = 100.0 * (totals[profile] - worst) / (windows_in_all - worst)
        print(f"{profile}: {scaled:.1f}")  # noqa: T201 - a bench prints its result


if __name__ == "__main__":
    main()
