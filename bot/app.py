"""The composition root: builds, wires, starts and stops; the one place where all rooms meet."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from bot import logs
from bot.background import Job, background
from bot.cards.attempts import Presence
from bot.cards.cases.questions import Questioner
from bot.cards.drawing import in_plain_text
from bot.cards.messenger import DiscordMessenger
from bot.client import DeskClient, Place, point_at, require_all_handled, stay_connected
from bot.domain.alerts import Reach
from bot.domain.decisions import Action
from bot.domain.ids import Places, SiteId
from bot.domain.readers.mail import MailServer
from bot.domain.sayings import Paged
from bot.domain.site import Ability, actions_of
from bot.doors import backups_of, doors, state_of
from bot.mailer import Mailer
from bot.pager import ApprisePager
from bot.ports import AskedSite, Clock, ClosingSite, PolledSite, Site
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
from bot.services.desk import Desk, Files
from bot.services.outbox_worker import turn, work
from bot.services.privacy.person import forget_again
from bot.services.privacy.retention import keep_forgetting
from bot.services.privacy.unsaying import forget_lane
from bot.services.readers.mail import mail_lane
from bot.services.readers.notice_case import keep_seeking
from bot.services.readers.statement import addresses
from bot.services.rules import PolicyHolder
from bot.services.sites.poll import SitePoller, watch_site
from bot.services.staff.overview import keep_overview
from bot.services.staff.refused import keep_telling, keep_trying, watch_presence
from bot.services.staff.reminders import reminder_lane
from bot.services.staff.shift_timers import run_shift_timers
from bot.services.staff.staff_messages import message_lane
from bot.services.stories.story import closing_lane, hold_missed
from bot.services.upkeep import (
    DISCORD,
    ClockWatch,
    keep_pruning,
    watch_clock,
    watch_file,
    watch_server,
)
from bot.signing import anchoring_of
from bot.sites.base.context import DeskContext
from bot.sites.opening import open_site
from bot.sites.settings import SiteSettings
from bot.store.backups import Backups
from bot.store.errors import TakenOver
from bot.store.guard import require_folder
from bot.store.opening import beside, open_alone, place_of
from bot.store.remembering import Forgotten
from bot.web.gauges import Watched
from bot.web.kept_sockets import kept_open
from bot.web.listening import spare_collector
from bot.web.public.letters import written
from bot.web.readers_pages import readers_pages
from bot.web.reading import read_queued
from bot.web.webhook_pings import Ping
from config.discord import authority, of_file, places_of, sources, with_chosen
from config.policy import load_policy
from config.secrets import secrets_in
from config.settings import DiscordSettings, Settings

log = logging.getLogger(__name__)

_SITE_ANSWERS_WITHIN = timedelta(seconds=0.7)
"""How long a card waits for its site, so that it is edited once rather than twice."""
_FLUSH_FOR = 3.0
"""Seconds that a stopping desk still gives the sites to take what was decided. With what both doors
and Discord have it makes less than ten, in which many a service manager kills."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningDesk:
    """A desk that takes reports, and where it does."""

    desk: Desk
    presence: Presence
    address: str
    health_address: str


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

    Raises:
        DeskError: The policy, the database or an address is wrong; the sentence says how.
    """
    require_all_handled()
    logs.hide(secret for _, secret in secrets_in(settings))
    policy = PolicyHolder(partial(load_policy, settings.policy))
    async with AsyncExitStack() as stack:
        place = place_of(settings.database, settings.server)
        store = await stack.enter_async_context(open_alone(place, anew=anew, stands_by=stands_by))
        files = Files(places=of_file(settings.discord), policy=policy.of_file, choose=policy.choose)
        chosen = await store.read(lambda tx: tx.set_up.chosen())
        policy.choose(chosen)
        discord = with_chosen(settings.discord, chosen)
        settings = settings.model_copy(update={"discord": discord})
        sites: dict[SiteId, Site] = {}
        keys = {name: site.keys for name, site in settings.sites.items()}
        clock_watch = ClockWatch(clock)
        desk = Desk(
            store=store,
            policy=policy,
            reload_policy=policy.reload,
            authority=authority(settings.discord),
            clock=clock,
            site_can=lambda name: _actions(sites.get(name)),
            can_close=lambda name: _closes(sites.get(name)),
            statement_url=addresses(settings.public and settings.public.url, keys),
            writes_mail=settings.public is not None and settings.public.smtp is not None,
            files=files,
        )
        await forget_again(desk, Forgotten(beside(place)))
        context = DeskContext(
            policy=desk.policy,
            clock=clock,
            read_report=read_queued,
            readers_url=settings.public and settings.public.url,
        )
        await _open_sites(stack, settings, context, clock_watch, sites)
        presence = Presence(partial(clock_watch.hear, DISCORD))
        watches = watches_of(settings.sites, sites)
        parts = _Parts(
            settings=settings,
            desk=desk,
            sites=sites,
            watches=watches,
            clock_watch=clock_watch,
            presence=presence,
            backups=backups_of(settings),
        )
        stack.push_async_callback(_flush, desk, sites)
        connected = partial(_connected, desk, settings.discord, presence, ready_timeout)
        await stack.enter_async_context(background([connected, *everything_that_runs(parts)]))
        watched = Watched(
            desk=desk,
            clock=clock_watch,
            watches=watches,
            discord=partial(state_of, presence),
            backups=parts.backups,
        )
        pings = pings_of(settings.sites, watches)
        addresses_of = await stack.enter_async_context(doors(settings, watched, pings))
        if settings.public is not None:
            readable = [site.of_readers(SiteId(name)) for name, site in settings.sites.items()]
            pages = readers_pages(desk, readable, **settings.public.model_dump(exclude={"smtp"}))
            await stack.enter_async_context(pages)
        address, health = addresses_of
        yield RunningDesk(desk=desk, presence=presence, address=address, health_address=health)


async def _open_sites(
    stack: AsyncExitStack,
    settings: Settings,
    context: DeskContext,
    clock_watch: ClockWatch,
    sites: dict[SiteId, Site],
) -> None:
    for name, site in settings.sites.items():
        hear = partial(clock_watch.hear, name)
        opened = open_site(SiteId(name), site, context, hear_time=hear)
        sites[SiteId(name)] = await stack.enter_async_context(opened)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What the desk is made of, once all of it is open."""

    settings: Settings
    desk: Desk
    sites: Mapping[SiteId, Site]
    watches: Sequence[SitePoller]
    clock_watch: ClockWatch
    presence: Presence
    backups: Backups


