"""Wires what the desk does in its channels of its own accord into the running desk."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from bot.cards.board import Presence
from bot.cards.herald import DiscordHerald, Places
from bot.domain.ids import SiteId
from bot.ports import Site
from bot.roads import AppriseRoads
from bot.services.archive import keep_log
from bot.services.backlog import keep_digest
from bot.services.desk import Desk
from bot.services.remind import keep_reminding
from bot.services.stories import close_stories
from config.settings import Settings

Job = Callable[[], Awaitable[None]]


def channel_jobs(
    desk: Desk, settings: Settings, presence: Presence, sites: Mapping[SiteId, Site]
) -> list[Job]:
    """Return what runs for as long as the desk does."""
    discord = settings.discord
    places = Places(
        guild_id=discord.guild_id,
        channel_id=discord.channel_id,
        log_channel_id=discord.log_channel_id,
        editors_id=discord.editors_channel_id,
        editor_roles=tuple(discord.editor_roles),
    )
    roads = AppriseRoads(urls) if (urls := settings.alerts.urls) else None
    herald = DiscordHerald(presence, places, policy=desk.policy, roads=roads)
    jobs: list[Job] = [
        partial(keep_reminding, desk, herald),
        partial(keep_digest, desk, herald, discord.channel_id),
        *(partial(close_stories, desk, name, site) for name, site in sites.items()),
    ]
    if discord.log_channel_id is not None:
        jobs.append(partial(keep_log, desk, herald, discord.log_channel_id))
    return jobs
