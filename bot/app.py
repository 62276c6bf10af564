"""The composition root: builds, wires, starts and stops; the one place where all rooms meet."""

import asyncio
import gc
import logging
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from aiohttp import web

from bot.alerting import alert_jobs
from bot.cards.board import DiscordBoard
from bot.cards.outlet import Outlet
from bot.cards.presence import Presence
from bot.cards.questioner import Questioner
from bot.channel import channel_jobs, sources
from bot.client import DeskClient, Place, point_at, stay_connected
from bot.domain.decision import Action
from bot.domain.errors import DeskError
from bot.domain.ids import SiteId
from bot.domain.site import Ability, actions_of
from bot.domain.staff import Authority, Rank
from bot.ports import Clock, ClosingSite, PolledSite, Site
from bot.services.bans import end_bans
from bot.services.clock_watch import CLOCK, DISCORD, ClockWatch, watch_clock
from bot.services.deliver import carry_out_due, deliver_cards, deliver_orders
from bot.services.desk import Desk
from bot.services.poll import Watch, watch_site
from bot.services.receive import receive
from bot.services.returning import watch_returning
from bot.services.rules import PolicyHolder
from bot.services.second import expire
from bot.services.stories import hold_missed
from bot.shifting import shift_jobs
from bot.sites.base.context import DeskContext
from bot.sites.opening import open_site
from bot.sites.settings import SiteSettings
from bot.store.guard import only_desk
from bot.store.reminder import remember, require_known
from bot.store.sqlite import Store, open_store
from bot.web.app import make_app
from bot.web.health import Part
from bot.web.patience import Patience, runner_of
from bot.web.queued import read_queued
from bot.web.webhook_pings import Ping
from config.policy import load_policy
from config.settings import DiscordSettings, Settings, WebSettings

log = logging.getLogger(__name__)

_RECEIPTS_KEPT = timedelta(days=14)
_PRUNE_EVERY = timedelta(hours=6)
_FLUSH_FOR = 5.0
"""Seconds that a stopping desk still gives the sites to take what was decided."""

_YOUNG = 50_000
"""Objects made and not yet freed before the collector looks at them; some 1,500 reports' worth."""

_AFTER_A_FAULT = 5.0
_EXPIRE_EVERY = 30.0
_MIND_EVERY = 2.0


class CannotListen(DeskError):
    """The address that reports are sent to cannot be opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningDesk:
    """A desk that takes reports, and where it does."""

    desk: Desk
    presence: Presence
    address: str


def now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


@asynccontextmanager
async def running(
    settings: Settings, *, ready_timeout: float = 2.0, clock: Clock = now, anew: bool = False
) -> AsyncGenerator[RunningDesk]:
    """Run the desk for as long as the context lasts.

    At the end it stops taking reports first, then gives the sites what was decided, then leaves
    Discord, and closes the store last. `ready_timeout` is how long discord.py waits for more of
    the guild before it says it is ready, in seconds; `clock` is the time that the desk goes by;
    `anew` lets it begin with a new database where there was one before.

    Raises:
        DeskError: The policy, the database or an address is wrong; the sentence says how.
    """
    policy = PolicyHolder(partial(load_policy, settings.policy))
    async with AsyncExitStack() as stack:
        if not anew:
            require_known(settings.database)
        stack.enter_context(only_desk(settings.database))
        store = await stack.enter_async_context(open_store(settings.database))
        remember(settings.database)
        sites: dict[SiteId, Site] = {}
        clock_watch = ClockWatch(clock)
        desk = Desk(
            store=store,
            policy=policy,
            reload_policy=policy.reload,
            authority=authority(settings.discord),
            clock=clock,
            site_can=lambda name: _actions(sites.get(name)),
            can_close=lambda name: _closes(sites.get(name)),
        )
        context = DeskContext(policy=desk.policy, clock=clock, read_report=read_queued)
        for name, site in settings.sites.items():
            hear = partial(clock_watch.hear, name)
            opened = open_site(SiteId(name), site, context, hear_time=hear)
            sites[SiteId(name)] = await stack.enter_async_context(opened)
        presence = Presence(partial(clock_watch.hear, DISCORD))
        outlet = Outlet(presence, desk, partial(sources, desk, settings))
        watches = watches_of(settings.sites, sites)
        jobs = [
            partial(_connected, desk, settings.discord, presence, ready_timeout),
            partial(_draw, desk, settings.discord, outlet),
            Questioner(desk, outlet).keep_asking,
            partial(_prune, store),
            partial(_mind, store),
            partial(watch_clock, desk, clock_watch),
            partial(_expire_proposals, desk),
            partial(hold_missed, desk),
            *(
                partial(end_bans, desk, name)
                for name, site in sites.items()
                if Ability.TIMED_BAN not in site.abilities and Ability.UNBAN in site.abilities
            ),
            *(partial(deliver_orders, desk, name, site) for name, site in sites.items()),
            *(partial(watch_site, desk, watch) for watch in watches),
            partial(watch_returning, desk),
            *alert_jobs(desk, settings, outlet),
            *channel_jobs(desk, settings, outlet, sites),
            *shift_jobs(desk, settings.discord, outlet),
        ]
        stack.push_async_callback(_flush, desk, sites)
        await stack.enter_async_context(_background(jobs))
        address = await stack.enter_async_context(
            _listening(settings, desk, store, presence, watches, clock_watch)
        )
        yield RunningDesk(desk=desk, presence=presence, address=address)


class NoFolder(DeskError):
    """The database's folder is not there, which a misspelt path looks like."""


