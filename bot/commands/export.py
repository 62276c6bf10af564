"""Write the record out, and check that nobody edited it."""

import csv
import json
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TextIO

from bot.domain.chain import GENESIS, first_broken
from bot.domain.decision import Decision
from bot.ports import Store
from bot.store.sqlite import open_store

_PAGE = 500


class Format(StrEnum):
    """How decisions are written."""

    JSONL = "jsonl"
    CSV = "csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What checking the record found.

    `decisions` is how many hold, from the first on, and `last` the digest of the last of these.
    `broken` is the first decision that was changed. `missed` says that a digest noted earlier
    does not occur any more, which shows that the newest decisions were cut off.
    """

    decisions: int
    last: str
    broken: int | None = None
    missed: bool = False


async def export(database: Path, out: TextIO, form: Format) -> int:
    """Write every decision, oldest first, and return how many there were."""
    count = 0
    async with open_store(database, create=False) as store:
        write = _csv(out) if form is Format.CSV else _jsonl(out)
        async for decision in every_decision(store):
            write(decision)
            count += 1
    return count


async def verify(database: Path, known: str | None = None) -> Verified:
    """Walk the chain over the whole record, looking for a digest that was noted earlier."""
    last: Decision | None = None
    missed, broken = known is not None, None
    async with open_store(database, create=False) as store:
        async for decision in every_decision(store):
            if first_broken([decision], after=last) is not None:
                broken = decision.id
                break
            missed = missed and decision.digest != known
            last = decision
    return Verified(
        decisions=last.id if last else 0,
        last=last.digest if last else GENESIS,
        broken=broken,
        missed=missed and broken is None,
    )


async def every_decision(store: Store) -> AsyncGenerator[Decision]:
    """Yield the whole record, oldest first, a page at a time."""
    page = await _page(store, 0)
    while page:
        for decision in page:
            yield decision
        page = await _page(store, page[-1].id)


async def _page(store: Store, after: int) -> Sequence[Decision]:
    return await store.read(lambda tx: tx.decisions.after(after, limit=_PAGE))


def _plain(decision: Decision) -> dict[str, object]:
    values = {field.name: getattr(decision, field.name) for field in fields(decision)}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def _jsonl(out: TextIO) -> Callable[[Decision], None]:
    def write(decision: Decision) -> None:
        out.write(json.dumps(_plain(decision), ensure_ascii=False) + "\n")

    return write


def _csv(out: TextIO) -> Callable[[Decision], None]:
    writer = csv.DictWriter(out, [field.name for field in fields(Decision)])
    writer.writeheader()

    def write(decision: Decision) -> None:
        writer.writerow({name: _inert(value) for name, value in _plain(decision).items()})

    return write


def _inert(value: object) -> object:
    """Keep a spreadsheet from running a name or a note as a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value
