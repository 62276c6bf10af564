"""Every job that runs for as long as the desk does, by which process it belongs to."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from bot.background import Job
from bot.cards.cases.questions import Questioner
from bot.cards.drawing import in_plain_text
from bot.cards.messenger import DiscordMessenger
from bot.domain.alerts import Reach
from bot.domain.ids import Places, SiteId
from bot.domain.readers.mail import MailServer
from bot.domain.sayings import Paged
from bot.domain.site import Ability
from bot.mailer import Mailer
from bot.newsroom import Newsroom, Only, runs_alone
from bot.pager import ApprisePager
from bot.ports import AskedSite, Site
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
from bot.services.deliver import keep_drawing, order_lane
from bot.services.desk import Desk
from bot.services.outbox_worker import work
from bot.services.privacy.retention import keep_forgetting
from bot.services.privacy.unsaying import forget_lane
from bot.services.readers.mail import mail_lane
from bot.services.readers.notice_case import keep_seeking
from bot.services.rules import keep_following
from bot.services.sites.poll import SitePoller, watch_site
from bot.services.staff.overview import keep_overview
from bot.services.staff.refused import keep_telling, keep_trying, watch_presence
from bot.services.staff.reminders import reminder_lane
from bot.services.staff.shift_timers import run_shift_timers
from bot.services.staff.staff_messages import message_lane
from bot.services.stories.story import closing_lane, hold_missed
from bot.services.upkeep import keep_pruning, watch_clock, watch_file, watch_server
from bot.signing import anchoring_of
from bot.store.errors import StoreTrouble
from bot.store.news import ANYTHING, POLICY, ping_of
from bot.web.public.letters import written
from config.discord import places_of, sources
from config.settings import DiscordSettings

log = logging.getLogger(__name__)

_TOLD_AGAIN_AFTER = 1.0
"""Seconds until a ping is passed on again that the database did not take."""
_SITE_ANSWERS_WITHIN = timedelta(seconds=0.7)
"""How long a card waits for its site, so that it is edited once rather than twice."""


def jobs_of(room: Newsroom, only: Only | None) -> list[Job]:
    """Return every job of a process, beside the connection to Discord and what it listens to.

    Without `only` it is the one process that does everything.
    """
    alone = runs_alone(only)
    jobs = [] if alone else [_following(room)]
    if alone:
        pings = {ping_of(watch.name): watch.ping for watch in room.watches}
        room.desk.store.on_news(partial(_heed, pings))
        jobs += _the_rest(room)
    if only == "web":
        jobs += [partial(_pass_on, room.desk, one) for one in room.watches]
    if only in {None, "deliver"}:
        jobs += _deliveries(room)
    return jobs


def _following(room: Newsroom) -> Job:
    """Return what puts the policy in force that the process which speaks to Discord was given."""
    told = asyncio.Event()
    room.desk.store.on_news(partial(_heed, {POLICY: told}))
    return partial(keep_following, room.desk, told)


def _heed(events: Mapping[str, asyncio.Event], word: str) -> None:
    for name, event in events.items():
        if word in {name, ANYTHING}:
            event.set()


async def _pass_on(desk: Desk, watch: SitePoller) -> None:
    """Tell the process that asks a site for reports that the site has some, for ever.

    Where none listens now, the one that comes asks every site at once.
    """
    put_off = False
    while True:
        await watch.ping.wait()
        watch.ping.clear()
        try:
            await desk.store.tell(ping_of(watch.name))
            put_off = False
        except StoreTrouble as trouble:
            if not put_off:
                log.warning("a ping of site %s is passed on later: %s", watch.name, trouble)
            put_off = True
            watch.ping.set()
            await asyncio.sleep(_TOLD_AGAIN_AFTER)


def _deliveries(room: Newsroom) -> list[Job]:
    """Return what gives the sites their orders, and readers their mail."""
    desk, public = room.desk, room.settings.public
    jobs: list[Job] = []
    for name, site in room.sites.items():
        jobs.append(partial(work, order_lane(desk, name, site)))
        jobs.append(partial(work, closing_lane(desk, name, site)))
    if public is not None and public.smtp is not None:
        mailer = _mailer(desk, public.smtp.server, public.url)
        jobs.append(partial(work, mail_lane(desk, mailer.send)))
    return jobs


def _the_rest(room: Newsroom) -> list[Job]:
    desk, settings, presence = room.desk, room.settings, room.presence
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
        partial(keep_forgetting, desk, lambda: room.clock_watch.is_wrong),
        partial(keep_anchoring, desk, anchoring_of(settings), lambda: room.clock_watch.is_wrong),
        partial(watch_file, desk),
        partial(keep_copying, desk, room.backups),
        partial(watch_clock, desk, room.clock_watch),
        partial(keep_expiring, desk),
        partial(hold_missed, desk),
        partial(watch_returning, desk),
        partial(run_shift_timers, desk),
        partial(watch, desk, reach),
        partial(digests, desk, reach),
        # The sites.
        partial(keep_seeking, desk, _asked(room.sites)),
        *(partial(watch_site, desk, one) for one in room.watches),
        *(partial(end_bans, desk, name) for name, site in room.sites.items() if _ends_bans(site)),
        # The channels.
        partial(keep_drawing, desk, messenger, site_answers_within=_SITE_ANSWERS_WITHIN),
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
    return jobs


def _ends_bans(site: Site) -> bool:
    """Whether the desk has to end a site's bans, as the site does not do so by itself."""
    return Ability.TIMED_BAN not in site.abilities and Ability.UNBAN in site.abilities


def _mailer(desk: Desk, server: MailServer, url: str) -> Mailer:
    return Mailer(server, lambda letter: written(letter, desk.policy(), url), desk.clock)


def _in_plain_text(desk: Desk, places: Places, what: Paged) -> tuple[str, str]:
    return in_plain_text(what, desk.policy(), places)


def _of_cards(desk: Desk, discord: DiscordSettings) -> frozenset[int]:
    return channels(desk.policy(), discord.channel_id)


def _asked(sites: Mapping[SiteId, Site]) -> dict[SiteId, AskedSite]:
    return {
        name: site
        for name, site in sites.items()
        if Ability.FIND in site.abilities and isinstance(site, AskedSite)
    }
