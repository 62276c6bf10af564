"""The addresses that a desk answers at: the one for reports, and the one that says how it is."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial

from bot.cards.attempts import Presence
from bot.domain.comments import Receipt, Report
from bot.domain.ids import SiteId
from bot.services.about import in_newsroom
from bot.services.cases.receive import receive
from bot.services.desk import Desk
from bot.store.backups import Backups
from bot.web.app import make_app, make_health_app
from bot.web.gauges import DeskGauges, DiscordState, Watched
from bot.web.health import Metrics
from bot.web.listening import listening, telling_health
from bot.web.newsrooms import readiness_of, told_of
from bot.web.webhook_pings import Ping
from config.newsrooms import FIRST
from config.settings import Settings


@asynccontextmanager
async def doors(
    settings: Settings, watched: Watched | Mapping[str, Watched], pings: Mapping[SiteId, Ping]
) -> AsyncGenerator[tuple[str, str]]:
    """Take reports, and say how the desk is; yields both addresses, which may be one.

    `watched` is what there is to say, by newsrooms where there are several. A report goes to the
    newsroom that its site belongs to, whose house rules it is read by.

    Raises:
        CannotListen: Something else is there; the sentence says what to do.
    """
    rooms = {FIRST: watched} if isinstance(watched, Watched) else watched
    first, at = rooms[FIRST], settings.web
    gauges = {name: DeskGauges(one) for name, one in rooms.items()}
    metrics, ready = Metrics(told_of(gauges)), readiness_of(rooms)
    owners = {SiteId(site): name for name, one in settings.each.items() for site in one.sites}
    desks = {site: rooms[name].desk for site, name in owners.items()}
    called = owners if settings.newsrooms else dict.fromkeys(owners, "")
    place = settings.health.place(at)
    reports = make_app(
        desk_ready=ready,
        receive=partial(_receive, desks, called),
        sites={SiteId(name): site.keys for name, site in settings.sites.items()},
        policy=first.desk.policy,
        policy_of=lambda site: desks[site].policy().at(site),
        rules_for_all=len(rooms) == 1,
        newsroom_of=called.__getitem__,
        clock=first.desk.clock,
        clock_is_wrong=lambda: any(one.clock.is_wrong for one in rooms.values()),
        pings=pings,
        metrics=metrics,
        tells_health=place is None,
    )
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(listening(reports, at.host, at.port))
        if place is None:
            yield address, address
            return
        insists = settings.health.port is not None
        health = telling_health(make_health_app(metrics, ready), place, insists=insists)
        yield address, await stack.enter_async_context(health)


async def _receive(
    desks: Mapping[SiteId, Desk], called: Mapping[SiteId, str], reports: Sequence[Report]
) -> Sequence[Receipt]:
    """Store reports of one site with the newsroom that has it."""
    site = reports[0].site
    with in_newsroom(called[site]):
        return await receive(desks[site], reports)


@asynccontextmanager
async def health_alone(settings: Settings, rooms: Mapping[str, Watched]) -> AsyncGenerator[str]:
    """Say how a process is that takes no reports; yields the address.

    Raises:
        CannotListen: Something else is there, and the settings insist on it.
    """
    at, place = settings.web, settings.health.place(settings.web)
    gauges = {name: DeskGauges(one) for name, one in rooms.items()}
    app = make_health_app(Metrics(told_of(gauges)), readiness_of(rooms))
    insists = settings.health.port is not None
    async with telling_health(app, place or (at.host, at.port), insists=insists) as address:
        yield address


def state_of(presence: Presence) -> DiscordState:
    """Return how Discord is now."""
    return DiscordState(
        is_here=presence.is_here,
        latency=presence.latency,
        held=presence.hold.left,
        answers=presence.answers,
        took=presence.took,
    )


def backups_of(settings: Settings) -> Backups:
    """Return the backups that the settings ask for; a server's database is backed up there."""
    kept, database = settings.backups, settings.database
    every = timedelta(hours=0 if settings.server else kept.every_hours)
    return Backups(database, kept.folder_of(database), keep=kept.keep, every=every)
