"""Forgets what is no longer asked for, in short works, so that intake is not held up."""

from datetime import datetime

from bot.store.times import stored
from bot.store.tx import Tx
from bot.store.writer import Writer

_ROWS = 2000  # looked at in one work: a few milliseconds

_NEXT_RECEIPT = """
SELECT site, delivery FROM receipts WHERE (site, delivery) > (?, ?)
ORDER BY site, delivery LIMIT 1 OFFSET ?
"""
_LAST_RECEIPT = "SELECT site, delivery FROM receipts ORDER BY site DESC, delivery DESC LIMIT 1"
_FORGET_RECEIPTS = """
DELETE FROM receipts WHERE (site, delivery) > (?, ?) AND (site, delivery) <= (?, ?) AND at < ?
AND case_id NOT IN (SELECT case_id FROM preserved)
"""
_LAST_EFFECT = "SELECT COALESCE(MAX(id), 0) FROM outbox"
# The newest effect stays, as a new one would otherwise be given its number.
_FORGET_EFFECTS = """
DELETE FROM outbox WHERE id > ? AND id <= ? AND id < ?
AND kind IN ('card', 'alert') AND state <> 'waiting' AND done_at < ?
AND (case_id IS NULL OR case_id NOT IN (SELECT case_id FROM preserved))
"""

_FORGET_TRIES = "DELETE FROM tries WHERE at < ?"


async def prune_receipts(writer: Writer, before: datetime) -> int:
    """Forget what was answered to deliveries before that; return how many were forgotten."""
    forgotten, place = 0, ("", "")

    def work(tx: Tx) -> tuple[tuple[str, str] | None, int]:
        upto = tx.run(_NEXT_RECEIPT, (*place, _ROWS - 1)).fetchone()
        end = upto or tx.run(_LAST_RECEIPT).fetchone() or place
        gone = tx.run(_FORGET_RECEIPTS, (*place, *end, stored(before))).rowcount
        return upto, gone

    while True:
        upto, gone = await writer.write(work)
        forgotten += gone
        if upto is None:
            return forgotten
        place = upto


async def prune_effects(writer: Writer, before: datetime) -> int:
    """Forget the drawings of cards that were done before that; return how many.

    Orders to the sites stay: they say what was asked and how it ended.
    """
    forgotten, place = 0, 0

    def work(tx: Tx) -> tuple[int, int]:
        newest = tx.run(_LAST_EFFECT).fetchone()[0]
        gone = tx.run(_FORGET_EFFECTS, (place, place + _ROWS, newest, stored(before))).rowcount
        return newest, gone

    while True:
        newest, gone = await writer.write(work)
        forgotten += gone
        place += _ROWS
        if place >= newest:
            return forgotten


async def prune_tries(writer: Writer, before: datetime) -> int:
    """Forget when messages were tried that are settled for long; return how many."""

    def work(tx: Tx) -> int:
        return tx.run(_FORGET_TRIES, (stored(before),)).rowcount

    return await writer.write(work)
