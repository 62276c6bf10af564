"""The alerts, what editors said of them, and where they stand in Discord."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.alerts import Alert, AlertId, AlertState, Mute, Opinion, Record, Sensitivity
from bot.domain.detection.brigades import Clue, Coordination, Sign, Suspicion
from bot.domain.detection.events import Tier
from bot.domain.ids import CaseId, MessageRef, SiteId
from bot.store.engine.connection import Connection
from bot.store.times import moment, moment_if, new_token, stored
from bot.store.together import found, wide

_SELECT = """
SELECT id, site, incident, tier, key, opened_at, channel_id, message_id, thread_id,
state, since, last_at, closed_at, usual, chance_weeks, reports, readers, urgent, inside, joined,
brigade, opinion, opinion_by, touched, told, muted, raised_by, raised_at, held, token
FROM alerts
"""
_GET = f"{_SELECT} WHERE id = ?"
_OF_INCIDENT = f"{_SELECT} WHERE site = ? AND incident = ?"
_LIVE = f"{_SELECT} WHERE state <> 'closed' ORDER BY +id"
_RECENT = f"{_SELECT} ORDER BY id DESC LIMIT ?"
_BETWEEN = f"{_SELECT} WHERE opened_at >= ? AND opened_at < ? ORDER BY opened_at, id"
_INSIDE = f"{_SELECT} WHERE inside = ? ORDER BY id"
_OPEN = """
INSERT INTO alerts (site, incident, tier, key, opened_at, token,
state, since, last_at, closed_at, usual, chance_weeks, reports, readers, urgent, inside, joined,
brigade, opinion, opinion_by, touched, told, muted, raised_by, raised_at, held)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
"""
_SAVE = """
UPDATE alerts SET (
state, since, last_at, closed_at, usual, chance_weeks, reports, readers, urgent, inside, joined,
brigade, opinion, opinion_by, touched, told, muted, raised_by, raised_at, held
) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?
"""
_RECORD = """
SELECT COUNT(*), COUNT(CASE opinion WHEN 'real' THEN 1 END),
    COUNT(CASE opinion WHEN 'false' THEN 1 END) FROM alerts
WHERE site = ? AND opened_at >= ? AND told > 0
"""
_FIRST_SEEN = "SELECT MIN(at) FROM sightings WHERE site = ?"
_INTENDED = "SELECT intended_at FROM alerts WHERE id = ?"
_INTEND = "UPDATE alerts SET intended_at = COALESCE(intended_at, ?) WHERE id = ?"
_POSTED = """
UPDATE alerts SET channel_id = ?, message_id = ?, intended_at = NULL WHERE id = ?
"""
_THREADED = "UPDATE alerts SET thread_id = ?, touched = touched + 1 WHERE id = ?"
_BRIGADED = """
INSERT INTO brigaded (case_id, alert_id, since) VALUES (?, ?, ?) ON CONFLICT (case_id) DO NOTHING
"""
_RELEASE = "DELETE FROM brigaded WHERE alert_id = ? RETURNING case_id"
_BRIGADE_OF = wide("SELECT case_id, alert_id FROM brigaded WHERE case_id IN (")
_MUTE = """
INSERT INTO mutes (site, tier, key, until, by_name) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (site, tier, key) DO UPDATE SET until = excluded.until, by_name = excluded.by_name
"""
_UNMUTE = "DELETE FROM mutes WHERE site = ? AND tier = ? AND key = ?"
_MUTES = "SELECT site, tier, key, until, by_name FROM mutes WHERE until > ? ORDER BY until"
_SENSITIVITY = "SELECT a_week, by_name FROM sensitivity WHERE site = ?"
_CHOOSE = """
INSERT INTO sensitivity (site, a_week, by_name, at) VALUES (?, ?, ?, ?)
ON CONFLICT (site) DO UPDATE SET
    a_week = excluded.a_week, by_name = excluded.by_name, at = excluded.at
