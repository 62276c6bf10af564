"""The demo: a local paper, its moderators' channel and the desk between them, on this machine."""

import asyncio
import errno
import json
import logging
import os
import secrets
import shlex
import socket
import sys
import time
import webbrowser
from base64 import b64encode
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from rich.console import Console

from bot.app import RunningDesk, now, running
from bot.demo.paper.paper import Paper
from bot.demo.scenario import EDITOR, EDITORS, MODERATION, MODERATOR, SENIOR, newsroom
from bot.domain.errors import DeskError
from bot.standin.page import Page
from bot.standin.server import Sandbox
from bot.store.guard import AnotherDesk, only_desk
from config.policy import load_policy
from config.settings import (
    BackupSettings,
    DiscordSettings,
    PublicSettings,
    Settings,
    SiteSettings,
    WebSettings,
)

SITE = "courier"
GUIDE = (
    {
        "act": "press",
        "words": "As Ana, a moderator, press Next for the worst case, or Keep or Hide on a card.",
    },
    {"act": "send", "words": "Reply to a card with h 3, or ban 7d 5."},
    {
        "act": "person",
        "words": "Press your name to be somebody else: Ed, the editor, has #editors.",
    },
)
"""What a visitor is shown first. It goes once each was done."""

_READY_TIMEOUT = 0.2
_SECRET_BYTES = 32
_CONNECTED_WITHIN = 30.0


class DemoTrouble(DeskError):
    """The demo cannot start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the demo is run.

    `port` 0 takes any; `as_json` prints one line for a script; `typed_as` is how our commands are
    called from here.
    """

    data: Path
    port: int
    as_json: bool = False
    open_pages: bool = True
    typed_as: str = "comment-desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningDemo:
    """A running demo and its parts."""

    sandbox: Sandbox
    paper: Paper
    desk: RunningDesk
    keys: "Keys"
    database: Path

    @property
    def story_url(self) -> str:
        """Where readers find the story."""
        return f"{self.sandbox.url}/story"

    @property
    def channel_url(self) -> str:
        """Where Ana, a moderator, finds the channel."""
        return f"{self.sandbox.url}/discord?user=ana"


class Keys(BaseModel):
    """The demo's own secrets, made at its first start."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    incoming: str
    outgoing: str
    salt: str


async def run(options: Options, out: Console) -> None:
    """Run the demo until the task is cancelled."""
    # A stand-in on the same machine answers a heartbeat before discord.py has noted that it was
    # sent, which discord.py then takes for a connection that is far behind.
    logging.getLogger("discord.gateway").setLevel(logging.ERROR)
    started = time.monotonic()
    async with open_demo(options) as demo:
        if options.as_json:
            out.out(json.dumps(_facts(demo)), highlight=False)
        else:
            _greet(demo, options, out, time.monotonic() - started)
        if options.open_pages:
            await _open_pages(demo)
        await asyncio.Event().wait()


@asynccontextmanager
async def open_demo(options: Options) -> AsyncGenerator[RunningDemo]:
    """Run everything for as long as the context lasts; what happened is kept in the folder.

    Raises:
        DemoTrouble: The folder cannot be used, or the port is taken.
    """
    keys = _keys(options.data)
    policy = load_policy(None)
    async with AsyncExitStack() as stack:
        _take(options, stack)
        sandbox = Sandbox(newsroom(), port=options.port, state_file=options.data / "discord.json")
        Page(sandbox.world, sandbox.actions, sandbox.violations, GUIDE).add_to(sandbox.app)
        paper = Paper(
            folder=options.data,
            policy=policy,
            clock=now,
            site=SITE,
            site_url="",
            intake_url="",
            intake_secret=keys.incoming,
            desk_secret=keys.outgoing,
        )
        paper.add_to(sandbox.app)
        try:
            await stack.enter_async_context(sandbox)
        except OSError as error:
            raise DemoTrouble(_unheard(options.port, error)) from error
        port = stack.enter_context(_kept_port(options.port))
        paper.site_url = sandbox.url
        paper.readers_url = f"http://127.0.0.1:{port}"
        settings = _settings(options, keys, sandbox, port)
        desk = await stack.enter_async_context(
            running(settings, ready_timeout=_READY_TIMEOUT, anew=True)
        )
        paper.intake_url = f"{desk.address}/v1/reports"
        async with asyncio.timeout(_CONNECTED_WITHIN):
            await desk.presence.client()
        paper.seed()
        yield RunningDemo(
            sandbox=sandbox, paper=paper, desk=desk, keys=keys, database=settings.database
        )


def _take(options: Options, stack: AsyncExitStack) -> None:
    """Be the only demo in the folder: two would write over each other's pages."""
    try:
        stack.enter_context(only_desk(options.data / "demo"))
    except AnotherDesk as error:
        raise DemoTrouble(
            f"A demo runs in {options.data} already. Use its pages, or stop it with Ctrl-C where "
            f"it was started. Another one needs a folder of its own: {options.typed_as} demo "
            "--port 0 --data FOLDER"
        ) from error


