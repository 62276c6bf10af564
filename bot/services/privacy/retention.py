"""Forget what was kept for as long as the policy says, once a day, and say what that was.

What could go wrong, and why it does not:

Too much. A case that is open keeps everything, and so does one that is held: each is looked at again
in the transaction that forgets, so that what was opened or held meanwhile stays.

Too little. What is found by one reading is all there is below a number, so that a fault on the way
costs nothing but a day; the next purge finds what is left. What Discord shows is taken away by the
outbox, which goes on until it is. The index of words and the log beside the database are emptied at
the end, as both keep what was erased for a time.

By a wrong clock. While the sites or Discord say another time than this machine, nothing is purged.

In the way. Nothing is written for longer than a few cases take, and there is a breath in between.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.domain.errors import DeskError
from bot.domain.lines import count
from bot.domain.retention import Kept
from bot.services.desk import Desk
from bot.services.readers.notice import erase_notices
from bot.store.purging import SWEEPS, WINDOW, Sweep
from bot.store.tx import Tx

T = TypeVar("T")

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
_LOOK_EVERY = timedelta(minutes=10)
_AT_ONCE = 20
"""Cases forgotten in one transaction: some milliseconds."""
_BREATH = 0.01
_MANY = 500
_ALL = 1_000_000


async def keep_forgetting(desk: Desk, clock_is_wrong: Callable[[], bool]) -> None:
    """Purge once a day, for ever; a desk that was off catches up soon after its start.

    Not at the start itself, when nobody has said yet what time it is: by a clock that is years
    ahead everything is too old.
    """
    while True:
        await asyncio.sleep(_LOOK_EVERY.total_seconds())
        if not clock_is_wrong() and await is_due(desk):
            await purge(desk)


async def is_due(desk: Desk) -> bool:
    """Whether there was no purge for a day."""
    last = await desk.store.read(lambda tx: tx.purging.last())
    return last is None or desk.clock() - last >= EVERY


async def purge(desk: Desk, *, dry: bool = False) -> Mapping[Kept, int]:
    """Forget what is too old; return how much of each kind that was, or would be if `dry`."""
    amounts = await _forgotten(desk, dry=dry)
    if dry:
        return amounts
    now = desk.clock()
    await desk.store.write(lambda tx: tx.purging.record(amounts, now))
    if amounts.total():
        await desk.store.write(lambda tx: tx.forgetting.told())
    try:
        await desk.store.let_go()
    except DeskError as trouble:
        log.warning("%s", trouble)
    said = ", ".join(f"{what.replace('_', ' ')} {amounts[what]}" for what in Kept if amounts[what])
    log.info("forgot %s: %s", count(amounts.total(), "thing"), said or "all that is kept is young")
    return amounts


async def _forgotten(desk: Desk, *, dry: bool) -> Counter[Kept]:
    amounts = Counter[Kept](dict.fromkeys(Kept, 0))
    for sweep in SWEEPS:
        amounts[sweep.what] += await _sweep(desk, sweep, dry=dry)
    if not dry:
        amounts[Kept.EMAILS] += await erase_notices(desk)
    amounts[Kept.RECEIPTS] += await _judged(desk, dry=dry)
    amounts[Kept.ADDRESSES] += await _addresses(desk, dry=dry)
    amounts[Kept.SNAPSHOTS] += await _snapshots(desk, dry=dry)
    amounts[Kept.REPORT_LOG] += await _report_log(desk, dry=dry)
    return amounts


async def _sweep(desk: Desk, sweep: Sweep, *, dry: bool) -> int:
    started = desk.clock()
    before = desk.policy().retention.before(sweep.what, started)
    newest = await desk.store.read(lambda tx: tx.purging.newest(sweep))
    amount = 0
    for start in range(0, newest, WINDOW):
        found = await desk.store.read(partial(_found, sweep, start, before, started))
        if dry:
            amount += len(found)
            continue
        for some in _lots(found):
            now = desk.clock()
            amount += await desk.store.write(
                lambda tx, some=some, now=now: tx.purging.forget(sweep, some, before, now)
            )
            await asyncio.sleep(_BREATH)
    return amount


def _found(sweep: Sweep, start: int, before: datetime, now: datetime, tx: Tx) -> Sequence[int]:
    return tx.purging.find(sweep, (start, start + WINDOW), before, now)


def _lots(found: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(found), _AT_ONCE):
        yield found[start : start + _AT_ONCE]


async def _addresses(desk: Desk, *, dry: bool) -> int:
    now = desk.clock()
    before = desk.policy().retention.before(Kept.ADDRESSES, now)
    limit = _ALL if dry else _MANY
    amount = 0
    while True:
        found = await desk.store.read(lambda tx: tx.purging.addresses(before, now, limit=limit))
        if dry or not found:
            return amount + len(found)
        for some in _lots(found):
            amount += await desk.store.write(
                lambda tx, some=some: tx.purging.forget_addresses(some)
            )
            await asyncio.sleep(_BREATH)


async def _judged(desk: Desk, *, dry: bool) -> int:
    """Forget what became of a reader's reports, with their own ways back to them."""
    before = desk.policy().retention.before(Kept.RECEIPTS, desk.clock())
    if dry:
        return await desk.store.read(lambda tx: tx.readers.judged_before(before))
    amount = 0
    while True:
        gone = await desk.store.write(lambda tx: tx.readers.forget_judged(before, limit=_MANY))
        amount += gone
        if gone < _MANY:
            return amount


async def _snapshots(desk: Desk, *, dry: bool) -> int:
    before = desk.policy().retention.before(Kept.SNAPSHOTS, desk.clock())
    if dry:
        return await desk.store.read(lambda tx: tx.purging.old_evidence(before))
    return await desk.store.write(lambda tx: tx.purging.forget_evidence(before))


async def _report_log(desk: Desk, *, dry: bool) -> int:
    """Forget old reports in the list, as far as the detector needs to read no more of them."""
    before = desk.policy().retention.before(Kept.REPORT_LOG, desk.clock())
    upto = await desk.store.read(lambda tx: tx.purging.read_upto())
    if dry:
        return await desk.store.read(lambda tx: tx.purging.old_sightings(before, upto))
    amount = 0
    while True:
        gone = await desk.store.write(
            lambda tx: tx.report_events.forget(before, upto=upto, limit=_MANY)
        )
        amount += gone
        if gone < _MANY:
            return amount
