"""The jobs of a desk end when it does."""

import asyncio
import logging

import pytest

from bot import background as jobs
from bot.background import background
from bot.services.about import newsroom_now


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

    async with background({"": [hard_of_hearing]}):
        await asyncio.sleep(0)

    assert len(heard) == 3


async def test_what_a_newsrooms_job_logs_names_it_and_so_do_its_faults(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(jobs, "_AFTER_A_FAULT", 0.0)
    named: list[tuple[str, str]] = []
    caplog.handler.addFilter(lambda line: named.append((newsroom_now(), line.msg)) or True)
    told = asyncio.Event()

    async def fails() -> None:
        if len(named) > 2:
            told.set()
            await asyncio.Event().wait()
        await asyncio.create_task(_says("a task of the job's"))
        raise KeyError

    async def says() -> None:
        await _says("of all")
        await asyncio.Event().wait()

    async with background({"herald": [fails], "": [says]}):
        await told.wait()

    assert sorted(set(named)) == [
        ("", "of all"),
        ("herald", "a part of the desk failed and is started again"),
        ("herald", "a task of the job's"),
    ]
    assert newsroom_now() == ""


async def _says(words: str) -> None:
    logging.getLogger("bot.test").warning(words)


async def test_what_ended_the_context_is_what_is_raised():
    async def lasts() -> None:
        await asyncio.Event().wait()

    with pytest.raises(KeyError, match="the store is gone"):
        async with background({"": [lasts]}):
            raise KeyError("the store is gone")
