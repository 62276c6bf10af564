"""Write the record out, and check that nobody edited it."""

import csv
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, Final, TextIO

from bot.domain.cells import BOM, inert
from bot.domain.chain import GENESIS, Link, Walk
from bot.domain.decisions import COLUMNS, Decision, from_row, to_row
from bot.domain.erasure import Erasure, from_line, latest, to_line
from bot.domain.errors import DeskError
from bot.domain.readers.contest_steps import first_broken_step
from bot.store.sqlite import open_store
from bot.store.tx import Tx

_IDS: Final = frozenset({"comment_id", "author_id", "by_id", "second_id", "previous", "digest"})
"""Kept as text, for a spreadsheet keeps fifteen digits of a number, and takes 1e5 for 100000."""


def writer(out: TextIO, zone: tzinfo) -> Callable[[Decision], None]:
    """Write the head of the table, and return what writes a line of it; times are in the zone."""
    out.write(BOM)
    table = csv.writer(out, quoting=csv.QUOTE_ALL)
    table.writerow(COLUMNS)

    def write(decision: Decision) -> None:
        table.writerow([_cell(name, value, zone) for name, value in to_row(decision).items()])

    return write


def _cell(name: str, value: object, zone: tzinfo) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(sep=" ", timespec="seconds")
    return f"'{inert(str(value))}" if name in _IDS else inert(str(value))


_PAGE = 500
_END = 8
"""Characters at either end of a digest by which a miscopied one is known."""


class Format(StrEnum):
    """How decisions are written."""

    JSONL = "jsonl"
    """A line each, exactly as recorded, so that the chain can be walked."""
    CSV = "csv"
    """For a spreadsheet: made inert, and so no longer to the letter."""


class ExportUnreadable(DeskError):
    """What is to be verified is no exported record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What checking the record found.

    `decisions` is how many hold, from the first on, and `last` the digest of the last of these.
    `broken` is the first decision that was changed. `missed` says that a digest noted earlier
    does not occur any more, which shows that the newest decisions were cut off; unless it is
    nearly that of a decision, `like`, and so was copied wrongly. `erasures` are the lines that say
    what was erased; `broken_erasure` is the first of these that was changed, where that comes first.
    `broken_contest` is the first contest of which a step or the words were changed.
    """

    decisions: int
    last: str
    broken: int | None = None
    missed: bool = False
    like: Decision | None = None
    erasures: int = 0
    broken_erasure: int | None = None
    broken_contest: int | None = None


class _Sought:
    """A digest that was noted earlier, looked for among those that there are."""

    def __init__(self, known: str | None) -> None:
        self._known = "".join((known or "").split()).lower()
        self.missed = bool(self._known)
        self.like: Decision | None = None

    def look_at(self, link: Link) -> None:
        """See whether it is this line's, or was to be."""
        digest, known = link.digest, self._known
        if digest == known:
            self.missed = False
        elif (
            isinstance(link, Decision)
            and len(known) >= _END
            and (digest[:_END] == known[:_END] or digest.endswith(known[-_END:]))
        ):
            # By chance one in four thousand million begins or ends like another.
            self.like = link


def is_digest(text: str) -> bool:
    """Whether a text has the form of a digest, however it was spaced."""
    return bool(re.fullmatch(r"[0-9a-f]{64}", "".join(text.split()).lower()))


def what_is_wrong(found: Verified, path: Path, known: str) -> str | None:
    """Say what a record that was looked through does not hold of what it has to, if anything."""
    if found.broken is not None:
        return f"Decision {found.broken} in {path} was changed after it was recorded."
    if found.broken_erasure is not None:
        return (
            f"Erasure {found.broken_erasure} in {path}, the line that says what was erased, was "
            "changed after it was recorded."
        )
    if found.broken_contest is not None:
        return (
            f"Contest {found.broken_contest} in {path}, or its answer, was changed after it was "
            "recorded."
        )
    if found.like is not None:
        return (
            f"The digest {known} is not in {path}, but that of decision {found.like.id} is nearly "
            f"the same: {found.like.digest}. It was copied wrongly; nothing shows that decisions "
            "were cut off."
        )
    if found.missed and not is_digest(known):
        return (
            f"{known} is no digest: one has 64 characters, 0 to 9 and a to f, and this has "
            f"{len(known)}. Copy it again; until then nothing shows whether decisions were cut off."
        )
    return (
        f"The digest {known} is not in {path}: decisions were cut off its end."
        if found.missed
        else None
    )


async def export(database: Path, out: TextIO, form: Format, zone: tzinfo = UTC) -> int:
    """Write every decision, oldest first, and return how many there were.

    A table is for reading, with times in the zone and everything inert in it; JSON Lines is what
    `verify_lines` takes, so what was erased is told there too.
    """
    async with open_store(database, create=False) as store:
        write = writer(out, zone) if form is Format.CSV else _jsonl(out)
        told = _no_line if form is Format.CSV else _erasure_line(out)
        # One state of it: an erasure that came between two pages would be in one and not the other.
        return await store.read(partial(_write_all, write, told))


