"""How long the commands that look back take at 100,000 cases: `python tests/bench/knowing.py`.

Fills a database by SQL (half a minute), then asks what each command asks. Fails if one takes longer
than a second.
"""

import asyncio
import csv
import random
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from bot.domain.cases import CaseId  # noqa: E402
from bot.domain.folding import folded  # noqa: E402
from bot.domain.search import EXAMPLE  # noqa: E402
from bot.services.alerts import trends  # noqa: E402
from bot.services.authors import author  # noqa: E402
from bot.services.authors.ban_evasion import Usual, look_once  # noqa: E402
from bot.services.cases import lookup  # noqa: E402
from bot.services.cases.lookup import search  # noqa: E402
from bot.services.cases.next_case import hand_out  # noqa: E402
from bot.services.staff import overview  # noqa: E402
from bot.store.engine.database import connect_writer  # noqa: E402
from bot.store.engine.sqlite import WORDS  # noqa: E402
from bot.store.search import index_row  # noqa: E402
from bot.store.sqlite import open_store  # noqa: E402
from bot.store.times import stored  # noqa: E402
from tests.services.desks import ANA, NOON, Bench  # noqa: E402

CASES = 100_000
AUTHORS = 20_000
STORIES = 3_000
MOST = 1.0
"""Seconds that a command may take; Discord gives three, and the way there takes some."""
COMMENTS = ROOT.parent / "shared" / "data" / "news-comments.csv"
_WORDS = [
    "the",
    "council",
    "road",
    "bus",
    "school",
    "river",
    "market",
    "price",
    "bike",
    "stolen",
    "late",
    "never",
    "always",
    "why",
]


def texts(rng: random.Random) -> list[str]:
    if COMMENTS.exists():
        with COMMENTS.open(encoding="utf-8") as file:
            return [row["comment"] for row in csv.DictReader(file)]
    return [" ".join(rng.choices(_WORDS, k=60)) for _ in range(4000)]


def fill(path: Path, cases: int = CASES, *, decided: float = 0.8) -> None:
    """Fill an empty database with so many cases, of which such a part is decided."""
    rng = random.Random(5)  # noqa: S311 - only to be the same every time
    said, start, span = texts(rng), stored(NOON - timedelta(days=300)), 300 * 86_400_000_000
    names = [f"{rng.choice(_WORDS)}_{rng.choice(_WORDS)}{n}" for n in range(AUTHORS)]
    titles = [f"{rng.choice(_WORDS)} and {rng.choice(_WORDS)} {n}" for n in range(STORIES)]
    with closing(connect_writer(path)) as db:
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("BEGIN")
        db.executemany(
            "INSERT INTO authors (site, external_id, name, folded) VALUES ('courier', ?, ?, ?)",
            [(f"a{n}", name, folded(name)) for n, name in enumerate(names)],
        )
        db.executemany(
            "INSERT INTO stories (site, external_id, title, url, folded)"
            " VALUES ('courier', ?, ?, 'https://courier.example/', ?)",
            [(f"s{n}", title, folded(title)) for n, title in enumerate(titles)],
        )
        # A few write much of what is reported: the busiest of them 3,700 comments.
        who = [int(AUTHORS * rng.random() ** 3) for _ in range(cases)]
        for n in range(1, cases + 1):
            story, text = rng.randrange(STORIES), said[n % len(said)]
            about = (who[n - 1], story)
            _case(
                db, rng, n, about, text, start + span * n // cases, decided=rng.random() < decided
            )
            _, *found_by = index_row(WORDS, CaseId(n), text, names[who[n - 1]], titles[story])
            db.execute(
                "INSERT INTO words (rowid, text, author, story) VALUES (?, ?, ?, ?)",
                (n << 16, *found_by),
            )
        db.execute("COMMIT")


def _case(
    db: sqlite3.Connection,
    rng: random.Random,
    n: int,
    about: tuple[int, int],
    text: str,
    at: int,
    *,
    decided: bool,
) -> None:
    who, story = about
    rule = rng.randint(1, 9)
    author_id = f"a{who}"
    state = "decided" if decided else "open"
    db.execute(
        "INSERT INTO cases (id, site, comment_id, author_id, story_id, state, revision,"
        " revision_key, touched, reports, reporters, reasons, strikes, priority, opened_at,"
        " reported_at, decision_id, decided_at)"
        " VALUES (?, 'courier', ?, ?, ?, ?, 1, 'r1', 1, 2, 2, ?, 0, ?, ?, ?, ?, ?)",
        (
            n,
            f"c{n}",
            author_id,
            f"s{story}",
            state,
            f'{{"{rule}":2}}',
            rule * 50,
            at,
            at,
            None,
            at if decided else None,
        ),
    )
    db.execute(
        "INSERT INTO revisions (case_id, revision, revision_key, text, parent_author, parent_text)"
        " VALUES (?, 1, 'r1', ?, ?, 'No.')",
        (n, text, f"{rng.choice(_WORDS)}_{rng.choice(_WORDS)}{rng.randrange(300)}"),
    )
    for reader in range(2):
        key = (n * 2 + reader).to_bytes(16, "big")
        db.execute("INSERT INTO reports VALUES (?, ?, ?, NULL, ?)", (n, key, rule, at))
        db.execute(
            "INSERT INTO sightings (site, case_id, reporter, rule, at)"
            " VALUES ('courier', ?, ?, ?, ?)",
            (n, key, rule, at),
        )
    if decided:
        _decision(db, rng, n, author_id, rule, at)


