"""The custom ids of versions before the one scheme: they stand on messages, and are read for ever.

There were four: ``desk:hide:1042:2:3:token`` (the case, the revision seen, and one number more that
meant something else for each kind), ``desk:banform:1042:2:token``, ``alert:mute:12:token``, and
``turn:search:2:what was searched for``. The token may be missing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_TAIL: Final = r"(?::(?P<word>[A-Za-z0-9_-]{6,32}))?"
_DESK: Final = re.compile(
    rf"desk:(?P<kind>[a-z]+):(?P<case>[0-9]+):(?P<seen>[0-9]+):(?P<extra>[0-9]+){_TAIL}"
)
_FORM: Final = re.compile(rf"desk:(?P<kind>banform):(?P<case>[0-9]+):(?P<seen>[0-9]+){_TAIL}")
_ALERT: Final = re.compile(rf"alert:(?P<kind>[a-z]+):(?P<alert>[0-9]+){_TAIL}")
_TURN: Final = re.compile(r"turn:(?P<kind>[a-z]+):(?P<page>[0-9]{1,7}):(?P<about>.{0,80})")
_CASE: Final = re.compile(rf"(?P<case>[0-9]{{1,40}}){_TAIL}")
_RENAMED: Final = {"more": "open"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Older:
    """What such a custom id says; a number without a name of its own is `extra`."""

    kind: str
    numbers: Mapping[str, int] = field(default_factory=dict[str, int])
    extra: int = 0
    word: str = ""


def read(custom_id: str) -> Older | None:
    """Return what an older custom id says, `None` if it is none of them."""
    for template in (_DESK, _FORM, _ALERT):
        if found := template.fullmatch(custom_id):
            return _numbered(found)
    found = _TURN.fullmatch(custom_id)
    return _turn(found["kind"], int(found["page"]), found["about"]) if found else None


def _numbered(found: re.Match[str]) -> Older:
    said = found.groupdict(default="")
    kind, word = said.pop("kind"), said.pop("word")
    numbers = {name: int(digits) for name, digits in said.items()}
    extra = numbers.pop("extra", 0)
    kind = f"alert{kind}" if "alert" in numbers else _RENAMED.get(kind, kind)
    return Older(kind=kind, numbers=numbers, extra=extra, word=word)


def _turn(kind: str, page: int, about: str) -> Older:
    """Read a press on a list; whom an author's list is about was told like a case."""
    if kind not in {"author", "others"}:
        return Older(kind=kind, extra=page, word=about)
    found = _CASE.fullmatch(about)
    case, token = (int(found["case"]), found["word"] or "") if found else (0, "")
    return Older(kind=kind, numbers={"case": case}, extra=page, word=token)
