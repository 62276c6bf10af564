"""The page of security names tests that there are, and the page of dependencies what is needed."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
ATTACKERS = (
    *("A hostile reader", "A hostile commenter", "A stolen moderator's account"),
    *("A stolen editor's account", "A hostile colleague", "A leaked webhook secret"),
    *("A leaked Discord token", "A hostile or broken site", "A hostile network"),
    "Somebody with the database file or a backup",
)


def test_every_test_that_the_page_names_is_there():
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    there = set(re.findall(r"def (test_\w+)\(", sources))
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 90
    assert named - there == set()


@pytest.mark.parametrize("attacker", ATTACKERS)
def test_each_attacker_has_what_they_can_do_and_cannot_and_a_test_for_each_cannot(attacker: str):
    section = PAGE.split(f"\n## {attacker}\n", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| (can|cannot) \| (.+?) \| ?(.*?) ?\|$", section, re.MULTILINE)
    assert {verb for verb, _, _ in rows} == {"can", "cannot"}
    assert [what for verb, what, shown in rows if verb == "cannot" and "`test_" not in shown] == []


def test_every_attacker_is_told_of():
    heads = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    assert tuple(heads[:-1]) == ATTACKERS
