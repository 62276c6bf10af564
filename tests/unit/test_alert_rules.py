from datetime import UTC, datetime, time

import pytest

from bot.domain.alerts import AlertRules

RULES = AlertRules()


@pytest.mark.parametrize(
    ("hour", "month", "quiet"),
    [(23, 1, True), (6, 1, True), (7, 1, False), (21, 1, False), (21, 7, True), (6, 7, False)],
)
def test_quiet_hours_are_the_newsrooms_own_in_winter_and_summer(hour, month, quiet):
    assert RULES.is_quiet(datetime(2026, month, 5, hour, 30, tzinfo=UTC)) is quiet


def test_what_can_wait_is_told_when_the_quiet_hours_end():
    late = datetime(2026, 7, 5, 22, 15, tzinfo=UTC)
    assert RULES.loud_again(late) == datetime(2026, 7, 6, 6, 0, tzinfo=UTC)
    assert RULES.loud_again(datetime(2026, 7, 6, 1, tzinfo=UTC)) == datetime(
        2026, 7, 6, 6, 0, tzinfo=UTC
    )
    noon = datetime(2026, 7, 6, 12, tzinfo=UTC)
    assert RULES.loud_again(noon) == noon


def test_quiet_hours_may_lie_inside_a_day_or_be_left_out():
    lunch = AlertRules(quiet_from=time(12), quiet_until=time(13))
    assert lunch.is_quiet(datetime(2026, 1, 5, 12, 30, tzinfo=UTC))
    assert not lunch.is_quiet(datetime(2026, 1, 5, 13, tzinfo=UTC))
    never = AlertRules(quiet_from=None, quiet_until=None)
    assert not never.is_quiet(datetime(2026, 1, 5, 3, tzinfo=UTC))


def test_the_offset_follows_summer_time():
    assert RULES.offset(datetime(2026, 1, 5, tzinfo=UTC).timestamp()) == 0
    assert RULES.offset(datetime(2026, 7, 5, tzinfo=UTC).timestamp()) == 3600
