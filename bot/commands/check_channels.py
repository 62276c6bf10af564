"""What `comment-desk check` looks at in the channels besides the desk's own: routes and the log."""

from collections.abc import Iterator, Sequence

import discord

from bot.domain.finding import Finding
from bot.domain.routing import Route
from config.settings import DiscordSettings


def other_channels(
    guild: discord.Guild, settings: DiscordSettings, routes: Sequence[Route]
) -> Iterator[Finding]:
    """Look at every channel that cards or lines are posted in, each once."""
    named = dict.fromkeys(route.channel_id for route in routes)
    for place, channel_id in enumerate(named, 1):
        if channel_id != settings.channel_id:
            yield _look(guild, channel_id, f"Route {place}", "the policy's [[routes]]")
    if settings.log_channel_id is not None:
        yield _look(guild, settings.log_channel_id, "Log channel", "DESK_DISCORD__LOG_CHANNEL_ID")


def _look(guild: discord.Guild, channel_id: int, name: str, source: str) -> Finding:
    channel = guild.get_channel(channel_id)
    if channel is None:
        return Finding(
            name=name,
            good=False,
            words=f"the bot does not see channel {channel_id}, named by {source}",
            mend=("Open the channel's settings, Permissions, and allow the bot View Channel.",),
        )
    have = channel.permissions_for(guild.me)
    if not (have.view_channel and have.send_messages and have.read_message_history):
        return Finding(
            name=name,
            good=False,
            words=f"the bot may not read or write in #{channel.name}",
            mend=("Give it the same permissions there as in the moderators' channel.",),
        )
    if channel.permissions_for(guild.default_role).view_channel:
        return Finding(
            name=name,
            good=False,
            words=f"everybody in the server can read #{channel.name}",
            mend=(f"Open the settings of #{channel.name}, Permissions, and make it private.",),
        )
    return Finding(name=name, good=True, words=f"#{channel.name}")
