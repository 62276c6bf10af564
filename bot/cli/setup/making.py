"""Set-up's second part where the admin lets it: a private category, two channels, three roles."""

import json
from collections.abc import Sequence
from typing import TypeVar

import discord

from bot.cli.envfile import Draft
from bot.cli.setup.places import CHANNEL, EDITORS_CHANNEL, ROLES, Guild, look, tell
from bot.cli.setup.portal import MAKING, RIGHTS, Portal
from bot.cli.terminal import Talk

CATEGORY = "Comment Desk"
MODERATION = "moderation"
EDITORS = "editors"
_WHY = "Comment Desk is set up"
_ROLES = {
    "moderator_roles": "Moderator",
    "senior_roles": "Senior moderator",
    "editor_roles": "Editor",
}
_INSTEAD = "Comment {}"
"""What a role is called where the server has one of that name already, with people in it."""

_PEOPLE = (
    "view_channel",
    "send_messages",
    "send_messages_in_threads",
    "read_message_history",
    "add_reactions",
    "use_application_commands",
    "manage_messages",
)
"""What the desk's roles may do in its channels; managing messages is what commands ask for."""
_NOTE = "making"

T = TypeVar("T", discord.Role, discord.TextChannel, discord.CategoryChannel)


async def make(draft: Draft, portal: Portal, talk: Talk, guild_id: int) -> None:
    """Make what is not there yet, and settle it.

    Which of the server's things were there before is noted first. So what an interrupted set-up
    made is found again, and what others made and called the same is left alone.
    """
    found = await look(portal, guild_id)
    before = draft.noted(_NOTE) or _there(found)
    draft.note(_NOTE, before)
    old = {int(one) for one in before["ids"]}
    with talk.waiting("Making the roles and channels"):
        roles = await _roles(found.guild, old)
        channel, editors = await _channels(found, list(roles.values()), old)
    values = {setting: json.dumps([roles[key].id]) for key, setting in ROLES.items()}
    draft.settle(values | {CHANNEL: str(channel.id), EDITORS_CHANNEL: str(editors.id)})
    draft.note(_NOTE, {})
    tell(talk, await look(portal, guild_id), channel, editors, list(roles.values()))
    talk.say(
        f"Give people the roles {', '.join(role.name for role in roles.values())} in Discord: "
        "right-click somebody, Roles."
    )


def take_back(portal: Portal) -> str:
    """Return how the two rights that only set-up needed are taken from the bot again."""
    return (
        f"The bot no longer needs {' and '.join(MAKING.values())}. Take them away in Discord: "
        f"Server Settings, Roles, {portal.app_name}, Permissions."
    )


def _there(found: Guild) -> dict[str, list[int]]:
    roles = [role.id for role in found.guild.roles]
    channels = [channel.id for channel in found.channels]
    return {"ids": [*roles, *channels, *(one.id for one in found.guild.categories)]}


def _ours(there: Sequence[T], name: str, old: set[int]) -> T | None:
    """Return what an earlier run made and called so."""
    return next((one for one in there if one.name == name and one.id not in old), None)


async def _roles(guild: discord.Guild, old: set[int]) -> dict[str, discord.Role]:
    """Return the desk's roles, made where an interrupted set-up has not made them."""
    names = {role.name.lower() for role in guild.roles if role.id in old}
    roles: dict[str, discord.Role] = {}
    for key, usual in _ROLES.items():
        name = _INSTEAD.format(usual.lower()) if usual.lower() in names else usual
        roles[key] = _ours(guild.roles, name, old) or await guild.create_role(
            name=name, permissions=discord.Permissions.none(), mentionable=True, reason=_WHY
        )
    return roles


async def _channels(
    found: Guild, roles: Sequence[discord.Role], old: set[int]
) -> tuple[discord.TextChannel, discord.TextChannel]:
    guild = found.guild
    everybody, leading = _overwrites(found, roles), _overwrites(found, roles[1:])
    category = _ours(guild.categories, CATEGORY, old) or await guild.create_category(
        CATEGORY, overwrites=everybody, reason=_WHY
    )
    moderation = _ours(found.channels, MODERATION, old) or await guild.create_text_channel(
        MODERATION,
        category=category,
        overwrites=everybody,
        topic="Reported comments, one card each.",
        reason=_WHY,
    )
    editors = _ours(found.channels, EDITORS, old) or await guild.create_text_channel(
        EDITORS,
        category=category,
        overwrites=leading,
        topic="Alerts when reports pile up, and questions from the moderators.",
        reason=_WHY,
    )
    return moderation, editors


def _overwrites(
    found: Guild, roles: Sequence[discord.Role]
) -> dict[discord.Role | discord.Member | discord.Object, discord.PermissionOverwrite]:
    """Return who sees a channel: the roles and the bot, and nobody else."""
    shown = discord.PermissionOverwrite(**dict.fromkeys(_PEOPLE, True))
    ours = discord.PermissionOverwrite(**dict.fromkeys(RIGHTS, True))
    hidden = discord.PermissionOverwrite(view_channel=False)
    rights = dict.fromkeys(roles, shown)
    return {found.guild.default_role: hidden, found.me: ours, **rights}
