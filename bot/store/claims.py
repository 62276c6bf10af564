"""What one of several processes takes from the outbox for itself alone.

What could go wrong, and why it does not:

Carried out side by side. A process claims what it is about to carry out, in one short transaction
that passes over what another is just claiming. The claim stands until the attempt is settled.

Left lying. Who claims holds a lock of the database's for as long as its connection lasts, however
that ends. So what a killed process had claimed is free at the next look of another, and is begun
again: a site knows the order by its key. A claim is seen before its lock is looked for, and a
number is used once, so nothing is taken from somebody who has only just begun. Who only lost the
connection goes on, beside whoever takes over; what comes of that late is in `bot.store.outbox`.

Done by both. What has no key by which the other side knows it, as a mail, is begun for a while, and
by one of them: whoever begins it moves the time at which it is due, and finds whether it was moved.

Overtaken. A claimed order waits still, and so the later ones of its case wait for it, whoever has
claimed it.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.effects import Effect, EffectKind
from bot.domain.ids import SiteId
from bot.store.engine.connection import Connection
from bot.store.outbox import SELECT, THE_DUE, THE_ORDERS, Outbox, effect_of
from bot.store.times import stored

_FREE = "AND (claimed_by IS NULL OR claimed_by = ?)"
_ORDERS = f"{SELECT} {THE_ORDERS} {_FREE} ORDER BY id LIMIT ?"
_DUE = f"{SELECT} {THE_DUE} {_FREE} ORDER BY due_at, id LIMIT ?"
_CLAIM = "UPDATE outbox SET claimed_by = ? WHERE id = ?"
_BEGIN = """
UPDATE outbox SET due_at = ? WHERE id = ? AND kind <> 'card' AND state = 'waiting' AND due_at = ?
"""
_CLAIMERS = "SELECT DISTINCT claimed_by FROM outbox WHERE claimed_by IS NOT NULL"
_LET_GO = "UPDATE outbox SET claimed_by = NULL WHERE claimed_by = ?"


class Claims:
    """Takes effects; where one process does all, that is only to look for them."""

    def __init__(self, connection: Connection, outbox: Outbox) -> None:
        self._connection = connection
        self._outbox = outbox
        self._run = connection.run

    def orders(self, site: SiteId, now: datetime, *, limit: int) -> Sequence[Effect]:
        """Take orders due at a site, oldest first, each after the earlier ones of its case."""
        if self._connection.claimer is None:
            return self._outbox.due_orders(site, now, limit=limit)
        return self._taken(_ORDERS, (site, stored(now)), limit)

    def due(
        self, kind: EffectKind, now: datetime, *, limit: int, site: SiteId | None = None
    ) -> Sequence[Effect]:
        """Take what is due of another kind, at a site if it is asked of one, the longest first."""
        if self._connection.claimer is None:
            return self._outbox.due(kind, now, limit=limit, site=site)
        return self._taken(_DUE, (kind, site or "", stored(now)), limit)

    def begin(self, effect: Effect, until: datetime) -> bool:
        """Keep an effect to whoever begins it now, until then; false if somebody else has begun it."""
        row = (stored(until), effect.id, stored(effect.due_at))
        return self._run(_BEGIN, row).rowcount == 1

    def _taken(self, free: str, values: Sequence[object], limit: int) -> Sequence[Effect]:
        me = self._connection.claimer
        claimers = [number for (number,) in self._run(_CLAIMERS).fetchall()]
        for gone in self._connection.gone(claimers):
            self._run(_LET_GO, (gone,))
        sql = f"{free} {self._connection.passing_over}"
        effects = [effect_of(row) for row in self._run(sql, (*values, me, limit)).fetchall()]
        for effect in effects:
            self._run(_CLAIM, (me, effect.id))
        return effects