async def run(settings: Settings, *, anew: bool = False) -> None:
    """Run the desk until the task is cancelled; `anew` as for `running`.

    Raises:
        DeskError: It cannot start without losing something; the sentence says what to mend.
    """
    folder = settings.database.absolute().parent
    if not folder.is_dir():
        # A new database in a new folder would look like a desk that has forgotten everything.
        raise NoFolder(
            f"There is no folder {folder} for the database. Make it, or mend DESK_DATABASE if it "
            "is misspelt."
        )
    async with running(settings, anew=anew) as desk:
        spare_collector()
        log.info("taking reports at %s", desk.address)
        await asyncio.Event().wait()


def spare_collector() -> None:
    """Let the garbage collector go easy on the intake, for the rest of the process.

    At Python's own settings it looks through everything that reports under way hold, again and
    again, and finds nothing: a tenth of the time, and the longest waits of the loop. What was
    made at the start stays anyway.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)


def authority(discord: DiscordSettings) -> Authority:
    """Return which role gives which rank; a role named twice gives the higher one."""
    ranks: dict[int, Rank] = {}
    ranks |= dict.fromkeys(discord.moderator_roles, Rank.MODERATOR)
    ranks |= dict.fromkeys(discord.senior_roles, Rank.SENIOR)
    ranks |= dict.fromkeys(discord.editor_roles, Rank.EDITOR)
    return Authority(ranks=ranks)


async def _connected(
    desk: Desk, discord: DiscordSettings, presence: Presence, ready_timeout: float
) -> None:
    if discord.api_url and discord.gateway_url:
        point_at(discord.api_url, discord.gateway_url, allow_remote=discord.allow_remote_api)
    place = Place(
        guild_id=discord.guild_id,
        channel_id=discord.channel_id,
        rehearsal_channel_id=discord.rehearsal_channel_id,
        also=frozenset(
            place for place in (discord.editors_channel_id, discord.log_channel_id) if place
        ),
    )
    make = partial(DeskClient, desk, place, presence, ready_timeout=ready_timeout)
    await stay_connected(make, discord.token.get_secret_value(), desk.troubles)


def _actions(site: Site | None) -> frozenset[Action]:
    """Return what a site can carry out; one that left the settings can do nothing any more."""
    return actions_of(site.abilities) if site else frozenset({Action.KEEP, Action.REOPEN})


def _closes(site: Site | None) -> bool:
    return isinstance(site, ClosingSite) and Ability.CLOSE_STORY in site.abilities


def watches_of(settings: Mapping[str, SiteSettings], sites: Mapping[SiteId, Site]) -> list[Watch]:
    """Return a watch for each site that can be asked for reports."""
    return [
        Watch(name=name, site=site, every=settings[name].poll_every)
        for name, site in sites.items()
        if Ability.POLL in site.abilities and isinstance(site, PolledSite)
    ]


def pings_of(settings: Mapping[str, SiteSettings], watches: Sequence[Watch]) -> dict[SiteId, Ping]:
    """Return the sites that may tell that there is something to look up."""
    keyed = ((watch, settings[watch.name].ping_keys) for watch in watches)
    return {watch.name: Ping(keys=keys, heard=watch.ping.set) for watch, keys in keyed if keys}


async def _draw(desk: Desk, discord: DiscordSettings, outlet: Outlet) -> None:
    board = DiscordBoard(outlet, discord.channel_id, desk.policy, desk.clock, desk.site_can)
    await deliver_cards(desk, board)


async def _expire_proposals(desk: Desk) -> None:
    while True:
        await expire(desk)
        await asyncio.sleep(_EXPIRE_EVERY)


async def _prune(store: Store) -> None:
    while True:
        forgotten = await store.prune(now() - _RECEIPTS_KEPT)
        log.debug("forgot %s old receipts", forgotten)
        await asyncio.sleep(_PRUNE_EVERY.total_seconds())


async def _mind(store: Store) -> None:
    """Notice within seconds that the database's file was taken away, also when nobody writes."""
    said = ""
    while True:
        try:
            store.require_there()
        except DeskError as trouble:
            words = str(trouble)
        else:
            words = ""
        if words != said:
            log.error("%s", words or "The database is back in its place.")
        said = words
        await asyncio.sleep(_MIND_EVERY)


