"""Turn a notice of the detector into an alert that is kept, and into what editors are told."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.domain.alerts import Alert, AlertId, AlertState, Reach
from bot.domain.detection.brigades import Coordination, Suspicion
from bot.domain.detection.events import Tier
from bot.domain.detection.incidents import Facts, Kind, Notice, Stage
from bot.domain.ids import CaseId, SiteId
from bot.domain.policy import Policy
from bot.services.alerts import notifications
from bot.services.alerts.boost import follow, mark_cases, release_cases
from bot.store.tx import Tx

_STATES: dict[Stage, AlertState] = {
    Stage.COOLING: AlertState.COOLING,
    Stage.CLOSED: AlertState.CLOSED,
}

_BACK = {Tier.STORY: timedelta(days=1), Tier.COMMENTER: timedelta(days=14)}
"""How far back one looks for what is usual."""
_MOMENT = timedelta(seconds=1)
_MOST = 200
_NEWEST = 50
"""Live alerts among which the one is looked for that has told of the same reports."""


def keep_alert(
    tx: Tx, site: SiteId, notice: Notice, policy: Policy, now: datetime, reach: Reach
) -> None:
    """Keep what became of an incident, and ask for what editors are to be told of it."""
    before = tx.alerts.of_incident(site, notice.facts.number)
    alert = _alert(tx, site, notice.facts)
    alert = _opened(tx, alert) if before is None else _followed(alert, before, notice.kind)
    alert = _outlived(tx, alert)
    news = notice.kind is not Kind.UPDATED
    alert = replace(
        alert,
        brigade=_suspected(notice.facts),
        urgent=alert.urgent or (news and _is_urgent(tx, alert, policy, now)),
        muted=_is_muted(tx, alert, now),
    )
    _weigh_cases(tx, alert, before, policy, now)
    follow(tx, alert, policy, now)
    roused = alert.urgent and before is not None and not before.urgent
    tx.alerts.save(
        notifications.tell(tx, alert, notice, policy.alerts, now, reach=reach, roused=roused)
    )


def _weigh_cases(tx: Tx, alert: Alert, before: Alert | None, policy: Policy, now: datetime) -> None:
    """Let the reports of those who likely agreed weigh less, and more again once that is unlikely."""
    if _is_likely(alert):
        mark_cases(tx, alert, policy, now)
    elif before is not None and _is_likely(before):
        release_cases(tx, alert, policy, now)


def _suspected(facts: Facts) -> Coordination | None:
    found = facts.coordination
    return found if found is not None and found.suspicion is not Suspicion.NONE else None


def _outlived(tx: Tx, alert: Alert) -> Alert:
    """What outlives the alert it was told under speaks for itself from then on."""
    if alert.inside is None or alert.state is AlertState.CLOSED:
        return alert
    outer = tx.alerts.get(alert.inside)
    return alert if outer is not None and outer.is_live else replace(alert, inside=None)


def _is_likely(alert: Alert) -> bool:
    return alert.brigade is not None and alert.brigade.suspicion is Suspicion.LIKELY


def _alert(tx: Tx, site: SiteId, facts: Facts) -> Alert:
    parent = tx.alerts.of_incident(site, facts.parent) if facts.parent is not None else None
    closed = facts.stage is Stage.CLOSED
    return Alert(
        id=AlertId(0),
        site=site,
        incident=facts.number,
        tier=facts.tier,
        key=facts.key,
        state=_STATES.get(facts.stage, AlertState.OPEN),
        since=_moment(facts.began_at),
        opened_at=_moment(facts.opened_at),
        last_at=_moment(facts.last_at),
        usual=facts.usual,
        chance_weeks=facts.chance_weeks,
        reports=facts.reports,
        readers=facts.readers,
        closed_at=None if not closed else _moment(facts.last_at),
        inside=parent.id if parent else None,
        joined=facts.joined,
    )


def _opened(tx: Tx, alert: Alert) -> Alert:
    """Keep a new alert, within another one if that has told of the same reports already."""
    if alert.tier is not Tier.SITE:
        alert = replace(alert, usual=_usual(tx, alert), inside=alert.inside or _outer(tx, alert))
    return tx.alerts.open(alert)


def _outer(tx: Tx, alert: Alert) -> AlertId | None:
    """Return the live alert on which most of this one's reports are, `None` if there is none.

    A story and the commenter whom everybody there reports are one thing to an editor.
    """
    end = alert.last_at + _MOMENT
    mine = _reports(tx, alert, alert.since, end)
    for other in filter(partial(_may_hold, alert), tx.alerts.live()[-_NEWEST:]):
        there = _reports(tx, other, alert.since, end)
        shared = sum(count for case, count in mine.items() if case in there)
        if 3 * shared >= 2 * mine.total() > 0:
            return other.id
    return None


def _may_hold(alert: Alert, other: Alert) -> bool:
    """Whether another alert may have told of the same reports: of its own, and of something else."""
    return (
        other.site == alert.site
        and other.tier not in (alert.tier, Tier.SITE)
        and other.inside is None
    )


def _reports(tx: Tx, alert: Alert, since: datetime, end: datetime) -> Counter[CaseId]:
    """Return how many reports on what an alert is about each case got within a time."""
    found = tx.tallies.cases(alert.site, alert.tier, alert.key, since, end, limit=_MOST)
    return Counter(dict(found))


def _usual(tx: Tx, alert: Alert) -> float:
    """Return what the reports an hour were before it began, whatever the detector takes for usual.

    The detector's own figure has learned from the spike by the time it says that there is one.
    """
    back = _BACK[alert.tier]
    start = alert.since - back
    story = tx.tallies.story(alert.site, alert.key) if alert.tier is Tier.STORY else None
    if story is not None and story.published is not None:
        start = min(max(start, story.published), alert.since - timedelta(hours=1))
    before = tx.tallies.moments(
        alert.site, alert.tier, alert.key, start, alert.since - timedelta(microseconds=1)
    )
    return len(before) * timedelta(hours=1) / (alert.since - start)


def _followed(alert: Alert, before: Alert, kind: Kind) -> Alert:
    """Return the alert with what only the desk knows of it."""
    again = kind is Kind.REOPENED
    return replace(
        alert,
        id=before.id,
        opened_at=before.opened_at,
        usual=before.usual,
        urgent=before.urgent,
        # What was said of the spike that ended says nothing of the one that began.
        opinion=None if again else before.opinion,
        opinion_by=None if again else before.opinion_by,
        inside=alert.inside or before.inside,
        joined=alert.joined or before.joined,
        touched=before.touched + 1,
        told=before.told,
        message=before.message,
        thread_id=before.thread_id,
        raised_by=before.raised_by,
        raised_at=before.raised_at,
        held=before.held,
    )


def _is_urgent(tx: Tx, alert: Alert, policy: Policy, now: datetime) -> bool:
    """Whether people may be woken: most readers complain of something that bad."""
    tally = tx.tallies.tally(alert.site, alert.tier, alert.key, alert.since, now)
    top = next(iter(tally.reasons), None)
    return top is not None and policy.rule(top).severity >= policy.alerts.urgent


def _is_muted(tx: Tx, alert: Alert, now: datetime) -> bool:
    pair = (alert.site, alert.tier, alert.key)
    return any((mute.site, mute.tier, mute.key) == pair for mute in tx.alerts.mutes(now))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
