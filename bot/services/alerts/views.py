"""Look at alerts: what a card shows, the cases one is about, and the recent ones."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.alerts import Alert, AlertId, AlertView, Mute, Series, bars
from bot.domain.cases import CardRef
from bot.domain.decisions import Action
from bot.domain.detection.events import Tier
from bot.domain.errors import DeskError
from bot.domain.ids import CaseId, SiteId
from bot.domain.staff import Person, Rank
from bot.domain.stories import state_of
from bot.services.desk import Desk
from bot.store.tx import Tx

BEFORE = timedelta(hours=2)
"""How much is shown of the time before an alert."""
MOST_CASES = 15
_RECENT = 12
_MOST_LIVE = 40
_WEEK = timedelta(days=7)
_STEPS = ((timedelta(hours=4), 5), (timedelta(hours=8), 10), (timedelta(hours=24), 30))
_WIDEST = timedelta(hours=1)
_MOST_STEPS = 72


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


async def look(desk: Desk, alert_id: AlertId) -> AlertView:
    """Return all that an alert's card shows, for the desk's own use.

    Raises:
        NoSuchAlert: There is no alert of that number.
    """
    now = desk.clock()
    view = await desk.store.read(lambda tx: view_in(tx, alert_id, now))
    return replace(view, closable=desk.can_close(view.alert.site))


def view_in(tx: Tx, alert_id: AlertId, now: datetime) -> AlertView:
    """Return all that an alert's card shows, within a transaction.

    Raises:
        NoSuchAlert: There is no alert of that number.
    """
    alert = tx.alerts.get(alert_id)
    if alert is None:
        raise NoSuchAlert(alert_id)
    end = alert.closed_at or now
    view = AlertView(
        alert=alert,
        title="",
        url=None,
        name=_author(tx, alert),
        tally=tx.tallies.tally(alert.site, alert.tier, alert.key, alert.since, end),
        series=_series(tx, alert, end),
        inside=_parts(tx, alert) if alert.tier is Tier.SITE else (),
        mute=mute_of(tx, alert, now),
        asked=tx.deliveries.thread_asked(alert.id) if alert.thread_id is None else None,
        raised=len(tx.triage.raised_for(alert.id)),
    )
    return _with_story(tx, view) if alert.tier is Tier.STORY else view


def _author(tx: Tx, alert: Alert) -> str:
    """Return how the commenter is called whom an alert is about, empty if it is about none."""
    if alert.tier is not Tier.COMMENTER:
        return ""
    return tx.tallies.author(alert.site, alert.key) or ""


def _with_story(tx: Tx, view: AlertView) -> AlertView:
    """Add what the card says of the story, as far as it is known."""
    site, key = view.alert.site, view.alert.key
    story, status = tx.tallies.story(site, key), tx.stories.get(site, key)
    if story is None:
        return view
    return replace(
        view,
        title=story.title,
        url=story.url,
        state=state_of(status),
        closing=tx.deliveries.closing(site, key),
    )


def mute_of(tx: Tx, alert: Alert, now: datetime) -> Mute | None:
    """Return the mute that keeps an alert silent now, `None` if there is none."""
    mutes = (mute for mute in tx.alerts.mutes(now) if mute.site == alert.site)
    return next((mute for mute in mutes if (mute.tier, mute.key) == (alert.tier, alert.key)), None)


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
        counts = _counts(tx, alert, start, step, steps)
        earlier = _counts(tx, alert, start - _WEEK, step, steps)
        before = earlier if any(earlier) else ()
        return Series(start=start, step=step, counts=counts, usual=usual, before=before)
    moments = tx.tallies.moments(alert.site, alert.tier, alert.key, start, start + step * steps)
    return Series(
        start=start, step=step, counts=tuple(bars(moments, start, step, steps)), usual=usual
    )


def _counts(tx: Tx, alert: Alert, start: datetime, step: timedelta, steps: int) -> tuple[int, ...]:
    """Return how many reports the whole site got in each step."""
    counts = tx.report_events.counts(alert.site, start, step, steps)
    return tuple(counts.get(place, 0) for place in range(steps))


def _rounded(moment: datetime, step: timedelta) -> datetime:
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + step * ((moment - midnight) // step)


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


async def recent(desk: Desk, by: Person) -> list[tuple[Alert, str]]:
    """Return what goes on and the newest alerts of before, with the names of what they are about.

    What is told of under another alert comes after the rest.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
    """
    desk.require(by, Rank.SENIOR)
    now = desk.clock()

    def query(tx: Tx) -> list[tuple[Alert, str]]:
        # A flood of small ones must not hide the one that matters.
        largest = sorted(tx.alerts.live(), key=lambda one: (one.inside is not None, -one.reports))
        live = sorted(largest[:_MOST_LIVE], key=lambda one: (one.inside is not None, -one.id))
        over = [one for one in tx.alerts.recent(limit=_RECENT) if not one.is_live]
        found = [*live, *over]
        return [(counted(tx, alert, now), label(tx, alert)) for alert in found]

    return await desk.store.read(query)


def counted(tx: Tx, alert: Alert, now: datetime) -> Alert:
    """Return an alert with its reports as they are now; it is kept only when it has grown a lot."""
    if not alert.is_live:
        return alert
    tally = tx.tallies.tally(alert.site, alert.tier, alert.key, alert.since, now)
    # The oldest sightings may have been forgotten; the figure kept is then the better one.
    return replace(
        alert,
        reports=max(alert.reports, tally.reports),
        readers=max(alert.readers, tally.readers),
    )
