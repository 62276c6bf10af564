"""Every statement of the store: those that stand at the top of a module, and those that are built."""

import ast
import importlib
import itertools
import pkgutil
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from bot import store
from bot.domain.search import Query, Stand
from bot.store import ban_evasion, channels, figures, search
from bot.store.engine.connection import Words

_STATEMENT = re.compile(r"\s*(--[^\n]*\n\s*)*(SELECT|INSERT|UPDATE|DELETE|WITH)\s")
_TO_FILL = re.compile(r"\{\w+\}")
_NOW = datetime(2026, 3, 2, tzinfo=UTC)
# An engine's own words are no statements that another must understand.
_WORDS = Words(
    index="",
    authors="",
    cases="SELECT cases.id FROM words JOIN cases ON cases.id = words.rowid"
    " LEFT JOIN decisions AS stands ON stands.id = cases.decision_id"
    " WHERE words.text = ? {filters}",
    matching=lambda query: " ".join(query.words),
)
_NARROWED = (
    {"rule": 3},
    {"after": _NOW, "before": _NOW},
    {"site": "courier"},
    {"case_id": 7},
    *({"stand": stand} for stand in Stand),
)


def statements() -> Mapping[str, str]:
    """Return the statements by what they are called; templates are not among them."""
    found = {
        f"{module.__name__}.{name}": text
        for module in _modules()
        for name, text in _texts(module)
        if _STATEMENT.match(text) and not _TO_FILL.search(text)
    }
    return found | dict(_built())


def hidden() -> list[str]:
    """Return statements that stand within functions, where `statements` does not find them."""
    return [
        f"{module.__name__}: {node.value.strip()}"
        for module in _modules()
        for function in ast.walk(ast.parse(Path(str(module.__file__)).read_text("utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Constant)
        if isinstance(node.value, str) and _STATEMENT.match(node.value)
    ]


def templates() -> set[str]:
    """Return what has to be filled in, by its name."""
    return {
        f"{module.__name__}.{name}"
        for module in _modules()
        for name, text in _texts(module)
        if _STATEMENT.match(text) and _TO_FILL.search(text)
    }


def _modules() -> Iterator[ModuleType]:
    """Yield the store's modules; an engine's statements are its own."""
    for found in pkgutil.walk_packages(store.__path__, "bot.store."):
        if not found.name.startswith("bot.store.engine"):
            yield importlib.import_module(found.name)


def _texts(module: ModuleType) -> Iterator[tuple[str, str]]:
    for name, value in vars(module).items():
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, tuple | list):
            yield from (
                (f"{name}[{at}]", one) for at, one in enumerate(value) if isinstance(one, str)
            )
        elif isinstance(value, dict):
            yield from ((f"{name}[{at}]", one) for at, one in value.items() if isinstance(one, str))


def _built() -> Iterator[tuple[str, str]]:
    for number in (0, 1, 3):
        yield f"astray({number})", channels.astray(number)
        yield f"same_grams({number})", ban_evasion.same_grams(number)
        yield f"same_targets({number})", ban_evasion.same_targets(number)
        yield f"outcomes_of({number})", figures.outcomes_of(number)
    narrowed = [chosen for size in range(3) for chosen in itertools.combinations(_NARROWED, size)]
    for words, deciders, chosen in itertools.product(((), ("bike",)), ((), (1,), (1, 2)), narrowed):
        asked = dict(pair for one in chosen for pair in one.items())
        query = Query(words=words, **asked)
        yield f"search of {query}, {deciders}", search.statement(_WORDS, query, deciders)[0]
        if query.before:
            bound = search.statement(_WORDS, query, deciders, 7)[0]
            yield f"search of {query}, {deciders}, up to a case", bound
