"""The durable list of what editors are to be told."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.alert import AlertEffect, AlertEffectKind, AlertId, Asked, Message
from bot.domain.ids import EffectId
from bot.store.engine.connection import Connection
from bot.store.outbox import Outbox
from bot.store.times import moment, stored

_ASK = """
INSERT INTO alert_effects (kind, alert_id, name, body, loud, asked_at, due_at)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_EARLIER = """
due_at = CASE WHEN excluded.due_at < alert_effects.due_at THEN excluded.due_at
    ELSE alert_effects.due_at END
"""
_LOUDER = """
loud = CASE WHEN excluded.loud > alert_effects.loud THEN excluded.loud
    ELSE alert_effects.loud END
"""
# What waits already is only made due earlier; a thread is asked for once, and again where
# it has not come.
_WANT = {
    AlertEffectKind.ALERT: f"""
{_ASK} ON CONFLICT (alert_id) WHERE kind = 'alert' AND state = 'waiting'
DO UPDATE SET {_EARLIER}, {_LOUDER}
""",
    AlertEffectKind.REPLY: _ASK,
    AlertEffectKind.ROAD: f"""
{_ASK} ON CONFLICT (alert_id) WHERE kind = 'road' AND state = 'waiting' AND alert_id IS NOT NULL
DO UPDATE SET {_EARLIER}, {_LOUDER}
""",
    AlertEffectKind.BULLETIN: f"""
{_ASK} ON CONFLICT (name) WHERE kind = 'bulletin' AND state = 'waiting'
DO UPDATE SET {_EARLIER}
""",
    AlertEffectKind.THREAD: f"""
{_ASK} ON CONFLICT (alert_id) WHERE kind = 'thread'
DO UPDATE SET state = 'waiting', due_at = excluded.due_at, body = excluded.body, attempts = 0,
    trouble = NULL
WHERE alert_effects.state <> 'done' AND alert_effects.trouble IS NOT NULL
""",
}
_DUE = """
SELECT id, kind, alert_id, name, body, loud, attempts, asked_at FROM alert_effects
WHERE state = 'waiting' AND due_at <= ? AND kind IN (?, ?, ?, ?) ORDER BY id LIMIT ?
"""
_KINDS = 4
_DONE = """
UPDATE alert_effects SET state = 'done', done_at = ?, attempts = attempts + 1, trouble = NULL
WHERE id = ?
"""
_RETRY = "UPDATE alert_effects SET due_at = ?, attempts = attempts + 1, trouble = ? WHERE id = ?"
_FAIL = """
UPDATE alert_effects SET state = 'failed', done_at = ?, attempts = attempts + 1, trouble = ?
WHERE id = ?
"""
_FORGET = """
DELETE FROM alert_effects WHERE kind = 'alert' AND state <> 'waiting' AND done_at < ?
AND id < (SELECT MAX(id) FROM alert_effects)
"""
_LOUD = """
SELECT COUNT(*) FROM alert_effects
WHERE loud = 1 AND asked_at > ?1 AND (alert_id = ?2 OR ?2 IS NULL)
"""
_ASKED = """
SELECT body, trouble FROM alert_effects
WHERE alert_id = ? AND kind = 'thread' AND state <> 'done'
"""
_BULLETIN = "SELECT body, channel_id, message_id FROM bulletins WHERE name = ?"
_PUT = """
INSERT INTO bulletins (name, body) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET body = excluded.body
"""
_PLACED = "UPDATE bulletins SET channel_id = ?, message_id = ? WHERE name = ?"


class AlertEffects:
    """What editors are to be told, and how far it got; what is asked for wakes those who wait."""

    def __init__(self, connection: Connection, outbox: Outbox) -> None:
        self._run = connection.run
        self._outbox = outbox

    def want(
        self,
        kind: AlertEffectKind,
        *,
        due_at: datetime,
        now: datetime,
        alert_id: AlertId | None = None,
        name: str | None = None,
        body: str | None = None,
        loud: bool = False,
    ) -> None:
        """Ask for something. What waits already is only made due earlier.

        A thread is asked for once, and again if that failed; each line under a card is new.
        """
        row = (kind, alert_id, name, body, loud, stored(now), stored(due_at))
        self._outbox.asked += self._run(_WANT[kind], row).rowcount

    def due(
        self, kinds: Sequence[AlertEffectKind], now: datetime, *, limit: int
    ) -> Sequence[AlertEffect]:
        """Return what is due of these kinds, in the order in which it was asked for."""
        wanted = [*kinds, *[""] * _KINDS][:_KINDS]
        return [
            AlertEffect(
                id=number,
                kind=AlertEffectKind(kind),
                alert_id=alert_id,
                name=name,
                body=body,
                loud=bool(loud),
                attempts=attempts,
                asked_at=moment(asked_at),
            )
            for number, kind, alert_id, name, body, loud, attempts, asked_at in self._run(
                _DUE, (stored(now), *wanted, limit)
            ).fetchall()
        ]

    def done(self, effect_id: EffectId, at: datetime) -> None:
        """Record that it was done."""
        self._run(_DONE, (stored(at), effect_id))

    def retry(self, effect_id: EffectId, due_at: datetime, trouble: str) -> None:
        """Record a failed attempt and when the next one is due."""
        self._run(_RETRY, (stored(due_at), trouble, effect_id))

    def fail(self, effect_id: EffectId, at: datetime, trouble: str) -> None:
        """Record that it is given up."""
        self._run(_FAIL, (stored(at), trouble, effect_id))

    def forget(self, before: datetime) -> int:
        """Forget the drawings of cards that were done before that; return how many."""
        return self._run(_FORGET, (stored(before),)).rowcount

    def loud_since(self, moment: datetime, alert_id: AlertId | None = None) -> int:
        """Return how often alerts, or one of them, made a sound since then."""
        return int(self._run(_LOUD, (stored(moment), alert_id)).fetchone()[0])

    def asked(self, alert_id: AlertId) -> Asked | None:
        """Return how far a thread with the moderators has got, `None` if none is on its way."""
        row = self._run(_ASKED, (alert_id,)).fetchone()
        if row is None:
            return None
        by_name, trouble = row
        return Asked(by_name=by_name or "", trouble=trouble)

    def bulletin(self, name: str) -> tuple[str, Message | None] | None:
        """Return a bulletin's text and where it stands."""
        row = self._run(_BULLETIN, (name,)).fetchone()
        if row is None:
            return None
        body, channel, message = row
        return body, Message(channel_id=channel, message_id=message) if message else None

    def put_bulletin(self, name: str, body: str) -> None:
        """Keep a bulletin's text."""
        self._run(_PUT, (name, body))

    def bulletin_posted(self, name: str, message: Message) -> None:
        """Record where a bulletin stands."""
        self._run(_PLACED, (message.channel_id, message.message_id, name))
