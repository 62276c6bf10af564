"""A replayed day beside the recorded one."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.decisions import Action
from bot.domain.rehearsal import Moved, Settled, compare, counted, moved, waits
from tests.contract.store.makers import NOW, make_report

LONGEST = timedelta(seconds=20)


def test_time_runs_faster_and_quiet_hours_are_passed_over():
    report = make_report()
    times = [0, 60, 60, 3660, 3600]
    reports = [replace(report, at=NOW + timedelta(seconds=seconds)) for seconds in times]
    found = [pause.total_seconds() for pause in waits(reports, 60, LONGEST)]
    assert found == [0, 1, 0, 20, 0]


def test_another_rule_or_action_is_a_difference_whoever_decided():
    hide = Settled(action=Action.HIDE, rule=3, by_name="Ana")
    keep = Settled(action=Action.KEEP, rule=None, by_name="Ana")
    a, b, c, d, e = (("courier", letter) for letter in "abcde")
    found = compare(
        {a: hide, b: hide, c: keep, d: keep},
        {a: replace(hide, by_name="Ben"), b: replace(hide, rule=4), c: hide, e: keep},
    )
    assert found.same == 1
    assert [one.comment for one in found.other] == [b, c]
    assert found.only_then == 1


def test_what_moved_furthest_up_comes_first():
    a, b, c, d = (("courier", letter) for letter in "abcd")
    assert moved([a, b, c, d], [d, a, b, c]) == [
        Moved(comment=d, before=4, after=1),
        Moved(comment=a, before=1, after=2),
        Moved(comment=b, before=2, after=3),
        Moved(comment=c, before=3, after=4),
    ]
    assert moved([a, b], [a, b]) == []


def test_actions_are_counted_the_most_frequent_first():
    assert list(counted([Action.BAN, Action.HIDE, Action.HIDE]).items()) == [
        (Action.HIDE, 2),
        (Action.BAN, 1),
    ]
