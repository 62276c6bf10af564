"""A day at a desk, step by step: what each answers, and every row that it changes.

What is kept of a day lies beside it and is held against what the day comes to now. Whoever means
to change what is done or stored reads the difference and then writes it anew:

    PYTHONPATH=. python -m tests.services.days.told
"""

import asyncio
import random
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, TypeVar
from unittest.mock import patch

from bot.domain.errors import DeskError
from bot.domain.ids import SiteId
from bot.ports import Site
from bot.services.deliver import order_lane
from bot.services.desk import Desk
from bot.services.outbox_worker import Lane
from bot.store.sqlite import open_store
from tests.services.desks import Bench
from tests.services.outside import Channel
from tests.support.fresh import new_desk
from tests.support.plainly import LEFT_OUT, plain, stored

T = TypeVar("T")

HERE = Path(__file__).parent
DAYS = ("authors", "casework", "hours", "newsroom", "readers", "setbacks", "watched")
_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' "
    "AND name NOT GLOB 'sqlite_*' AND (name NOT GLOB 'words_*' OR name = 'words_content') "
    "AND name NOT IN ('case_counts', 'case_days', 'evidence') ORDER BY name"
)
"""All but what triggers count, and what a search and the detector keep for themselves."""

Key = tuple[str, tuple[Any, ...]]
"""A table, and what tells its rows apart."""


def orders(desk: Desk, name: SiteId, site: Site) -> Lane:
    """Return a site's orders, given one after another: a day is told in one order."""
    return replace(order_lane(desk, name, site), together=False)


@dataclass(frozen=True)
class Table:
    """A table's columns, and the places of those that tell its rows apart."""

    columns: tuple[str, ...]
    keys: tuple[int, ...]


class Day:
    """A desk, and the account of what was done there.

    Args:
        bench: The desk.
        path: Its database.
    """

    def __init__(self, bench: Bench, path: Path) -> None:
        self.bench = bench
        self.path = path
        self._boards = 0
        self.lines: list[str] = []
        self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self._tables = dict(_tables(self._connection))
        self._version = -1
        self._stood: dict[Key, tuple[Any, ...]] = {}
        self._stood = self._rows()

    def board(self) -> Channel:
        """Return new channels, whose messages have numbers that no other's have."""
        self._boards += 1
        return Channel(self.bench.clock, _numbers=count(1000 * self._boards))

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    async def do(self, name: str, work: Awaitable[T]) -> T | None:
        """Do something, and tell what came of it; a refusal is told as well."""
        made: T | None = None
        self.lines += ["", f"== {name}"]
        try:
            made = await work
        except DeskError as refused:
            self._tell("refused", refused)
        else:
            self._tell("answer", made)
        self.note()
        return made

    def note(self) -> None:
        """Tell what is stored otherwise than before."""
        now = self._rows()
        for key in sorted(self._stood.keys() | now.keys(), key=str):
            was, found = self._stood.get(key), now.get(key)
            if was != found:
                self.lines.append(self._change(key, was, found))
        self._stood = now

    def _change(self, key: Key, was: tuple[Any, ...] | None, found: tuple[Any, ...] | None) -> str:
        table, values = key
        name = f"{table} {' '.join(map(stored, values))}"
        if found is None:
            return f"- {name}"
        columns, keys = self._tables[table].columns, self._tables[table].keys
        told = [
            f"{columns[place]}={stored(value)}"
            for place, value in enumerate(found)
            if columns[place] not in LEFT_OUT
            and (value is not None and place not in keys if was is None else value != was[place])
        ]
        return " ".join([f"{'~' if was else '+'} {name}", *told])

    def _tell(self, kind: str, what: object) -> None:
        if kind == "refused":
            known = {
                name: bool(one) if name in LEFT_OUT else one for name, one in vars(what).items()
            }
            more = f" {plain(known)}" if known else ""
            self.lines.append(f"refused {type(what).__name__}: {what}{more}")
        elif isinstance(what, list | tuple):
            self.lines += [f"answer {number}: {plain(one)}" for number, one in enumerate(what)]
        elif what is not None:
            self.lines.append(f"answer {plain(what)}")

    def _rows(self) -> dict[Key, tuple[Any, ...]]:
        [version] = self._connection.execute("PRAGMA data_version").fetchone()
        if version == self._version:
            return self._stood
        self._version = version
        return {
            (name, tuple(row[place] for place in table.keys)): row
            for name, table in self._tables.items()
            for row in self._connection.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - names of ours
        }


def _tables(connection: sqlite3.Connection) -> Iterator[tuple[str, Table]]:
    for (name,) in connection.execute(_TABLES).fetchall():
        found = connection.execute(f'PRAGMA table_info("{name}")').fetchall()
        keys = tuple(place for place, *_, key in found if key) or tuple(range(len(found)))
        yield name, Table(columns=tuple(column for _, column, *_ in found), keys=keys)


Told = Callable[[Day], Coroutine[Any, Any, None]]


async def of(day: ModuleType) -> str:
    """Return the account of a day, which is drawn alike each time."""
    dice = random.Random(1)  # noqa: S311 - a repeatable day, not a secret
    drawn = {
        "token_bytes": dice.randbytes,
        "token_hex": lambda size: dice.randbytes(size).hex(),
        "token_urlsafe": lambda size: dice.randbytes(size).hex(),
        "choice": dice.choice,
        "randbits": dice.getrandbits,
    }
    alike = patch.multiple("secrets", **drawn), patch("random.random", return_value=0.5)
    with TemporaryDirectory() as folder, alike[0], alike[1]:
        path = new_desk(Path(folder) / "desk.db")
        async with open_store(path) as store:
            told = Day(day.desk(Bench(store)), path)
            with closing(told):
                await day.told(told)
    return "\n".join(told.lines).strip() + "\n"


def kept(name: str) -> Path:
    """Return where the account of a day lies."""
    return HERE / f"{name}.txt"


def day_of(name: str) -> ModuleType:
    """Return a day's module."""
    return import_module(f"tests.services.days.{name}")


if __name__ == "__main__":
    for name in sys.argv[1:] or DAYS:
        kept(name).write_text(asyncio.run(of(day_of(name))), encoding="utf-8")
        sys.stdout.write(f"{kept(name)} was written anew.\n")
