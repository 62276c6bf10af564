"""A small shift with everything in it; `make shift` runs the whole eight hours."""

import pytest

from tests.journey.newsroom import Newsroom
from tests.journey.shift.account import account_of, check, figures
from tests.journey.shift.day import Day
from tests.journey.shift.readers import day

TEXTS = [
    f"They are all in it together, number {number}, every one of them." for number in range(40)
]


@pytest.mark.timeout(180)
async def test_a_long_shift_ends_with_everything_answered_and_all_records_alike(
    newsroom: Newsroom,
):
    complaints = day(TEXTS, reports=100, minutes=480)
    shift = Day(newsroom, complaints, minutes=480, step=24, pace=6)

    await shift.run()

    account = await account_of(shift)
    await check(shift, account)
    assert "median" in figures(shift, account)
