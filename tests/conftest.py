"""One browser a worker, and which tests share a worker."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

if TYPE_CHECKING:
    from playwright.async_api import Browser

_BROWSERS = "browsers"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncGenerator["Browser"]:
    """Chromium, started once; a test opens windows of its own in it."""
    from tests.browsers import chromium  # noqa: PLC0415 - playwright takes its time to import

    async with chromium() as started:
        yield started


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Keep a file's tests together, and all that need a browser: two would fill two cores.

    The tests against a real WordPress stay together as well, for it takes long to start.
    """
    homes = {item: _home(item.path) for item in items}
    browsing = {home for item, home in homes.items() if "browser" in item.fixturenames}
    for item, home in homes.items():
        group = _BROWSERS if home in browsing else str(home)
        item.add_marker(pytest.mark.xdist_group(group))


def _home(file: Path) -> Path:
    return file.parent if file.parent.name == "wordpress" else file
