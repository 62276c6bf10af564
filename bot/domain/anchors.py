"""Anchors: how far the record reached on a day and its digests then, signed with the desk's key.

A chain shows that a line was changed, and not that all of it was written anew from some line on, or cut
off at the end. Whoever does that cannot sign the anchors of the days before, nor take back those
that are kept elsewhere.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.domain.record import RecordWalk

_MARK: Final = b"comment-desk anchor\n"
"""Begins what is signed, so that the key's signature under anything else is none of an anchor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """How many lines of each kind the record had at a moment, and the last digest of both chains.

    `key` is the public key, and `signature` is of all the rest; both are in hex.
    """

    at: datetime
    decisions: int
    erasures: int
    contest_steps: int
    head: str
    contest_head: str
    key: str
    signature: str = ""

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many decisions, erasures and steps of contests it is over."""
        return self.decisions, self.erasures, self.contest_steps


def to_sign(anchor: Anchor) -> bytes:
    """Return what the signature of an anchor is made over."""
    said = to_line(anchor)
    del said["signature"]
    return _MARK + json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def to_line(anchor: Anchor) -> dict[str, Any]:
    """Return an anchor as it is written into its file."""
    return {
        "at": anchor.at.isoformat(),
        "decisions": anchor.decisions,
        "erasures": anchor.erasures,
        "contest_steps": anchor.contest_steps,
        "head": anchor.head,
        "contest_head": anchor.contest_head,
        "key": anchor.key,
        "signature": anchor.signature,
    }


def from_line(line: Mapping[str, Any]) -> Anchor:
    """Return what `to_line` was given.

    Raises:
        KeyError: Its time is missing.
        TypeError: Something else is, or there is more than an anchor has.
        ValueError: Its time is none.
    """
    rest = dict(line)
    return Anchor(at=datetime.fromisoformat(rest.pop("at")), **rest)


class Anchored:
    """Anchors that a record has to go through, looked for along a walk."""

    def __init__(self, anchors: Iterable[Anchor]) -> None:
        self._waiting: dict[tuple[int, int, int], list[Anchor]] = {}
        for one in anchors:
            self._waiting.setdefault(one.counts, []).append(one)
        self._other: list[Anchor] = []
        self.met: list[Anchor] = []

    def look_at(self, walk: RecordWalk) -> None:
        """See whether an anchor was set where the walk is."""
        counts = (walk.decisions, walk.erasures, walk.steps)
        for one in self._waiting.pop(counts, ()):
            holds = (one.head, one.contest_head) == (walk.head, walk.step_head)
            (self.met if holds else self._other).append(one)

    @property
    def missed(self) -> Anchor | None:
        """The oldest anchor that the record does not go through."""
        left = [one for many in self._waiting.values() for one in many]
        return min([*left, *self._other], key=lambda one: one.at, default=None)
