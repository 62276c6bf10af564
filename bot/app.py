"""The composition root: builds, wires, starts and stops; the one place where all rooms meet."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from bot import logs
from bot.background import Job, background
from bot.cards.attempts import Presence
from bot.cards.cases.questions import Questioner
from bot.cards.drawing import in_plain_text
from bot.cards.messenger import DiscordMessenger
from bot.client import point_at, require_all_handled, stay_connected
from bot.domain.alerts import Reach
from bot.domain.ids import Places, SiteId
from bot.domain.readers.mail import MailServer
from bot.domain.sayings import Paged
from bot.domain.site import Ability
from bot.doors import doors
from bot.gateway import Gateway
from bot.limits import bucket_of_bot
from bot.mailer import Mailer
from bot.newsroom import (
    Newsroom,
    Opening,
    client_of,
    open_newsroom,
    open_pages,
    watched_of,
    watches_of,
)
from bot.pager import ApprisePager
from bot.ports import AskedSite, Clock, Site
from bot.renewal import Renewal, next_settings
from bot.services.alerts.delivery import alert_lane, road_lane
from bot.services.alerts.digest import digests
from bot.services.alerts.spike_worker import watch
from bot.services.authors.ban_evasion import watch_returning
from bot.services.authors.bans import end_bans
from bot.services.backups import keep_copying
from bot.services.cases.anchoring import keep_anchoring
from bot.services.cases.archive import keep_log
from bot.services.cases.backlog import keep_digest
from bot.services.cases.routing import channels
from bot.services.cases.two_person import keep_expiring
from bot.services.deliver import card_lane, order_lane
from bot.services.desk import Desk
from bot.services.outbox_worker import turn, work
from bot.services.privacy.retention import keep_forgetting
from bot.services.privacy.unsaying import forget_lane
from bot.services.readers.mail import mail_lane
from bot.services.readers.notice_case import keep_seeking
from bot.services.sites.poll import SitePoller, watch_site
from bot.services.staff.overview import keep_overview
from bot.services.staff.refused import keep_telling, keep_trying, watch_presence
from bot.services.staff.reminders import reminder_lane
from bot.services.staff.shift_timers import run_shift_timers
from bot.services.staff.staff_messages import message_lane
from bot.services.stories.story import closing_lane, hold_missed
from bot.services.upkeep import (
    keep_pruning,
    watch_clock,
    watch_file,
    watch_server,
)
from bot.signing import anchoring_of
from bot.sites.settings import SiteSettings
from bot.store.errors import TakenOver
from bot.store.guard import require_folder
from bot.web.kept_sockets import kept_open
from bot.web.listening import spare_collector
from bot.web.public.letters import written
from bot.web.webhook_pings import Ping
from config.discord import places_of, sources
from config.newsrooms import FIRST
from config.secrets import secrets_in
from config.settings import DiscordSettings, Settings

__all__ = ("RunningDesk", "now", "pings_of", "run", "running", "watches_of")

log = logging.getLogger(__name__)

_SITE_ANSWERS_WITHIN = timedelta(seconds=0.7)
"""How long a card waits for its site, so that it is edited once rather than twice."""
_FLUSH_FOR = 3.0
"""Seconds that a stopping desk still gives the sites to take what was decided. With what both doors
and Discord have it makes less than ten, in which many a service manager kills."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningDesk:
    """A desk that takes reports, and where it does; `others` are further newsrooms' desks."""

    desk: Desk
    presence: Presence
    address: str
    health_address: str
    others: Mapping[str, Desk] = field(default_factory=dict[str, Desk])


