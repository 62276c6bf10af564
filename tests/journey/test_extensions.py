"""Every extension is set up at each connection, and a broken one is not taken for an outage."""

import logging
import sys
from types import ModuleType

import pytest

from bot import client
from tests.journey.newsroom import Newsroom
from tests.support.waiting import until


async def set_up_wrongly(_client: client.DeskClient) -> None:
    raise AttributeError("no such thing")


@pytest.mark.parametrize("broken", ["cogs.of_nobody", "tests_own_broken_extension"])
async def test_a_fault_of_an_extension_is_said_to_be_one(
    quiet_newsroom: Newsroom,
    broken: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    extension = ModuleType("tests_own_broken_extension")
    extension.setup = set_up_wrongly
    monkeypatch.setitem(sys.modules, extension.__name__, extension)
    monkeypatch.setattr(client, "EXTENSIONS", (*client.EXTENSIONS, broken))

    with caplog.at_level(logging.WARNING):
        await quiet_newsroom.start(wait=False)
        await until(lambda: "a part of the desk failed" in caplog.text, what="the fault to be said")

    assert broken in caplog.text
    assert "cannot be reached" not in caplog.text
    assert not quiet_newsroom.desk.presence.is_here


async def test_a_new_connection_sets_the_very_same_extensions_up(newsroom: Newsroom):
    before = {name: sys.modules[name] for name in client.EXTENSIONS}
    await newsroom.stop()
    await newsroom.start()

    assert {name: sys.modules[name] for name in client.EXTENSIONS} == before
    case = await newsroom.report()
    answer = await newsroom.sandbox.as_user("ana").press(await newsroom.card(case), "Keep")
    assert "Kept" in answer.text
