"""What `comment-desk check` looks at for slash commands: whom Discord offers them."""

import discord

from bot.domain.site import Finding
from config.settings import DiscordSettings

NAME = "Commands"


def commands(guild: discord.Guild, settings: DiscordSettings) -> list[Finding]:
    """Say which of the desk's roles are offered the commands as a matter of course.

    Whether the server's Integrations offer them to others, a bot may not see, so that is no fault.
    """
    named = (*settings.moderator_roles, *settings.senior_roles, *settings.editor_roles)
    roles = [role for one in dict.fromkeys(named) if (role := guild.get_role(one)) is not None]
    channel = guild.get_channel(settings.channel_id)
    if channel is None or not roles:
        return []
    without = [one.name for one in roles if not channel.permissions_for(one).manage_messages]
    if not without:
        words = "offered to whoever has Manage Messages, as all of the desk's roles do"
        return [Finding(name=NAME, good=True, words=words)]
    names = ", ".join(f"@{name}" for name in without)
    words = (
        f"offered to whoever has Manage Messages; {names} lack it in #{channel.name}, so allow it "
        "there, or add the roles under Server Settings, Integrations, the bot. Cards, buttons "
        "and typed lines work without"
    )
    return [Finding(name=NAME, good=True, words=words)]
