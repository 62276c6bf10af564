"""The page on privacy says for how long each kind is kept, and is right."""

import re
from pathlib import Path

import pytest

from bot.domain.retention import DAYS, LEAST, Kept
from config.policy import PolicyError, load_policy

PAGE = Path(__file__).parents[2] / "docs/privacy.md"
ROW = re.compile(r"^\| `(\w+)` \| (\d+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
RULE = """\
[[rules]]
number = 1
code = "threats"
name = "Threats"
text = "Do not threaten anybody."
severity = "critical"
notice = "Your comment was removed because it threatens somebody."
"""


def test_the_page_the_policy_and_the_desk_say_the_same():
    rows = ROW.findall(PAGE.read_text("utf-8"))
    assert {kind: int(days) for kind, days, *_ in rows} == {**DAYS}
    assert [*DAYS] == [*Kept]
    assert load_policy().retention.days == {**DAYS}
    assert all(what.strip() and why.strip() for _, _, what, why in rows)


def test_what_is_left_out_has_the_default_and_what_is_said_counts(tmp_path: Path):
    path = tmp_path / "policy.toml"
    path.write_text(f"[retention]\nstaff_notes = 30\n{RULE}")
    assert load_policy(path).retention.days == {**DAYS, Kept.STAFF_NOTES: 30}


@pytest.mark.parametrize(
    ("said", "right"),
    [
        *(
            (f"{what} = {LEAST.get(what, 1) - 1}", f"from {LEAST.get(what, 1)} to 3650")
            for what in Kept
        ),
        ("emails = 3651", "from 1 to 3650"),
        ("emails = 30.5", "a whole number of days"),
        ('emails = "30"', "a whole number of days"),
        ("emails = true", "a whole number of days"),
        ("email = 30", "did you mean `emails`?"),
    ],
)
def test_a_wrong_time_is_refused_with_its_line_and_what_would_be_right(tmp_path, said, right):
    path = tmp_path / "policy.toml"
    path.write_text(f"[retention]\n{said}\n{RULE}")
    with pytest.raises(PolicyError) as refused:
        load_policy(path)
    [problem] = refused.value.problems
    assert problem.line == 2
    assert right in problem.words
