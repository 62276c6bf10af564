"""Promises of the offline command: reports in, alerts out, one JSON object a line."""

import json

import pytest

from bot.services.alerts.spikes_offline import run
from tests.unit.detection.town import DAY, HOUR, MONDAY, merged, mob, ordinary

NOON = MONDAY + 10 * DAY + 12 * HOUR


def lines() -> list[str]:
    reports = merged(ordinary(11), mob(20, start=NOON))
    return [
        json.dumps(
            {
                "t": r.at,
                "article": r.story,
                "published": r.published,
                "comment": r.comment,
                "author": r.author,
                "reporter": r.reader,
            }
        )
        for r in reports
    ]


def test_a_mob_is_found_and_named_as_it_came() -> None:
    out: list[str] = []
    run(lines(), out.append, budget=1.0)
    rows = [json.loads(line) for line in out]
    assert all(set(row) == {"t", "tier", "key", "kind"} for row in rows)
    (found,) = [row for row in rows if row["key"] == "fresh" and row["kind"] == "open"]
    assert found["tier"] == "article"
    assert NOON <= found["t"] <= NOON + 600
    assert any(row["kind"] == "close" for row in rows if row["key"] == "fresh")


def test_the_future_does_not_change_the_past() -> None:
    whole: list[str] = []
    part: list[str] = []
    given = lines()
    run(given, whole.append, budget=1.0)
    run(given[: len(given) * 6 // 10], part.append, budget=1.0)
    assert whole[: len(part)] == part


def test_a_number_comes_back_as_a_number() -> None:
    out: list[str] = []
    numbered = [
        json.dumps({**json.loads(line), "article": 7} if '"fresh"' in line else json.loads(line))
        for line in lines()
    ]
    run(numbered, out.append, budget=1.0)
    assert 7 in [json.loads(line)["key"] for line in out]


def test_empty_lines_are_passed_over() -> None:
    run(["", "\n"], print, budget=1.0)


WHOLE = {"t": 1.0, "article": "s", "comment": "c", "author": "a", "reporter": "r"}


@pytest.mark.parametrize("field", list(WHOLE))
def test_a_field_that_is_missing_is_named_with_its_line(field: str) -> None:
    line = json.dumps({name: value for name, value in WHOLE.items() if name != field})
    with pytest.raises(ValueError, match=f"Line 2 is no report: the field {field} is missing"):
        run([json.dumps(WHOLE), line], print, budget=1.0)


@pytest.mark.parametrize("field", ["t", "published"])
@pytest.mark.parametrize("value", ["noon", True, [], {}, float("nan"), float("inf"), 10**400])
def test_a_time_that_is_none_is_named_with_its_line(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"Line 1 is no report: the field {field} is"):
        run([json.dumps(WHOLE | {field: value})], print, budget=1.0)


@pytest.mark.parametrize("line", ["no json", "{}", "[]", '{"t": "x", "article": 1}'])
def test_a_line_that_is_no_report_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="Line 2"):
        run(["", line], print, budget=1.0)
