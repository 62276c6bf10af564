"""Presses: what each button, menu and form of the desk stands for, and its one custom id.

A press is a value with its own fields, declared beside the others of its subject::

    @press("hide")
    class HideCase(OfText):
        rule: RuleNumber

and is written as ``desk:hide:1042,2,3:Zk3-x_9aQ1vB``: its kind, its whole numbers in the order of
its fields, and the one word that it may hold, mostly the token that no other record can repeat.
Messages stand for years, so what is written is read for ever: a kind keeps its name, its fields
their order and their meaning. What versions before this scheme wrote is read by `read_older`.

There were four schemes: ``desk:hide:1042:2:3:token`` (the case, the revision seen, and one number more that
meant something else for each kind), ``desk:banform:1042:2:token``, ``alert:mute:12:token``, and
``turn:search:2:what was searched for``. The token may be missing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Final, TypeVar, cast, dataclass_transform

from bot.domain.alerts import Alert, AlertId
from bot.domain.cases import Case
from bot.domain.decisions import Decision
from bot.domain.ids import CaseId, DecisionId

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


def read_older(custom_id: str) -> Older | None:
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


MOST: Final = 2**63 - 1
"""The largest number that the desk ever puts into a custom id."""
LONGEST: Final = 100
"""Characters that Discord lets a custom id have."""

_TOKEN: Final = 22
"""Characters of the longest token, and what three numbers leave of a custom id for one."""
_DIGEST: Final = 12
"""Characters of a decision's digest that tell it from the same number in another record."""

_ID: Final = re.compile(r"desk:(?P<kind>[a-z]+)(?::(?P<numbers>[0-9,]*))?(?::(?P<word>.*))?")
_NUMBER: Final = re.compile(r"[0-9]+")
_IS_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{6,32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button, menu or form; all that it means is in its custom id, for it outlives a restart."""

    @property
    def custom_id(self) -> str:
        """The press as Discord keeps it, at most `LONGEST` characters."""
        shape = _SHAPES[type(self)]
        numbers = ",".join(str(getattr(self, name)) for name in shape.numbers)
        begin = f"desk:{shape.kind}:{numbers}"
        word = str(getattr(self, shape.word)) if shape.word else ""
        return f"{begin}:{word}"[:LONGEST] if word else begin

    def numbers(self) -> Iterator[int]:
        """Yield the numbers that it holds."""
        for name in _SHAPES[type(self)].numbers:
            yield getattr(self, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfCase(Press):
    """A press about a case. Without a `token` it was drawn by an earlier version."""

    case: CaseId
    token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfText(OfCase):
    """A press about a case that counts on its text: `seen` is the revision shown beside it."""

    seen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OfDecision(OfCase):
    """A press about one decision on a case; the token is the beginning of its digest."""

    decision: DecisionId


@dataclass(frozen=True, slots=True, kw_only=True)
class OfAlert(Press):
    """A press about an alert."""

    alert: AlertId
    token: str = ""


class Form:
    """A form, which is sent off rather than pressed."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread(Press):
    """A custom id that looks like the desk's and means nothing, as somebody forged it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """How a kind is written: the fields of its numbers, in order, and of its word."""

    kind: str
    numbers: tuple[str, ...]
    word: str | None


PressT = TypeVar("PressT", bound=Press)
CaseT = TypeVar("CaseT", bound=OfCase)
TextT = TypeVar("TextT", bound=OfText)
DecisionT = TypeVar("DecisionT", bound=OfDecision)
AlertT = TypeVar("AlertT", bound=OfAlert)

_SHAPES: Final[dict[type[Press], _Shape]] = {}
_KINDS: Final[dict[str, type[Press]]] = {}


@dataclass_transform(frozen_default=True, kw_only_default=True)
def press(kind: str) -> Callable[[type[PressT]], type[PressT]]:
    """Declare a press under the name that its custom ids have from now on.

    Raises:
        TypeError: The name is taken, or a field is neither a whole number nor the only word.
    """

    def declare(cls: type[PressT]) -> type[PressT]:
        made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
        if kind in _KINDS:
            raise TypeError(f"{cls.__name__} cannot be the press {kind!r}")
        _SHAPES[made] = _shape(kind, made)
        _KINDS[kind] = made
        return made

    return declare


def _shape(kind: str, made: type[Press]) -> _Shape:
    held = {one.name: _held(one.type) for one in fields(made)}
    words = [name for name, kept in held.items() if kept is str]
    numbers = tuple(name for name, kept in held.items() if kept is int)
    if len(words) > 1 or len(words) + len(numbers) < len(held):
        raise TypeError(f"{made.__name__} cannot be the press {kind!r}")
    if words and LONGEST - len(f"desk:{kind}:") - 20 * len(numbers) < _TOKEN:
        raise TypeError(f"the custom ids of {made.__name__} could be too long")
    return _Shape(kind=kind, numbers=numbers, word=next(iter(words), None))


def _held(declared: object) -> object:
    """Return what a field holds, by its name in the domain or as it is."""
    return getattr(declared, "__supertype__", declared)


def declared() -> Mapping[str, type[Press]]:
    """Return all presses that are declared, by their names."""
    return dict(_KINDS)


def read(custom_id: str) -> Press | None:
    """Return what a custom id stands for, `None` if it is not one of ours."""
    if len(custom_id) > LONGEST:
        return None
    found = _ID.fullmatch(custom_id)
    cls = _KINDS.get(found["kind"]) if found else None
    made = _made(cls, found["numbers"], found["word"]) if found and cls else None
    return made or _of_older(custom_id)


def _made(cls: type[Press], said: str | None, word: str | None) -> Press | None:
    names = _SHAPES[cls].numbers
    numbers = said.split(",") if said else []
    if len(numbers) != len(names) or not all(map(_NUMBER.fullmatch, numbers)):
        return None
    return _filled(cls, dict(zip(names, map(int, numbers), strict=True)), word or "")


def _of_older(custom_id: str) -> Press | None:
    """Return what the custom id of an earlier version stands for."""
    said = read_older(custom_id)
    cls = _KINDS.get(said.kind) if said else None
    if said is None or cls is None:
        return None
    shape = _SHAPES[cls]
    numbers = {name: said.numbers.get(name, said.extra) for name in shape.numbers}
    return _filled(cls, numbers, said.word if shape.word else "")


def _filled(make: Callable[..., Press], numbers: Mapping[str, int], word: str) -> Press | None:
    shape = _SHAPES[cast("type[Press]", make)]
    if shape.word is None:
        return None if word else make(**numbers)
    if shape.word == "token" and word and not _IS_TOKEN.fullmatch(word):
        return None
    return make(**numbers, **{shape.word: word})


def on_case(kind: type[CaseT], case: Case) -> CaseT:
    """Return a press about a case."""
    return kind(case=case.id, token=case.token)


def on_text(kind: type[TextT], case: Case) -> TextT:
    """Return a press about a case and its text as it now is."""
    return kind(case=case.id, token=case.token, seen=case.revision)


def on_alert(kind: type[AlertT], alert: Alert) -> AlertT:
    """Return a press about an alert."""
    return kind(alert=alert.id, token=alert.token)


def on_decision(kind: type[DecisionT], decision: Decision) -> DecisionT:
    """Return a press about one decision."""
    token = decision.digest[:_DIGEST]
    return kind(case=decision.case_id, token=token, decision=decision.id)
