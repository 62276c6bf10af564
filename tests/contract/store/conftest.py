import pytest

from .makers import ENGINES


@pytest.fixture(params=ENGINES)
async def store(request, tmp_path):
    async with ENGINES[request.param](tmp_path) as opened:
        yield opened