def _write_all(write: Callable[[Decision], None], told: Callable[[Erasure], None], tx: Tx) -> int:
    count = 0
    for link in links(tx):
        if isinstance(link, Decision):
            write(link)
            count += 1
        else:
            told(link)
    return count


async def verify(database: Path, known: str | None = None) -> Verified:
    """Walk the chain over the whole record, looking for a digest that was noted earlier."""
    async with open_store(database, create=False) as store:
        return await store.read(lambda tx: _with_contests(tx, known))


def _with_contests(tx: Tx, known: str | None) -> Verified:
    """Walk the record, and then the steps of contests, each of which names a line of it."""
    steps = tx.contest_steps.steps()
    heads = {step.head for step in steps} - {GENESIS}
    found = _checked(tx.erasures.all(), _seen(links(tx), heads), known)
    broken = first_broken_step(steps)
    if broken is None and found.broken is None and found.broken_erasure is None:
        said = (step for step in steps if step.head in heads or not tx.contest_steps.says_so(step))
        broken = next(said, None)
    return replace(found, broken_contest=broken.contest_id if broken else None)


def _seen(record: Iterator[Link], heads: set[str]) -> Iterator[Link]:
    """Yield a record, and take out of the heads what occurs in it."""
    for link in record:
        heads.discard(link.digest)
        yield link


def verify_lines(written: Path, known: str | None = None) -> Verified:
    """Walk the chain over what was exported as JSON Lines.

    Raises:
        ExportUnreadable: The file is not that.
    """
    erasures = [link for link in _links_in(written) if isinstance(link, Erasure)]
    return _checked(erasures, _links_in(written), known)


def _checked(erasures: Sequence[Erasure], record: Iterator[Link], known: str | None) -> Verified:
    checking = _Checking(erasures, known)
    for link in record:
        if not checking.goes_on(link):
            break
    return checking.found()


class _Checking:
    """A walk over a record, and what was found on the way."""

    def __init__(self, erasures: Sequence[Erasure], known: str | None) -> None:
        self._walk = Walk(latest(erasures))
        self._sought = _Sought(known)
        self._broken: Link | None = None

    def goes_on(self, link: Link) -> bool:
        """Whether a link is as it was recorded, so that the next one may be looked at."""
        if not self._walk.accepts(link):
            self._broken = link
            return False
        self._sought.look_at(link)
        return True

    def found(self) -> Verified:
        """Return what the walk came to."""
        broken, sought = self._broken, self._sought
        missed = sought.missed and broken is None
        return Verified(
            decisions=self._walk.decisions,
            last=self._walk.head,
            broken=broken.id if isinstance(broken, Decision) else None,
            missed=missed,
            like=sought.like if missed else None,
            erasures=self._walk.erasures,
            broken_erasure=broken.id if isinstance(broken, Erasure) else None,
        )


def _links_in(written: Path) -> Iterator[Link]:
    try:
        with written.open(encoding="utf-8", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _link(line, written, number)
    except (OSError, UnicodeDecodeError) as error:
        raise ExportUnreadable(f"{written} cannot be read: {error}.") from error


def _link(line: str, written: Path, number: int) -> Link:
    try:
        values: dict[str, Any] = json.loads(line)
        if "erasure" in values:
            return from_line(values)
        for name in ("at", "until"):
            if values[name] is not None:
                values[name] = datetime.fromisoformat(values[name])
        values["id"] = _whole_number(values["id"])
        return from_row(values)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ExportUnreadable(
            f"Line {number} of {written} is no decision as JSON. Only what was exported with "
            "--format jsonl can be verified; a table is for reading."
        ) from error


def _whole_number(said: object) -> int:
    if type(said) is int:
        return said
    raise TypeError(said)


def links(tx: Tx) -> Iterator[Link]:
    """Yield the whole record, oldest first."""
    erasures = [*tx.erasures.all()]
    page = tx.decisions.after(0, limit=_PAGE)
    while page:
        for decision in page:
            while erasures and erasures[0].after < decision.id:
                yield erasures.pop(0)
            yield decision
        page = tx.decisions.after(page[-1].id, limit=_PAGE)
    yield from erasures


def _plain(decision: Decision) -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in to_row(decision).items()
    }


def _jsonl(out: TextIO) -> Callable[[Decision], None]:
    def write(decision: Decision) -> None:
        out.write(json.dumps(_plain(decision), ensure_ascii=False) + "\n")

    return write


def _erasure_line(out: TextIO) -> Callable[[Erasure], None]:
    def write(erasure: Erasure) -> None:
        out.write(json.dumps(to_line(erasure), ensure_ascii=False) + "\n")

    return write


def _no_line(_erasure: Erasure) -> None:
    """A table is of decisions alone."""
