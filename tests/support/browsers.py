"""Chromium for the tests that look at pages. Of those, one worker runs all: see `conftest.py`."""

import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from tests.support.waiting import PATIENCE

pytest.importorskip("playwright.async_api", reason="playwright is not installed")

from playwright.async_api import (
    Browser,
    BrowserContext,
    ViewportSize,
    async_playwright,
    expect,
)

_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_MILLISECONDS = PATIENCE * 1000

PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}

expect.set_options(timeout=_MILLISECONDS)


@asynccontextmanager
async def chromium() -> AsyncGenerator[Browser]:
    """Start a browser, or skip the test where there is none."""
    if _CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=_CHROMIUM, args=list(_ARGUMENTS), timeout=_MILLISECONDS
        )
        yield browser
        await browser.close()


async def window(
    browser: Browser, viewport: ViewportSize, *, touch: bool = False, scripts: bool = True
) -> BrowserContext:
    """Open a window of its own, in which nothing moves for show."""
    made = await browser.new_context(
        viewport=viewport,
        has_touch=touch,
        is_mobile=touch,
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    made.set_default_timeout(_MILLISECONDS)
    return made
