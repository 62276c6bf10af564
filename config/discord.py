"""What the Discord settings mean to the desk: where it speaks, and whose word counts."""

from bot.domain.ids import Places
from bot.domain.policy import Policy
from bot.domain.staff import Authority, Rank
from config.settings import DiscordSettings


def authority(discord: DiscordSettings) -> Authority:
    """Return which role gives which rank; a role named twice gives the higher one."""
    ranks: dict[int, Rank] = {}
    ranks |= dict.fromkeys(discord.moderator_roles, Rank.MODERATOR)
    ranks |= dict.fromkeys(discord.senior_roles, Rank.SENIOR)
    ranks |= dict.fromkeys(discord.editor_roles, Rank.EDITOR)
    return Authority(ranks=ranks)


def places_of(discord: DiscordSettings) -> Places:
    """Return where the desk speaks, and whose roles it calls there."""
    return Places(
        guild_id=discord.guild_id,
        channel_id=discord.channel_id,
        log_channel_id=discord.log_channel_id,
        editors_channel_id=discord.editors_channel_id,
        appeals_channel_id=discord.appeals_channel_id,
        moderator_roles=tuple(discord.moderator_roles),
        senior_roles=tuple(discord.senior_roles),
        editor_roles=tuple(discord.editor_roles),
    )


def sources(policy: Policy, discord: DiscordSettings) -> dict[int, str]:
    """Return every channel that is named now, each with the setting that names it."""
    named = {route.channel_id: "the policy's [[routes]]" for route in policy.routes}
    if discord.log_channel_id is not None:
        named[discord.log_channel_id] = "DESK_DISCORD__LOG_CHANNEL_ID"
    if discord.appeals_channel_id is not None:
        named[discord.appeals_channel_id] = "DESK_DISCORD__APPEALS_CHANNEL_ID"
    if discord.editors_channel_id is not None:
        named[discord.editors_channel_id] = "DESK_DISCORD__EDITORS_CHANNEL_ID"
    named[discord.channel_id] = "DESK_DISCORD__CHANNEL_ID"
    return named
