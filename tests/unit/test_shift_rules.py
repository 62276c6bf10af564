"""A shift's times of day, by the newsroom's clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.cards.text import staff as staff_text
from bot.domain.staff import ShiftRules

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ((2026, 11, 26, 7, 30), (2026, 11, 27, 8)),
        ((2026, 11, 26, 0, 5), (2026, 11, 27, 8)),
        ((2026, 11, 26, 23, 59), (2026, 11, 27, 8)),
        ((2026, 3, 28, 12, 0), (2026, 3, 29, 8)),  # the night the clocks go forward
        ((2026, 12, 31, 12, 0), (2027, 1, 1, 8)),
    ],
)
def test_tomorrow_is_the_next_day_and_the_answer_says_which(
    now: tuple[int, int, int, int, int], morning: tuple[int, int, int, int]
):
    found = ShiftRules(zone=LONDON).morning_after(datetime(*now, tzinfo=LONDON).astimezone(UTC))
    assert found == datetime(*morning, tzinfo=LONDON)
    assert f"<t:{int(found.timestamp())}:F>" in staff_text.snoozed(found), (
        "with its weekday and date"
    )
