"""The page of evidence names tests, each of them one; the users' pages promise and name none."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
USERS = [
    ROOT / "README.md",
    *sorted(DOCS / f"{name}.md" for name in ("alerts", "features", "readers", "running")),
    *sorted(DOCS / f"{name}.md" for name in ("sites", "spikes", "wordpress")),
]
_NONE = "\N{EM DASH}"
NOT = "\N{EN DASH}"


def _section(page: str, head: str) -> str:
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    assert f"## {head}\n" in text, head
    return text.split(f"## {head}\n", 1)[1].split("\n## ", 1)[0]


def _first_cells(section: str) -> list[str]:
    cells = re.findall(r"^\| (.+?) \|", section, re.MULTILINE)
    return [cell for cell in cells if not cell.startswith("-")]


def test_every_test_that_the_page_names_is_there():
    page = (DOCS / "evidence.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", page))
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    there = set(re.findall(r"def (test_\w+)\(", sources))

    assert len(named) > 50
    assert named - there == set()


def test_each_feature_of_a_shift_has_its_evidence():
    promised = re.findall(r"^- (.+)$", _section("features", "A moderation shift"), re.MULTILINE)

    assert promised == _first_cells(_section("evidence", "A moderation shift"))[1:]


def test_each_capability_that_is_built_has_its_evidence():
    head = "Capability by capability"
    capabilities = re.findall(r"^\| (.+?) \| (.+?) \|", _section("features", head), re.MULTILINE)
    shown = dict(re.findall(r"^\| (.+?) \| (.+) \|$", _section("evidence", head), re.MULTILINE))

    assert [name for name, _ in capabilities] == list(shown)
    bare = {name for name, by in shown.items() if by == _NONE}
    assert bare == {name for name, said in capabilities if said in {"not yet", "English only"}}


def test_each_ability_of_a_platform_has_its_evidence():
    table = _section("sites", "Which platform can do what")
    abilities = re.findall(rf"^\| (.+?) \| [Rsdo{NOT}] \|", table, re.MULTILINE)
    shown = _first_cells(_section("evidence", "Platforms"))

    assert len(abilities) > 5
    assert set(abilities) <= set(shown)


@pytest.mark.parametrize("page", USERS, ids=lambda path: path.name)
def test_a_page_for_users_names_no_test(page: Path):
    assert re.findall(r"\btest_\w+", page.read_text(encoding="utf-8")) == []