async def _flush(desk: Desk, sites: Mapping[SiteId, Site]) -> None:
    """Give the sites what was decided in the last moments; what they do not take now waits."""
    try:
        async with asyncio.timeout(_FLUSH_FOR):
            for name, site in sites.items():
                await _flush_one(desk, name, site)
    except TimeoutError:
        log.warning("some decisions wait for the next start to reach their site")


async def _flush_one(desk: Desk, name: SiteId, site: Site) -> None:
    while await carry_out_due(desk, name, site):
        pass


@asynccontextmanager
async def _background(jobs: Sequence[Callable[[], Awaitable[None]]]) -> AsyncGenerator[None]:
    """Run the jobs for as long as the context lasts; a fault in one does not end the others."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_kept_up(job)) for job in jobs]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
    except BaseExceptionGroup as trouble:
        # The jobs raise nothing, so this is what ended the context, wrapped.
        raise trouble.exceptions[0] from None


def _is_stopping() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _kept_up(job: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await job()
        except Exception:  # a task's boundary: reports must be taken whatever else fails
            if _is_stopping():
                # What failed at being stopped, as a store that is gone lets it, took the place
                # of the cancellation: to start again would be to go on for ever.
                return
            log.exception("a part of the desk failed and is started again")
            await asyncio.sleep(_AFTER_A_FAULT)
        else:
            return


async def _store_part(store: Store) -> Part:
    try:
        await store.require_well()
    except (DeskError, OSError) as trouble:
        return Part(name="store", ok=False, detail=str(trouble))
    return Part(name="store", ok=True)


@asynccontextmanager
async def _listening(
    settings: Settings,
    desk: Desk,
    store: Store,
    presence: Presence,
    watches: Sequence[Watch],
    clock_watch: ClockWatch,
) -> AsyncGenerator[str]:
    """Take reports over HTTP; yields the address, as the port may have been left to the system."""

    async def parts() -> Sequence[Part]:
        return (
            await _store_part(store),
            Part(name="clock", ok=not clock_watch.is_wrong, detail=clock_watch.words),
            discord_part(desk, presence),
            *(
                Part(
                    name=f"site {watch.name}",
                    ok=not watch.trouble and not watch.unread,
                    needed=False,
                    detail=watch.state,
                )
                for watch in watches
            ),
        )

    app = make_app(
        desk_ready=parts,
        receive=partial(receive, desk),
        sites={SiteId(name): site.keys for name, site in settings.sites.items()},
        policy=desk.policy,
        clock=desk.clock,
        clock_is_wrong=lambda: clock_watch.is_wrong,
        pings=pings_of(settings.sites, watches),
    )
    runner = runner_of(app, Patience())
    await runner.setup()
    try:
        await _open_door(runner, settings.web)
        host, port = runner.addresses[0][:2]
        yield f"http://{f'[{host}]' if ':' in host else host}:{port}"
    finally:
        await runner.cleanup()


def discord_part(desk: Desk, presence: Presence) -> Part:
    """Return how Discord is, with everything that it refuses for now."""
    said = [trouble.said for trouble in desk.troubles.standing if trouble.name != CLOCK]
    if presence.hold.left:
        until = desk.clock() + timedelta(seconds=presence.hold.left)
        said.insert(0, f"Discord holds the desk back until {until:%H:%M:%S} UTC; cards wait.")
    if not presence.is_here:
        said.insert(0, "not connected; cards are posted later")
    return Part(name="discord", ok=not said, needed=False, detail=" ".join(said))


async def _open_door(runner: web.AppRunner, door: WebSettings) -> None:
    try:
        await web.TCPSite(runner, door.host, door.port).start()
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        raise CannotListen(
            f"Reports cannot be taken at {door.host}, port {door.port}: {why}. Is the "
            "desk running already? Otherwise change DESK_WEB__HOST or DESK_WEB__PORT."
        ) from error
