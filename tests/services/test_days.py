"""Nothing that a desk answers, refuses or stores in the course of a day changes unseen."""

import pytest

from tests.services.days import told
from tests.support.databases import sqlite_only


@sqlite_only
@pytest.mark.parametrize("name", told.DAYS)
async def test_a_day_goes_as_it_went(name: str):
    """`tests/services/days/told.py` says how a day is written anew."""
    now = await told.of(told.day_of(name))
    then = told.kept(name).read_text(encoding="utf-8")

    assert now.split("\n\n") == then.split("\n\n")
