"""Discord's objects as it sends them when nothing special is true of them."""

from datetime import UTC, datetime

from bot.standin.wire import ChannelKind, Intent, Json

_CONTENT_LIMITED = 1 << 19
_MEMBERS_LIMITED = 1 << 15
_PRESENCE_LIMITED = 1 << 13


def now() -> str:
    """Return this moment as Discord writes timestamps: ISO 8601, in UTC."""
    return datetime.now(UTC).isoformat()


def user(user_id: str, username: str, *, display: str | None = None, bot: bool = False) -> Json:
    """Return a user object."""
    return {
        "id": user_id,
        "username": username,
        "global_name": display,
        "discriminator": "0000" if bot else "0",
        "avatar": None,
        "bot": bot,
        "public_flags": 0,
        "flags": 0,
        "banner": None,
        "accent_color": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
        "clan": None,
    }


def role(role_id: str, name: str, permissions: int, *, position: int, colour: int = 0) -> Json:
    """Return a role object.

    Args:
        role_id: Its id.
        name: Its name.
        permissions: Its rights as bits.
        position: Its place, 0 being @everyone.
        colour: RGB as one number, 0 for none.
    """
    return {
        "id": role_id,
        "name": name,
        "permissions": str(int(permissions)),
        "position": position,
        "color": colour,
        "colors": {"primary_color": colour, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
        "description": None,
    }


def member(person: Json, roles: list[str]) -> Json:
    """Return a member object of a user, with the ids of their roles besides @everyone."""
    return {
        "user": person,
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": roles,
        "joined_at": now(),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
        "avatar_decoration_data": None,
        "collectibles": None,
    }


def without_user(membership: Json) -> Json:
    """Return a member object as it travels beside its user."""
    return {key: value for key, value in membership.items() if key != "user"}


def channel(
    channel_id: str, guild_id: str, name: str, *, position: int, overwrites: list[Json]
) -> Json:
    """Return a text channel object."""
    return {
        "id": channel_id,
        "type": int(ChannelKind.TEXT),
        "guild_id": guild_id,
        "name": name,
        "position": position,
        "topic": None,
        "nsfw": False,
        "parent_id": None,
        "permission_overwrites": overwrites,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "flags": 0,
    }


def message(message_id: str, channel_id: str, author: Json) -> Json:
    """Return a message object with nothing in it."""
    return {
        "id": message_id,
        "channel_id": channel_id,
        "type": 0,
        "content": "",
        "author": author,
        "attachments": [],
        "embeds": [],
        "components": [],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "pinned": False,
        "tts": False,
        "timestamp": now(),
        "edited_timestamp": None,
        "flags": 0,
    }


_GUILD_DEFAULTS: Json = {
    "icon": None,
    "icon_hash": None,
    "splash": None,
    "discovery_splash": None,
    "afk_channel_id": None,
    "afk_timeout": 300,
    "verification_level": 1,
    "default_message_notifications": 1,
    "explicit_content_filter": 0,
    "emojis": [],
    "stickers": [],
    "features": [],
    "mfa_level": 0,
    "application_id": None,
    "system_channel_id": None,
    "system_channel_flags": 0,
    "rules_channel_id": None,
    "max_members": 500_000,
    "max_presences": None,
    "vanity_url_code": None,
    "description": None,
    "banner": None,
    "premium_tier": 0,
    "premium_subscription_count": 0,
    "preferred_locale": "en-US",
    "public_updates_channel_id": None,
    "max_video_channel_users": 25,
    "max_stage_video_channel_users": 50,
    "nsfw_level": 0,
    "nsfw": False,
    "premium_progress_bar_enabled": False,
    "safety_alerts_channel_id": None,
    "home_header": None,
    "hub_type": None,
    "latest_onboarding_question_id": None,
    "region": "deprecated",
    "widget_enabled": False,
    "widget_channel_id": None,
    "incidents_data": None,
}


def guild(guild_id: str, name: str, owner_id: str, roles: list[Json]) -> Json:
    """Return a guild object as REST gives it."""
    return {**_GUILD_DEFAULTS, "id": guild_id, "name": name, "owner_id": owner_id, "roles": roles}


def application(app_id: str, bot: Json, owner: Json, privileged: Intent) -> Json:
    """Return the bot's application object.

    Args:
        app_id: The application's id.
        bot: The bot's user object.
        owner: The user who registered it.
        privileged: The privileged intents switched on in the portal.
    """
    flags = application_flags(privileged)
    return {
        "id": app_id,
        "name": bot["username"],
        "icon": None,
        "description": "",
        "summary": "",
        "type": None,
        "bot": bot,
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": flags,
        "flags_new": str(flags),
        "hook": True,
        "owner": owner,
        "team": None,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "is_monetized": False,
        "is_verified": False,
        "storefront_available": False,
        "integration_types_config": {},
        "integration_public": True,
        "integration_require_code_grant": False,
        "eligible_oauth2_scopes": [],
    }


def application_flags(privileged: Intent) -> int:
    """Return the application flags that tell which privileged intents are on."""
    flags = 0
    for intent, flag in (
        (Intent.MESSAGE_CONTENT, _CONTENT_LIMITED),
        (Intent.MEMBERS, _MEMBERS_LIMITED),
        (Intent.PRESENCES, _PRESENCE_LIMITED),
    ):
        if privileged & intent:
            flags |= flag
    return flags
