from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.services.alerts.spike_worker import restore
from tests.services.desks import Bench
from tests.services.newsdesk import BOTH, Newsdesk
from tests.support.databases import new_store


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncGenerator[Bench]:
    async with new_store(tmp_path) as store:
        yield Bench(store)


@pytest.fixture
async def newsdesk(bench: Bench) -> Newsdesk:
    return Newsdesk(bench, await restore(bench.desk, BOTH))
