"""Wires what the desk does in its channels of its own accord into the running desk."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from bot.cards.herald import DiscordHerald, Places
from bot.cards.outlet import Outlet
from bot.domain.ids import SiteId
from bot.ports import Site
from bot.roads import AppriseRoads
from bot.services.archive import keep_log
from bot.services.backlog import keep_digest
from bot.services.desk import Desk
from bot.services.refused import keep_telling, keep_trying
from bot.services.remind import keep_reminding
from bot.services.routing import channels
from bot.services.stories import close_stories
from config.settings import Settings

Job = Callable[[], Awaitable[None]]


def sources(desk: Desk, settings: Settings) -> dict[int, str]:
    """Return every channel that is named now, each with the setting that names it."""
    discord = settings.discord
    named = {route.channel_id: "the policy's [[routes]]" for route in desk.policy().routes}
    if discord.log_channel_id is not None:
        named[discord.log_channel_id] = "DESK_DISCORD__LOG_CHANNEL_ID"
    if discord.editors_channel_id is not None:
        named[discord.editors_channel_id] = "DESK_DISCORD__EDITORS_CHANNEL_ID"
    named[discord.channel_id] = "DESK_DISCORD__CHANNEL_ID"
    return named


def _of_cards(desk: Desk, settings: Settings) -> frozenset[int]:
    return channels(desk.policy(), settings.discord.channel_id)


def channel_jobs(
    desk: Desk, settings: Settings, outlet: Outlet, sites: Mapping[SiteId, Site]
) -> list[Job]:
    """Return what runs for as long as the desk does."""
    discord = settings.discord
    places = Places(
        guild_id=discord.guild_id,
        channel_id=discord.channel_id,
        log_channel_id=discord.log_channel_id,
        editors_id=discord.editors_channel_id,
        editor_roles=tuple(discord.editor_roles),
        senior_roles=tuple(discord.senior_roles),
    )
    roads = AppriseRoads(urls) if (urls := settings.alerts.urls) else None
    herald = DiscordHerald(outlet, places, policy=desk.policy, roads=roads)
    jobs: list[Job] = [
        partial(keep_reminding, desk, herald),
        partial(keep_digest, desk, herald, discord.channel_id),
        partial(keep_trying, desk, partial(_of_cards, desk, settings), outlet.is_mended),
        partial(keep_telling, desk, herald, roads),
        *(partial(close_stories, desk, name, site) for name, site in sites.items()),
    ]
    if discord.log_channel_id is not None:
        jobs.append(partial(keep_log, desk, herald, discord.log_channel_id))
    return jobs
