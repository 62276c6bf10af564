"""Whether Discord lets the bot connect, and if not, why."""

import asyncio

import discord

from bot.connecting import INTENTS_REFUSED, TOKEN_REFUSED, UNREACHABLE
from bot.domain.site import Finding
from bot.sockets import Sockets

_PATIENCE = 20.0
"""Seconds to wait for Discord."""


async def connected(client: discord.Client, token: str) -> Finding | None:
    """Connect until the guilds are known; the connection goes on in the background."""
    running: asyncio.Task[None] | None = None
    sockets = Sockets(client.http)
    try:
        async with asyncio.timeout(_PATIENCE):
            await client.login(token)
            running = asyncio.create_task(client.connect(reconnect=False))
            ready = asyncio.create_task(client.wait_until_ready())
            await asyncio.wait((running, ready), return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                return None
            ready.cancel()
            running.result()
    except (discord.LoginFailure, discord.PrivilegedIntentsRequired, *UNREACHABLE) as error:
        if running is not None:
            running.cancel()
            await asyncio.wait((running,))
        await sockets.close()
        return _unconnected(error)
    return _unreachable("it said good-bye at once")


def _unconnected(error: BaseException) -> Finding:
    """Say why there is no connection."""
    code = error.code if isinstance(error, discord.ConnectionClosed) else None
    if isinstance(error, discord.LoginFailure) or code == TOKEN_REFUSED:
        return Finding(
            name="Token",
            good=False,
            words="Discord does not know this token",
            mend=(
                "Open discord.com/developers/applications, your application, Bot, Reset Token.",
                "Put the new token into DESK_DISCORD__TOKEN.",
            ),
        )
    if isinstance(error, discord.PrivilegedIntentsRequired) or code in INTENTS_REFUSED:
        return Finding(name="Intents", good=False, words="Discord refuses the bot's intents")
    if isinstance(error, AttributeError):
        return _unreachable("it hung up before it said hello")
    if isinstance(error, TimeoutError):
        return _unreachable(f"no answer within {_PATIENCE:.0f} seconds")
    return _unreachable(type(error).__name__)


def _unreachable(why: str) -> Finding:
    return Finding(
        name="Discord",
        good=False,
        words=f"Discord cannot be reached ({why})",
        mend=(
            "Check that this machine may connect to discord.com and gateway.discord.gg, port 443.",
            "If it may, Discord is having trouble: see discordstatus.com and try again later.",
        ),
    )