def now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    ready_timeout: float = 2.0,
    clock: Clock = now,
    anew: bool = False,
    stands_by: bool = False,
) -> AsyncGenerator[RunningDesk]:
    """Run the desk for as long as the context lasts.

    At the end it stops taking reports first, then gives the sites what was decided, then leaves
    Discord, and closes the store last. `ready_timeout` is how long discord.py waits for more of
    the guild before it says it is ready, in seconds; `clock` is the time that the desk goes by;
    `anew` lets it begin with a new database where there was one before.

    Every newsroom of the settings has all of its own, from the database to the client that hears
    its server; they share the connection to Discord, and the address that reports are sent to.

    Raises:
        DeskError: The policy, the database or an address is wrong; the sentence says how.
    """
    require_all_handled()
    logs.hide(secret for _, secret in secrets_in(settings))
    opening = Opening(clock=clock, anew=anew, stands_by=stands_by)
    async with AsyncExitStack() as stack:
        rooms = {
            name: await open_newsroom(stack, one, opening) for name, one in settings.each.items()
        }
        stack.push_async_callback(_flush_all, tuple(rooms.values()))
        connected = partial(_connected, settings, tuple(rooms.values()), ready_timeout)
        jobs = [job for room in rooms.values() for job in everything_that_runs(room)]
        await stack.enter_async_context(background([connected, *jobs]))
        watched = {name: watched_of(room) for name, room in rooms.items()}
        watches = [watch for room in rooms.values() for watch in room.watches]
        pings = pings_of(settings.sites, watches)
        addresses_of = await stack.enter_async_context(doors(settings, watched, pings))
        for room in rooms.values():
            await open_pages(stack, room)
        address, health = addresses_of
        first = rooms.pop(FIRST)
        yield RunningDesk(
            desk=first.desk,
            presence=first.presence,
            address=address,
            health_address=health,
            others={name: room.desk for name, room in rooms.items()},
        )


def everything_that_runs(parts: Newsroom) -> list[Job]:
    """Return every job of the desk, beside the connection to Discord and the taking of reports."""
    desk, settings, presence = parts.desk, parts.settings, parts.presence
    discord, urls = settings.discord, settings.alerts.urls
    places = places_of(discord)
    of_file = desk.files.places if desk.files is not None else None

    def named() -> Mapping[int, str]:
        return sources(desk.policy(), discord, of_file)

    messenger = DiscordMessenger(presence, desk, places, named)
    pager = ApprisePager(urls, partial(_in_plain_text, desk, places)) if urls else None
    reach = Reach(channel=places.editors_channel_id is not None, roads=pager is not None)
    jobs: list[Job] = [
        # The desk by itself.
        partial(keep_pruning, desk),
        partial(keep_forgetting, desk, lambda: parts.clock_watch.is_wrong),
        partial(keep_anchoring, desk, anchoring_of(settings), lambda: parts.clock_watch.is_wrong),
        partial(watch_file, desk),
        partial(keep_copying, desk, parts.backups),
        partial(watch_clock, desk, parts.clock_watch),
        partial(keep_expiring, desk),
        partial(hold_missed, desk),
        partial(watch_returning, desk),
        partial(run_shift_timers, desk),
        partial(watch, desk, reach),
        partial(digests, desk, reach),
        # The sites.
        partial(keep_seeking, desk, _asked(parts.sites)),
        *(partial(watch_site, desk, one) for one in parts.watches),
        *(job for name, site in parts.sites.items() for job in _jobs_of_site(desk, name, site)),
        # The channels.
        partial(work, card_lane(desk, messenger, site_answers_within=_SITE_ANSWERS_WITHIN)),
        Questioner(desk, messenger, presence).keep_asking,
        partial(work, reminder_lane(desk, messenger, pager)),
        partial(work, message_lane(desk, messenger)),
        partial(work, forget_lane(desk, messenger, named)),
        partial(keep_overview, desk, messenger),
        partial(keep_digest, desk, messenger),
        partial(keep_trying, desk, partial(_of_cards, desk, discord), messenger.is_mended),
        partial(watch_presence, desk, lambda: presence.is_here),
        partial(keep_telling, desk, messenger, pager, lambda: presence.is_here),
    ]
    # What only runs where the settings name something for it.
    if settings.server is not None:
        jobs.append(partial(watch_server, desk))
    if places.log_channel_id is not None:
        jobs.append(partial(keep_log, desk, messenger, places.log_channel_id))
    if places.editors_channel_id is not None:
        jobs.append(partial(work, alert_lane(desk, messenger)))
    if pager is not None:
        jobs.append(partial(work, road_lane(desk, pager)))
    if settings.public is not None and settings.public.smtp is not None:
        mailer = _mailer(desk, settings.public.smtp.server, settings.public.url)
        jobs.append(partial(work, mail_lane(desk, mailer.send)))
    return jobs


