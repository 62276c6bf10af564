"""Everything the cards can draw, found from their own signatures, with hostile words in it.

Each function that returns something to show is called twice with values made from its type hints:
once with harmless words wherever a domain value holds text, once with what would act in Discord.
The second may do nothing that the first does not. A new card is tried without being named.
"""

import dataclasses
import importlib
import inspect
import pkgutil
import re
import types
import typing
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, cast
from zoneinfo import ZoneInfo

import discord
import pytest

import bot.cards
from bot.domain.cases import Case, CaseView
from bot.domain.decisions import Action
from bot.domain.errors import AlreadyClaimed, DeskError, NotUnderstood
from bot.domain.ids import PersonId
from bot.domain.policy import Policy, Rule
from bot.domain.triage import Claim
from bot.standin import limits
from bot.standin.components import walk

from .discord_markdown import active
from .reading import COMPONENTS_V2
from .samples import CASE, NOW, POLICY
from .test_case_card import LINK, everywhere

HARMLESS = "harmless"
HOSTILE = {
    "mentions": "@everyone <@123> <@&5> <#1> </ban:1>",
    "marks": "**a** __b__ ~~c~~ ||d|| `e` *f* _g_",
    "fences": "``` x ``` || y",
    "lines": "# big\n## b\n- li\n1. one\n> quoted\n-# small\n>>> all",
    "links": "[click](http://evil.example/x) http://evil.example <https://evil.example>",
    "hosts": "discord.gg/abc evil.com www.evil.org",
    "shapes": "<t:0:R> <:x:1> <a:x:1> <id:guide> :smile: <mailto:a@evil.com>",
    "brackets": "](http://evil.example) [ ( ) ] )",
    "slashes": "\\" * 9 + "*a*\\",
    "hidden": "\u202edesrever\u2066\u200b\u200d\ufeff\U000e0041",
    "stacked": "Z" + "\u0335\u0341" * 900,
    "escapes": "<@" * 2500,
    "astral": "\U0001f92c" * 2500,
    "nothing": "\u200b\u2060 \n",
    "empty": "",
}
HIDING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2060\ufeff\U000e0041"

_OURS = frozenset(
    {
        *("said", "link", "links", "contest_link", "chart", "words", "image", "where", "name_of"),
        "who",
    }
)
"""Arguments that hold our own words, or addresses in Discord."""
_NOT_DRAWN = frozenset(
    {
        *("parts", "escape", "text", "presses", "links", "charts", "press_table", "help_pages"),
        "documents",  # not for Discord
    }
)
"""Modules and rooms of which nothing is a drawing of what is kept."""
_FIXED: dict[str, Any] = {"plain": False, "further": list[Any]}
_LINK_TO = "https://discord.com/channels/1/2/3"
_CODE = re.compile(r"^```\n[^`]*\n```$|^`[^`\n]+`$", re.MULTILINE)
_LABELS = frozenset({"thread_name", "choice", "alt", "picture"})
"""Functions whose words stand where Discord formats nothing."""

Function = Callable[..., Any]


def functions() -> Iterator[Function]:
    for module in pkgutil.walk_packages(bot.cards.__path__, "bot.cards."):
        if not _NOT_DRAWN.isdisjoint(module.name.split(".")):
            continue
        loaded = importlib.import_module(module.name)
        for name, found in inspect.getmembers(loaded, inspect.isfunction):
            if found.__module__ == loaded.__name__ and not name.startswith("_") and _draws(found):
                yield found


def _draws(function: Function) -> bool:
    hints = typing.get_type_hints(function)
    shown = hints.pop("return", None)
    if discord.ui.LayoutView in hints.values():
        return False  # changes what another has drawn
    if inspect.isclass(shown) and issubclass(shown, discord.ui.LayoutView):
        return function.__name__ != "saying" and bool(hints)
    takes_facts = any(dataclasses.is_dataclass(_bare(hint)) for hint in hints.values())
    return takes_facts and (shown in (str, str | None) or typing.get_origin(shown) is Iterator)


def _bare(hint: Any) -> Any:
    return next((one for one in typing.get_args(hint) if dataclasses.is_dataclass(one)), hint)


def simple(words: str) -> dict[Any, Any]:
    """Return values of the types that are not taken apart."""
    return {
        CaseView: everywhere(words),
        Case: CASE,
        int: 3,
        float: 2.5,
        bool: True,
        datetime: NOW,
        date: NOW.date(),
        timedelta: timedelta(hours=1),
        bytes: b"\x89PNG",
        str: words,
        Policy: POLICY,
        ZoneInfo: ZoneInfo("Europe/London"),
        DeskError: NotUnderstood(words),
        object: words,
        Rule: POLICY.rules[0],  # the newsroom's own words
        AlreadyClaimed: AlreadyClaimed(
            CASE.id, Claim(by_id=PersonId(3), by_name=words, at=NOW, until=NOW)
        ),
    }


