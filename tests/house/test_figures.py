"""How complex, long and abstract the code may be; the page on the house's figures says why."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT = Path(__file__).parents[2]
TREES: Final = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for room in ("bot", "cogs", "config")
    for path in sorted((ROOT / room).rglob("*.py"))
}

MOST_BRANCHES = 10
MANY_BRANCHES = 7
"""How many make a function one of which there should be few."""
MOST_WITH_MANY = 0.05
MOST_LINES_OF_A_FUNCTION = 60
MOST_LINES_OF_A_FILE = 400
MOST_PROTOCOLS = 10
MOST_BROAD_EXCEPTS = 4

_BRANCHES = (
    *(ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.Assert),
    *(ast.comprehension, ast.match_case),
)
_APART = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def branches(function: ast.AST) -> int:
    """Return a function's cyclomatic complexity; a function within it counts for itself."""
    found, todo = 1, [*ast.iter_child_nodes(function)]
    while todo:
        node = todo.pop()
        if isinstance(node, _APART):
            continue
        found += isinstance(node, _BRANCHES)
        found += len(node.ifs) if isinstance(node, ast.comprehension) else 0
        found += len(node.values) - 1 if isinstance(node, ast.BoolOp) else 0
        todo.extend(ast.iter_child_nodes(node))
    return found


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Yield each function, by its file and name."""
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name} {node.name}", node


def test_no_function_has_many_branches_and_few_have_seven():
    found = [(name, branches(one)) for name, one in functions()]
    over = [name for name, many in found if many > MOST_BRANCHES]
    assert not over, "take a step of it out, make it a table, or return early"
    some = [name for name, many in found if many >= MANY_BRANCHES]
    assert len(some) <= MOST_WITH_MANY * len(found)


def test_no_function_is_long():
    long = [
        name for name, one in functions() if _end(one) - one.lineno + 1 > MOST_LINES_OF_A_FUNCTION
    ]
    assert not long


def test_no_file_is_long():
    long = [
        name
        for name in TREES
        if len((ROOT / name).read_text("utf-8").splitlines()) > MOST_LINES_OF_A_FILE
    ]
    assert not long


def test_protocols_are_for_what_has_several_implementations():
    # Those of the stand-in are for a library without types.
    found = [
        f"{name} {node.name}"
        for name, tree in TREES.items()
        if not name.startswith(("bot/standin/", "bot/demo/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and "Protocol" in map(ast.unparse, node.bases)
    ]
    assert len(found) <= MOST_PROTOCOLS, found


def test_everything_is_caught_at_boundaries_alone():
    found = [
        f"{name}:{node.lineno}"
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
    ]
    assert len(found) <= MOST_BROAD_EXCEPTS, f"use `bot.domain.errors.apart`: {found}"


@pytest.mark.parametrize(
    ("code", "counted"),
    [
        ("def f(): return 1", 1),
        ("def f(a, b): return a and b", 2),
        ("def f(a): return [one for one in a if one]", 3),
        ("def f(a):\n    def g():\n        if a: pass", 1),
        ("def f(a):\n    match a:\n        case 1: pass\n        case _: pass", 3),
    ],
)
def test_branches_are_counted(code: str, counted: int):
    assert branches(ast.parse(code).body[0]) == counted


def _end(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert function.end_lineno is not None
    return function.end_lineno