"""

_A_DAY = timedelta(days=1)


class Alerts:
    """The alerts and what editors said of them."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def get(self, alert_id: AlertId) -> Alert | None:
        """Return an alert by its number."""
        return _first(self._run(_GET, (alert_id,)).fetchall())

    def of_incident(self, site: SiteId, incident: int) -> Alert | None:
        """Return the alert of the detector's incident."""
        return _first(self._run(_OF_INCIDENT, (site, incident)).fetchall())

    def open(self, alert: Alert) -> Alert:
        """Keep a new alert; it comes back with its number and token.

        Raises:
            StoreTrouble: The incident has an alert.
        """
        token = new_token()
        head = (alert.site, alert.incident, alert.tier, alert.key, stored(alert.opened_at), token)
        row = self._run(_OPEN, (*head, *_kept(alert))).fetchone()
        return replace(alert, id=AlertId(row[0]), token=token)

    def save(self, alert: Alert) -> None:
        """Keep an alert as it now is; where its message stands is not touched."""
        self._run(_SAVE, (*_kept(alert), alert.id))

    def live(self) -> Sequence[Alert]:
        """Return the alerts that go on, the oldest first."""
        return _alerts(self._run(_LIVE).fetchall())

    def recent(self, *, limit: int) -> Sequence[Alert]:
        """Return the newest alerts, the newest first."""
        return _alerts(self._run(_RECENT, (limit,)).fetchall())

    def between(self, start: datetime, end: datetime) -> Sequence[Alert]:
        """Return the alerts that opened in a time, the oldest first."""
        return _alerts(self._run(_BETWEEN, (stored(start), stored(end))).fetchall())

    def inside(self, alert_id: AlertId) -> Sequence[Alert]:
        """Return what was folded into a site's alert, the oldest first."""
        return _alerts(self._run(_INSIDE, (alert_id,)).fetchall())

    def record(self, site: SiteId, since: datetime, now: datetime) -> Record:
        """Return how well the alerts since then did, over the time in which there were reports."""
        row = self._run(_RECORD, (site, stored(since))).fetchone()
        first = moment_if(self._run(_FIRST_SEEN, (site,)).fetchone()[0])
        start = max(since, first) if first is not None else now
        return Record(
            days=max(0.0, (now - start) / _A_DAY),
            alerts=row[0],
            real=row[1],
            false=row[2],
        )

    def intend(self, alert_id: AlertId, at: datetime) -> datetime | None:
        """Note that the card is about to be posted; returns when that was noted before."""
        before = self._run(_INTENDED, (alert_id,)).fetchone()
        self._run(_INTEND, (stored(at), alert_id))
        return moment_if(before[0]) if before else None

    def posted(self, alert_id: AlertId, message: MessageRef | None) -> None:
        """Record where the card stands, `None` if it is gone."""
        place = (message.channel_id, message.message_id) if message else (None, None)
        self._run(_POSTED, (*place, alert_id))

    def threaded(self, alert_id: AlertId, thread_id: int) -> None:
        """Record the thread with the moderators."""
        self._run(_THREADED, (thread_id, alert_id))

    def brigaded(self, case_id: CaseId, alert: Alert) -> bool:
        """Keep that a case was reached by readers who act together; false if that is known."""
        row = (case_id, alert.id, stored(alert.since))
        return self._run(_BRIGADED, row).rowcount > 0

    def release(self, alert_id: AlertId) -> Sequence[CaseId]:
        """Forget which cases an alert's readers reached together, and return those cases."""
        return [CaseId(row[0]) for row in self._run(_RELEASE, (alert_id,)).fetchall()]

    def brigade_of(self, case_id: CaseId) -> AlertId | None:
        """Return the alert whose readers, likely acting together, reached a case."""
        return self.brigades_of([case_id]).get(case_id)

    def brigades_of(self, cases: Iterable[CaseId]) -> Mapping[CaseId, AlertId]:
        """Return the same for those of the cases that were reached so."""
        return dict(found(self._run, _BRIGADE_OF, cases))

    def mute(self, mute: Mute) -> None:
        """Keep a mute; an earlier one of the same thing is replaced."""
        self._run(_MUTE, (mute.site, mute.tier, mute.key, stored(mute.until), mute.by_name))

    def unmute(self, site: SiteId, tier: Tier, key: str) -> bool:
        """End a mute; false if there was none."""
        return self._run(_UNMUTE, (site, tier, key)).rowcount > 0

    def mutes(self, now: datetime) -> Sequence[Mute]:
        """Return the mutes that hold at a time, the first to end first."""
        return [
            Mute(site=site, tier=Tier(tier), key=key, until=moment(until), by_name=name)
            for site, tier, key, until, name in self._run(_MUTES, (stored(now),)).fetchall()
        ]

    def sensitivity(self, site: SiteId) -> Sensitivity | None:
        """Return what an editor chose for a site."""
        row = self._run(_SENSITIVITY, (site,)).fetchone()
        return Sensitivity(a_week=row[0], by_name=row[1]) if row else None

    def choose(self, site: SiteId, sensitivity: Sensitivity, at: datetime) -> None:
        """Keep what an editor chose for a site."""
        self._run(_CHOOSE, (site, sensitivity.a_week, sensitivity.by_name or "", stored(at)))


