"""One newsroom of a desk: its record, its sites, its rules, and its client in Discord."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from bot.cards.attempts import Hold, Presence
from bot.client import DeskClient, Place
from bot.domain.decisions import Action
from bot.domain.ids import SiteId
from bot.domain.site import Ability, actions_of
from bot.doors import backups_of, state_of
from bot.limits import Bucket
from bot.ports import Clock, ClosingSite, PolledSite, Site
from bot.services.desk import Desk, Files
from bot.services.privacy.person import forget_again
from bot.services.readers.statement import addresses
from bot.services.rules import PolicyHolder
from bot.services.sites.poll import SitePoller
from bot.services.upkeep import (
    DISCORD,
    ClockWatch,
)
from bot.sites.base.context import DeskContext
from bot.sites.opening import open_site
from bot.sites.settings import SiteSettings
from bot.store.backups import Backups
from bot.store.opening import beside, open_alone, open_store, place_of, require_shared
from bot.store.remembering import Forgotten
from bot.store.store import Place as StorePlace
from bot.store.store import Store
from bot.web.gauges import Watched
from bot.web.readers_pages import readers_pages
from bot.web.reading import read_queued
from config.discord import authority, of_file, places_of, with_chosen
from config.newsrooms import FIRST
from config.policy import policy_of
from config.settings import Settings

Only = Literal["web", "deliver", "gateway"]
"""What one process of several does: it takes what comes over HTTP, it carries out what is asked of
the sites and of mail, or it does all the rest, which one process at a time may."""


def runs_alone(only: Only | None) -> bool:
    """Whether a process does what one at a time may; the one that does everything does."""
    return only in {None, "gateway"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How newsrooms are opened, and what they share."""

    clock: Clock
    anew: bool
    stands_by: bool
    only: Only | None = None
    hold: Hold = field(default_factory=Hold)


async def open_newsroom(
    stack: AsyncExitStack, settings: Settings, opening: Opening, *, name: str = ""
) -> "Newsroom":
    """Open a newsroom, whose settings are given as if it were the only one.

    `name` is what the log calls it: nothing where it is.
    """
    policy = PolicyHolder(partial(policy_of, settings))
    place = place_of(settings.database, settings.server)
    store = await stack.enter_async_context(_store(place, opening))
    files = Files(places=of_file(settings.discord), policy=policy.of_file, choose=policy.choose)
    chosen = await store.read(lambda tx: tx.set_up.chosen())
    policy.choose(chosen)
    discord, named = with_chosen(settings.discord, chosen), settings.discord.channels
    settings = settings.model_copy(update={"discord": discord})
    sites: dict[SiteId, Site] = {}
    keys = {name: site.keys for name, site in settings.sites.items()}
    clock_watch = ClockWatch(opening.clock)
    desk = Desk(
        store=store,
        policy=policy,
        reload_policy=policy.reload,
        authority=authority(settings.discord),
        clock=opening.clock,
        site_can=lambda name: _actions(sites.get(name)),
        can_close=lambda name: _closes(sites.get(name)),
        statement_url=addresses(settings.public and settings.public.url, keys),
        writes_mail=settings.public is not None and settings.public.smtp is not None,
        files=files,
    )
    if runs_alone(opening.only):
        await forget_again(desk, Forgotten(beside(place)))
    context = DeskContext(
        policy=desk.policy,
        clock=opening.clock,
        read_report=read_queued,
        readers_url=settings.public and settings.public.url,
    )
    await _open_sites(stack, settings, context, clock_watch, sites)
    return Newsroom(
        name=name,
        settings=settings,
        of_file=named,
        desk=desk,
        sites=sites,
        watches=watches_of(settings.sites, sites),
        clock_watch=clock_watch,
        presence=Presence(partial(clock_watch.hear, DISCORD), opening.hold),
        backups=backups_of(settings),
    )


def _store(place: StorePlace, opening: Opening) -> AbstractAsyncContextManager[Store]:
    if opening.only is not None:
        require_shared(place)
    if runs_alone(opening.only):
        return open_alone(place, anew=opening.anew, stands_by=opening.stands_by)
    return open_store(place)


def watched_of(room: "Newsroom", only: Only | None = None) -> Watched:
    """Return what there is to say of how a newsroom is; of Discord and polls, where it has them."""
    alone = runs_alone(only)
    return Watched(
        desk=room.desk,
        clock=room.clock_watch,
        watches=room.watches if alone else (),
        discord=partial(state_of, room.presence) if alone else None,
        backups=room.backups,
    )


async def open_pages(stack: AsyncExitStack, room: "Newsroom") -> None:
    """Open a newsroom's pages for its readers, where its settings ask for them."""
    public, sites = room.settings.public, room.settings.sites
    if public is not None:
        readable = [site.of_readers(SiteId(name)) for name, site in sites.items()]
        told = public.model_dump(exclude={"smtp"})
        own = (
            f"NEWSROOMS__{room.name.upper()}__PUBLIC" if room.name not in {"", FIRST} else "PUBLIC"
        )
        pages = readers_pages(room.desk, readable, **told, group=own)
        await stack.enter_async_context(pages)


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
class Newsroom:
    """What a newsroom's desk is made of, once all of it is open.

    `name` is empty for the only one. `of_file` are the channels that its files name, while the
    settings have those in their place that were picked by /setup.
    """

    name: str
    settings: Settings
    of_file: frozenset[int]
    desk: Desk
    sites: Mapping[SiteId, Site]
    watches: Sequence[SitePoller]
    clock_watch: ClockWatch
    presence: Presence
    backups: Backups


def client_of(room: Newsroom, ready_timeout: float, bucket: Bucket) -> DeskClient:
    """Return a new client that works in the newsroom's server."""
    discord = room.settings.discord
    place = Place(
        guild_id=discord.guild_id,
        channel_id=discord.channel_id,
        rehearsal_channel_id=discord.rehearsal_channel_id,
        also=frozenset(places_of(discord).all) - {discord.channel_id},
        of_file=room.of_file,
    )
    return DeskClient(
        room.desk,
        place,
        room.presence,
        ready_timeout=ready_timeout,
        bucket=bucket,
        newsroom=room.name,
    )


def _actions(site: Site | None) -> frozenset[Action]:
    """Return what a site can carry out; one that left the settings can do nothing any more."""
    return actions_of(site.abilities) if site else frozenset({Action.KEEP, Action.REOPEN})


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
