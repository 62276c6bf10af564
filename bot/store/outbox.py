"""The durable list of what is asked of the outside world.

What could go wrong, and why it does not:

Lost. An effect is written in the transaction that asks for it, so it is on disk with its reason or
not at all. Only `done` and `fail` end one. Each compares what the row says with what the attempt
was made at: where something else was asked meanwhile, as to open a story while its site still
closes it, the row goes on waiting for that.

Doubled. A `key` is unique. What happens once keeps it for good: an order that of its decision, a
reminder its name, a thread that of its alert, and a story's closing, which is asked for again in
the same row. The rest gives it back when it is over, so that it waits once however often it is
asked for, and asking again can only bring it forward and make it louder. Cards do the same by an
index on the case, as a report must not pay for a text. A process that ends within an attempt leaves
the row waiting, and the attempt is made again: a site knows the order by its key, and Discord's
messages are looked for by the effect's `nonce` before they are posted again.

Overtaken. A case's order waits for the earlier ones of that case, so that an undo never comes before
its hide. One that was given up and is revived while a later one is under way is given up for good
as soon as that is done. Where an attempt ends after a later order was carried out, as that of a
process which others took for gone, the last order is given once more. Numbers only grow, for the
newest row is never deleted.

Starved. What is due comes in an order of its kind: the worst case's card first, however long the
backlog; a site's orders by number; the rest by how long it has been due, so that a failed attempt
goes to the back. Each kind and site is asked for by itself and limited by itself.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.alerts import AlertId
from bot.domain.effects import Effect, EffectKind, Order
from bot.domain.ids import CaseId, EffectId, SiteId
from bot.domain.readers.mail import Mail
from bot.domain.sayings import Reminder, StaffMessage, StaffMessageKind
from bot.store.deliveries import (
    CLOSED,
    OPEN,
    gone_text,
    mail_text,
    order_from,
    order_text,
    reminder_text,
    staff_message_text,
    story_key,
)
from bot.store.engine.connection import Connection
from bot.store.times import moment, moment_if, stored

_WANT_CARD = """
INSERT INTO outbox (kind, case_id, due_at) VALUES ('card', ?, ?)
ON CONFLICT (case_id) WHERE kind = 'card' AND state = 'waiting'
DO UPDATE SET due_at = excluded.due_at WHERE excluded.due_at < outbox.due_at
"""
_REST = ("asked_at", "key", "payload", "case_id", "site", "decision_id", "alert_id", "loud")
_ASK = f"""
INSERT INTO outbox (kind, due_at, {", ".join(_REST)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""  # noqa: S608 - names of our own
_ONCE = f"{_ASK} ON CONFLICT (kind, key) WHERE key IS NOT NULL DO NOTHING"
_SOONER = f"""
{_ASK} ON CONFLICT (kind, key) WHERE key IS NOT NULL DO UPDATE SET
    due_at = CASE WHEN excluded.due_at < outbox.due_at THEN excluded.due_at ELSE outbox.due_at END,
    loud = CASE WHEN excluded.loud > outbox.loud THEN excluded.loud ELSE outbox.loud END
"""
_ANEW = f"""
{_ASK} ON CONFLICT (kind, key) WHERE key IS NOT NULL DO UPDATE SET
    state = 'waiting', due_at = excluded.due_at, payload = excluded.payload, attempts = 0,
    trouble = NULL
"""
_WANT = {
    EffectKind.SITE: _ASK,
    EffectKind.REMINDER: _ONCE,
    EffectKind.MAIL: _ONCE,
    EffectKind.CLOSING: f"""
{_ANEW} WHERE outbox.payload <> excluded.payload OR outbox.state = 'failed'
""",
    EffectKind.THREAD: f"""
{_ANEW} WHERE outbox.state <> 'done' AND outbox.trouble IS NOT NULL
""",
}
"""How a kind is asked for where it is not only brought forward."""

SELECT = """
SELECT outbox.id, kind, key, case_id, outbox.site, outbox.decision_id, alert_id, payload, attempts,
due_at, asked_at, tried_as
FROM outbox
"""
_DUE_CARDS = f"""
{SELECT} JOIN cases ON cases.id = case_id
WHERE kind = 'card' AND outbox.state = 'waiting' AND due_at <= ?
ORDER BY priority DESC, opened_at, outbox.id LIMIT ?
"""
_DUE_CARD = f"{SELECT} WHERE outbox.id = ? AND outbox.state = 'waiting' AND due_at <= ?"
THE_ORDERS = """
WHERE kind = 'site' AND kind <> 'card' AND state = 'waiting' AND site = ? AND due_at <= ?
AND NOT EXISTS (
    SELECT 1 FROM outbox AS earlier
    WHERE earlier.case_id = outbox.case_id AND earlier.id < outbox.id
    AND earlier.kind = 'site' AND earlier.state = 'waiting'
)
"""
THE_DUE = "WHERE kind = ? AND kind <> 'card' AND state = 'waiting' AND site = ? AND due_at <= ?"
_DUE_ORDERS = f"{SELECT} {THE_ORDERS} ORDER BY id LIMIT ?"
_DUE = f"{SELECT} {THE_DUE} ORDER BY due_at, id LIMIT ?"
_ORDER = "SELECT payload FROM outbox WHERE id = ? AND kind = 'site'"
# What was asked for otherwise meanwhile is not ended by an attempt at what was asked before.
_AS_TRIED = "WHERE id = ? AND (payload = ? OR payload IS NULL)"
_RETRY = f"""
UPDATE outbox SET attempts = attempts + 1, due_at = ?, trouble = ?, claimed_by = NULL {_AS_TRIED}
AND state <> 'done'
"""  # noqa: S608 - words of our own
# What happens once keeps its key.
_END = """
UPDATE outbox SET attempts = attempts + 1, done_at = ?, claimed_by = NULL,
    key = CASE WHEN kind IN ('site', 'reminder', 'thread', 'closing', 'mail') THEN key END
"""
_DONE = f"{_END}, state = 'done', trouble = NULL {_AS_TRIED}"
# What another process has done meanwhile is done.
_FAIL = f"{_END}, state = 'failed', trouble = ?, dropped = ? {_AS_TRIED} AND state <> 'done'"
# An order made due again while a later one was under way must not undo that later one.
_OVERTAKEN = """
UPDATE outbox SET state = 'failed', trouble = 'A later decision was carried out first.'
WHERE case_id = ? AND id < ? AND kind = 'site' AND state = 'waiting'
"""
_LAST_AGAIN = """
UPDATE outbox SET state = 'waiting', due_at = ?, attempts = 0, done_at = NULL WHERE id = (
    SELECT MAX(later.id) FROM outbox AS later
    WHERE later.case_id = ? AND later.id > ? AND later.kind = 'site' AND later.state = 'done'
)
"""
_REVIVE = """
UPDATE outbox SET state = 'waiting', due_at = ?, attempts = 0, done_at = NULL
WHERE case_id = ? AND kind = 'site' AND state IN ('failed', 'waiting') AND dropped = 0
AND NOT EXISTS (
    SELECT 1 FROM outbox AS later
    WHERE later.case_id = outbox.case_id AND later.id > outbox.id
    AND later.kind = 'site' AND later.state = 'done'
)
"""
_REWORD = """
UPDATE outbox SET key = ?, payload = ?, due_at = ?, attempts = attempts + 1, trouble = NULL,
    claimed_by = NULL
WHERE id = ?
"""
_PLACE = "UPDATE outbox SET placed = 1 WHERE id = ? AND payload = ?"


class Outbox:
    """What is asked of the outside world, and how far it got.

    `asked` counts what was asked for, so that the store can wake those who wait for more. What a
    site answered counts too, as the case's card waits for it.
    """

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run
        self._run_each = connection.run_each
        self.asked = 0

    def want_card(self, case_id: CaseId, due_at: datetime) -> None:
        """Ask for the case's card to be drawn; asking again can only make it due earlier."""
        self.asked += self._run(_WANT_CARD, (case_id, stored(due_at))).rowcount

    def want_cards(self, due: Mapping[CaseId, datetime]) -> None:
        """Ask for the cases' cards to be drawn, each at its time."""
        rows = [(case_id, stored(at)) for case_id, at in due.items()]
        self.asked += self._run_each(_WANT_CARD, rows).rowcount

    def want_order(self, order: Order) -> None:
        """Ask the site to carry out a decision; due at once.

        Raises:
            StoreTrouble: An order of that key was asked for before.
        """
        self._want(
            EffectKind.SITE,
            order.at,
            asked_at=stored(order.at),
            key=order.key,
            payload=order_text(order),
            case_id=order.case_id,
            site=order.site,
            decision_id=order.decision_id,
        )

    def want_closing(self, site: SiteId, story_id: str, now: datetime, *, closed: bool) -> None:
        """Ask for a story to be closed or open, in place of what was asked before."""
        key, payload = story_key(site, story_id), CLOSED if closed else OPEN
        self._want(EffectKind.CLOSING, now, key=key, payload=payload, site=site)

    def want_said(self, message: StaffMessage, now: datetime) -> None:
        """Ask for something to be said to staff; a case's thread is asked for once at a time."""
        key = f"thread:{message.cases[0]}" if message.kind is StaffMessageKind.THREAD else None
        self._want(EffectKind.STAFF, now, key=key, payload=staff_message_text(message))

    def want_reminder(self, reminder: Reminder) -> None:
        """Ask for it to be said when it is due; a name that was used before changes nothing."""
        text = reminder_text(reminder)
        self._want(EffectKind.REMINDER, reminder.due_at, key=reminder.name, payload=text)

    def want_mail(self, mail: Mail, due_at: datetime) -> None:
        """Ask for a mail to somebody; about one event there is one."""
        which = mail.decision_id or mail.contest_id or 0
        key = f"{mail.to}:{mail.event}:{which}"
        self._want(EffectKind.MAIL, due_at, key=key, payload=mail_text(mail))

    def want_gone(self, message_id: int, now: datetime, *, thread: bool = False) -> None:
        """Ask for a message of the desk's, or a thread that it began, to be taken away."""
        key = f"{'thread' if thread else 'message'}:{message_id}"
        payload = gone_text(message_id, thread=thread)
        self._want(EffectKind.FORGET, now, asked_at=stored(now), key=key, payload=payload)

    def want_alert(
        self,
        kind: EffectKind,
        *,
        due_at: datetime,
        now: datetime,
        alert_id: AlertId | None = None,
        name: str | None = None,
        body: str | None = None,
        loud: bool = False,
    ) -> None:
        """Ask for something about an alert. What waits already is only made due earlier.

        A thread is asked for once, and again if that failed; each line under a card is new.
        """
        key = name if alert_id is None else str(alert_id)
        self._want(
            kind,
            due_at,
            asked_at=stored(now),
            key=None if kind is EffectKind.REPLY else key,
            payload=body,
            alert_id=alert_id,
            loud=int(loud),
        )

    def _want(self, kind: EffectKind, due_at: datetime, **rest: object) -> None:
        values = {"site": "", "loud": 0, **rest}
        row = (kind, stored(due_at), *(values.get(name) for name in _REST))
        self.asked += self._run(_WANT.get(kind, _SOONER), row).rowcount

    def due_cards(self, now: datetime, *, limit: int) -> Sequence[Effect]:
        """Return cards due to be drawn, worst case first."""
        return [effect_of(row) for row in self._run(_DUE_CARDS, (stored(now), limit)).fetchall()]

    def due_card(self, effect_id: EffectId, now: datetime) -> Effect | None:
        """Return what draws a card, if it still waits and is due."""
        row = self._run(_DUE_CARD, (effect_id, stored(now))).fetchone()
        return effect_of(row) if row else None

    def due_orders(self, site: SiteId, now: datetime, *, limit: int) -> Sequence[Effect]:
        """Return orders due at a site, oldest first, each after the earlier ones of its case."""
        rows = self._run(_DUE_ORDERS, (site, stored(now), limit)).fetchall()
        return [effect_of(row) for row in rows]

    def due(
        self, kind: EffectKind, now: datetime, *, limit: int, site: SiteId | None = None
    ) -> Sequence[Effect]:
        """Return what is due of another kind, at a site if it is asked of one, the longest first."""
        return [
            effect_of(row)
            for row in self._run(_DUE, (kind, site or "", stored(now), limit)).fetchall()
        ]

    def order(self, effect_id: EffectId) -> Order | None:
        """Return what an effect asks of its site; `None` for what is no order."""
        row = self._run(_ORDER, (effect_id,)).fetchone()
        return order_from(row[0]) if row else None

    def done(self, effect: Effect, at: datetime) -> None:
        """Record that an effect was carried out; earlier orders of its case are given up."""
        ended = self._run(_DONE, (stored(at), effect.id, effect.payload)).rowcount
        self._heard(effect)
        if ended and effect.kind is EffectKind.SITE:
            self._run(_OVERTAKEN, (effect.case_id, effect.id))
        self._have_the_last_word(effect, at)

    def retry(self, effect: Effect, due_at: datetime, trouble: str) -> None:
        """Record a failed attempt and when the next one is due."""
        self._run(_RETRY, (stored(due_at), trouble, effect.id, effect.payload))
        self._heard(effect)
        self._have_the_last_word(effect, due_at)

    def fail(self, effect: Effect, at: datetime, trouble: str, *, dropped: bool = False) -> None:
        """Record that an effect is given up.

        An order that is `dropped` is never given again, and says nothing about its case any more.
        """
        self._run(_FAIL, (stored(at), trouble, int(dropped), effect.id, effect.payload))
        self._heard(effect)

    def _heard(self, effect: Effect) -> None:
        """Wake whoever draws the case's card, which waits already: it may say this now."""
        self.asked += effect.kind is EffectKind.SITE

    def _have_the_last_word(self, effect: Effect, at: datetime) -> None:
        """Have the last order of a case given once more where an attempt at an earlier one ended late.

        The site may have heard that one last.
        """
        if effect.kind is EffectKind.SITE:
            self._run(_LAST_AGAIN, (stored(at), effect.case_id, effect.id))

    def place(self, effect: Effect) -> None:
        """Record that an order did what it was to do to the comment, whatever becomes of the rest."""
        self._run(_PLACE, (effect.id, effect.payload))

    def reword(self, effect_id: EffectId, order: Order, due_at: datetime) -> None:
        """Let an order that the site did not obey be given in other words."""
        self._run(_REWORD, (order.key, order_text(order), stored(due_at), effect_id))
        self.asked += 1

    def revive(self, case_id: CaseId, now: datetime) -> bool:
        """Make the case's failed or waiting orders due now, with their tries from 0.

        Orders that a later one has overtaken stay as they are. False if none is left.
        """
        revived = self._run(_REVIVE, (stored(now), case_id)).rowcount
        self.asked += revived
        return revived > 0


def effect_of(row: tuple[Any, ...]) -> Effect:
    """Return the effect that `SELECT` found."""
    (number, kind, key, case_id, site, decision_id, alert_id, payload, *rest) = row
    attempts, due_at, asked_at, tried_as = rest
    return Effect(
        id=number,
        kind=EffectKind(kind),
        key=key,
        case_id=case_id or CaseId(0),
        site=site,
        decision_id=decision_id,
        alert_id=alert_id,
        payload=payload or "",
        attempts=attempts,
        due_at=moment(due_at),
        asked_at=moment_if(asked_at),
        tried_as=tried_as,
    )
