import asyncio

import pytest

from tests.support.databases import ENGINE
from tests.support.waiting import PATIENCE

from .makers import ENGINES


@pytest.fixture(params=ENGINES)
async def store(request, tmp_path):
    async with ENGINES[request.param](tmp_path) as opened:
        if ENGINE == "postgresql":
            # Who begins to listen to other processes takes it that anything was asked for.
            listens = asyncio.Event()
            opened.on_news(lambda _: listens.set())
            await asyncio.wait_for(listens.wait(), PATIENCE)
        yield opened
