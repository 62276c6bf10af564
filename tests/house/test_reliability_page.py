"""Each fault on the page of reliability says what happens, what people see, and which test shows it."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in row.strip("|").split("|")]
    for row in re.findall(r"^\|.+\|$", PAGE, re.MULTILINE)
    if not row.startswith(("|---", "| Fault"))
]


def test_each_fault_says_all_and_names_tests_that_there_are():
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    there = set(re.findall(r"def (test_\w+)\(", "\n".join(sources)))

    assert len(ROWS) > 20
    for row in ROWS:
        assert len(row) == 4, row
        assert all(row), row
        named = set(re.findall(r"`(test_\w+)`", row[3]))
        assert named, row
        assert named - there == set(), row


def test_no_fault_stands_twice():
    faults = [row[0] for row in ROWS]
    assert len(faults) == len(set(faults))
