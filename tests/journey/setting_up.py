"""A folder to set a desk up in, the stand-in for Discord, and a site that is there."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from aiohttp import web

from bot.cli import envfile
from bot.cli.setup.flow import Options, set_up
from bot.cli.setup.sitting import Answers
from bot.domain.errors import DeskError
from bot.domain.site import Finding
from bot.standin.world import World
from tests.support.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
OPENAPI = ROOT.parent / "shared" / "discord" / "openapi.json"


_USUAL = {"Which server": "Colne", "Channel for the editors": "None"}


@dataclass
class Admin:
    """Somebody at the keyboard: answers are taken by the words that a question begins with."""

    answers: dict[str, str] = field(default_factory=dict[str, str])
    tokens: list[str] = field(default_factory=list[str])
    agrees: bool = True
    insists: bool = True
    patience: float = 0.0
    said: list[str] = field(default_factory=list[str])
    found: list[Finding] = field(default_factory=list[Finding])
    asked: list[str] = field(default_factory=list[str])
    waits: Callable[[str], None] = lambda _words: None

    def say(self, words: str) -> None:
        self.said.append(words)

    def show(self, finding: Finding) -> None:
        self.found.append(finding)

    def _answer(self, question: str) -> str | None:
        self.asked.append(question)
        for begin, answer in (_USUAL | self.answers).items():
            if question.startswith(begin):
                return answer
        return None

    def ask(self, question: str, *, hidden: bool, default: str | None) -> str:
        answer = self.tokens.pop(0) if "token" in question else self._answer(question)
        assert (answer if answer is not None else default) is not None, f"no answer to {question}"
        assert hidden or "token" not in question
        return answer if answer is not None else default or ""

    def confirm(self, question: str) -> bool:
        answer = self._answer(question)
        return self.agrees if answer is None else answer == "yes"

    def choose(self, question: str, options: Sequence[str], *, key: str) -> int:
        answer = self._answer(question)
        assert answer is not None, f"no answer to {question} ({key}): {options}"
        return next(place for place, option in enumerate(options) if option.startswith(answer))

    def choose_some(self, question: str, options: Sequence[str], *, key: str) -> list[int]:
        del key
        wanted = (self._answer(question) or "").split(", ")
        return [place for place, option in enumerate(options) if option in wanted]

    def waiting(self, words: str) -> AbstractContextManager[object]:
        self.waits(words)
        return nullcontext()

    @property
    def heard(self) -> str:
        return "\n".join([*self.said, *(f"{one.name}: {one.words}" for one in self.found)])


@dataclass
class Scene:
    """Where a desk is set up; the bot is in no server yet."""

    sandbox: Sandbox
    folder: Path
    site_url: str

    @property
    def world(self) -> World:
        return self.sandbox.world

    @property
    def env_file(self) -> Path:
        return self.folder / ".env"

    @property
    def env(self) -> dict[str, str]:
        return envfile.read(self.env_file)

    def answers(self, **more: object) -> Answers:
        site = {"kind": "webhook", "url": self.site_url, "name": "courier", "allow_private": True}
        return Answers.model_validate({"site": site} | more)

    async def sit(
        self,
        admin: Admin,
        answers: Answers,
        token: str | None = "",
        newsroom: str | None = None,
    ) -> bool:
        """Set up in this process; `token` is the bot's own if left empty."""
        given = self.world.token if token == "" else token
        options = Options(env_file=self.env_file, answers=answers, token=given, newsroom=newsroom)
        return await set_up(options, admin)

    async def refused(
        self,
        admin: Admin,
        answers: Answers,
        token: str | None = "",
        newsroom: str | None = None,
    ) -> str:
        try:
            done = await self.sit(admin, answers, token, newsroom)
        except DeskError as error:
            return str(error)
        raise AssertionError(f"it was set up ({done}): {admin.heard}")

    def write_answers(self, *, make: bool = True) -> None:
        (self.folder / "answers.toml").write_text(
            f'make = {str(make).lower()}\n[site]\nkind = "webhook"\nurl = "{self.site_url}"\n'
            'name = "courier"\nallow_private = true\n'
        )
        (self.folder / "token").write_text(self.world.token + "\n")

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DESK_DISCORD__API_URL": self.sandbox.url,
            "DESK_DISCORD__GATEWAY_URL": self.sandbox.gateway_url,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }

    async def start(self, *arguments: str, stdin: int | None = None) -> asyncio.subprocess.Process:
        """Start the command itself in the folder."""
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", *arguments),
            cwd=self.folder,
            env=self.environment,
            stdin=stdin if stdin is not None else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )

    def settled(self) -> None:
        """Fail if anything was asked of Discord that it would refuse, or is left there."""
        assert not self.sandbox.crashes, self.sandbox.crashes[0]
        assert self.sandbox.violations == []
        assert self.sandbox.unknown_routes == []
        assert not any(self.world.messages.values()), "a message was left behind"


async def open_invitation(words: str) -> None:
    """Open the address that set-up printed, as an admin does in a browser."""
    [link] = [one.strip() for one in words.splitlines() if "/oauth2/authorize" in one]
    async with aiohttp.ClientSession() as session, session.get(link) as page:
        assert page.status == 200


@asynccontextmanager
async def set_scene(folder: Path) -> AsyncGenerator[Scene]:
    """Run a Discord in which the bot was never invited, and a site that answers."""

    async def obey(_request: web.Request) -> web.Response:
        return web.json_response({})

    app = web.Application()
    app.router.add_route("*", "/desk", obey)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    world = World(bot_permissions=0)
    world.add_channel("general")
    described = OPENAPI if OPENAPI.exists() else None
    try:
        async with Sandbox(world, openapi=described) as sandbox:
            sandbox.owner.leave()
            url = f"http://127.0.0.1:{runner.addresses[0][1]}/desk"
            yield Scene(sandbox=sandbox, folder=folder, site_url=url)
    finally:
        await runner.cleanup()
