# ruff: noqa: INP001 - a script beside its pictures, and no package
"""Writes every picture of the README and its neighbours anew: `make pictures`.

It needs tmux and Chromium. Nothing leaves this machine.
"""

import asyncio

from demo import demo_pictures
from set_up import set_up


async def main() -> None:
    """Draw the set-up's terminal, then what readers, moderators and editors see."""
    await set_up()
    await demo_pictures()


if __name__ == "__main__":
    asyncio.run(main())
