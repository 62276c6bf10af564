"""Which tests share a worker, where browsers stand, and no property test timed.

The machine may be busy with other tests, so that neither an example nor its making is timed.
"""

import gc
import logging
from collections.abc import AsyncGenerator, Generator
from pathlib import PurePath
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from playwright.async_api import Browser

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

_BROWSERS = frozenset({"browser for pages", "browser for journeys"})
_PAGES = frozenset({"tests/contract/page", "tests/contract/public"})
_ROOMS_WITH_BROWSERS = frozenset({"tests/contract/page", "tests/journey/wordpress"})
_FILES_WITH_BROWSERS = frozenset(
    {"test_browser.py", "test_hold_browser.py", "test_notices_browser.py"}
)
_WITH_A_LONG_START = frozenset({"tests/contract/wordpress"})
_LONG_FILES = frozenset({"test_setup.py", "test_alerts.py", "test_alert_presses.py"})
"""Nothing is shared in them, so that no worker is the last for minutes with a file of them."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncGenerator["Browser"]:
    """Chromium, started once; a test opens windows of its own in it."""
    from tests.support.browsers import chromium  # noqa: PLC0415 - playwright takes its time to import

    async with chromium() as started:
        yield started


class _Rooms(LoadScopeScheduling):
    """Gives a worker a file at a time, and two workers all that need a browser.

    More browsers would fill the cores, and each test wait for the others'; with one its worker
    would be at work long after the rest.
    """

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def group_of(nodeid: str) -> str:
    """Return what a test shares its worker with: its file, or more."""
    file = PurePath(nodeid.split("::", maxsplit=1)[0])
    room = file.parent.as_posix()
    if room in _ROOMS_WITH_BROWSERS or file.name in _FILES_WITH_BROWSERS:
        return "browser for pages" if room in _PAGES else "browser for journeys"
    if file.name in _LONG_FILES and room == "tests/journey":
        return nodeid
    return room if room in _WITH_A_LONG_START else str(file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    """Share the tests out by rooms where `--dist loadscope` asks for it."""
    return _Rooms(config, log) if config.getoption("dist") == "loadscope" else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None]:
    """Look for no garbage among what is collected, of which all stays to the end.

    Millions of objects that are looked through again and again are half of what collecting costs,
    which each worker does.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Leave logging as it was: a command that a test runs whole sets it up for its process."""
    found = [logging.getLogger(name) for name in (None, "discord", "aiohttp.access")]
    before = [(one, one.level, one.handlers[:]) for one in found]
    try:
        return (yield)
    finally:
        for one, level, handlers in before:
            one.setLevel(level)
            one.handlers[:] = handlers


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a browser where it would stand beside two others.

    Raises:
        pytest.UsageError: A test asks for one, and its file is not among those that do.
    """
    for item in items:
        asks = isinstance(item, pytest.Function) and "browser" in item.fixturenames
        if asks and group_of(item.nodeid) not in _BROWSERS:
            raise pytest.UsageError(f"{item.nodeid} needs a browser: add its room in {__file__}")
