"""Watch for report spikes: every counted report is judged, in order, right after its commit.

What is judged is the log of sightings, which the receive transaction writes. So the detector
never runs inside a transaction that may be run twice, intake does not wait for it, and what it
remembers can be made anew from a snapshot and the log: a restart gives the very same alerts.
"""

import asyncio
import json
import logging
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.domain.alerts import Alert, AlertId, Logged, Mute, Opinion, Reach
from bot.domain.detection.events import ReportEvent
from bot.domain.detection.incidents import Notice
from bot.domain.detection.thresholds import Budget
from bot.domain.detection.watch import Watch
from bot.domain.ids import SiteId
from bot.domain.retention import Kept
from bot.services.alerts.lifecycle import keep_alert
from bot.services.desk import Desk
from bot.store.tx import Tx

log = logging.getLogger(__name__)

_LOOK_EVERY = 0.5
"""Seconds between looks at the log; a spike is told of by that much later at most."""
_AT_ONCE = 50
"""Sightings judged between two breaths of the loop: some milliseconds."""
_BREATH = 0.03
"""Seconds left to the intake after each lot while many wait, so that it keeps its speed."""
_SNAPSHOT_AFTER = 5_000
"""Sightings after which what is remembered is kept; so many are read again after a crash."""
_SNAPSHOT_EVERY = timedelta(hours=6)
"""The same on a small site, where what is older than five weeks is to be forgotten in time too."""
_FORGET_AT_ONCE = 2_000
_LOOKED_THROUGH = 100
"""How many of the newest alerts are looked through for what editors said of them."""
_LATE = 600.0
"""Seconds a report may lag behind the newest one without being taken for a clock set back."""

Told = tuple[SiteId, Notice]


@dataclass(slots=True)
class Watcher:
    """The watches of all sites, how far they have read, and what they know of people's choices."""

    desk: Desk
    reach: Reach
    kept_at: datetime
    sites: dict[SiteId, Watch] = field(default_factory=dict[SiteId, Watch])
    budgets: dict[SiteId, float] = field(default_factory=dict[SiteId, float])
    newest: dict[SiteId, float] = field(default_factory=dict[SiteId, float])
    opinions: dict[AlertId, Opinion] = field(default_factory=dict[AlertId, Opinion])
    upto: int = 0
    kept: int = 0
    judged: int = 0


async def watch(desk: Desk, reach: Reach) -> None:
    """Judge reports as they come, for ever; what is remembered is kept at the end."""
    state = await restore(desk, reach)
    try:
        while True:
            busy = await turn(state)
            await asyncio.sleep(_BREATH if busy else _LOOK_EVERY)
    finally:
        await keep(state)


async def restore(desk: Desk, reach: Reach) -> Watcher:
    """Return the watcher as it was, from the snapshots and the log since."""
    state = Watcher(desk=desk, reach=reach, kept_at=desk.clock())
    evidence = await desk.store.read(lambda tx: dict(tx.report_events.evidence()))
    state.judged = await desk.store.read(lambda tx: tx.report_events.judged())
    for site, (_, packed) in evidence.items():
        kept: dict[str, Any] = json.loads(zlib.decompress(packed))
        state.budgets[site], state.newest[site] = kept["budget"], kept["newest"]
        _site(state, site).restore(kept["watch"])
    # All snapshots are kept together, so that one place in the log is right for all.
    state.upto = state.kept = min((upto for upto, _ in evidence.values()), default=0)
    return state


async def turn(state: Watcher) -> bool:
    """Judge the next sightings, and keep what became of it; false if few or none were left."""
    if state.upto >= state.judged and _follow_clock(state):
        # Kept before anything is judged by it, so that a restart tells the very same.
        await keep(state)
    desk, upto = state.desk, state.upto
    rows = await desk.store.read(lambda tx: tx.report_events.after(upto, limit=_AT_ONCE))
    told = [told for row in rows for told in _weigh(state, row)]
    if told or state.upto > state.judged:
        await _write(state, told)
    busy = len(rows) == _AT_ONCE
    if not busy:
        # After the writing: what is heard here may be kept at once, with all that was judged.
        await _listen(state)
        await _let_pass(state)
    if _is_due(state, busy=busy):
        await keep(state)
    return busy


def _is_due(state: Watcher, *, busy: bool) -> bool:
    """Whether to keep what is remembered: after so much that is new, or after a while at rest."""
    old = state.desk.clock() - state.kept_at >= _SNAPSHOT_EVERY
    return state.upto - state.kept >= _SNAPSHOT_AFTER or (old and not busy)


def _follow_clock(state: Watcher) -> bool:
    """Let go of times that the desk's clock has been set back from; say whether there were any.

    Nothing comes before it was sent, so nothing can be newer than the clock that is right.
    """
    now = state.desk.clock().timestamp()
    ahead = [site for site, newest in state.newest.items() if now < newest - _LATE]
    state.newest.update(dict.fromkeys(ahead, now))
    return bool(ahead)


async def _let_pass(state: Watcher) -> None:
    now = state.desk.clock().timestamp()
    told = [(site, notice) for site, one in state.sites.items() for notice in one.tick(now)]
    if told:
        await _write(state, told)