def _kept(alert: Alert) -> tuple[Any, ...]:
    return (
        alert.state,
        stored(alert.since),
        stored(alert.last_at),
        stored(alert.closed_at),
        alert.usual,
        alert.chance_weeks,
        alert.reports,
        alert.readers,
        alert.urgent,
        alert.inside,
        json.dumps(alert.joined) if alert.joined else None,
        _coordination_text(alert.brigade),
        alert.opinion,
        alert.opinion_by,
        alert.touched,
        alert.told,
        alert.muted,
        alert.raised_by,
        stored(alert.raised_at),
        alert.held,
    )


def _first(rows: Sequence[tuple[Any, ...]]) -> Alert | None:
    return next(iter(_alerts(rows)), None)


def _alerts(rows: Sequence[tuple[Any, ...]]) -> list[Alert]:
    return [_alert(row) for row in rows]


def _alert(row: tuple[Any, ...]) -> Alert:
    number, site, incident, tier, key, opened_at, channel, message, thread = row[:9]
    state, since, last_at, closed_at, usual, chance, reports, readers = row[9:17]
    urgent, inside, joined, brigade, opinion, opinion_by, touched, told, muted = row[17:26]
    raised_by, raised_at, held, token = row[26:]
    return Alert(
        id=number,
        site=site,
        incident=incident,
        tier=Tier(tier),
        key=key,
        state=AlertState(state),
        since=moment(since),
        opened_at=moment(opened_at),
        last_at=moment(last_at),
        usual=usual,
        chance_weeks=chance,
        reports=reports,
        readers=readers,
        closed_at=moment_if(closed_at),
        urgent=bool(urgent),
        inside=inside,
        joined=tuple((Tier(tier), key) for tier, key in json.loads(joined or "[]")),
        brigade=_coordination(brigade),
        opinion=Opinion(opinion) if opinion else None,
        opinion_by=opinion_by,
        touched=touched,
        told=told,
        muted=bool(muted),
        message=MessageRef(channel_id=channel, message_id=message) if message else None,
        thread_id=thread,
        raised_by=raised_by,
        raised_at=moment_if(raised_at),
        held=held,
        token=token,
    )


def _coordination_text(found: Coordination | None) -> str | None:
    if found is None:
        return None
    clues = [[clue.sign, clue.weight, clue.readers, clue.of] for clue in found.clues]
    return json.dumps([found.suspicion, found.score, found.readers, clues])


def _coordination(text: str | None) -> Coordination | None:
    if text is None:
        return None
    suspicion, score, readers, clues = json.loads(text)
    return Coordination(
        suspicion=Suspicion(suspicion),
        score=score,
        readers=readers,
        clues=tuple(
            Clue(sign=Sign(sign), weight=weight, readers=count, of=of)
            for sign, weight, count, of in clues
        ),
    )
