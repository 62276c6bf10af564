"""Discord as set-up needs it: over REST alone, as the bot whose token was given."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import discord
from aiohttp import ClientError
from discord.http import Route

from bot.cli.check_discord import PERMISSIONS
from bot.client import point_at
from bot.domain.errors import DeskError

RIGHTS = {
    **PERMISSIONS,
    "create_public_threads": "Create Public Threads",
    "send_messages_in_threads": "Send Messages in Threads",
}
"""What the bot is invited with, as Discord names it in code and on screen."""

MAKING = {"manage_channels": "Manage Channels", "manage_roles": "Manage Roles"}
"""What it needs besides for as long as set-up makes channels and roles."""


class TokenRefused(DeskError):
    """Discord does not know the token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that the bot is in, and what it may do there."""

    id: int
    name: str
    rights: discord.Permissions

    def lacks(self, rights: dict[str, str]) -> list[str]:
        """Return the names, as Discord shows them, of those rights that the bot has not."""
        return missing(self.rights, rights)


def missing(have: discord.Permissions, wanted: dict[str, str]) -> list[str]:
    """Return the names, as Discord shows them, of the rights that are not there."""
    return [words for right, words in wanted.items() if not getattr(have, right)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Another Discord-compatible server, or Discord itself if both are empty."""

    api_url: str = ""
    gateway_url: str = ""
    allow_remote: bool = False


class Portal:
    """Discord, to the bot of one token."""

    def __init__(self, client: discord.Client, where: Where, app_id: int, app_name: str) -> None:
        self.client = client
        self.app_id = app_id
        self.app_name = app_name
        self._base = where.api_url.rstrip("/") or "https://discord.com"

    def invitation(self, *, making: bool) -> str:
        """Return the address at which an admin invites the bot, with what it needs and no more."""
        names = {**RIGHTS, **(MAKING if making else {})}
        asked = {
            "client_id": self.app_id,
            "scope": "bot applications.commands",
            "permissions": discord.Permissions(**dict.fromkeys(names, True)).value,
        }
        return f"{self._base}/oauth2/authorize?{urlencode(asked)}"

    async def servers(self) -> Sequence[Server]:
        """Return the servers that the bot is in, by name."""
        found = await self.client.http.get_guilds(200, with_counts=False)
        servers = [
            Server(
                id=int(one["id"]),
                name=one["name"],
                rights=discord.Permissions(int(one.get("permissions", 0))),
            )
            for one in found
        ]
        return sorted(servers, key=lambda one: (one.name.lower(), one.id))

    async def guild(self, guild_id: int) -> discord.Guild:
        """Return a server with its roles."""
        return await self.client.fetch_guild(guild_id, with_counts=False)

    async def myself(self, guild: discord.Guild) -> discord.Member:
        """Return the bot as a member of a server."""
        if self.client.user is None:
            raise TokenRefused("The connection to Discord was closed.")
        return await guild.fetch_member(self.client.user.id)


@asynccontextmanager
async def open_portal(token: str, where: Where) -> AsyncGenerator[Portal]:
    """Log in with a token, and ask who the application is.

    Raises:
        TokenRefused: Discord does not know it.
        DeskError: Discord cannot be reached, or refused something; the sentence says what.
    """
    if where.api_url and where.gateway_url:
        point_at(where.api_url, where.gateway_url, allow_remote=where.allow_remote)
    client = discord.Client(intents=discord.Intents(guilds=True))
    try:
        await client.login(token)
        found = await client.http.request(Route("GET", "/applications/@me"))
        yield Portal(client, where, int(found["id"]), str(found["name"]))
    except discord.LoginFailure as error:
        raise TokenRefused(
            "Discord does not know this token. Open discord.com/developers/applications, your "
            "application, Bot, Reset Token, and copy the new one."
        ) from error
    except discord.Forbidden as error:
        raise DeskError(
            f"Discord refused something to the bot: {error.text or 'it may not do that'}. Look at "
            "the bot's rights in your server, and run set-up again: it goes on from here."
        ) from error
    except (discord.DiscordException, ClientError, OSError, TimeoutError) as error:
        raise DeskError(
            f"Discord cannot be reached ({type(error).__name__}). Check that this machine may "
            "connect to discord.com, and run set-up again: it goes on from here."
        ) from error
    finally:
        await client.close()
