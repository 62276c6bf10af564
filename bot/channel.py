"""Wires what the desk does in its channels of its own accord into the running desk."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from bot.cards.board import Presence
from bot.cards.herald import DiscordHerald
from bot.domain.ids import SiteId
from bot.ports import Site
from bot.services.archive import keep_log
from bot.services.backlog import keep_digest
from bot.services.desk import Desk
from bot.services.remind import keep_reminding
from bot.services.stories import close_stories
from config.settings import DiscordSettings

Job = Callable[[], Awaitable[None]]


def channel_jobs(
    desk: Desk, discord: DiscordSettings, presence: Presence, sites: Mapping[SiteId, Site]
) -> list[Job]:
    """Return what runs for as long as the desk does."""
    herald = DiscordHerald(
        presence,
        guild_id=discord.guild_id,
        channel_id=discord.channel_id,
        log_channel_id=discord.log_channel_id,
        policy=desk.policy,
    )
    jobs: list[Job] = [
        partial(keep_reminding, desk, herald),
        partial(keep_digest, desk, herald, discord.channel_id),
        *(partial(close_stories, desk, name, site) for name, site in sites.items()),
    ]
    if discord.log_channel_id is not None:
        jobs.append(partial(keep_log, desk, herald, discord.log_channel_id))
    return jobs