async def keep(state: Watcher) -> None:
    """Keep what is remembered, and forget sightings that nobody asks for any more."""
    now, upto = state.desk.clock(), state.upto
    known = {site: _known(state, site) for site in state.sites}
    packed = await asyncio.to_thread(_packed, known)

    def work(tx: Tx) -> None:
        for site, snapshot in packed.items():
            tx.report_events.keep_evidence(site, upto, now, snapshot)

    before = state.desk.policy().retention.before(Kept.REPORT_LOG, now)

    def forget(tx: Tx) -> int:
        return tx.report_events.forget(before, upto=upto, limit=_FORGET_AT_ONCE)

    await state.desk.store.write(work)
    while await state.desk.store.write(forget) == _FORGET_AT_ONCE:
        pass
    state.kept, state.kept_at = upto, now


def _known(state: Watcher, site: SiteId) -> Mapping[str, Any]:
    return {
        "watch": state.sites[site].snapshot(),
        "budget": state.budgets[site],
        "newest": state.newest.get(site, 0.0),
    }


def _packed(known: Mapping[SiteId, Mapping[str, Any]]) -> Mapping[SiteId, bytes]:
    return {site: zlib.compress(json.dumps(kept).encode(), level=1) for site, kept in known.items()}


def _site(state: Watcher, site: SiteId) -> Watch:
    if site not in state.sites:
        a_week = state.budgets.setdefault(site, state.desk.policy().alerts.a_week)
        state.sites[site] = _fresh(state, a_week)
    return state.sites[site]


def _fresh(state: Watcher, a_week: float) -> Watch:
    rules = state.desk.policy().alerts
    return Watch(Budget(a_week=a_week), hourly=rules.hourly, offset=rules.offset)


def _weigh(state: Watcher, row: Logged) -> list[Told]:
    """Weigh a sighting, and return what there is to tell of it."""
    notices = _site(state, row.site).observe(_sighting(state, row))
    state.upto = row.id
    # What was kept before a restart is only gone through again, to know the same.
    return [(row.site, notice) for notice in notices] if row.id > state.judged else []


def _sighting(state: Watcher, row: Logged) -> ReportEvent:
    # A report that was under way for long is late; only the desk's own clock can be set back.
    at = max(row.at.timestamp(), state.newest.get(row.site, 0.0) - _LATE)
    state.newest[row.site] = max(at, state.newest.get(row.site, 0.0))
    return sighting(row, at)


def sighting(row: Logged, at: float) -> ReportEvent:
    """Return a report as the detector takes it, as if it came at `at`, in seconds."""
    return ReportEvent(
        at=at,
        story=row.story,
        published=row.published.timestamp() if row.published else None,
        comment=str(row.case_id),
        author=row.author,
        reader=row.reporter.hex(),
        reason=str(row.rule),
        note=row.note or "",
        referrer=row.referrer or "",
        rejected=row.rejected,
        decided=row.decided,
    )


async def _listen(state: Watcher) -> None:
    """Take over what editors chose and muted, and learn from what they said of alerts."""
    now = state.desk.clock()
    sites = tuple(state.sites)

    def query(tx: Tx) -> tuple[Sequence[Alert], Sequence[Mute], Mapping[SiteId, float]]:
        chosen = {site: tx.alerts.sensitivity(site) for site in sites}
        numbers = {site: found.a_week for site, found in chosen.items() if found is not None}
        return tx.alerts.recent(limit=_LOOKED_THROUGH), tx.alerts.mutes(now), numbers

    alerts, mutes, chosen = await state.desk.store.read(query)
    default = state.desk.policy().alerts.a_week
    changed = [_sensitise(state, site, chosen.get(site, default)) for site in sites]
    changed += [_mute(state, site, mutes) for site in sites]
    changed += [_judge(state, alert) for alert in alerts]
    if any(changed):
        await keep(state)


def _sensitise(state: Watcher, site: SiteId, a_week: float) -> bool:
    if state.budgets[site] == a_week:
        return False
    state.sites[site].set_budget(a_week)
    state.budgets[site] = a_week
    return True


def _mute(state: Watcher, site: SiteId, mutes: Sequence[Mute]) -> bool:
    one = state.sites[site]
    before = {(tier, key): until for tier, key, until in one.mutes()}
    wanted = {(m.tier, m.key): m.until.timestamp() for m in mutes if m.site == site}
    for tier, key in before.keys() - wanted.keys():
        one.unmute(tier, key)
    for (tier, key), until in wanted.items():
        if abs(before.get((tier, key), 0.0) - until) > 1.0:
            one.mute(tier, key, until)
    return before.keys() != wanted.keys()


def _judge(state: Watcher, alert: Alert) -> bool:
    said, before = alert.opinion, state.opinions.get(alert.id)
    if said is before or alert.site not in state.sites:
        return False
    if said is None:
        del state.opinions[alert.id]
        return False
    state.opinions[alert.id] = said
    # Saying the same twice changes nothing, so this may be gone through again after a restart.
    state.sites[alert.site].judge(alert.incident, real=said is Opinion.REAL)
    return True


async def _write(state: Watcher, told: Sequence[Told]) -> None:
    """Keep the alerts, and ask for what is to be told of them, in one transaction."""
    upto, desk, reach = state.upto, state.desk, state.reach
    now, policy = desk.clock(), desk.policy()

    def work(tx: Tx) -> None:
        for site, notice in told:
            keep_alert(tx, site, notice, policy, now, reach)
        tx.report_events.judge(upto)

    await desk.store.write(work)
    state.judged = upto
