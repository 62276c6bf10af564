from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.store.sqlite import open_store
from tests.services.desks import Bench


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncGenerator[Bench]:
    async with open_store(tmp_path / "desk.db") as store:
        yield Bench(store)
