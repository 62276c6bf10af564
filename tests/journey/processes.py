"""Desks as processes of their own, which can be killed."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.newsroom import Only
from tests.journey.newsroom import ROOT, SITE, Newsroom


def environment(newsroom: Newsroom) -> dict[str, str]:
    """Return the settings as a process of its own reads them."""
    settings = newsroom.settings()
    discord = settings.discord
    site = settings.sites[SITE]
    return {
        **os.environ,
        "DESK_DISCORD__TOKEN": discord.token.get_secret_value(),
        "DESK_DISCORD__GUILD_ID": str(discord.guild_id),
        "DESK_DISCORD__CHANNEL_ID": str(discord.channel_id),
        "DESK_DISCORD__EDITORS_CHANNEL_ID": str(discord.editors_channel_id),
        "DESK_DISCORD__MODERATOR_ROLES": json.dumps(list(discord.moderator_roles)),
        "DESK_DISCORD__EDITOR_ROLES": json.dumps(list(discord.editor_roles)),
        "DESK_DISCORD__API_URL": str(discord.api_url),
        "DESK_DISCORD__GATEWAY_URL": str(discord.gateway_url),
        "DESK_SITES": json.dumps(
            {
                SITE: {
                    "secrets": [one.get_secret_value() for one in site.secrets],
                    "reporter_salt": "a salt of more than sixteen characters",
                    "url": str(site.url),
                    "outgoing_secrets": [one.get_secret_value() for one in site.outgoing_secrets],
                    "allow_private": True,
                }
            }
        ),
        "DESK_WEB__PORT": "0",
        "DESK_DATABASE": str(newsroom.database),
        **({"DESK_DATABASE_URL": newsroom.server.get_secret_value()} if newsroom.server else {}),
        **({"DESK_POLICY": str(newsroom.policy)} if newsroom.policy.exists() else {}),
        **({"DESK_ALERTS__URLS": json.dumps(newsroom.roads)} if newsroom.roads else {}),
    }


async def desk_process(newsroom: Newsroom) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=ROOT,
        env=environment(newsroom),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


class Nursery:
    """Begins desks quickly, in processes of their own; see `tests.journey.nursery`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def desk(self, newsroom: Newsroom, log: Path, only: Only | None = None) -> int:
        """Begin a desk that writes its log to a file, and return its process's number.

        With `only` it is one of several processes, which knows no more of Discord than it needs; a
        second gateway stands by.
        """
        said = environment(newsroom)
        if only in {"web", "deliver"}:
            said = {name: one for name, one in said.items() if "DESK_DISCORD__" not in name}
        asked = {"environment": said, "log": str(log), "only": only}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        return int(await self._process.stdout.readline())


@asynccontextmanager
async def nursery() -> AsyncGenerator[Nursery]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.journey.nursery",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Nursery(process)
    finally:
        process.kill()
        await process.wait()
