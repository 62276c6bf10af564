"""What `comment-desk check` looks at in Discord: token, server, channel, permissions, roles."""

from collections.abc import AsyncGenerator, Iterator, Sequence

import discord
from discord.http import Route as HttpRoute

from bot.cards.refusals import Place
from bot.cards.text.troubles import RIGHTS
from bot.cli.check_alerts import editors_channel
from bot.cli.check_connection import connected
from bot.cli.check_roles import commands, mentions, roles
from bot.client import INTENTS, NotLocal, point_at
from bot.connecting import UNREACHABLE
from bot.domain.routing import Route
from bot.domain.site import Finding
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
        return _lacking(name, channel, missing)
    if channel.permissions_for(guild.default_role).view_channel:
        return _public(name, channel)
    return Finding(name=name, good=True, words=f"#{channel.name}")


def _lacking(name: str, channel: Place, missing: Sequence[str]) -> Finding:
    return Finding(
        name=name,
        good=False,
        words=f"the bot lacks {', '.join(missing)} in #{channel.name}",
        mend=(f"Open the settings of #{channel.name}, Permissions, the bot's role; allow them.",),
    )


def _public(name: str, channel: Place) -> Finding:
    return Finding(
        name=name,
        good=False,
        words=f"everybody in the server can read #{channel.name}",
        mend=(f"Open the settings of #{channel.name}, Permissions, and make it private.",),
    )


_MORE_SERVERS = 2.0
"""Seconds that Discord is given to tell of another server that the bot is in."""

PERMISSIONS = {
    right: RIGHTS[right]
    for right in (
        "view_channel",
        "send_messages",
        "embed_links",
        "attach_files",
        "read_message_history",
        "add_reactions",
        "manage_messages",
        "pin_messages",
        "use_application_commands",
    )
}
"""What the bot needs in the moderators' channel, as Discord names it in code and on screen."""


async def check_discord(
    settings: DiscordSettings, routes: Sequence[Route] = (), *, alone: bool | None = None
) -> AsyncGenerator[Finding]:
    """Connect as the bot, and yield a finding a thing that it should be able to do.

    `routes` are those of the policy: their channels are looked at too. `alone` is whether the
    policy lets whoever decided answer those who contest it; `None` where nobody can contest.
    """
    if settings.api_url and settings.gateway_url:
        try:
            point_at(settings.api_url, settings.gateway_url, allow_remote=settings.allow_remote_api)
        except NotLocal as error:
            yield Finding(name="Discord", good=False, words=str(error))
            return
    client = discord.Client(intents=INTENTS, guild_ready_timeout=_MORE_SERVERS)
    trouble = await connected(client, settings.token.get_secret_value())
    try:
        if trouble is not None:
            yield trouble
            return
        yield Finding(name="Token and intents", good=True, words=f"connected as {client.user}")
        for finding in _place(client, settings, routes):
            yield finding
        if alone is not None:
            yield _contests(await _staff(client, settings), alone=alone)
    finally:
        await client.close()


async def _staff(client: discord.Client, settings: DiscordSettings) -> int | None:
    """Return how many people may decide, at most; `None` if Discord does not say."""
    roles = {*settings.moderator_roles, *settings.senior_roles, *settings.editor_roles}
    path = "/guilds/{guild_id}/roles/member-counts"
    try:
        counts: dict[str, int] = await client.http.request(
            HttpRoute("GET", path, guild_id=settings.guild_id)
        )
    except UNREACHABLE:
        return None
    return sum(counts.get(str(role), 0) for role in roles)


def _contests(people: int | None, *, alone: bool) -> Finding:
    """Say who answers those who contest a decision."""
    if alone:
        words = "whoever decided may answer, and whoever contests is told so (contests_alone)"
        return Finding(name="Contests", good=True, words=words)
    if people is None or people > 1:
        words = "answered by somebody who took no part in the decision"
        return Finding(name="Contests", good=True, words=words)
    return Finding(
        name="Contests",
        good=False,
        words="only one person may decide, so nobody could answer who contests a decision",
        mend=(
            "Give one of the roles to somebody else, such as an editor.",
            "If there is nobody else, set contests_alone = true in the policy file.",
        ),
    )


def _place(
    client: discord.Client, settings: DiscordSettings, routes: Sequence[Route]
) -> list[Finding]:
    guild = client.get_guild(settings.guild_id)
    if guild is None:
        return [
            Finding(
                name="Server",
                good=False,
                words="the bot is not in the server of DESK_DISCORD__GUILD_ID",
                mend=(
                    "Invite it: comment-desk setup prints the bot's invitation.",
                    "If the bot is to work in another server, take the line out of .env before.",
                ),
            )
        ]
    findings = [Finding(name="Server", good=True, words=guild.name)]
    channel = guild.get_channel_or_thread(settings.channel_id)
    if channel is None:
        findings.append(
            Finding(
                name="Channel",
                good=False,
                words="the bot does not see the channel of DESK_DISCORD__CHANNEL_ID",
                mend=(
                    "Open the channel's settings, Permissions, and allow the bot View Channel.",
                    "If the channel was deleted, run comment-desk setup, and choose another.",
                ),
            )
        )
    else:
        findings += [
            Finding(name="Channel", good=True, words=f"#{channel.name}"),
            _permissions(channel, guild.me),
            _privacy(channel, guild),
            _forgetting(channel, guild.me),
        ]
    findings += editors_channel(guild, settings)
    findings += other_channels(guild, settings, routes)
    findings.append(roles(guild, settings))
    findings += mentions(guild, settings)
    findings += commands(guild, settings)
    return findings


def _permissions(channel: Place, me: discord.Member) -> Finding:
    have = channel.permissions_for(me)
    missing = [words for name, words in PERMISSIONS.items() if not getattr(have, name)]
    if missing:
        return _lacking("Permissions", channel, missing)
    return Finding(name="Permissions", good=True, words=f"all {len(PERMISSIONS)} are there")


def _forgetting(channel: Place, me: discord.Member) -> Finding:
    """Say what becomes of threads once somebody is erased; the right is asked for by nothing else."""
    if channel.permissions_for(me).manage_threads:
        words = "threads under the cards of whoever is erased are deleted"
    else:
        words = (
            "threads under the cards of whoever is erased stay until somebody deletes them, and "
            f"the log names them; with Manage Threads in #{channel.name} the bot does it"
        )
    return Finding(name="Forgetting", good=True, words=words)


def _privacy(channel: Place, guild: discord.Guild) -> Finding:
    if channel.permissions_for(guild.default_role).view_channel:
        return _public("Privacy", channel)
    return Finding(name="Privacy", good=True, words=f"#{channel.name} is private")
