"""One newsroom a test, and nothing in it that Discord would refuse."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import check_discord
from bot.demo.scenario import newsroom as people
from bot.domain.effects import RETRY
from bot.services import desk
from bot.services.staff import overview, refused
from cogs.cases import catchup
from tests.journey.newsroom import OPENAPI, Newsroom, open_newsroom
from tests.support.sandbox import Sandbox


@pytest.fixture
async def quiet_newsroom(tmp_path: Path) -> AsyncGenerator[Newsroom]:
    """A newsroom whose desk is not started yet."""
    sandbox = Sandbox(people(), openapi=OPENAPI if OPENAPI.exists() else None)
    async with open_newsroom(sandbox, tmp_path) as newsroom:
        yield newsroom
    assert sandbox.crashes == []
    assert sandbox.unknown_routes == []
    assert sandbox.violations == []


@pytest.fixture
async def newsroom(quiet_newsroom: Newsroom) -> Newsroom:
    await quiet_newsroom.start()
    return quiet_newsroom


@pytest.fixture(autouse=True)
def tried_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what was refused or failed be soon tried again, however long the desk waits in life.

    How long that is, is tried in services/test_troubles.py and test_outbox_worker.py; here it
    matters what comes afterwards, which is no minute away on a busy machine either.
    """
    for kind, rule in RETRY.items():
        monkeypatch.setitem(RETRY, kind, replace(rule, first=timedelta(seconds=0.1)))
    monkeypatch.setattr(desk, "_FIRST_WAIT", 0.1)
    monkeypatch.setattr(catchup, "_TRIES_AFTER", (0.0, 0.1))


@pytest.fixture
def in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let that be soon told and shown, too, which otherwise takes its seconds."""
    monkeypatch.setattr(refused, "_TOLD_AFTER", timedelta(seconds=0.5))
    monkeypatch.setattr(refused, "_LOOK_EVERY", 0.1)
    monkeypatch.setattr(overview, "EVERY", 0.1)
    monkeypatch.setattr(check_discord, "_MORE_SERVERS", 0.05)
