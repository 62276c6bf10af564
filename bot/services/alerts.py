"""Look at alerts, and what editors do about them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.alert import (
    Alert,
    AlertEffectKind,
    AlertId,
    AlertView,
    Mute,
    Opinion,
    Record,
    Sensitivity,
    Series,
    bars,
)
from bot.domain.case import CardRef
from bot.domain.decision import Action
from bot.domain.errors import DeskError, NotUnderstood
from bot.domain.ids import CaseId, SiteId
from bot.domain.spikes.sighting import Tier
from bot.domain.staff import Person, Rank
from bot.domain.stories import StoryState
from bot.ports import Tx
from bot.services import stories
from bot.services.desk import Desk

MUTED_FOR = timedelta(hours=24)
BEFORE = timedelta(hours=2)
"""How much is shown of the time before an alert."""
MOST_CASES = 15
_RECENT = 12
_MEASURED = timedelta(days=28)
_WEEK = timedelta(days=7)
_STEPS = ((timedelta(hours=4), 5), (timedelta(hours=8), 10), (timedelta(hours=24), 30))
_WIDEST = timedelta(hours=1)
_MOST_STEPS = 72
_LEAST, _MOST = 0.1, 50.0


class NoSuchAlert(DeskError):
    """There is no alert of that number."""

    def __init__(self, alert_id: AlertId) -> None:
        super().__init__(f"There is no alert {alert_id}. /spikes lists the recent ones.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One of the cases an alert is about; `card` is where it stands."""

    case_id: CaseId
    author: str
    reports: int
    done: Action | None
    card: CardRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAlerts:
    """How a site's alerts are set, and how they did."""

    site: SiteId
    chosen: Sensitivity
    record: Record


async def look(desk: Desk, alert_id: AlertId) -> AlertView:
    """Return all that an alert's card shows, for the desk's own use.

    Raises:
        NoSuchAlert: There is no alert of that number.
    """
    now = desk.clock()
    return await desk.store.read(lambda tx: view_in(tx, alert_id, now))


def view_in(tx: Tx, alert_id: AlertId, now: datetime) -> AlertView:
    """Return all that an alert's card shows, within a transaction.

    Raises:
        NoSuchAlert: There is no alert of that number.
    """
    alert = tx.alerts.get(alert_id)
    if alert is None:
        raise NoSuchAlert(alert_id)
    end = alert.closed_at or now
    story = tx.tallies.story(alert.site, alert.key) if alert.tier is Tier.STORY else None
    standing = tx.stories.get(alert.site, alert.key) if story else None
    author = tx.tallies.author(alert.site, alert.key) if alert.tier is Tier.COMMENTER else None
    return AlertView(
        alert=alert,
        title=story.title if story else "",
        url=story.url if story else None,
        name=author or "",
        tally=tx.tallies.tally(alert.site, alert.tier, alert.key, alert.since, end),
        series=_series(tx, alert, end),
        inside=_parts(tx, alert) if alert.tier is Tier.SITE else (),
        state=standing.state if standing else StoryState.NORMAL,
    )


def label(tx: Tx, alert: Alert) -> str:
    """Return the name of what an alert is about, as the site gives it."""
    return name(tx, alert.site, alert.tier, alert.key)


def name(tx: Tx, site: SiteId, tier: Tier, key: str) -> str:
    """Return the name of a story, a commenter or a site, its key where it has none."""
    if tier is Tier.STORY:
        story = tx.tallies.story(site, key)
        return story.title if story and story.title else key
    if tier is Tier.COMMENTER:
        return tx.tallies.author(site, key) or key
    return site


def _parts(tx: Tx, alert: Alert) -> tuple[str, ...]:
    """Return the names of the stories and commenters that a site's alert tells of."""
    own = [(one.tier, one.key) for one in tx.alerts.inside(alert.id)]
    pairs = dict.fromkeys([*own, *alert.joined])
    return tuple(name(tx, alert.site, tier, key) for tier, key in pairs)


