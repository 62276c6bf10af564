"""Routes about application commands, for the guild and global."""

from bot.standin import commands
from bot.standin.errors import Code, missing_access, unknown
from bot.standin.routing import Call, Routes
from bot.standin.wire import Json

routes = Routes()
_GLOBAL = "/applications/{application_id}/commands"
_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"


def _guild(call: Call) -> str | None:
    """Return the guild in the path, or None for the global commands.

    Raises:
        ApiError: 50001 for another application, 10004 for another guild.
    """
    if call.path["application_id"] != call.world.app_id:
        raise missing_access()
    guild_id = call.path.get("guild_id")
    if guild_id not in (None, call.world.guild_id):
        unknown(Code.UNKNOWN_GUILD)
    return guild_id


@routes.add("GET", _GUILD)
@routes.add("GET", _GLOBAL)
def _list(call: Call) -> list[Json]:
    return commands.registered(call.world, _guild(call))


@routes.add("PUT", _GUILD)
@routes.add("PUT", _GLOBAL)
def _replace(call: Call) -> list[Json]:
    return commands.replace(call.world, call.body, _guild(call))


@routes.add("POST", _GUILD)
@routes.add("POST", _GLOBAL)
def _put(call: Call) -> Json:
    return commands.put(call.world, call.body, _guild(call))


@routes.add("GET", _GUILD + "/{command_id}")
@routes.add("GET", _GLOBAL + "/{command_id}")
def _get(call: Call) -> Json:
    return commands.get(call.world, call.path["command_id"], _guild(call))


@routes.add("PATCH", _GUILD + "/{command_id}")
@routes.add("PATCH", _GLOBAL + "/{command_id}")
def _change(call: Call) -> Json:
    guild_id = _guild(call)
    known = commands.get(call.world, call.path["command_id"], guild_id)
    return commands.put(call.world, {**known, **call.body}, guild_id)


@routes.add("DELETE", _GUILD + "/{command_id}")
@routes.add("DELETE", _GLOBAL + "/{command_id}")
def _remove(call: Call) -> None:
    known = commands.get(call.world, call.path["command_id"], _guild(call))
    commands.remove(call.world, known["id"])
