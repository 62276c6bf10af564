# ruff: noqa: INP001 - a script beside its pictures, and no package
"""Puts pictures beside each other, and writes them small."""

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser

STYLE = """
  body { margin: 0; display: inline-flex; gap: 24px; background: #fff }
  figure { margin: 0 }
  figcaption { font: 26px/1.3 "Noto Sans", sans-serif; color: #222; height: 48px }
  img { display: block }
  .framed img { border: 1px solid #888; border-radius: 12px }
"""


async def side_by_side(browser: Browser, frames: Sequence[tuple[str, bytes]], path: Path) -> None:
    """Write pictures as one, from left to right, each under its words if it has any."""
    figures = "".join(
        f"<figure{' class=framed' if words else ''}>"
        + (f"<figcaption>{escape(words)}</figcaption>" if words else "")
        + f'<img src="data:image/png;base64,{b64encode(picture).decode()}"></figure>'
        for words, picture in frames
    )
    page = await browser.new_page(viewport={"width": 4_000, "height": 2_000})
    await page.set_content(f"<style>{STYLE}</style><body>{figures}")
    write(await page.locator("body").screenshot(), path)
    await page.close()


def write(picture: bytes, path: Path) -> None:
    """Write a picture as small as it gets without losing a colour."""
    with Image.open(BytesIO(picture)) as image:
        image.convert("RGB").save(path, optimize=True)
