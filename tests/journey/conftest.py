"""One newsroom a test, and nothing in it that Discord would refuse."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.demo.scenario import newsroom as people
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