def everything_that_runs(parts: _Parts) -> list[Job]:
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
            if renewed.database_url is None:
                require_folder(renewed.database)
            async with running(renewed, anew=anew, stands_by=stands_by) as desk:
                spare_collector()
                log.info("taking reports at %s", desk.address)
                renewed, anew = await next_settings(renewal, desk.desk.store.taken_over()), False
    raise TakenOver


async def _connected(
    desk: Desk, discord: DiscordSettings, presence: Presence, ready_timeout: float
) -> None:
    if discord.api_url and discord.gateway_url:
        point_at(discord.api_url, discord.gateway_url, allow_remote=discord.allow_remote_api)
    place = Place(
        guild_id=discord.guild_id,
        channel_id=discord.channel_id,
        rehearsal_channel_id=discord.rehearsal_channel_id,
        also=frozenset(places_of(discord).all) - {discord.channel_id},
    )
    make = partial(DeskClient, desk, place, presence, ready_timeout=ready_timeout)
    await stay_connected(make, discord.token.get_secret_value(), desk.troubles)


def _actions(site: Site | None) -> frozenset[Action]:
    """Return what a site can carry out; one that left the settings can do nothing any more."""
    return actions_of(site.abilities) if site else frozenset({Action.KEEP, Action.REOPEN})


def _asked(sites: Mapping[SiteId, Site]) -> dict[SiteId, AskedSite]:
    return {
        name: site
        for name, site in sites.items()
        if Ability.FIND in site.abilities and isinstance(site, AskedSite)
    }


def _closes(site: Site | None) -> bool:
    return isinstance(site, ClosingSite) and Ability.CLOSE_STORY in site.abilities


def watches_of(
    settings: Mapping[str, SiteSettings], sites: Mapping[SiteId, Site]
) -> list[SitePoller]:
    """Return a watch for each site that can be asked for reports."""
    return [
        SitePoller(name=name, site=site, every=settings[name].poll_every)
        for name, site in sites.items()
        if Ability.POLL in site.abilities and isinstance(site, PolledSite)
    ]


def pings_of(
    settings: Mapping[str, SiteSettings], watches: Sequence[SitePoller]
) -> dict[SiteId, Ping]:
    """Return the sites that may tell that there is something to look up."""
    keyed = ((watch, settings[watch.name].ping_keys) for watch in watches)
    return {watch.name: Ping(keys=keys, heard=watch.ping.set) for watch, keys in keyed if keys}


async def _flush(desk: Desk, sites: Mapping[SiteId, Site]) -> None:
    """Give the sites what was decided in the last moments; what they do not take now waits."""
    try:
        async with asyncio.timeout(_FLUSH_FOR):
            for name, site in sites.items():
                await _flush_one(desk, name, site)
    except TimeoutError:
        log.warning("some decisions wait for the next start to reach their site")
    except TakenOver:
        log.warning("what was decided is given to the sites by the desk that has taken over")


async def _flush_one(desk: Desk, name: SiteId, site: Site) -> None:
    lane = order_lane(desk, name, site)
    while await turn(lane):
        pass
