from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.services.alerts.spike_worker import restore
from bot.store.sqlite import open_store
from tests.services.desks import Bench
from tests.services.newsdesk import BOTH, Newsdesk
from tests.support.fresh import new_desk


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncGenerator[Bench]:
    async with open_store(new_desk(tmp_path / "desk.db")) as store:
        yield Bench(store)


@pytest.fixture
async def newsdesk(bench: Bench) -> Newsdesk:
    return Newsdesk(bench, await restore(bench.desk, BOTH))
