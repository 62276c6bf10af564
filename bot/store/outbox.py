"""The durable list of changes asked of the outside world."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.domain.effect import Asked, Delivery, Effect, EffectKind, EffectState, Order
from bot.domain.ids import CaseId, DecisionId, EffectId, SiteId
from bot.store.engine.connection import Connection
from bot.store.orders import order_from, order_text
from bot.store.times import moment, moment_if, stored

_WANT_CARD = """
INSERT INTO effects (kind, case_id, due_at) VALUES ('card', ?, ?)
ON CONFLICT (case_id) WHERE kind = 'card' AND state = 'waiting'
DO UPDATE SET due_at = excluded.due_at WHERE excluded.due_at < effects.due_at
"""
_WANT_ORDER = """
INSERT INTO effects (kind, case_id, due_at, site, decision_id, order_key, order_json)
VALUES ('site', ?, ?, ?, ?, ?, ?)
"""
_DUE_CARDS = """
SELECT effects.id, kind, case_id, cases.site, effects.decision_id, attempts, due_at
FROM effects JOIN cases ON cases.id = case_id
WHERE kind = 'card' AND effects.state = 'waiting' AND due_at <= ?
ORDER BY priority DESC, opened_at, effects.id LIMIT ?
"""
_DUE_HELD = """
SELECT effects.id, kind, case_id, cases.site, effects.decision_id, attempts, due_at
FROM effects JOIN cases ON cases.id = case_id
WHERE kind = 'card' AND effects.state = 'waiting' AND due_at <= ?
AND (
    cases.state = 'decided'
    OR EXISTS (SELECT 1 FROM cards WHERE cards.case_id = cases.id AND message_id IS NOT NULL)
    OR EXISTS (SELECT 1 FROM preserved WHERE preserved.case_id = cases.id)
)
ORDER BY priority DESC, opened_at, effects.id LIMIT ?
"""
_DUE_ORDERS = """
SELECT id, kind, case_id, site, decision_id, attempts, due_at FROM effects AS asked
WHERE kind = 'site' AND state = 'waiting' AND site = ? AND due_at <= ?
AND NOT EXISTS (
    SELECT 1 FROM effects AS earlier
    WHERE earlier.case_id = asked.case_id AND earlier.id < asked.id
    AND earlier.kind = 'site' AND earlier.state = 'waiting'
)
ORDER BY id LIMIT ?
"""
_ORDER = "SELECT order_json FROM effects WHERE id = ? AND kind = 'site'"
_DONE = """
UPDATE effects SET state = 'done', done_at = ?, attempts = attempts + 1, trouble = NULL
WHERE id = ? RETURNING kind, case_id
"""
# An order made due again while a later one was under way must not undo that later one.
_OVERTAKEN = """
UPDATE effects SET state = 'failed', trouble = 'A later decision was carried out first.'
WHERE case_id = ? AND id < ? AND kind = 'site' AND state = 'waiting'
"""
_RETRY = "UPDATE effects SET due_at = ?, attempts = attempts + 1, trouble = ? WHERE id = ?"
_FAIL = """
UPDATE effects SET state = 'failed', done_at = ?, attempts = attempts + 1, trouble = ?
WHERE id = ?
"""
_REVIVE = """
UPDATE effects SET state = 'waiting', due_at = ?, attempts = 0, done_at = NULL
WHERE case_id = ? AND kind = 'site' AND state IN ('failed', 'waiting') AND dropped = 0
AND NOT EXISTS (
    SELECT 1 FROM effects AS later
    WHERE later.case_id = effects.case_id AND later.id > effects.id
    AND later.kind = 'site' AND later.state = 'done'
)
"""
_DELIVERY = """
SELECT state, attempts, due_at, done_at, trouble, id FROM effects
WHERE case_id = ? AND kind = 'site' AND dropped = 0 ORDER BY id DESC LIMIT 1
"""
_ASKED = """
SELECT state, order_json FROM effects
WHERE case_id = ? AND kind = 'site' AND dropped = 0 ORDER BY id DESC
"""
_DROP = """
UPDATE effects
SET state = 'failed', dropped = 1, done_at = ?, attempts = attempts + 1, trouble = ?
WHERE id = ?
"""
_REWORD = """
UPDATE effects
SET order_key = ?, order_json = ?, due_at = ?, attempts = attempts + 1, trouble = NULL
WHERE id = ?
"""
_WAS_DONE = """
SELECT 1 FROM effects
WHERE case_id = ? AND kind = 'site' AND decision_id = ? AND state = 'done' LIMIT 1
"""
_TOLD_OF_AUTHOR = """
SELECT 1 FROM effects JOIN decisions ON decisions.id = effects.decision_id
WHERE decisions.site = ? AND decisions.author_id = ? AND effects.kind = 'site'
AND effects.state = 'done' AND effects.done_at >= ?
AND decisions.action IN ('ban', 'unban') LIMIT 1
"""
_LEFT_HIDDEN = """
SELECT state, order_json FROM effects
WHERE case_id = ? AND kind = 'site' AND state IN ('waiting', 'done') ORDER BY id DESC
"""
# By kind, as only what waits is then looked through, and not all that was ever asked for.
_BRING_NEAR = (
    "UPDATE effects SET due_at = ? WHERE kind = 'card' AND state = 'waiting' AND due_at > ?",
    "UPDATE effects SET due_at = ? WHERE kind = 'site' AND state = 'waiting' AND due_at > ?",
    "UPDATE errands SET due_at = ? WHERE state = 'waiting' AND due_at > ?",
)
_BRING_FORWARD = tuple(
    f"UPDATE {table} SET due_at = CASE WHEN due_at - ? > ? THEN due_at - ? ELSE ? END "  # noqa: S608 - names of our own
    "WHERE state = 'waiting' AND due_at > ?"
    for table in ("effects", "errands", "alert_effects")
)


class Outbox:
    """What is asked of the outside world, and how far it got.

    `asked` counts the effects asked for, so that the store can wake those who wait for more.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._run = connection.run
        self.asked = 0

    def bring_near(self, now: datetime, *, most: timedelta) -> None:
        """Make due now what would not be due within the longest wait there is."""
        for statement in _BRING_NEAR:
            self._run(statement, (stored(now), stored(now + most)))

    def bring_forward(self, now: datetime, *, by: timedelta) -> None:
        """Make what waits be due so much earlier, but not before now, and errands and alerts too."""
        earlier = by // timedelta(microseconds=1)
        for statement in _BRING_FORWARD:
            self._run(statement, (earlier, stored(now), earlier, stored(now), stored(now)))

    def want_card(self, case_id: CaseId, due_at: datetime) -> None:
        """Ask for the case's card to be drawn; asking again can only make it due earlier."""
        self.asked += self._run(_WANT_CARD, (case_id, stored(due_at))).rowcount

    def want_order(self, order: Order) -> None:
        """Ask the site to carry out a decision; due at once.

        Raises:
            StoreTrouble: An order of that key was asked for before.
        """
        key = (order.case_id, stored(order.at), order.site, order.decision_id, order.key)
        self.asked += self._run(_WANT_ORDER, (*key, order_text(order))).rowcount

    def due_cards(self, now: datetime, *, limit: int, held: bool = False) -> Sequence[Effect]:
        """Return cards due to be drawn, worst case first; only those that are `held` not back."""
        asked = _DUE_HELD if held else _DUE_CARDS
        return [_effect(row) for row in self._run(asked, (stored(now), limit)).fetchall()]

    def due_orders(self, site: SiteId, now: datetime, *, limit: int) -> Sequence[Effect]:
        """Return orders due at a site, oldest first, each after the earlier ones of its case."""
        rows = self._run(_DUE_ORDERS, (site, stored(now), limit)).fetchall()
        return [_effect(row) for row in rows]

    def order(self, effect_id: EffectId) -> Order | None:
        """Return what an effect asks of its site; `None` for a card."""
        row = self._run(_ORDER, (effect_id,)).fetchone()
        return order_from(row[0]) if row else None

    def done(self, effect_id: EffectId, at: datetime) -> None:
        """Record that an effect was carried out; earlier orders of its case are given up."""
        row = self._run(_DONE, (stored(at), effect_id)).fetchone()
        if row and row[0] == EffectKind.SITE:
            self._run(_OVERTAKEN, (row[1], effect_id))

    def told_of_author(self, site: SiteId, author_id: str, *, since: datetime) -> bool:
        """Whether the site was told since then whether an author is banned."""
        row = self._run(_TOLD_OF_AUTHOR, (site, author_id, stored(since))).fetchone()
        return row is not None

    def left_hidden(self, case_id: CaseId) -> bool:
        """Whether a comment is hidden by the last order about it, and none about it waits."""
        for state, text in self._run(_LEFT_HIDDEN, (case_id,)).fetchall():
            visible = order_from(text).visible
            if visible is not None:
                return state == EffectState.DONE and not visible
        return False

    def retry(self, effect_id: EffectId, due_at: datetime, trouble: str) -> None:
        """Record a failed attempt and when the next one is due."""
        self._run(_RETRY, (stored(due_at), trouble, effect_id))

    def fail(self, effect_id: EffectId, at: datetime, trouble: str) -> None:
        """Record that an effect is given up."""
        self._run(_FAIL, (stored(at), trouble, effect_id))

    def drop(self, effect_id: EffectId, at: datetime, why: str) -> None:
        """Record that an order is never given again, and says nothing about its case any more."""
        self._run(_DROP, (stored(at), why, effect_id))

    def reword(self, effect_id: EffectId, order: Order, due_at: datetime) -> None:
        """Let an order that the site did not obey be given in other words."""
        self._run(_REWORD, (order.key, order_text(order), stored(due_at), effect_id))
        self.asked += 1

    def was_done(self, case_id: CaseId, decision_id: DecisionId) -> bool:
        """Whether the site carried out what a decision on the case asked."""
        return self._run(_WAS_DONE, (case_id, decision_id)).fetchone() is not None

    def revive(self, case_id: CaseId, now: datetime) -> bool:
        """Make the case's failed or waiting orders due now, with their tries from 0.

        Orders that a later one has overtaken stay as they are. False if none is left.
        """
        revived = self._run(_REVIVE, (stored(now), case_id)).rowcount
        self.asked += revived
        return revived > 0

    def delivery(self, case_id: CaseId) -> Delivery | None:
        """Return how far the site has got with the case's newest decision."""
        return delivery_of(self._connection, case_id)


