# ruff: noqa: INP001 - a script beside its pictures, and no package
"""Sets a desk up in a terminal against the stand-in for Discord, times it, and draws its screens."""

import asyncio
import os
import shlex
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
from aiohttp import web
from rich.console import Console
from rich.text import Text

from bot.standin import membership
from bot.standin.server import Sandbox
from bot.standin.world import World

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WIDE, HIGH = 96, 42
PATIENCE = 120.0


class Terminal:
    """A tmux window of its own server, which knows nothing of any other."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "tmux"

    async def tmux(self, *arguments: str) -> str:
        """Run one command of tmux and return what it says."""
        process = await asyncio.create_subprocess_exec(
            *("tmux", "-S", str(self._socket), *arguments), stdout=asyncio.subprocess.PIPE
        )
        out, _ = await process.communicate()
        return out.decode()

    async def start(self, folder: Path, environment: dict[str, str]) -> None:
        """Open the window in a folder."""
        settings = " ".join(f"{name}={shlex.quote(value)}" for name, value in environment.items())
        shell = f"cd {shlex.quote(str(folder))}; env {settings} PS1='$ ' sh"
        size = ("-x", str(WIDE), "-y", str(HIGH))
        await self.tmux("new-session", "-d", *size, shell)
        await self.until("$ ")

    async def type(self, words: str) -> None:
        """Type something, and Enter."""
        await self.tmux("send-keys", "-l", words)
        await self.tmux("send-keys", "Enter")

    async def screen(self) -> str:
        """Return what is on the screen, colours and all."""
        return (await self.tmux("capture-pane", "-e", "-p", "-S", "-200")).rstrip()

    async def until(self, words: str) -> str:
        """Wait until words stand on the screen, however its lines are broken."""
        ends = time.monotonic() + PATIENCE
        while True:
            shown = await self.tmux("capture-pane", "-p", "-J", "-S", "-200")
            if words in shown:
                return shown
            if time.monotonic() > ends:
                raise TimeoutError(f"{words!r} does not come. There is:\n{shown}")
            await asyncio.sleep(0.1)


def draw(shown: str, path: Path, title: str) -> None:
    """Write a screen as a picture."""
    console = Console(record=True, width=WIDE, file=StringIO())
    console.print(Text.from_ansi(shown))
    console.save_svg(str(path), title=title)


@asynccontextmanager
async def site() -> AsyncGenerator[str]:
    """Run a site that takes decisions."""

    async def obey(_request: web.Request) -> web.Response:
        return web.json_response({})

    app = web.Application()
    app.router.add_route("*", "/desk", obey)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/desk"
    finally:
        await runner.cleanup()


async def set_up() -> None:
    """Go through a set-up from nothing to its end, and draw two of its screens."""
    world = World(bot_permissions=0)
    world.add_channel("general")
    with TemporaryDirectory(prefix="set-up-") as name:
        folder = Path(name)
        async with Sandbox(world) as sandbox, site() as url:
            membership.leave(world)
            terminal = Terminal(folder)
            environment = {
                "DESK_DISCORD__API_URL": sandbox.url,
                "DESK_DISCORD__GATEWAY_URL": sandbox.gateway_url,
                "PATH": f"{ROOT}/.venv/bin:{os.environ['PATH']}",
                "TERM": "xterm-256color",
            }
            (folder / "desk").mkdir()
            await terminal.start(folder / "desk", environment)
            try:
                await sit(terminal, world.token, url)
            finally:
                await terminal.tmux("kill-server")


async def sit(terminal: Terminal, token: str, url: str) -> None:
    """Answer as an admin does, and draw the screens."""
    began = time.monotonic()
    await terminal.type("comment-desk setup")
    await terminal.until("(it is not shown)")
    await terminal.type(token)
    await terminal.until("Shall it make them?")
    await terminal.type("y")
    shown = await terminal.until("Waiting until the bot is in the server")
    draw(await terminal.screen(), HERE / "setup-invite.svg", "comment-desk setup")
    link = next(line.strip() for line in shown.splitlines() if "/oauth2/authorize" in line)
    async with aiohttp.ClientSession() as session, session.get(link) as page:
        page.raise_for_status()
    await terminal.until("What do readers comment with?")
    for answer, after in (("1", "Where are decisions"), (url, "short name"), ("courier", "meant?")):
        await terminal.type(answer)
        await terminal.until(after)
    await terminal.type("y")
    await terminal.until("Test card")
    carded = time.monotonic()
    shown = await terminal.until("comment-desk run\n$")
    if token in shown:
        raise RuntimeError("The token is on the screen.")
    await terminal.tmux("send-keys", "C-l")
    draw(_end(shown), HERE / "setup-done.svg", "comment-desk setup")
    card, everything = carded - began, time.monotonic() - began
    said = f"From nothing to a decided test card: {card:.0f} s; to the end: {everything:.0f} s"
    Console().print(said)


def _end(shown: str) -> str:
    """Return the last part, in which everything is looked over; what it names is of no matter."""
    lines = shown.rstrip().splitlines()
    first = next(place for place, line in enumerate(lines) if "Test card" in line)
    return "\n".join(line.replace("✓", "\x1b[32m✓\x1b[0m") for line in lines[first:-1])
