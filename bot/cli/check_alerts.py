"""What `comment-desk check` looks at for alerts: the editors' channel, and the other roads."""

import asyncio
from collections.abc import Sequence

import discord
from pydantic import SecretStr

from bot.domain.site import Finding
from bot.pager import understood
from config.settings import AlertSettings, DiscordSettings

_NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
}


def editors_channel(guild: discord.Guild, settings: DiscordSettings) -> list[Finding]:
    """Look at the channel editors are alerted in, and at what threads with moderators need."""
    name = "Editors' channel"
    if settings.editors_channel_id is None:
        return [
            Finding(
                name=name,
                good=True,
                words="none, so nobody is told when reports pile up; "
                "DESK_DISCORD__EDITORS_CHANNEL_ID names one",
            )
        ]
    channel = guild.get_channel(settings.editors_channel_id)
    if channel is None:
        return [
            Finding(
                name=name,
                good=False,
                words="the bot does not see the channel of DESK_DISCORD__EDITORS_CHANNEL_ID",
                mend=(
                    "Open the channel's settings, Permissions, and allow the bot View Channel.",
                    "If the channel was deleted, take the line out of .env, and run setup again.",
                ),
            )
        ]
    found = [_permissions(name, channel, guild.me, _NEEDED)]
    moderators = guild.get_channel(settings.channel_id)
    if moderators is not None:
        threads = {
            "create_public_threads": "Create Public Threads",
            "send_messages_in_threads": "Send Messages in Threads",
        }
        found.append(_permissions("Threads", moderators, guild.me, threads))
    if channel.permissions_for(guild.default_role).view_channel:
        found.append(
            Finding(
                name=f"{name}, privacy",
                good=False,
                words=f"everybody in the server can read #{channel.name}",
                mend=(f"Open the settings of #{channel.name}, Permissions, and make it private.",),
            )
        )
    return found


async def roads(settings: AlertSettings) -> list[Finding]:
    """See whether the addresses of other roads are understood; nothing is sent."""
    if not settings.urls:
        return []
    wrong = await asyncio.to_thread(_wrong, settings.urls)
    if not wrong:
        count = len(settings.urls)
        return [Finding(name="Other roads", good=True, words=f"{count} to alert editors by")]
    # Not the address itself: it holds passwords.
    which = ", ".join(str(number) for number in wrong)
    return [
        Finding(
            name="Other roads",
            good=False,
            words=f"address {which} of DESK_ALERTS__URLS is not understood",
            mend=("Write it as on github.com/caronc/apprise/wiki, for instance mailto://...",),
        )
    ]


def _wrong(urls: Sequence[SecretStr]) -> list[int]:
    return [number for number, url in enumerate(urls, start=1) if not understood(url)]


def _permissions(
    name: str, channel: discord.abc.GuildChannel, me: discord.Member, needed: dict[str, str]
) -> Finding:
    have = channel.permissions_for(me)
    missing = [words for key, words in needed.items() if not getattr(have, key)]
    if not missing:
        return Finding(name=name, good=True, words=f"#{channel.name}")
    return Finding(
        name=name,
        good=False,
        words=f"the bot lacks {', '.join(missing)} in #{channel.name}",
        mend=(f"Open the settings of #{channel.name}, Permissions, the bot's role; allow them.",),
    )
