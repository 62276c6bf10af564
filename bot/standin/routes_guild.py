"""Routes about the bot itself, its guild, and the people in it."""

from bot.standin import payloads
from bot.standin.errors import ApiError, Code, missing_access, unknown
from bot.standin.routing import Call, Routes
from bot.standin.wire import THREADS, Intent, Json

routes = Routes()
_SESSIONS = {"total": 1000, "remaining": 999, "reset_after": 14_400_000, "max_concurrency": 1}
_MOST_MEMBERS = 1000


@routes.add("GET", "/users/@me")
def _me(call: Call) -> Json:
    private = {"email": None, "verified": True, "mfa_enabled": True, "locale": "en-US"}
    return {**call.world.users[call.bot], **private, "premium_type": 0}


@routes.add("GET", "/users/@me/guilds")
def _my_guilds(call: Call) -> list[Json]:
    held = str(call.world.permissions(call.bot))
    mine = [call.world.guild()] if call.bot in call.world.members else []
    keys = ("id", "name", "icon", "banner", "features")
    return [
        {key: guild[key] for key in keys} | {"owner": False, "permissions": held}
        for guild in (*mine, *call.world.elsewhere)
    ]


@routes.add("GET", "/oauth2/applications/@me")
@routes.add("GET", "/applications/@me")
def _application(call: Call) -> Json:
    world = call.world
    return payloads.application(world.app_id, world.users[call.bot], world.owner, world.privileged)


@routes.add("GET", "/gateway", token=False)
def _gateway(call: Call) -> Json:
    return {"url": gateway_url(call.world.base_url)}


@routes.add("GET", "/gateway/bot")
def _gateway_bot(call: Call) -> Json:
    url = gateway_url(call.world.base_url)
    return {"url": url, "shards": 1, "session_start_limit": _SESSIONS}


def gateway_url(base_url: str) -> str:
    """Return where the gateway is, on a server at a base address."""
    return base_url.replace("http", "ws", 1) + "/gateway"


def _check_guild(call: Call) -> None:
    if call.path["guild_id"] != call.world.guild_id or call.bot not in call.world.members:
        unknown(Code.UNKNOWN_GUILD)


@routes.add("GET", "/guilds/{guild_id}")
def _guild(call: Call) -> Json:
    _check_guild(call)
    return call.world.guild()


@routes.add("GET", "/guilds/{guild_id}/channels")
def _channels(call: Call) -> list[Json]:
    _check_guild(call)
    return [one for one in call.world.channels.values() if one["type"] not in THREADS]


@routes.add("GET", "/guilds/{guild_id}/roles")
def _roles(call: Call) -> list[Json]:
    _check_guild(call)
    return list(call.world.roles.values())


@routes.add("GET", "/guilds/{guild_id}/roles/member-counts")
def _member_counts(call: Call) -> Json:
    _check_guild(call)
    held = [role for member in call.world.members.values() for role in member["roles"]]
    return {role: held.count(role) for role in call.world.roles}


@routes.add("GET", "/guilds/{guild_id}/roles/{role_id}")
def _role(call: Call) -> Json:
    _check_guild(call)
    return call.world.roles.get(call.path["role_id"]) or unknown(Code.UNKNOWN_ROLE)


@routes.add("GET", "/guilds/{guild_id}/threads/active")
def _active_threads(call: Call) -> Json:
    _check_guild(call)
    return {"threads": call.world.active_threads(), "members": [], "has_more": False}


@routes.add("GET", "/guilds/{guild_id}/members")
def _members(call: Call) -> list[Json]:
    _check_guild(call)
    if not call.world.privileged & Intent.MEMBERS:
        raise missing_access()
    after, limit = int(call.query.get("after", "0")), int(call.query.get("limit", "1"))
    if not 1 <= limit <= _MOST_MEMBERS:
        raise ApiError(400, Code.INVALID_FORM, "Invalid Form Body: limit")
    found = [one for one in call.world.members.values() if int(one["user"]["id"]) > after]
    return sorted(found, key=lambda one: int(one["user"]["id"]))[:limit]


@routes.add("GET", "/guilds/{guild_id}/members/search")
def _search(call: Call) -> list[Json]:
    _check_guild(call)
    start, limit = call.query.get("query", "").lower(), int(call.query.get("limit", "1"))
    members = call.world.members.values()
    return [one for one in members if one["user"]["username"].lower().startswith(start)][:limit]


@routes.add("GET", "/guilds/{guild_id}/members/{user_id}")
def _member(call: Call) -> Json:
    _check_guild(call)
    return call.world.members.get(call.path["user_id"]) or unknown(Code.UNKNOWN_MEMBER)


@routes.add("GET", "/users/{user_id}")
def _user(call: Call) -> Json:
    return call.world.users.get(call.path["user_id"]) or unknown(Code.UNKNOWN_USER)
