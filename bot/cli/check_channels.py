"""What `comment-desk check` looks at in the channels besides the desk's own: routes and the log."""

from collections.abc import Iterator, Sequence

import discord

from bot.cards.text.troubles import RIGHTS
from bot.domain.finding import Finding
from bot.domain.routing import Route
from config.settings import DiscordSettings

_NEEDED = ("view_channel", "send_messages", "read_message_history")


def other_channels(
    guild: discord.Guild, settings: DiscordSettings, routes: Sequence[Route]
) -> Iterator[Finding]:
    """Look at every channel that cards or lines are posted in, each once."""
    named = dict.fromkeys(route.channel_id for route in routes)
    for place, channel_id in enumerate(named, 1):
        if channel_id != settings.channel_id:
            yield _look(guild, channel_id, f"Route {place}", "the policy's [[routes]]")
    if settings.appeals_channel_id not in (None, settings.channel_id):
        source = "DESK_DISCORD__APPEALS_CHANNEL_ID"
        yield _look(guild, settings.appeals_channel_id, "Appeals channel", source)
    if settings.log_channel_id is not None:
        yield _look(guild, settings.log_channel_id, "Log channel", "DESK_DISCORD__LOG_CHANNEL_ID")


def _look(guild: discord.Guild, channel_id: int, name: str, source: str) -> Finding:
    channel = guild.get_channel_or_thread(channel_id)
    if channel is None:
        return Finding(
            name=name,
            good=False,
            words=f"the bot does not see channel {channel_id}, named by {source}",
            mend=("Open the channel's settings, Permissions, and allow the bot View Channel.",),
        )
    have = channel.permissions_for(guild.me)
    missing = [RIGHTS[right] for right in _NEEDED if not getattr(have, right)]
    if missing:
        return Finding(
            name=name,
            good=False,
            words=f"the bot lacks {', '.join(missing)} in #{channel.name}",
            mend=(
                f"Open the settings of #{channel.name}, Permissions, the bot's role; allow them.",
            ),
        )
    if channel.permissions_for(guild.default_role).view_channel:
        return Finding(
            name=name,
            good=False,
            words=f"everybody in the server can read #{channel.name}",
            mend=(f"Open the settings of #{channel.name}, Permissions, and make it private.",),
        )
    return Finding(name=name, good=True, words=f"#{channel.name}")
