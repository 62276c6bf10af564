"""Every sentence that people read stands in `bot/cards/text`, but for those of errors."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.services
import cogs
from bot.domain.errors import DeskError

ROOT = Path(__file__).parents[2]
TEXT = ROOT / "bot/cards/text"
ROOMS = ("bot/cards", "bot/services", "cogs")
KEPT = {
    # Kept in the database, or read by health checks, where no card is at hand to word them.
    "bot/services/backups.py": 3,
    "bot/services/staff/refused.py": 3,
    "bot/services/upkeep.py": 2,
    "bot/services/cases/revise.py": 2,
    "bot/services/staff/staff_messages.py": 1,
    "bot/services/outbox_worker.py": 1,
    "bot/services/sites/poll.py": 2,
    "bot/services/cases/decision_log.py": 1,
    "bot/services/stories/story.py": 2,
}
_LOGS = frozenset({"log", "_log", "logger"})
_COMMANDS = frozenset({"app_commands"})
_NO_WORDS = frozenset({"cast", "compile"})
_A_FEW = 3


def _errors() -> frozenset[str]:
    for room in (bot.services, cogs):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            importlib.import_module(module.name)
    found, waiting = set[str](), [DeskError]
    while waiting:
        one = waiting.pop()
        found.add(one.__name__)
        waiting.extend(one.__subclasses__())
    return frozenset(found)


ERRORS = _errors()


def sentences(source: str) -> list[tuple[int, str]]:
    """Return each sentence of a module with its line; see the cases below for what is none."""
    return sorted(_in(ast.parse(source), in_error=False))


def _in(node: ast.AST, *, in_error: bool) -> Iterator[tuple[int, str]]:
    if _says_elsewhere(node, in_error=in_error):
        return
    said = _literal(node)
    if said is not None:
        if _is_sentence(said):
            yield node.lineno, said
        return
    if isinstance(node, ast.ClassDef):
        in_error = any(_called(base) in ERRORS for base in node.bases)
    aside = [
        *getattr(node, "decorator_list", []),
        *(node.keywords if isinstance(node, ast.ClassDef) else []),
    ]
    for child in ast.iter_child_nodes(node):
        if child not in aside:
            yield from _in(child, in_error=in_error)


def _says_elsewhere(node: ast.AST, *, in_error: bool) -> bool:
    """Whether its words are a docstring's, an error's, a log's, a command's, or no words at all."""
    match node:
        case ast.Raise() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name))) if name in _LOGS | _COMMANDS:
            return True
        case ast.Call(func=ast.Attribute(attr="__init__")):
            return in_error
        case ast.Call(func=func):
            return _called(func) in ERRORS | _NO_WORDS
        case _:
            return False


def _called(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _literal(node: ast.AST) -> str | None:
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values
        )
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _is_sentence(said: str) -> bool:
    words = [one for one in said.split() if re.search(r"[^\W\d_]", one)]
    first = re.sub(r"^[^\w{]+", "", said)[:1]
    return len(words) >= _A_FEW and (first.isupper() or said.rstrip()[-1:] in set(".!?…:"))


def _modules(room: str) -> Iterator[Path]:
    return (path for path in sorted((ROOT / room).rglob("*.py")) if TEXT not in path.parents)


@pytest.mark.parametrize("room", ROOMS)
def test_sentences_stand_in_one_place(room: str):
    elsewhere: list[str] = []
    for path in _modules(room):
        name = path.relative_to(ROOT).as_posix()
        found = sentences(path.read_text(encoding="utf-8"))
        if len(found) != KEPT.get(name, 0):
            elsewhere += [f"{name}:{line}: {said}" for line, said in found]

    assert not elsewhere, "\n".join(["move to bot/cards/text:", *elsewhere])


def test_every_sentence_has_one_place():
    places: dict[str, set[str]] = {}
    for path in sorted(TEXT.glob("*.py")):
        for _, said in sentences(path.read_text(encoding="utf-8")):
            places.setdefault(said, set()).add(path.name)

    assert len(places) > 100
    assert {said: where for said, where in places.items() if len(where) > 1} == {}


@pytest.mark.parametrize(
    "code",
    [
        'text("The comment is hidden.")',
        'text(f"{name} hid it at {at}, for three days.")',
        'text(f"Hidden by {name}, citing {rule}")',
        'text("**Nothing waits for you.**")',
        'def said(): return "and three more of them."',
        'HELP = {1: "The police were called"}',
        'text(label="⚠ Look at this" if odd else "")',
    ],
)
def test_a_sentence_put_in_a_card_is_found(code: str):
    assert len(sentences(code)) == 1


@pytest.mark.parametrize(
    "code",
    [
        'def draw():\n    """Draw the whole card."""',
        'raise NoChange("Nothing of it was done.")',
        'def over(): return NoChange("Nothing of it was done.")',
        'class Odd(DeskError):\n    def __init__(self):\n        super().__init__("That is odd.")',
        'log.info("A card was drawn.")',
        '@app_commands.describe(name="The beginning of a name")\ndef find(): pass',
        'class Rules(commands.GroupCog, description="What the newsroom decided"): pass',
        'PRESS = re.compile("(?P<A>[a-z]) (?P<B>b) c.")',
        'data = cast("Mapping[str, Any]", data)',
        'text("Hide")',
        'text("and three more of them")',
        'x = name("The") + 1',
    ],
)
def test_what_is_said_elsewhere_stays_there(code: str):
    assert sentences(code) == []
