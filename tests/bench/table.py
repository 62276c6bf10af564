"""What is measured, against what is to be reached: ``python tests/bench/table.py``.

Prints one table and keeps it in a file, as JSON. ``--only intake,start`` measures some parts or
rows, ``--short`` takes small numbers and one round for a look, ``--list`` says what there is.
README.md beside this file says how a row is added.

Every part is measured in a process of its own, one after another, so that none feels what another
left behind. A part that fails is not measured, and why stands under the table.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT)]

from rows import Part, Run, parts  # noqa: E402 - found by the path set above

_NOTE = """\
by CPU: the same by processor time, which is steadier where other programs are at work
others: how many cores those kept busy meanwhile"""
_COLOURS = {"ok": "green", "missed": "red", "not measured": "yellow"}


@dataclass(slots=True, kw_only=True)
class Found:
    """What came of a part: each value in each round, and why there is none."""

    values: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    others: float | None = None
    trouble: str = ""

    def median(self, name: str) -> float | None:
        """Return a row's value, `None` if there is none."""
        values = self.values.get(name)
        return statistics.median(values) if values else None


def measure(part: Part, options: argparse.Namespace, step: Callable[[], None]) -> Found:
    """Return what processes of their own measured, one a round."""
    found = Found()
    command = [sys.executable, __file__, "--measure", part.name]
    began, busy = time.monotonic(), _busy()
    for _ in range(_rounds(part, options)):
        done = subprocess.run(  # noqa: S603 - this very file
            command + ["--short"] * options.short,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path[:2])},
            check=False,
        )
        try:
            values = json.loads(done.stdout.splitlines()[-1])
        except (IndexError, ValueError):
            found.trouble = (done.stderr.strip() or "It said nothing.").splitlines()[-1]
            break
        for name, value in values.items():
            found.values.setdefault(name, []).append(value)
        step()
    if busy is not None:
        found.others = ((_busy() or busy) - busy) / (time.monotonic() - began)
    return found


def _rounds(part: Part, options: argparse.Namespace) -> int:
    return options.rounds if part.rounds and not options.short else 1


def _busy() -> float | None:
    """Return for how many seconds cores were busy with other programs, since the system began."""
    with suppress(OSError):
        ticks = map(int, Path("/proc/stat").read_text().split()[1:4])
        own = os.times()
        mine = own.user + own.system + own.children_user + own.children_system
        return sum(ticks) / os.sysconf("SC_CLK_TCK") - mine
    return None


def lines(part: Part, found: Found, asked: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Return each row of a part that was asked for, with what came of it."""
    own = {row.name for row in part.rows}
    also = {name: found.median(name) for name in found.values if name not in own}
    for row in part.rows:
        if asked and part.name not in asked and row.name not in asked:
            continue
        value = found.median(row.name)
        yield {
            **asdict(row),
            "part": part.name,
            "measured": value,
            "by_cpu": found.median(f"{row.name} by CPU"),
            "verdict": row.verdict(value),
            "rounds": found.values.get(row.name, []),
            "also": also,
            "cores_of_others": found.others,
            "trouble": found.trouble,
        }


def printed(rows: Sequence[Mapping[str, Any]], console: Console) -> None:
    """Print the table, and under it what could not be measured and why."""
    table = Table()
    table.add_column("what", overflow="fold")
    for head in ("to reach", "measured", "by CPU", "", "others"):
        table.add_column(head, justify="right", no_wrap=True)
    for row in rows:
        verdict, others = row["verdict"], row["cores_of_others"]
        table.add_row(
            row["what"],
            f"{'≥' if row['at_least'] else '≤'} {_figure(row['target'], row['unit'])}",
            _figure(row["measured"], row["unit"]),
            _figure(row["by_cpu"], row["unit"]),
            f"[{_COLOURS[verdict]}]{verdict}[/]",
            _figure(others, ""),
        )
    console.print(table)
    console.print(_NOTE, style="dim")
    for part, trouble in {row["part"]: row["trouble"] for row in rows if row["trouble"]}.items():
        console.print(f"{part} was not measured: {trouble}", markup=False)


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}".strip()


def run(options: argparse.Namespace) -> int:
    """Measure what was asked for; return 0 if all of it was reached."""
    asked, console = [name for name in options.only.split(",") if name], Console()
    chosen = parts(asked)
    if options.list:
        for part in chosen:
            console.print(f"{part.name}: {', '.join(row.name for row in part.rows)}", markup=False)
        return 0
    rows: list[dict[str, Any]] = []
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=sum(_rounds(part, options) for part in chosen))
        for part in chosen:
            progress.update(task, description=part.name)
            rows += lines(part, measure(part, options, lambda: progress.advance(task)), asked)
    printed(rows, console)
    options.json.write_text(json.dumps({"short": options.short, "rows": rows}, indent=2) + "\n")
    console.print(f"Kept in {options.json}.", markup=False)
    return 0 if all(row["verdict"] == "ok" for row in rows) else 1


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", help="parts or rows, with commas between")
    parser.add_argument("--short", action="store_true", help="small numbers, one round")
    parser.add_argument("--rounds", type=int, default=3, help="of what is compared in a round")
    parser.add_argument("--json", type=Path, default=Path("bench.json"), help="where it is kept")
    parser.add_argument("--list", action="store_true", help="say what there is")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.measure:
        try:
            return run(options)
        except KeyError as unknown:
            parser.error(f"nothing here is called {unknown}; --list says what there is")
    (part,) = parts([options.measure])
    values = part.measure(Run(short=options.short))
    sys.stdout.write(f"\n{json.dumps(dict(values))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
