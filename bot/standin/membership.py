"""The bot's own coming and going: its invitation, as a person opens the link to it."""

from aiohttp import web

from bot.standin import payloads
from bot.standin.world import World

AUTHORIZE = "/oauth2/authorize"
_SCOPES = frozenset({"bot", "applications.commands"})
_INVITED = (
    "<!doctype html><meta charset=utf-8><title>Comment Desk</title>"
    "<p>The bot is in the server now. You can close this page.</p>"
)


def leave(world: World) -> None:
    """Let the bot be in no server, as it is before it was ever invited."""
    world.members.pop(world.bot_id, None)
    world.roles.pop(world.bot_role, None)
    world.emit("GUILD_DELETE", {"id": world.guild_id})


def invite(world: World, rights: int) -> None:
    """Let the bot into the guild; one that is there gets the rights of the new invitation."""
    known = world.bot_id in world.members
    world.roles[world.bot_role] = payloads.role(
        world.bot_role, world.users[world.bot_id]["username"], rights, position=len(world.roles)
    ) | {"managed": True, "tags": {"bot_id": world.bot_id}}
    if known:
        told = {"guild_id": world.guild_id, "role": world.roles[world.bot_role]}
        world.emit("GUILD_ROLE_UPDATE", told)
        return
    world.members[world.bot_id] = payloads.member(world.users[world.bot_id], [world.bot_role])
    world.emit("GUILD_CREATE", world.guild_create())


def door(world: World) -> web.RouteDef:
    """Return the page behind an invitation's link, on which a click would only say yes."""

    async def authorize(request: web.Request) -> web.Response:
        asked = request.query
        scopes = frozenset(asked.get("scope", "").split())
        if asked.get("client_id") != world.app_id or not {"bot"} <= scopes <= _SCOPES:
            return web.Response(status=400, text="This is no invitation of the bot.")
        if not asked.get("permissions", "0").isdecimal():
            return web.Response(status=400, text="The permissions are no number.")
        invite(world, int(asked.get("permissions", "0")))
        return web.Response(text=_INVITED, content_type="text/html")

    return web.get(AUTHORIZE, authorize)
