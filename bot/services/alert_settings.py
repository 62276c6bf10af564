"""How sensitive a site's alerts are, how well they did, and what is muted."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.alert import Mute, Record, Sensitivity
from bot.domain.errors import NotUnderstood
from bot.domain.ids import SiteId
from bot.domain.staff import Person, Rank
from bot.services.alert_views import name
from bot.services.desk import Desk
from bot.store.tx import Tx

_MEASURED = timedelta(days=28)
_LEAST, _MOST = 0.1, 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAlerts:
    """How a site's alerts are set, and how they did."""

    site: SiteId
    chosen: Sensitivity
    record: Record


async def settings(desk: Desk, by: Person) -> tuple[list[SiteAlerts], list[tuple[str, Mute]]]:
    """Return how each site's alerts are set and did, and what is muted.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
    """
    desk.require(by, Rank.SENIOR)
    now = desk.clock()
    default = Sensitivity(a_week=desk.policy().alerts.a_week)

    def query(tx: Tx) -> tuple[list[SiteAlerts], list[tuple[str, Mute]]]:
        sites = [
            SiteAlerts(
                site=site,
                chosen=tx.alerts.sensitivity(site) or default,
                record=tx.alerts.record(site, now - _MEASURED, now),
            )
            for site in tx.sightings.sites()
        ]
        # Two commenters may have chosen the same name.
        muted = [(name(tx, m.site, m.tier, m.key), m) for m in tx.alerts.mutes(now)]
        return sites, muted

    return await desk.store.read(query)


async def choose(desk: Desk, site: SiteId | None, a_week: float, by: Person) -> SiteId:
    """Set how many false alarms a week a site may have; the only site if none is named.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
        NotUnderstood: There is no such site, or the number is out of bounds.
    """
    desk.require(by, Rank.SENIOR)
    if not _LEAST <= a_week <= _MOST:
        raise NotUnderstood(f"False alarms a week are between {_LEAST:g} and {_MOST:g}.")
    now = desk.clock()

    def work(tx: Tx) -> SiteId:
        known = list(tx.sightings.sites())
        named = known[0] if site is None and len(known) == 1 else site
        if named is None or named not in known:
            raise NotUnderstood(f"Name a site: {', '.join(known) or 'none has reports yet'}.")
        tx.alerts.choose(named, Sensitivity(a_week=a_week, by_name=by.name), now)
        return named

    return await desk.store.write(work)
