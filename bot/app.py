"""The composition root: builds, wires, starts and stops; the one place where all rooms meet."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from bot import logs
from bot.background import background, unwrapped
from bot.cards.attempts import Presence
from bot.client import point_at, require_all_handled, stay_connected
from bot.domain.ids import SiteId
from bot.doors import doors, health_alone
from bot.gateway import Gateway
from bot.jobs import jobs_of
from bot.limits import bucket_of_bot
from bot.newsroom import (
    Newsroom,
    Only,
    Opening,
    client_of,
    open_newsroom,
    open_pages,
    runs_alone,
    watched_of,
    watches_of,
)
from bot.ports import Clock, Site
from bot.renewal import Renewal, next_settings
from bot.services.about import in_newsroom, newsroom_now
from bot.services.deliver import order_lane
from bot.services.desk import Desk
from bot.services.outbox_worker import turn
from bot.services.sites.poll import SitePoller
from bot.sites.settings import SiteSettings
from bot.store.errors import TakenOver
from bot.store.guard import require_folder
from bot.store.opening import place_of, require_apart
from bot.store.store import Place
from bot.web.kept_sockets import kept_open
from bot.web.listening import spare_collector
from bot.web.webhook_pings import Ping
from config.newsrooms import FIRST
from config.secrets import secrets_in
from config.settings import Settings

__all__ = ("RunningDesk", "now", "pings_of", "run", "running", "watches_of")

log = logging.getLogger(__name__)

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


def _place_of(settings: Settings) -> Place:
    return place_of(settings.database, settings.server)


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    ready_timeout: float = 1.0,
    clock: Clock = now,
    anew: bool = False,
    stands_by: bool = False,
    only: Only | None = None,
) -> AsyncGenerator[RunningDesk]:
    """Run the desk for as long as the context lasts, or `only` one of its processes.

    At the end it stops taking reports first, then gives the sites what was decided, then leaves
    Discord, and closes the store last. `ready_timeout` is how long discord.py waits for more of
    the guild before it says it is ready, in seconds; `clock` is the time that the desk goes by;
    `anew` lets it begin with a new database where there was one before.

    Every newsroom of the settings has all of its own, from the database to the client that hears
    its server; they share the connection to Discord, and the address that reports are sent to.

    Raises:
        DeskError: The policy, the database or an address is wrong; the sentence says how.
    """
    alone = runs_alone(only)
    if alone:
        require_all_handled()
    logs.hide(secret for _, secret in secrets_in(settings))
    opening = Opening(clock=clock, anew=anew, stands_by=stands_by, only=only)
    await require_apart({name: _place_of(one) for name, one in settings.each.items()})
    async with AsyncExitStack() as stack:
        rooms = dict[str, Newsroom]()
        for name, one in settings.each.items():
            with in_newsroom(name if settings.newsrooms else ""):
                rooms[name] = await open_newsroom(stack, one, opening, name=newsroom_now())
        if only in {None, "deliver"}:
            stack.push_async_callback(_flush_all, tuple(rooms.values()))
        jobs = {room.name: jobs_of(room, only) for room in rooms.values()}
        if alone:
            connected = partial(_connected, settings, tuple(rooms.values()), ready_timeout)
            jobs[""] = [*jobs.get("", ()), connected]
        await stack.enter_async_context(background(jobs))
        address, health = await _listening(stack, settings, rooms, only)
        first = rooms.pop(FIRST)
        yield RunningDesk(
            desk=first.desk,
            presence=first.presence,
            address=address,
            health_address=health,
            others={name: room.desk for name, room in rooms.items()},
        )


async def _listening(
    stack: AsyncExitStack, settings: Settings, rooms: Mapping[str, Newsroom], only: Only | None
) -> tuple[str, str]:
    """Listen where the process is to; return where reports are taken, and where it says how it is."""
    watched = {name: watched_of(room, only) for name, room in rooms.items()}
    if only in {"deliver", "gateway"}:
        return "", await stack.enter_async_context(health_alone(settings, watched))
    watches = [watch for room in rooms.values() for watch in room.watches]
    pings = pings_of(settings.sites, watches)
    addresses_of = await stack.enter_async_context(doors(settings, watched, pings))
    for room in rooms.values():
        with in_newsroom(room.name):  # what is listened at here answers within it
            await open_pages(stack, room)
    return addresses_of


async def run(
    settings: Settings,
    *,
    anew: bool = False,
    stands_by: bool = False,
    only: Only | None = None,
    renewal: Renewal[Settings] | None = None,
) -> None:
    """Run the desk until the task is cancelled; `anew`, `stands_by`, `only` as for `running`.

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
            begun = running(renewed, anew=anew, stands_by=stands_by, only=only)
            async with begun as desk:
                spare_collector()
                if desk.address:
                    log.info("taking reports at %s", desk.address)
                else:
                    log.info("this process does its part of the desk's work: %s", only)
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


def pings_of(
    settings: Mapping[str, SiteSettings], watches: Sequence[SitePoller]
) -> dict[SiteId, Ping]:
    """Return the sites that may tell that there is something to look up."""
    keyed = ((watch, settings[watch.name].ping_keys) for watch in watches)
    return {watch.name: Ping(keys=keys, heard=watch.ping.set) for watch, keys in keyed if keys}


async def _flush_all(rooms: Sequence[Newsroom]) -> None:
    """Let every newsroom have its time, though one of them fails at once."""
    flushes = [_flush(room) for room in rooms]
    ends = await asyncio.gather(*flushes, return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException):
            raise end


async def _flush(room: Newsroom) -> None:
    """Give the sites what was decided in the last moments; what they do not take now waits.

    All at once, so that a slow one keeps nothing from the others.
    """
    with unwrapped(), in_newsroom(room.name):
        try:
            async with asyncio.timeout(_FLUSH_FOR), asyncio.TaskGroup() as tasks:
                for name, site in room.sites.items():
                    tasks.create_task(_flush_one(room.desk, name, site))
        except TimeoutError:
            log.warning("some decisions wait for the next start to reach their site")


async def _flush_one(desk: Desk, name: SiteId, site: Site) -> None:
    lane = order_lane(desk, name, site)
    try:
        while await turn(lane):
            pass
    except TakenOver:
        log.warning("what was decided is given to %s by the desk that has taken over", name)
