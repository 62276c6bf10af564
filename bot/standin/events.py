"""The documented fields of gateway events, as JSON schemas over those of Discord's OpenAPI file.

The file describes REST only. The objects inside events are the same as there, so each event is
its own documented fields, and under them the file's schemas; nothing undocumented may stand beside.
"""

from typing import Any

from bot.standin.wire import Json

TEXT: Json = {"type": "string"}
NUMBER: Json = {"type": "integer"}
YES_NO: Json = {"type": "boolean"}
ANY: Json = {}
TIME: Json = {"type": ["string", "null"], "format": "date-time"}


def _component(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _several(items: Json) -> Json:
    return {"type": "array", "items": items}


ID = _component("SnowflakeType")
USER = _component("UserResponse")
MEMBER = _component("GuildMemberResponse")
MESSAGE = _component("MessageResponse")
CHANNEL = _component("GuildChannelResponse")
THREAD = _component("ThreadResponse")
ROLE = _component("GuildRoleResponse")
THREAD_MEMBER = _component("ThreadMemberResponse")


def _fields(base: Json | None = None, **described: Any) -> Json:
    """Return the schema of an object; a trailing `_` marks a key that may be missing."""
    keys = {name.removesuffix("_"): schema for name, schema in described.items()}
    needed = [name for name in described if not name.endswith("_")]
    return {
        **(base or {}),
        "type": "object",
        "properties": keys,
        "required": needed,
        "unevaluatedProperties": False,
    }


_EMOJI = _fields(
    id={"anyOf": [ID, {"type": "null"}]}, name={"type": ["string", "null"]}, animated_=YES_NO
)
_PARTIAL_MEMBER: Json = {"type": "object", "not": {"required": ["user"]}, "required": ["roles"]}
_MESSAGE = _fields(
    MESSAGE,
    guild_id=ID,
    member_=_PARTIAL_MEMBER,
    mentions=_several({"type": "object", "required": ["id", "username"]}),
    channel_type_=NUMBER,
)
_PLACE: Json = {"channel_id": ID, "guild_id": ID}
_ON_MESSAGE: Json = {**_PLACE, "message_id": ID}
_REACTION: Json = {
    **_ON_MESSAGE,
    "user_id": ID,
    "emoji": _EMOJI,
    "burst": YES_NO,
    "type": {"enum": [0, 1]},
}
_ROLES: Json = {"guild_id": ID, "role": ROLE}

EVENTS: dict[str, Json] = {
    "READY": _fields(
        v={"const": 10},
        user=USER,
        guilds=_several(_fields(id=ID, unavailable={"const": True})),
        session_id=TEXT,
        session_type_=TEXT,
        resume_gateway_url=TEXT,
        shard_=_several(NUMBER),
        application=_fields(id=ID, flags=NUMBER, flags_new=TEXT),
        user_settings_=ANY,
        private_channels_=ANY,
        relationships_=ANY,
        presences_=ANY,
        guild_join_requests_=ANY,
        _trace_=ANY,
    ),
    "GUILD_CREATE": _fields(
        _component("GuildResponse"),
        joined_at=TEXT,
        large=YES_NO,
        unavailable={"const": False},
        member_count=NUMBER,
        members=_several(MEMBER),
        channels=_several(CHANNEL),
        threads=_several(THREAD),
        roles=_several(ROLE),
        nsfw_=YES_NO,
        hub_type_=ANY,
        latest_onboarding_question_id_=ANY,
        incidents_data_=ANY,
        icon_hash_=ANY,
        **dict.fromkeys(
            (
                "voice_states",
                "presences",
                "stage_instances",
                "guild_scheduled_events",
                "soundboard_sounds",
            ),
            _several(ANY),
        ),
    ),
    "GUILD_DELETE": _fields(id=ID, unavailable_=YES_NO),
    "GUILD_ROLE_CREATE": _fields(**_ROLES),
    "GUILD_ROLE_UPDATE": _fields(**_ROLES),
    "GUILD_ROLE_DELETE": _fields(guild_id=ID, role_id=ID),
    "GUILD_MEMBER_ADD": _fields(MEMBER, guild_id=ID),
    "GUILD_MEMBER_UPDATE": _fields(MEMBER, guild_id=ID),
    "GUILD_MEMBER_REMOVE": _fields(guild_id=ID, user=USER),
    "GUILD_MEMBERS_CHUNK": _fields(
        guild_id=ID,
        members=_several(MEMBER),
        chunk_index=NUMBER,
        chunk_count=NUMBER,
        not_found_=_several(ANY),
        presences_=_several(ANY),
        nonce_={"type": ["string", "null"]},
    ),
    "CHANNEL_CREATE": _fields(CHANNEL),
    "CHANNEL_UPDATE": _fields(CHANNEL),
    "CHANNEL_DELETE": _fields(CHANNEL),
    "CHANNEL_PINS_UPDATE": _fields(**_PLACE, last_pin_timestamp=TIME),
    "THREAD_CREATE": _fields(THREAD, newly_created_=YES_NO),
    "THREAD_UPDATE": _fields(THREAD),
    "THREAD_DELETE": _fields(id=ID, guild_id=ID, parent_id=ID, type=NUMBER),
    "THREAD_MEMBERS_UPDATE": _fields(
        id=ID,
        guild_id=ID,
        member_count=NUMBER,
        added_members_=_several(
            _fields(THREAD_MEMBER, member=MEMBER, presence={"type": ["object", "null"]})
        ),
        removed_member_ids_=_several(ID),
    ),
    "THREAD_LIST_SYNC": _fields(
        guild_id=ID,
        channel_ids_=_several(ID),
        threads=_several(THREAD),
        members=_several(THREAD_MEMBER),
    ),
    "MESSAGE_CREATE": _MESSAGE,
    "MESSAGE_UPDATE": _MESSAGE,
    "MESSAGE_DELETE": _fields(id=ID, **_PLACE),
    "MESSAGE_DELETE_BULK": _fields(ids=_several(ID), **_PLACE),
    "MESSAGE_REACTION_ADD": _fields(
        **_REACTION, member_=MEMBER, message_author_id_=ID, burst_colors_=_several(TEXT)
    ),
    "MESSAGE_REACTION_REMOVE": _fields(**_REACTION),
    "MESSAGE_REACTION_REMOVE_ALL": _fields(**_ON_MESSAGE),
    "MESSAGE_REACTION_REMOVE_EMOJI": _fields(**_ON_MESSAGE, emoji=_EMOJI),
    "TYPING_START": _fields(**_PLACE, user_id=ID, timestamp=NUMBER, member_=MEMBER),
    "INTERACTION_CREATE": _fields(
        id=ID,
        application_id=ID,
        type={"enum": [2, 3, 4, 5]},
        data={"type": "object"},
        guild=_fields(id=ID, locale=TEXT, features=_several(TEXT)),
        guild_id=ID,
        channel={"anyOf": [CHANNEL, THREAD], "required": ["permissions"]},
        channel_id=ID,
        member={**MEMBER, "required": ["permissions"]},
        token=TEXT,
        version={"const": 1},
        message_=MESSAGE,
        app_permissions=TEXT,
        locale=TEXT,
        guild_locale=TEXT,
        entitlements=_several(ANY),
        entitlement_sku_ids_=_several(ANY),
        authorizing_integration_owners={"type": "object"},
        context={"enum": [0, 1, 2]},
        attachment_size_limit=NUMBER,
    ),
}
"""By event. What is marked optional and is not documented is what Discord sends all the same."""
