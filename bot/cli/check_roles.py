"""What `comment-desk check` looks at of the desk's roles: who decides, is called, and has commands."""

from collections.abc import Iterable, Iterator, Sequence

import discord

from bot.domain.site import Finding
from config.settings import DiscordSettings

_COMMANDS = "Commands"
_RIGHT = "Mention @everyone, @here, and All Roles"


def roles(guild: discord.Guild, settings: DiscordSettings) -> Finding:
    """Say whether those whom the settings let decide are in the server."""
    wanted = {*settings.moderator_roles, *settings.senior_roles, *settings.editor_roles}
    unknown = sorted(role for role in wanted if guild.get_role(role) is None)
    if not wanted:
        return Finding(
            name="Roles",
            good=False,
            words="no role may decide anything",
            mend=("Set DESK_DISCORD__MODERATOR_ROLES to the ids of your roles, as [1, 2].",),
        )
    if unknown:
        return Finding(
            name="Roles",
            good=False,
            words=f"not in this server: {', '.join(map(str, unknown))}",
            mend=("Copy each role's id: Server Settings, Roles, the three dots, Copy Role ID.",),
        )
    return Finding(name="Roles", good=True, words=f"{len(wanted)} of the server's roles may decide")


def mentions(guild: discord.Guild, settings: DiscordSettings) -> Iterator[Finding]:
    """Look at the roles that are called, in the channel where each is."""
    called = (
        ("Overdue cases", settings.channel_id, settings.moderator_roles),
        (
            "Urgent alerts",
            settings.editors_channel_id or settings.channel_id,
            settings.editor_roles,
        ),
    )
    for what, channel_id, roles in called:
        channel, known = guild.get_channel(channel_id), roles_there(guild, roles)
        if channel is not None and known:
            yield _finding(what, channel, guild.me, known)


def _finding(
    what: str, channel: discord.abc.GuildChannel, me: discord.Member, roles: Sequence[discord.Role]
) -> Finding:
    deaf = [role for role in roles if not role.mentionable]
    if not deaf or channel.permissions_for(me).mention_everyone:
        return Finding(name=what, good=True, words=f"ping {named(roles)} in #{channel.name}")
    names = ", ".join(role.name for role in deaf)
    return Finding(
        name=what,
        good=False,
        words=f"the bot may not ping {named(deaf)} in #{channel.name}, so nobody is called",
        mend=(
            f"Open Server Settings, Roles, {names}; allow anyone to @mention this role.",
            f"Or open the settings of #{channel.name}, Permissions, the bot's role; allow {_RIGHT}.",
        ),
    )


def roles_there(guild: discord.Guild, ids: Iterable[int]) -> list[discord.Role]:
    """Return the roles that a server has of those that are set."""
    return [role for one in ids if (role := guild.get_role(one)) is not None]


def named(roles: Iterable[discord.Role]) -> str:
    """Return what roles are called, as they are mentioned."""
    return ", ".join(f"@{role.name}" for role in roles)


def commands(guild: discord.Guild, settings: DiscordSettings) -> list[Finding]:
    """Say which of the desk's roles are offered the commands as a matter of course.

    Whether the server's Integrations offer them to others, a bot may not see, so that is no fault.
    """
    wanted = (*settings.moderator_roles, *settings.senior_roles, *settings.editor_roles)
    roles = roles_there(guild, dict.fromkeys(wanted))
    channel = guild.get_channel(settings.channel_id)
    if channel is None or not roles:
        return []
    without = [one for one in roles if not channel.permissions_for(one).manage_messages]
    if not without:
        words = "offered to whoever has Manage Messages, as all of the desk's roles do"
        return [Finding(name=_COMMANDS, good=True, words=words)]
    words = (
        f"offered to whoever has Manage Messages; {named(without)} lack it in #{channel.name}, so allow it "
        "there, or add the roles under Server Settings, Integrations, the bot. Cards, buttons "
        "and typed lines work without"
    )
    return [Finding(name=_COMMANDS, good=True, words=words)]