def delivery_of(connection: Connection, case_id: CaseId) -> Delivery | None:
    """Return how far the site has got with the newest order of a case, `None` if it has none."""
    row = connection.run(_DELIVERY, (case_id,)).fetchone()
    if row is None:
        return None
    state, attempts, due_at, done_at, trouble, effect_id = row
    return Delivery(
        state=EffectState(state),
        attempts=attempts,
        due_at=moment(due_at) if state == EffectState.WAITING else None,
        done_at=moment_if(done_at) if state == EffectState.DONE else None,
        trouble=trouble,
        effect_id=effect_id,
    )


def asked_of(connection: Connection, case_id: CaseId) -> Asked | None:
    """Return what the newest order of a case asks for, `None` if it has none."""
    rows = connection.run(_ASKED, (case_id,)).fetchall()
    if not rows:
        return None
    (_, newest), *earlier = [(state, order_from(text)) for state, text in rows]
    left = (order.visible for state, order in earlier if state == EffectState.DONE)
    return Asked(
        visible=newest.visible,
        banned=newest.banned,
        was_visible=next((visible for visible in left if visible is not None), True),
    )


def _effect(row: tuple[Any, ...]) -> Effect:
    effect_id, kind, case_id, site, decision_id, attempts, due_at = row
    return Effect(
        id=effect_id,
        kind=EffectKind(kind),
        case_id=case_id,
        site=site,
        decision_id=decision_id,
        attempts=attempts,
        due_at=moment(due_at),
    )
