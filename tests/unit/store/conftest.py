import pytest

from bot.store.sqlite import open_store
from tests.support.fresh import new_desk


@pytest.fixture
def path(tmp_path):
    return new_desk(tmp_path / "desk.db")


@pytest.fixture
async def store(path):
    async with open_store(path) as opened:
        yield opened
