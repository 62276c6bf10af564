"""What the Discord settings mean to the desk: where it speaks, and whose word counts."""

from collections.abc import Mapping
from typing import Final

from bot.domain.ids import Places
from bot.domain.policy import Policy
from bot.domain.set_up import CHANNELS, ROLES, Chosen, Setting, listed, numbers
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


_FIELDS: Final[Mapping[Setting, str]] = {
    **{setting: f"{setting}_id" for setting in CHANNELS},
    **{setting: str(setting) for setting in ROLES},
}
"""Which field of the settings says the same."""

_LAST_COUNTS: Final = (Setting.LOG_CHANNEL, Setting.EDITORS_CHANNEL, Setting.CHANNEL)
"""Of settings that name the same channel, the last is the one that is said."""


def sources(
    policy: Policy, discord: DiscordSettings, of_file: Chosen | None = None
) -> dict[int, str]:
    """Return every channel that is named now, each with what names it.

    `of_file` is what the file names: a channel that it does not name was picked by /setup.
    """
    named = {route.channel_id: "the policy's [[routes]]" for route in policy.routes}
    if discord.appeals_channel_id is not None:
        named[discord.appeals_channel_id] = f"{discord.variables}APPEALS_CHANNEL_ID"
    for setting in _LAST_COUNTS:
        field = _FIELDS[setting]
        value: int | None = getattr(discord, field)
        if value is not None:
            picked = of_file is not None and of_file.get(setting) != str(value)
            named[value] = "/setup" if picked else f"{discord.variables}{field.upper()}"
    return named


def field_of(setting: Setting) -> str:
    """Return what the file calls a channel or the roles that can be picked, after the group."""
    return _FIELDS[setting].upper()


def of_file(discord: DiscordSettings) -> Chosen:
    """Return the channels and roles that the file names, as they would be kept."""
    found: dict[Setting, str] = {}
    for setting, name in _FIELDS.items():
        value: int | list[int] | None = getattr(discord, name)
        found[setting] = listed(value) if isinstance(value, list) else str(value or "")
    return found


def with_chosen(discord: DiscordSettings, chosen: Chosen) -> DiscordSettings:
    """Return the settings with the channels and roles that are set in Discord over them."""
    update: dict[str, int | list[int]] = {}
    for setting, name in _FIELDS.items():
        ids = numbers(chosen.get(setting, ""))
        if setting in ROLES and setting in chosen:
            update[name] = list(ids)
        elif ids:
            update[name] = ids[0]
    return discord.model_copy(update=update)