def _series(tx: Tx, alert: Alert, end: datetime) -> Series:
    length = end - alert.opened_at + BEFORE
    minutes = next((width for longest, width in _STEPS if length <= longest), None)
    step = timedelta(minutes=minutes) if minutes else _WIDEST
    start = _rounded(alert.opened_at - BEFORE, step)
    steps = min(_MOST_STEPS, (end - start) // step + 1)
    usual = (alert.usual * (step / timedelta(hours=1)),) * steps
    if alert.tier is Tier.SITE:
        counts = tx.sightings.counts(alert.site, start, step, steps)
        earlier = tx.sightings.counts(alert.site, start - _WEEK, step, steps)
        return Series(
            start=start,
            step=step,
            counts=tuple(counts.get(place, 0) for place in range(steps)),
            usual=usual,
            before=tuple(earlier.get(place, 0) for place in range(steps)) if earlier else (),
        )
    moments = tx.tallies.moments(alert.site, alert.tier, alert.key, start, start + step * steps)
    return Series(
        start=start, step=step, counts=tuple(bars(moments, start, step, steps)), usual=usual
    )


def _rounded(moment: datetime, step: timedelta) -> datetime:
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + step * ((moment - midnight) // step)


async def judge(desk: Desk, alert_id: AlertId, opinion: Opinion, by: Person) -> bool:
    """Keep what an editor says of an alert; false if that was said before.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
        NoSuchAlert: There is no alert of that number.
    """
    desk.require(by, Rank.SENIOR)
    now = desk.clock()

    def work(tx: Tx) -> bool:
        alert = _get(tx, alert_id)
        if alert.opinion is opinion:
            return False
        _save(tx, replace(alert, opinion=opinion, opinion_by=by.name), now)
        return True

    return await desk.store.write(work)


async def mute(desk: Desk, alert_id: AlertId, by: Person) -> tuple[str, datetime]:
    """Tell nobody of this story, commenter or site for a day; returns its name, and until when.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
        NoSuchAlert: There is no alert of that number.
    """
    desk.require(by, Rank.SENIOR)
    now = desk.clock()
    until = now + MUTED_FOR

    def work(tx: Tx) -> str:
        alert = _get(tx, alert_id)
        tx.alerts.mute(
            Mute(site=alert.site, tier=alert.tier, key=alert.key, until=until, by_name=by.name)
        )
        _save(tx, replace(alert, muted=True), now)
        return label(tx, alert)

    return await desk.store.write(work), until


async def unmute(desk: Desk, alert_id: AlertId, by: Person) -> bool:
    """Let people be told again; false if that was so.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
        NoSuchAlert: There is no alert of that number.
    """
    desk.require(by, Rank.SENIOR)
    now = desk.clock()

    def work(tx: Tx) -> bool:
        alert = _get(tx, alert_id)
        ended = tx.alerts.unmute(alert.site, alert.tier, alert.key)
        _save(tx, replace(alert, muted=False), now)
        return ended

    return await desk.store.write(work)


async def cases(desk: Desk, alert_id: AlertId, by: Person) -> tuple[AlertView, list[CaseLine]]:
    """Return the cases that an alert is about, the most reported first.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
        NoSuchAlert: There is no alert of that number.
    """
    desk.require(by, Rank.SENIOR)
    now, since = desk.clock(), desk.strikes_since()

    def query(tx: Tx) -> tuple[AlertView, list[CaseLine]]:
        view = view_in(tx, alert_id, now)
        alert = view.alert
        lines: list[CaseLine] = []
        for case_id, reports in tx.tallies.cases(
            alert.site, alert.tier, alert.key, alert.since, now, limit=MOST_CASES
        ):
            found = tx.cases.view(case_id, strikes_since=since)
            if found is not None:
                lines.append(
                    CaseLine(
                        case_id=case_id,
                        author=found.author.name,
                        reports=reports,
                        done=found.decision.action if found.decision else None,
                        card=tx.cards.get(case_id),
                    )
                )
        return view, lines

    return await desk.store.read(query)


async def ask_moderators(desk: Desk, alert_id: AlertId, by: Person) -> None:
    """Begin a thread about an alert with the moderators, once.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
        NoSuchAlert: There is no alert of that number.
    """
    desk.require(by, Rank.SENIOR)
    now = desk.clock()

    def work(tx: Tx) -> None:
        _get(tx, alert_id)
        tx.alert_effects.want(
            AlertEffectKind.THREAD, alert_id=alert_id, due_at=now, now=now, body=by.name
        )

    await desk.store.write(work)


async def mark_story(desk: Desk, alert_id: AlertId, state: StoryState, by: Person) -> None:
    """Put the story of an alert on watch, or close its comments.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
        NoSuchAlert: There is no alert of that number.
        NotUnderstood: The alert is on no story, or the story stands under a stricter state.
    """
    desk.require(by, Rank.SENIOR)
    alert = (await look(desk, alert_id)).alert
    if alert.tier is not Tier.STORY:
        raise NotUnderstood(
            "This alert is on no story, so none was marked. /story marks one by its title."
        )
    known = await stories.look(desk, alert.site, alert.key, by)
    if known.state not in (StoryState.NORMAL, StoryState.WATCH):
        raise NotUnderstood(
            f"The story is under “{known.state}” already, and stays so. /story changes it."
        )
    await stories.mark(desk, stories.Mark(site=alert.site, story_id=alert.key, state=state), by=by)
    now = desk.clock()
    await desk.store.write(lambda tx: _save(tx, _get(tx, alert_id), now))


async def recent(desk: Desk, by: Person) -> list[tuple[Alert, str]]:
    """Return the newest alerts with the names of what they are about.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
    """
    desk.require(by, Rank.SENIOR)

    def query(tx: Tx) -> list[tuple[Alert, str]]:
        return [(alert, label(tx, alert)) for alert in tx.alerts.recent(limit=_RECENT)]

    return await desk.store.read(query)


async def settings(desk: Desk, by: Person) -> tuple[list[SiteAlerts], Mapping[str, Mute]]:
    """Return how each site's alerts are set and did, and what is muted.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
    """
    desk.require(by, Rank.SENIOR)
    now = desk.clock()
    default = Sensitivity(a_week=desk.policy().alerts.a_week)

    def query(tx: Tx) -> tuple[list[SiteAlerts], Mapping[str, Mute]]:
        sites = [
            SiteAlerts(
                site=site,
                chosen=tx.alerts.sensitivity(site) or default,
                record=tx.alerts.record(site, now - _MEASURED, now),
            )
            for site in tx.sightings.sites()
        ]
        muted = {name(tx, m.site, m.tier, m.key): m for m in tx.alerts.mutes(now)}
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


def _get(tx: Tx, alert_id: AlertId) -> Alert:
    alert = tx.alerts.get(alert_id)
    if alert is None:
        raise NoSuchAlert(alert_id)
    return alert


def _save(tx: Tx, alert: Alert, now: datetime) -> None:
    """Keep a change that people made, and show it at once."""
    tx.alerts.save(replace(alert, touched=alert.touched + 1))
    if alert.message is not None:
        tx.alert_effects.want(AlertEffectKind.ALERT, alert_id=alert.id, due_at=now, now=now)
