"""The page of features names tests; each of them must be one."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_test_that_the_page_names_is_there():
    page = (ROOT / "docs" / "features.md").read_text()
    named = set(re.findall(r"`(test_\w+)`", page))
    sources = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    sources += "\n".join(path.read_text() for path in (ROOT / "tests" / "journey").rglob("*.py"))
    there = set(re.findall(r"def (test_\w+)\(", sources))

    assert len(named) > 50
    assert named - there == set()
