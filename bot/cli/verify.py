"""Check that nobody edited the record, and say what is wrong with it."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from bot.cli.export import lines
from bot.domain import erasure as erasures
from bot.domain.anchors import Anchor, Anchored
from bot.domain.decisions import Decision, from_row
from bot.domain.erasure import Erasure, latest
from bot.domain.errors import DeskError
from bot.domain.lines import count
from bot.domain.readers import contest_steps
from bot.domain.readers.contest_steps import ContestStep
from bot.domain.record import Line, RecordWalk
from bot.domain.record_faults import find_fault
from bot.domain.record_repairs import Fault, FaultKind, LineKind
from bot.store.opening import open_store
from bot.store.store import Place
from bot.store.tx import Tx

_END = 8
"""Characters at either end of a digest by which a miscopied one is known."""


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
    `broken_contest` is the first contest of which a step or the words were changed, of `steps`.
    `fault` says which line is wrong, and what was done to it: the break may be one line on.
    `anchors` are those that it goes through, and `unanchored` is the first that it does not.
    """

    decisions: int
    last: str
    broken: int | None = None
    missed: bool = False
    like: Decision | None = None
    erasures: int = 0
    broken_erasure: int | None = None
    broken_contest: int | None = None
    steps: int = 0
    fault: Fault | None = None
    anchors: int = 0
    unanchored: Anchor | None = None


class _Sought:
    """A digest that was noted earlier, looked for among those that there are."""

    def __init__(self, known: str | None) -> None:
        self._known = "".join((known or "").split()).lower()
        self.missed = bool(self._known)
        self.like: Decision | None = None

    def look_at(self, line: Line, digest: str) -> None:
        """See whether it is this line's own, or that of all up to it, or was to be one of them."""
        for one in (line.digest, digest):
            if one == self._known:
                self.missed = False
            elif isinstance(line, Decision) and self._is_nearly(one):
                # By chance one in four thousand million begins or ends like another.
                self.like = line

    def _is_nearly(self, digest: str) -> bool:
        known = self._known
        alike = digest[:_END] == known[:_END] or digest.endswith(known[-_END:])
        return len(known) >= _END and alike


def is_digest(text: str) -> bool:
    """Whether a text has the form of a digest, however it was spaced."""
    return bool(re.fullmatch(r"[0-9a-f]{64}", "".join(text.split()).lower()))


def in_words(found: Verified, anchors: Sequence[Anchor]) -> Iterator[str]:
    """Say how far a record that holds goes, and how that is known."""
    many = count(found.decisions, "decision")
    erased = f" {count(found.erasures, 'erasure')} in it, each as recorded."
    yield f"{many}, none changed.{erased if found.erasures else ''} The last digest is {found.last}"
    if anchors:
        last = anchors[-1]
        yield (
            f"It goes through {count(found.anchors, 'signed anchor')}, the last of "
            f"{last.at:%-d %B %Y}. They are signed with the key {last.key}"
        )
    yield "Note it elsewhere: verify --known DIGEST shows later that nothing was cut off."


def what_is_wrong(found: Verified, path: Place, known: str) -> str | None:
    """Say what a record that was looked through does not hold of what it has to, if anything."""
    if found.fault is not None and None in {found.fault.contest, found.broken_contest}:
        return _fault(found.fault, path)
    if found.broken_contest is not None:
        return _contest_changed(found.broken_contest, found.fault, path)
    if found.unanchored is not None:
        return _unanchored(found, found.unanchored, path)
    return _cut_off(found, path, known) if found.missed else None


def _contest_changed(contest_id: int, fault: Fault | None, path: Place) -> str:
    said = f"Contest {contest_id} in {path}, or its answer, was changed after it was recorded."
    return f"{said} {_fault(fault, path)}" if fault else said


def _cut_off(found: Verified, path: Place, known: str) -> str:
    """Say what it means that a digest that was noted is not in a record."""
    if found.like is not None:
        return (
            f"The digest {known} is not in {path}, but that of decision {found.like.id} is nearly "
            f"the same: {found.like.digest}. It was copied wrongly; nothing shows that decisions "
            "were cut off."
        )
    if not is_digest(known):
        return (
            f"{known} is no digest: one has 64 characters, 0 to 9 and a to f, and this has "
            f"{len(known)}. Copy it again; until then nothing shows whether decisions were cut off."
        )
    return f"The digest {known} is not in {path}: decisions were cut off its end."


