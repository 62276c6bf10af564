"""The phrases that `docs/wording.md` bans stand nowhere that people read."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "wording.md"
TEXT = sorted((ROOT / "bot/cards/text").glob("*.py"))
COMMANDS = [*sorted((ROOT / "cogs").rglob("*.py")), *sorted((ROOT / "bot/cli").rglob("*.py"))]
PAPERS = [
    ROOT / "README.md",
    *(page for page in sorted((ROOT / "docs").glob("*.md")) if page != PAGE),
]


def banned(head: str) -> list[str]:
    """Return the first column of one of the page's tables."""
    table = PAGE.read_text(encoding="utf-8").split(f"| {head} |", 1)[1].split("\n\n", 1)[0]
    return [row.split("|")[1].strip() for row in table.splitlines()[2:]]


ANYWHERE = banned("never")
ON_CARDS = banned("never on a card")


def said(source: str) -> str:
    """Return a module's words as one line, without its docstrings."""
    tree = ast.parse(source)
    aside = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    words = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in aside
    ]
    return " ".join(" ".join(words).split())


def found(phrases: list[str], words: str) -> list[str]:
    return [one for one in phrases if re.search(rf"(?i)\b{re.escape(one)}", words)]


def test_the_page_has_ten_rules_and_bans_some_phrases():
    page = PAGE.read_text(encoding="utf-8")

    assert re.findall(r"^(\d+)\. \*\*", page, re.MULTILINE) == [str(n) for n in range(1, 11)]
    assert len(ANYWHERE) > 10
    assert len(ON_CARDS) > 5


@pytest.mark.parametrize("path", [*TEXT, *COMMANDS], ids=lambda path: path.stem)
def test_no_card_answer_or_command_says_it(path: Path):
    assert found([*ANYWHERE, *ON_CARDS], said(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", TEXT, ids=lambda path: path.stem)
def test_no_card_or_answer_shouts(path: Path):
    shouted = re.findall(r"\w+!(?!=)", said(path.read_text(encoding="utf-8")))

    assert shouted == []


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name)
def test_no_page_says_it(path: Path):
    assert found(ANYWHERE, " ".join(path.read_text(encoding="utf-8").split())) == []


@pytest.mark.parametrize("phrase", [*ANYWHERE, *ON_CARDS])
def test_a_phrase_put_back_is_found(phrase: str):
    first, _, rest = phrase.partition(" ")
    code = f'SAID = ("It is {first.capitalize()} "\n    "{rest} of #1.")'

    assert phrase in found([phrase], said(f'"""A module."""\n{code}'))
