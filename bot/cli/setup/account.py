"""Set-up's first part: whose bot it is, and the server that it works in."""

import asyncio
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from bot.cli.envfile import Draft
from bot.cli.setup.portal import MAKING, Portal, Server, TokenRefused, Where, open_portal
from bot.cli.terminal import Talk
from bot.domain.errors import DeskError
from bot.domain.site import Finding

TOKEN = "DESK_DISCORD__TOKEN"  # noqa: S105 - the name of a setting
GUILD = "DESK_DISCORD__GUILD_ID"

LOOK_EVERY = 2.0
"""Seconds between looks for what an admin does in Discord."""

_PORTAL_STEPS = (
    "Set-up needs the bot's token.",
    "  1. Open discord.com/developers/applications, and make an application: New Application.",
    "  2. Under Bot, press Reset Token and copy the token. Leave the three intents off.",
)
_NO_TOKEN = re.compile(r"[^!-~]")


class AnotherDesk(DeskError):
    """The `.env` belongs to another desk."""

    def __init__(self, draft: Draft, why: str) -> None:
        super().__init__(
            f"{draft.env_file} belongs to another desk: {why}. Nothing was changed. Set this one "
            "up in a folder of its own."
        )


def where_of(draft: Draft) -> Where:
    """Return which Discord-compatible server the settings name."""
    return Where(
        api_url=draft.get("DESK_DISCORD__API_URL"),
        gateway_url=draft.get("DESK_DISCORD__GATEWAY_URL"),
        allow_remote=draft.get("DESK_DISCORD__ALLOW_REMOTE_API").lower() in {"true", "1"},
    )


@asynccontextmanager
async def logged_in(draft: Draft, given: str | None, talk: Talk) -> AsyncGenerator[Portal]:
    """Log in with the token given, with the one in the settings, or with one that is asked for.

    Raises:
        DeskError: Discord does not take it, or it is of another bot than the settings'.
    """
    known = draft.get(TOKEN)
    token = _clean(given) if given is not None else known
    if not token:
        for step in _PORTAL_STEPS:
            talk.say(step)
        token = await _asked(draft, talk)
    elif token == known and talk.insists:
        token = await _still_good(draft, token, talk)
    async with open_portal(token, where_of(draft)) as portal:
        if known and token != known:
            await _require_same(draft, known, token, portal)
        draft.settle({TOKEN: token})
        talk.show(Finding(name="Token", good=True, words=f"of the application {portal.app_name}"))
        yield portal


def _clean(given: str) -> str:
    """Return a token as it was meant to be copied.

    Raises:
        DeskError: It cannot be one.
    """
    token = given.strip().removeprefix("Bot ").strip()
    if not token or _NO_TOKEN.search(token):
        raise DeskError(
            "That is no token: it has to be one word of letters, digits, dots and dashes. Copy it "
            "again from discord.com/developers/applications, your application, Bot."
        )
    return token


async def _still_good(draft: Draft, token: str, talk: Talk) -> str:
    """Return the token in the settings, or another one if Discord no longer takes it."""
    try:
        async with open_portal(token, where_of(draft)):
            return token
    except TokenRefused:
        talk.say(f"Discord no longer takes the token in {draft.env_file}.")
        return await _asked(draft, talk)


async def _asked(draft: Draft, talk: Talk) -> str:
    while True:
        try:
            token = _clean(talk.ask("The bot's token (it is not shown)", hidden=True, default=None))
            async with open_portal(token, where_of(draft)):
                return token
        except TokenRefused as error:
            if not talk.insists:
                raise
            talk.say(str(error))


async def _require_same(draft: Draft, known: str, token: str, portal: Portal) -> None:
    """Let a token take another's place if it is a new one of the same bot.

    Raises:
        AnotherDesk: It is not, or nothing shows that it is.
    """
    if _bot_of(known) and _bot_of(known) == _bot_of(token):
        return
    try:
        async with open_portal(known, where_of(draft)) as other:
            same, name = other.app_id == portal.app_id, other.app_name
    except TokenRefused:
        here = {str(server.id) for server in await portal.servers()}
        same, name = draft.get(GUILD) in here, "another bot"
    if not same:
        raise AnotherDesk(draft, f"its token is that of {name}")


def _bot_of(token: str) -> str | None:
    """Return the id that Discord writes into the first part of a token, if it is there."""
    first = token.partition(".")[0]
    try:
        written = b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (NotBase64, ValueError):
        return None
    return written if written.isdecimal() else None