_NAMES: Final = {
    LineKind.DECISION: ("Decision", ""),
    LineKind.ERASURE: ("Erasure", ", the line that says what was erased,"),
    LineKind.CONTEST_STEP: ("Contest step", ""),
}


def _fault(fault: Fault, path: Place) -> str:
    name, said = _NAMES[fault.line]
    one = fault.first == fault.last
    which = f"{name} {fault.first}" if one else f"{name}s {fault.first} to {fault.last}"
    stands = f"{name.lower()} {fault.instead}" if fault.instead else "another line"
    done = {
        FaultKind.CHANGED: "changed after it was recorded.",
        FaultKind.REMOVED: "removed.",
        FaultKind.INSERTED: f"inserted: nobody recorded {'it' if one else 'them'}.",
        FaultKind.REORDERED: f"reordered: {stands} stands in its place.",
    }
    return f"{which} in {path}{said} {'was' if one else 'were'} {done[fault.kind]}"


def _unanchored(found: Verified, anchor: Anchor, path: Place) -> str:
    then, said = anchor.decisions, f"The anchor of {anchor.at:%-d %B %Y, %H:%M} UTC"
    if found.decisions < then:
        gone = Fault(
            kind=FaultKind.REMOVED, line=LineKind.DECISION, first=found.decisions + 1, last=then
        )
        return f"{_fault(gone, path)} {said} is over {count(then, 'decision')}."
    return (
        f"{said} does not fit {path}: the record up to decision {then} was written anew since, or "
        "lines were removed."
    )


async def verify(
    database: Place, known: str | None = None, anchors: Sequence[Anchor] = ()
) -> Verified:
    """Walk the chain over the whole record, looking for a digest that was noted, and anchors."""
    async with open_store(database, create=False) as store:
        return await store.read(lambda tx: verified_in(tx, known, anchors))


def verified_in(tx: Tx, known: str | None = None, anchors: Sequence[Anchor] = ()) -> Verified:
    """Walk the record, and look at what was said in contests, which stands beside it."""
    found = _checked(tx.erasures.all(), partial(lines, tx), known, anchors)
    if found.fault is not None:
        return found
    untrue = (step for step in tx.contest_steps.steps() if not tx.contest_steps.says_so(step))
    broken = next(untrue, None)
    return replace(found, broken_contest=broken.contest_id if broken else None)


def verify_lines(
    written: Path, known: str | None = None, anchors: Sequence[Anchor] = ()
) -> Verified:
    """Walk the chain over what was exported as JSON Lines.

    Raises:
        ExportUnreadable: The file is not that.
    """
    said = [line for line in _lines_in(written) if isinstance(line, Erasure)]
    return _checked(said, partial(_lines_in, written), known, anchors)


def _checked(
    erased: Sequence[Erasure],
    record: Callable[[], Iterator[Line]],
    known: str | None,
    anchors: Sequence[Anchor],
) -> Verified:
    gone, anchored = latest(erased), Anchored(anchors)
    walk, sought = RecordWalk(gone), _Sought(known)
    for line in record():
        if not walk.accepts(line):
            fault = find_fault(record(), gone)
            return replace(_passed(walk), fault=fault, **_broken(line, fault))
        sought.look_at(line, walk.digest)
        anchored.look_at(walk)
    return replace(
        _passed(walk),
        missed=sought.missed,
        like=sought.like if sought.missed else None,
        anchors=len(anchored.met),
        unanchored=anchored.missed,
    )


def _passed(walk: RecordWalk) -> Verified:
    return Verified(
        decisions=walk.decisions, last=walk.digest, erasures=walk.erasures, steps=walk.steps
    )


def _broken(line: Line, fault: Fault | None) -> dict[str, int]:
    match line:
        case Decision():
            return {"broken": line.id}
        case Erasure():
            return {"broken_erasure": line.id}
        case ContestStep():
            changed = fault.contest if fault is not None else None
            return {"broken_contest": line.contest_id if changed is None else changed}


def _lines_in(written: Path) -> Iterator[Line]:
    try:
        with written.open(encoding="utf-8", newline="\n") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield _line(line, written, number)
    except (OSError, UnicodeDecodeError) as error:
        raise ExportUnreadable(f"{written} cannot be read: {error}.") from error


def _line(line: str, written: Path, number: int) -> Line:
    try:
        values: dict[str, Any] = json.loads(line)
        if "erasure" in values:
            return erasures.from_line(values)
        if "contest_step" in values:
            return contest_steps.from_line(values)
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
