"""Wires the watch for report spikes, and the ways to editors, into the running desk."""

from collections.abc import Awaitable, Callable
from functools import partial

from bot.cards import alert_answers, alert_card
from bot.cards.alert_board import EditorsBoard
from bot.cards.outlet import Outlet
from bot.domain.alert import AlertView
from bot.domain.alert_rules import Reach
from bot.roads import AppriseRoads
from bot.services.desk import Desk
from bot.services.digest import digests
from bot.services.inform import deliver_alerts, deliver_roads
from bot.services.watch import watch
from config.settings import Settings

Job = Callable[[], Awaitable[None]]


def alert_jobs(desk: Desk, settings: Settings, outlet: Outlet) -> list[Job]:
    """Return what runs for as long as the desk does, so that editors hear of report spikes.

    Reports are judged in any case, so that the desk knows the site's week on the day on which
    somebody names a channel.
    """
    editors = settings.discord.editors_channel_id
    urls = settings.alerts.urls
    reach = Reach(channel=editors is not None, roads=bool(urls))
    jobs: list[Job] = [partial(watch, desk, reach), partial(digests, desk, reach)]
    if editors is not None:
        board = EditorsBoard(
            outlet,
            guild_id=settings.discord.guild_id,
            editors_id=editors,
            moderators_id=settings.discord.channel_id,
            policy=desk.policy,
        )
        jobs.append(partial(deliver_alerts, desk, board))
    if urls:
        jobs.append(partial(deliver_roads, desk, AppriseRoads(urls), partial(_plain, desk)))
    return jobs


def _plain(desk: Desk, view: AlertView | None, body: str | None) -> tuple[str, str]:
    if view is not None:
        return alert_card.plain(view, desk.policy())
    return alert_answers.bulletin_plain(body or "{}")