def _jobs_of_site(desk: Desk, name: SiteId, site: Site) -> list[Job]:
    jobs: list[Job] = [
        partial(work, order_lane(desk, name, site)),
        partial(work, closing_lane(desk, name, site)),
    ]
    if Ability.TIMED_BAN not in site.abilities and Ability.UNBAN in site.abilities:
        jobs.append(partial(end_bans, desk, name))
    return jobs


def _mailer(desk: Desk, server: MailServer, url: str) -> Mailer:
    return Mailer(server, lambda letter: written(letter, desk.policy(), url), desk.clock)


def _in_plain_text(desk: Desk, places: Places, what: Paged) -> tuple[str, str]:
    return in_plain_text(what, desk.policy(), places)


def _of_cards(desk: Desk, discord: DiscordSettings) -> frozenset[int]:
    return channels(desk.policy(), discord.channel_id)


async def run(
    settings: Settings,
    *,
    anew: bool = False,
    stands_by: bool = False,
    renewal: Renewal[Settings] | None = None,
) -> None:
    """Run the desk until the task is cancelled; `anew` and `stands_by` as for `running`.

    With a `renewal` it is begun anew in place whenever that has other settings, and whoever asks
    for something meanwhile waits for its answer.

    Raises:
        TakenOver: Another desk has taken over.
        DeskError: It cannot start without losing something; the sentence says what to mend.
    """
    renewed: Settings | None = settings
    with kept_open():
        while renewed is not None:
            for one in renewed.each.values():
                if one.database_url is None:
                    require_folder(one.database)
            async with running(renewed, anew=anew, stands_by=stands_by) as desk:
                spare_collector()
                log.info("taking reports at %s", desk.address)
                renewed, anew = await next_settings(renewal, _taken_over(desk)), False
    raise TakenOver


async def _taken_over(running_: RunningDesk) -> None:
    """Return once another desk has taken over any newsroom."""
    desks = (running_.desk, *running_.others.values())
    ends = [asyncio.ensure_future(one.store.taken_over()) for one in desks]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for end in ends:
            end.cancel()


async def _connected(settings: Settings, rooms: Sequence[Newsroom], ready_timeout: float) -> None:
    discord = settings.discord
    if discord.api_url and discord.gateway_url:
        point_at(discord.api_url, discord.gateway_url, allow_remote=discord.allow_remote_api)
    bucket = bucket_of_bot()
    clients = [partial(client_of, room, ready_timeout, bucket) for room in rooms]

    def together() -> Gateway:
        return Gateway([make() for make in clients], rooms[0].presence.hold, bucket)

    make = clients[0] if len(clients) == 1 else together
    troubles = [room.desk.troubles for room in rooms]
    await stay_connected(make, discord.token.get_secret_value(), troubles)


def _asked(sites: Mapping[SiteId, Site]) -> dict[SiteId, AskedSite]:
    return {
        name: site
        for name, site in sites.items()
        if Ability.FIND in site.abilities and isinstance(site, AskedSite)
    }


def pings_of(
    settings: Mapping[str, SiteSettings], watches: Sequence[SitePoller]
) -> dict[SiteId, Ping]:
    """Return the sites that may tell that there is something to look up."""
    keyed = ((watch, settings[watch.name].ping_keys) for watch in watches)
    return {watch.name: Ping(keys=keys, heard=watch.ping.set) for watch, keys in keyed if keys}


async def _flush_all(rooms: Sequence[Newsroom]) -> None:
    await asyncio.gather(*(_flush(room.desk, room.sites) for room in rooms))


async def _flush(desk: Desk, sites: Mapping[SiteId, Site]) -> None:
    """Give the sites what was decided in the last moments; what they do not take now waits.

    All at once, so that a slow one keeps nothing from the others.
    """
    try:
        async with asyncio.timeout(_FLUSH_FOR):
            async with asyncio.TaskGroup() as tasks:
                for name, site in sites.items():
                    tasks.create_task(_flush_one(desk, name, site))
    except TimeoutError:
        log.warning("some decisions wait for the next start to reach their site")
    except BaseExceptionGroup as trouble:
        raise trouble.exceptions[0] from None


async def _flush_one(desk: Desk, name: SiteId, site: Site) -> None:
    lane = order_lane(desk, name, site)
    try:
        while await turn(lane):
            pass
    except TakenOver:
        log.warning("what was decided is given to %s by the desk that has taken over", name)