def made(hint: Any, words: str) -> Any:
    """Return a value of a type with the words wherever it holds text."""
    if hint in (known := simple(words)):
        return known[hint]
    if isinstance(hint, typing.NewType):
        return made(hint.__supertype__, words)
    if inspect.isclass(hint) and issubclass(hint, Enum):
        return Action.HIDE if hint is Action else next(iter(hint))
    if dataclasses.is_dataclass(hint):
        return _filled(hint, words)
    return _composed(hint, words)


def _everything(*_asked: object) -> frozenset[Action]:
    return frozenset(Action)


def _filled(kind: Any, words: str) -> Any:
    hints = typing.get_type_hints(kind)
    return kind(
        **{
            field.name: _field(field.name, hints[field.name], words)
            for field in dataclasses.fields(kind)
            if field.init
        }
    )


def _field(name: str, hint: Any, words: str) -> Any:
    if name == "settings":
        return ("alerts",)  # names of our own
    if name == "day":
        return "Tuesday"
    if name == "url" and words:
        return f"https://courier.example/?{words}"
    return made(hint, words)


def _composed(hint: Any, words: str) -> Any:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        wanted = [one for one in inner if one is not type(None)]
        return made(wanted[0], words)
    if origin is tuple and inner[-1] is not Ellipsis:
        return tuple(made(one, words) for one in inner)
    kind = cast("type[Any]", origin if inspect.isclass(origin) else object)
    if issubclass(kind, Mapping):
        return {made(inner[0], words): made(inner[1], words)}
    if kind.__name__ == "Callable":
        return _everything
    if issubclass(kind, Iterable):
        several = [made(inner[0], words)]
        return cast("Any", kind)(several) if kind in (tuple, set, frozenset) else several
    raise NotImplementedError(f"{hint} is made here by nobody yet")


def drawn(
    function: Function, words: str
) -> tuple[list[str], list[str], discord.ui.LayoutView | None]:
    """Return the texts of what a function draws, its labels, and the view if it is one."""
    hints = typing.get_type_hints(function)
    hints.pop("return", None)
    given: dict[str, Any] = {}
    for name in inspect.signature(function).parameters:
        hint = hints[name]
        if name in _FIXED:
            given[name] = _FIXED[name]
        elif name in _OURS and hint in (str, str | None):
            given[name] = _LINK_TO if name == "link" else "ours"
        elif name in _OURS and "Mapping" not in str(hint):
            given[name] = made(hint, "ours")
        elif (
            name in {"links", "found"}
            and typing.get_origin(hint) is not None
            and "Mapping" in str(hint)
        ):
            given[name] = {CASE.id: _LINK_TO}
        else:
            given[name] = made(hint, words)
    keyword = {
        name
        for name, one in inspect.signature(function).parameters.items()
        if one.kind is inspect.Parameter.KEYWORD_ONLY
    }
    shown = function(
        *(value for name, value in given.items() if name not in keyword),
        **{name: value for name, value in given.items() if name in keyword},
    )
    if isinstance(shown, str) or shown is None:
        said = [shown or ""]
        return ([], said, None) if function.__name__ in _LABELS else (said, [], None)
    if not isinstance(shown, discord.ui.LayoutView):
        view = discord.ui.LayoutView(timeout=None)
        loose: list[str] = []
        for one in shown:
            loose.append(one) if isinstance(one, str) else view.add_item(one)
        if loose:
            return loose, [], None
        shown = view
    payload = shown.to_components()
    texts = [
        one.content for one in shown.walk_children() if isinstance(one, discord.ui.TextDisplay)
    ]
    labels = [
        str(one[key])
        for part in walk(payload)
        for one in (part, *part.get("options", ()))
        for key in ("label", "description", "placeholder")
        if one.get(key)
    ]
    return texts, labels, shown


def does(texts: list[str]) -> Counter[str]:
    shown = _CODE.sub("(code)", "\n".join(texts))  # nothing acts in a block that stays closed
    return active(LINK.sub("](it)", shown))


ALL = sorted(functions(), key=lambda one: (one.__module__, one.__name__))


def test_there_is_much_to_draw():
    assert len(ALL) > 45


@pytest.mark.parametrize("function", ALL, ids=lambda one: f"{one.__module__[10:]}.{one.__name__}")
def test_hostile_words_do_nothing_that_harmless_ones_do_not(function: Function):
    usual, _, _ = drawn(function, HARMLESS)
    for attack, words in HOSTILE.items():
        texts, labels, view = drawn(function, words)
        more = does(texts) - does(usual)
        if words == "" or attack in {"nothing", "hidden"}:
            del more["italic"]  # our own words where there is nothing to see
        if attack in {"escapes", "astral"}:
            del more["small"]  # that there is more to read
        assert more == Counter(), f"{attack}: {more} in {texts}"
        hiding = [one for one in (*texts, *labels) if set(one) & set(HIDING)]
        assert hiding == [], attack
        if view is not None and view.children:
            limits.check({"components": view.to_components(), "flags": COMPONENTS_V2}, {})
            assert all(texts), f"{attack}: an empty text is refused"
