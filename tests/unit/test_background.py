"""The jobs of a desk end when it does."""

import asyncio

import pytest

from bot import background as jobs
from bot.background import background


async def test_a_job_that_missed_being_stopped_is_stopped_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jobs, "_STOPPED_AGAIN_AFTER", 0.01)
    heard: list[str] = []

    async def hard_of_hearing() -> None:
        # As `asyncio.wait_for` is where what it waits for comes in the moment of the cancellation.
        while len(heard) < 3:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                heard.append("stop")

    async with background([hard_of_hearing]):
        await asyncio.sleep(0)

    assert len(heard) == 3


async def test_what_ended_the_context_is_what_is_raised():
    async def lasts() -> None:
        await asyncio.Event().wait()

    with pytest.raises(KeyError, match="the store is gone"):
        async with background([lasts]):
            raise KeyError("the store is gone")