async def server_of(
    draft: Draft, portal: Portal, talk: Talk, *, named: str | None, making: bool
) -> Server:
    """Return the server that the desk works in, once the bot is there with what it needs.

    Raises:
        DeskError: It is another than the settings', or nobody invited the bot in time.
    """
    known = draft.get(GUILD)
    server = await _known(draft, portal, talk, int(known), named) if known else None
    if server is None:
        server = await _chosen(portal, talk, named, making=making)
    if making and server.lacks(MAKING):
        server = await _with_rights(portal, talk, server)
    draft.settle({GUILD: str(server.id)})
    talk.show(Finding(name="Server", good=True, words=server.name))
    return server


async def _known(
    draft: Draft, portal: Portal, talk: Talk, guild_id: int, named: str | None
) -> Server:
    for server in await portal.servers():
        if server.id == guild_id:
            if named is not None and named not in {server.name, str(server.id)}:
                raise AnotherDesk(draft, f"it works in the server {server.name}, not in {named}")
            return server
    return await _waited_for(
        portal,
        talk,
        lambda found: [one for one in found if one.id == guild_id],
        f"the bot is not in the server of {GUILD}",
        making=False,
    )


async def _chosen(portal: Portal, talk: Talk, named: str | None, *, making: bool) -> Server:
    found = await portal.servers()
    if named is not None:
        return await _called(portal, talk, found, named, making=making)
    if found and talk.insists:
        return await _picked(portal, talk, found, making=making)
    if len(found) > 1:
        names = [one.name for one in found]
        return found[talk.choose("The bot is in several servers.", names, key="server")]
    return found[0] if found else await _waited_for(portal, talk, lambda now: now, making=making)


async def _called(
    portal: Portal, talk: Talk, servers: Sequence[Server], named: str, *, making: bool
) -> Server:
    def of_that_name(now: Sequence[Server]) -> Sequence[Server]:
        return [one for one in now if named in {one.name, str(one.id)}]

    found = of_that_name(servers)
    if len(found) > 1:
        ids = " or ".join(str(one.id) for one in found)
        raise DeskError(
            f"The bot is in {len(found)} servers called {named}. Name one by its id: {ids}."
        )
    return found[0] if found else await _waited_for(portal, talk, of_that_name, making=making)


async def _picked(portal: Portal, talk: Talk, found: Sequence[Server], *, making: bool) -> Server:
    options = [*(one.name for one in found), "Another one, which the bot is to be invited to"]
    place = talk.choose("Which server does the desk work in?", options, key="server")
    if place < len(found):
        return found[place]
    old = {one.id for one in found}
    return await _waited_for(
        portal, talk, lambda now: [one for one in now if one.id not in old], making=making
    )


async def _waited_for(
    portal: Portal,
    talk: Talk,
    wanted: Callable[[Sequence[Server]], Sequence[Server]],
    why: str = "the bot is in no server yet",
    *,
    making: bool,
) -> Server:
    """Print the invitation, and wait until the bot is where it is wanted."""
    talk.say("Invite the bot: open this address, and choose your server.")
    talk.say(f"  {portal.invitation(making=making)}")
    with talk.waiting("Waiting until the bot is in the server"):
        found = await _until(lambda: _servers(portal, wanted), talk.patience)
    if not found:
        raise DeskError(
            f"Nobody invited the bot meanwhile: {why}. Open the address above, and run set-up "
            "again: it goes on from here."
        )
    return found[0]


async def _servers(
    portal: Portal, wanted: Callable[[Sequence[Server]], Sequence[Server]]
) -> Sequence[Server]:
    return wanted(await portal.servers())


async def _with_rights(portal: Portal, talk: Talk, server: Server) -> Server:
    """Wait until the bot may make channels and roles, for which it is invited once more."""
    lacking = " and ".join(server.lacks(MAKING))
    talk.say(
        f"To make channels and roles the bot needs {lacking}, for now only. Open this address, "
        f"and choose {server.name} again."
    )
    talk.say(f"  {portal.invitation(making=True)}")

    def ready(found: Sequence[Server]) -> Sequence[Server]:
        return [one for one in found if one.id == server.id and not one.lacks(MAKING)]

    with talk.waiting(f"Waiting for {lacking}"):
        found = await _until(lambda: _servers(portal, ready), talk.patience)
    if not found:
        raise DeskError(
            f"The bot may not make channels and roles in {server.name}: it lacks {lacking}. Open "
            "the address above, or name channels and roles of your own, and run set-up again."
        )
    return found[0]


async def _until(
    look: Callable[[], Awaitable[Sequence[Server]]], patience: float
) -> Sequence[Server]:
    """Return what is found at last; nothing if that takes longer than there is patience for."""
    ends = asyncio.get_running_loop().time() + patience
    while True:
        found = await look()
        if found or asyncio.get_running_loop().time() >= ends:
            return found
        await asyncio.sleep(LOOK_EVERY)
