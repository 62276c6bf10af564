"""What `comment-desk check` looks at where the desk calls people: that Discord lets it."""

from collections.abc import Iterator, Sequence

import discord

from bot.domain.site import Finding
from config.settings import DiscordSettings

_RIGHT = "Mention @everyone, @here, and All Roles"


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
        channel = guild.get_channel(channel_id)
        known = [role for one in roles if (role := guild.get_role(one)) is not None]
        if channel is not None and known:
            yield _finding(what, channel, guild.me, known)


def _finding(
    what: str, channel: discord.abc.GuildChannel, me: discord.Member, roles: Sequence[discord.Role]
) -> Finding:
    names = ", ".join(f"@{role.name}" for role in roles)
    if channel.permissions_for(me).mention_everyone:
        return Finding(name=what, good=True, words=f"ping {names} in #{channel.name}")
    deaf = [role.name for role in roles if not role.mentionable]
    if not deaf:
        return Finding(name=what, good=True, words=f"ping {names} in #{channel.name}")
    unheard = ", ".join(f"@{name}" for name in deaf)
    return Finding(
        name=what,
        good=False,
        words=f"the bot may not ping {unheard} in #{channel.name}, so nobody is called",
        mend=(
            f"Open Server Settings, Roles, {', '.join(deaf)}; allow anyone to @mention this role.",
            f"Or open the settings of #{channel.name}, Permissions, the bot's role; allow {_RIGHT}.",
        ),
    )