def _decision(
    db: sqlite3.Connection, rng: random.Random, n: int, author_id: str, rule: int, at: int
) -> None:
    by = rng.randint(1, 10)
    action = rng.choices(["keep", "hide", "ban"], [5, 10, 1])[0]
    made = db.execute("SELECT COALESCE(MAX(id), 0) FROM decisions").fetchone()[0]
    db.execute(
        "INSERT INTO decisions (id, case_id, site, comment_id, author_id, action, rule, note,"
        " by_id, by_name, door, revision, at, until, previous, digest)"
        " VALUES (?, ?, 'courier', ?, ?, ?, ?, NULL, ?, ?, 'button', 1, ?, ?, ?, ?)",
        (
            made + 1,
            n,
            f"c{n}",
            author_id,
            action,
            rule,
            by,
            f"Moderator{by}",
            at,
            at + 7 * 86_400_000_000 if action == "ban" else None,
            str(made) if made else "",
            str(made + 1),
        ),
    )
    db.execute("UPDATE cases SET decision_id = ? WHERE id = ?", (made + 1, n))


def asked(bench: Bench, cases: int = CASES) -> dict[str, Callable[[], Awaitable[object]]]:
    """Return what is asked, by what a moderator types."""
    desk = bench.desk
    lines = [
        EXAMPLE.replace("ana", "moderator3"),
        "the",
        "the -council is:banned rule:9 by:moderator7",
        "zzz",
        "rule:3 is:open",
        "by:moderator3",
        "by:moderator is:banned",
        "before:2026-02-01",
        "site:nowhere",
        "author:bus story:river",
        "is:banned before:2026-02-01 the",
    ]
    found: dict[str, Callable[[], Awaitable[object]]] = {
        f"/search {line}": lambda line=line: search(desk, line, ANA) for line in lines
    }
    found["/search the, page 100"] = lambda: search(desk, "the", ANA, offset=600)
    found["/author show, of the busiest"] = lambda: author.sheet(desk, CaseId(1), ANA)
    found["/author show, its last page"] = lambda: author.sheet(desk, CaseId(1), ANA, page=10**6)
    found["/author autocomplete, one letter"] = lambda: author.named(desk, "b", ANA)
    found["/author autocomplete, nothing yet"] = lambda: author.named(desk, "", ANA)
    found["/author autocomplete, a second word"] = lambda: author.named(desk, "bus_river", ANA)
    found["/hotspots"] = lambda: trends.week(desk, ANA)
    found["/hotspots 31"] = lambda: trends.week(desk, ANA, days=31)
    found["/case"] = lambda: lookup.view(desk, CaseId(cases // 2), ANA)
    found["/queue"] = lambda: lookup.queue(desk, ANA, limit=10, offset=500)
    found["/next"] = lambda: hand_out(desk, ANA, where=None, own=1)
    found["the overview"] = lambda: desk.store.read(lambda tx: overview.stands(tx, desk))
    return found


async def measure(path: Path) -> dict[str, float]:
    """Return the seconds each took, the slower of two times."""
    async with open_store(path) as store:
        bench = Bench(store=store)
        times: dict[str, float] = {}
        for name, ask in asked(bench).items():
            for _ in range(2):
                begun = time.perf_counter()
                await ask()
                times[name] = max(times.get(name, 0.0), time.perf_counter() - begun)
        known, begun, rounds = Usual(), time.perf_counter(), 20
        for _ in range(rounds):
            await look_once(bench.desk, known)
        times["returning authors, 50 cases and 50 decisions"] = (
            time.perf_counter() - begun
        ) / rounds
        return times


def main() -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "desk.db"
        begun = time.perf_counter()
        fill(path)
        print(f"{CASES:,} cases filled in {time.perf_counter() - begun:.0f} s")  # noqa: T201
        times = asyncio.run(measure(path))
    for name, seconds in times.items():
        print(f"{seconds * 1000:8.1f} ms  {name}")  # noqa: T201
    if slow := [name for name, seconds in times.items() if seconds > MOST]:
        sys.exit(f"Slower than {MOST} s: {'; '.join(slow)}")


if __name__ == "__main__":
    main()
