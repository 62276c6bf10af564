from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.store.sqlite import open_store
from tests.contract.public.mailboxes import Mailboxes, open_mailboxes
from tests.contract.public.readers import Readers, open_readers
from tests.services.desks import Bench
from tests.support.fresh import new_desk


@pytest.fixture
async def readers(tmp_path: Path) -> AsyncGenerator[Readers]:
    async with (
        open_store(new_desk(tmp_path / "desk.db")) as store,
        open_readers(Bench(store)) as readers,
    ):
        yield readers


@pytest.fixture
async def boxes() -> AsyncGenerator[Mailboxes]:
    async with open_mailboxes() as boxes:
        yield boxes


@pytest.fixture
async def http() -> AsyncGenerator[ClientSession]:
    async with ClientSession() as session:
        yield session
