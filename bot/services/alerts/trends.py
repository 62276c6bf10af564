"""How reports go, on a story, a commenter or the site, and the few behind the many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot.domain.alerts import Series
from bot.domain.cases import CardRef
from bot.domain.detection.events import Tier
from bot.domain.errors import NotUnderstood
from bot.domain.folding import called_so
from bot.domain.hotspots import Hotspots, hotspots
from bot.domain.ids import CaseId, SiteId
from bot.domain.staff import Person, Rank
from bot.services.alerts.views import name
from bot.services.desk import Desk
from bot.store.tx import Tx

_HOUR = timedelta(hours=1)
_STEP = timedelta(minutes=15)
"""All zones are so many of these apart, and clocks change by so many: no step is in two hours."""
_DAYS = 7
_HOURS = 24
_MOST_FOUND = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Reports on something. `week` has a line a day, the oldest first, an hour of the clock a place.

    `before` is what had come by this time a week ago; hours still to come are `None` in `week`.
    """

    name: str
    today: Series
    before: int
    week: tuple[tuple[int | None, ...], ...]
    first_day: datetime

    @property
    def last_week(self) -> int:
        """The reports of the last seven days, today's among them."""
        return sum(count or 0 for line in self.week for count in line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a trend is of; the key is empty for a site."""

    site: SiteId
    tier: Tier
    key: str


async def trend(desk: Desk, subject: Subject, by: Person) -> Trend:
    """Return how the reports on something go.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
    """
    desk.require(by, Rank.SENIOR)
    zone = desk.policy().alerts.zone
    here = desk.clock().astimezone(zone)
    passed = here.hour + 1
    dates = [here.date() - timedelta(days=back) for back in range(_DAYS, -1, -1)]

    def query(tx: Tx) -> Trend:
        lines = [_hours(tx, subject, date, zone) for date in dates]
        *whole, today = lines[1:]
        to_come: tuple[int | None, ...] = (None,) * (_HOURS - passed)
        return Trend(
            name=name(tx, subject.site, subject.tier, subject.key),
            today=Series(
                start=_midnight(here.date(), zone),
                step=_HOUR,
                counts=tuple(today[:passed]),
                before=tuple(lines[0]),
            ),
            before=_count(
                tx,
                subject,
                _midnight(dates[0], zone),
                datetime.combine(dates[0], here.time(), zone).astimezone(UTC),
            ),
            week=(*(tuple(line) for line in whole), (*today[:passed], *to_come)),
            first_day=_midnight(dates[1], zone),
        )

    return await desk.store.read(query)


async def find(desk: Desk, tier: Tier, words: str, by: Person) -> list[tuple[SiteId, str, str]]:
    """Return stories or commenters reported lately whose name has the words: site, key, name.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
    """
    desk.require(by, Rank.SENIOR)

    def query(tx: Tx) -> list[tuple[SiteId, str, str]]:
        return [
            (site, key, shown)
            for site in tx.report_events.sites()
            for key, shown in tx.tallies.find(site, tier, words, limit=_MOST_FOUND)
        ][:_MOST_FOUND]

    return await desk.store.read(query)


async def sites(desk: Desk, by: Person) -> list[SiteId]:
    """Return the sites that reports came from.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
    """
    desk.require(by, Rank.SENIOR)
    return await desk.store.read(lambda tx: list(tx.report_events.sites()))


async def subject_of(desk: Desk, tier: Tier, picked: str, by: Person) -> Subject:
    """Return what somebody picked from the list, or typed: a key with its site, or a name.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
        NotUnderstood: Nothing or more than one thing is called so.
    """
    desk.require(by, Rank.SENIOR)
    known = await sites(desk, by)
    if tier is Tier.SITE:
        return Subject(site=_chosen(picked, known), tier=tier, key="")
    site, _, key = picked.partition("\n")
    if key and site in known:
        return Subject(site=SiteId(site), tier=tier, key=key)
    found = await find(desk, tier, picked, by)
    exact = called_so(picked, found, lambda one: one[2])
    if len(exact) != 1:
        raise NotUnderstood(
            "Nothing of that name was reported lately. Pick one from the list."
            if not exact
            else "More than one thing has that name. Pick one from the list."
        )
    return Subject(site=exact[0][0], tier=tier, key=exact[0][1])


def _chosen(picked: str, known: Sequence[SiteId]) -> SiteId:
    """Return the site that was picked, or the only one there is."""
    chosen = known[0] if not picked and len(known) == 1 else SiteId(picked)
    if chosen not in known:
        raise NotUnderstood(f"Name a site: {', '.join(known) or 'none has reports yet'}.")
    return chosen


def _hours(tx: Tx, subject: Subject, date: date, zone: tzinfo) -> list[int]:
    """Return a day's reports by the hour that the newsroom's clock showed.

    An hour that comes twice, as the clocks go back, has the reports of both; one that is left out
    has none. So a day always has all of its own, and none of its neighbours'.
    """
    start, end = _midnight(date, zone), _midnight(date + timedelta(days=1), zone)
    hours = [0] * _HOURS
    if subject.tier is Tier.SITE:
        steps = -((start - end) // _STEP)
        counts = tx.report_events.counts(subject.site, start, _STEP, steps)
        for place, count in counts.items():
            hours[(start + _STEP * place).astimezone(zone).hour] += count
        return hours
    for moment in tx.tallies.moments(subject.site, subject.tier, subject.key, start, end):
        if moment < end:
            hours[moment.astimezone(zone).hour] += 1
    return hours


def _midnight(date: date, zone: tzinfo) -> datetime:
    """Return when a day begins; where the clocks leap over midnight, at the leap."""
    return datetime.combine(date, time(), zone).astimezone(UTC)


def _count(tx: Tx, subject: Subject, start: datetime, end: datetime) -> int:
    if subject.tier is Tier.SITE:
        step = max(end - start, timedelta(seconds=1))
        return sum(tx.report_events.counts(subject.site, start, step, 1).values())
    return len(tx.tallies.moments(subject.site, subject.tier, subject.key, start, end))


LOOKED_AT = 3_000
"""Reports looked at, spread over the time: enough for a share to be right to one in a hundred, and
few enough for an answer at once, however many there are."""


async def week(desk: Desk, by: Person, *, days: int = 7) -> tuple[Hotspots, dict[CaseId, CardRef]]:
    """Return what most reports of the last days are about, and where the cards named stand.

    Raises:
        NotAllowed: The person is no moderator.
    """
    desk.require(by, Rank.MODERATOR)
    since = desk.clock() - timedelta(days=days)

    def read(tx: Tx) -> tuple[Hotspots, dict[CaseId, CardRef]]:
        sites = tx.report_events.sites()
        in_all = tx.authors.count_reported(sites, since)
        one_in = max(1, -(-in_all // LOOKED_AT))
        reported = tx.authors.reported(sites, since, one_in=one_in)
        found = hotspots(reported, in_all=in_all, one_in=one_in)
        named = {spot.case_id for spot in (*found.authors, *found.stories, *found.quarrels)}
        refs = {number: ref for number in named if (ref := tx.cards.get(number))}
        return found, refs

    return await desk.store.read(read)