@contextmanager
def _kept_port(beside: int) -> Generator[int]:
    """Keep a port for the readers' pages, whose address the desk has to know before they open.

    It is the next one, so that an address which somebody was given leads there tomorrow too.
    """
    with socket.socket() as kept:
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            kept.bind(("127.0.0.1", beside + 1 if beside else 0))
        except (OSError, OverflowError):
            kept.bind(("127.0.0.1", 0))
        port: int = kept.getsockname()[1]
        if sys.platform != "linux":
            kept.close()  # elsewhere nobody could listen there while this one has it
        yield port


def _unheard(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} of this machine is taken. Is the demo running already? "
            "Otherwise choose another: comment-desk demo --port 8770"
        )
    return (
        f"Port {port} of this machine cannot be opened: {error.strerror}. Choose another: "
        "comment-desk demo --port 8770"
    )


def _settings(options: Options, keys: Keys, sandbox: Sandbox, readers_port: int) -> Settings:
    world = sandbox.world
    roles = {str(role["name"]): int(role_id) for role_id, role in world.roles.items()}
    # Built from parts alone: a .env beside the demo is for the real desk, not for this one.
    return Settings.model_construct(
        discord=DiscordSettings.model_validate(
            {
                "token": world.token,
                "guild_id": int(world.guild_id),
                "channel_id": int(world.place(MODERATION)),
                "editors_channel_id": int(world.place(EDITORS)),
                "moderator_roles": [roles[MODERATOR]],
                "senior_roles": [roles[SENIOR]],
                "editor_roles": [roles[EDITOR]],
                "api_url": sandbox.url,
                "gateway_url": sandbox.gateway_url,
            }
        ),
        sites={
            SITE: SiteSettings.model_validate(
                {
                    "secrets": [keys.incoming],
                    "reporter_salt": keys.salt,
                    "url": f"{sandbox.url}/paper/desk",
                    "outgoing_secrets": [keys.outgoing],
                    "allow_private": True,
                    "origins": [sandbox.url, sandbox.url.replace("127.0.0.1", "localhost")],
                    "rules_url": f"{sandbox.url}/story#rules",
                }
            )
        },
        web=WebSettings(port=0),
        public=PublicSettings(
            url=f"http://127.0.0.1:{readers_port}", port=readers_port, behind_proxy=False
        ),
        database=options.data / "desk.db",
        backups=BackupSettings(every_hours=0),
        policy=None,
        log_level="WARNING",
    )


def _keys(data: Path) -> Keys:
    path = data / "keys.json"
    try:
        data.mkdir(parents=True, exist_ok=True)
        if path.exists():
            return Keys.model_validate_json(path.read_bytes())
        keys = Keys(incoming=_secret(), outgoing=_secret(), salt=secrets.token_urlsafe())
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(keys.model_dump_json())
    except (OSError, ValidationError) as error:
        raise DemoTrouble(
            f"The demo cannot keep its things in {data}. Choose another folder with --data, or "
            "start afresh with: make demo-reset"
        ) from error
    return keys


def _secret() -> str:
    return "whsec_" + b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def _facts(demo: RunningDemo) -> dict[str, str]:
    return {
        "story": demo.story_url,
        "channel": demo.channel_url,
        "readers": demo.paper.readers_url,
        "intake": f"{demo.desk.address}/v1/reports",
        "site": SITE,
        "secret": demo.keys.incoming,
        "database": str(demo.database),
    }


def _greet(demo: RunningDemo, options: Options, out: Console, seconds: float) -> None:
    kept = str(options.data).replace(str(Path.home()), "~", 1)
    database = shlex.quote(str(demo.database))
    out.print(
        f"""
  [bold]Comment Desk demo[/bold]{"":30}ready in {seconds:.1f} s

  The story      [cyan]{demo.story_url}[/cyan]          report a comment as a reader
  The channel    [cyan]{demo.channel_url}[/cyan]   decide it as a moderator, Ana

  Try            1 press "Report this comment" under the third comment, pick a rule, send
                 2 in the channel press Hide, then look at the story again
                 3 reply to a card with:  ban 7d 5 third time this month
                 4 read as the author, salty_dog: press "Why, and how to contest it"
                 5 under the story let 30 readers report it, then switch to Ed, the editor

  Kept in        {kept}     (make demo-reset forgets it)
  The record     {options.typed_as} export --database {database}
  Ctrl-C stops it.
"""
    )


async def _open_pages(demo: RunningDemo) -> None:
    """Open both pages where there is a screen; without one there is nobody to see them."""
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.name == "nt"):
        return
    for url in (demo.story_url, demo.channel_url):
        await asyncio.to_thread(webbrowser.open, url)
