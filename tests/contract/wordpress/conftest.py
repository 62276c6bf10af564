"""The same promises over the stand-in and over a real WordPress."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.comments import Report
from bot.domain.ids import ReporterKey, SiteId
from bot.sites.base.context import SiteContext
from bot.sites.wordpress.site import Access, WordPressSite
from config.policy import load_policy
from tests.contract.wordpress.fake import FakeWordPress, fake_wordpress
from tests.contract.wordpress.real import RealWordPress, missing, running_wordpress

POLICY = load_policy()
SITE = "courier"

WordPress = FakeWordPress | RealWordPress
Open = Callable[..., Any]


@pytest.fixture(scope="session")
def real_wordpress() -> Iterator[RealWordPress]:
    reason = missing()
    if reason is not None:
        pytest.skip(reason)
    with running_wordpress() as site:
        yield site
        assert site.troubles() == ""


@pytest_asyncio.fixture(params=["fake", "real"])
async def wordpress(request: pytest.FixtureRequest) -> AsyncIterator[WordPress]:
    if request.param == "real":
        site = request.getfixturevalue("real_wordpress")
        yield site
        site.set_plugin(active=True)
        return
    async with fake_wordpress() as site:
        yield site


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeWordPress]:
    async with fake_wordpress() as site:
        yield site


def no_reports(_body: bytes, _delivery: str) -> Report | None:
    return None


def now() -> datetime:
    return datetime.now(UTC)


@pytest_asyncio.fixture
async def opened() -> AsyncIterator[Open]:
    """Give a function that opens the adapter of a WordPress."""
    async with AsyncExitStack() as stack:

        async def open_adapter(
            site: WordPress,
            *,
            read: Callable[[bytes, str], Report | None] = no_reports,
            patience: float = 15,
            clock: Callable[[], datetime] = now,
            **access: Any,
        ) -> WordPressSite:
            values = {"login": site.login, "password": site.password} | access
            context = SiteContext(
                site=SiteId(SITE),
                url=values.pop("url", site.url),
                clock=clock,
                policy=lambda: POLICY,
                reader=lambda name: ReporterKey(name.encode()),
                read=read,
                allow_private=True,
                readers_url=values.pop("readers_url", None),
            )
            adapter = WordPressSite(context, Access(**values), timeout=patience)
            return await stack.enter_async_context(adapter)

        yield open_adapter
