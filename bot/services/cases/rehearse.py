"""Replay a recorded day, and say what came of it beside what was recorded."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.comments import Report
from bot.domain.policy import Policy
from bot.domain.rehearsal import CommentKey, Moved, Recording, Settled, moved, waits
from bot.domain.staff import Authority
from bot.services.cases.receive import receive
from bot.services.desk import REDRAW_LATER, Desk
from bot.store.store import Store
from bot.store.tx import Tx

LONGEST_WAIT = timedelta(seconds=20)
_MOST = 100_000
_PAGE = 500
_LOOK_EVERY = 1.0

Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class _Hand:
    """A clock that is moved by hand."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


async def feed(desk: Desk, reports: Sequence[Report], *, speed: float, sleep: Sleep) -> None:
    """Give the desk the reports as if they came now, `speed` times as fast as they did."""
    pauses = waits(reports, speed, LONGEST_WAIT)
    for report, pause in zip(reports, pauses, strict=True):
        if pause:
            await sleep(pause.total_seconds())
        await receive(desk, [replace(report, at=desk.clock())])


async def settled(store: Store) -> dict[CommentKey, Settled]:
    """Return how people decided the comments that are decided now."""

    def read(tx: Tx) -> dict[CommentKey, Settled]:
        found: dict[CommentKey, Settled] = {}
        last = 0
        while page := tx.decisions.after(last, limit=_PAGE):
            for made in page:
                comment = (made.site, made.comment_id)
                if made.reverses is not None:
                    found.pop(comment, None)
                elif made.is_verdict or made.amends is not None:
                    found[comment] = Settled(
                        action=made.action, rule=made.verdict.rule, by_name=made.verdict.by.name
                    )
            last = page[-1].id
        return found

    return await store.read(read)


async def all_decided(desk: Desk) -> None:
    """Return once no case waits any more, and the cards and the sites show it."""
    seen = 0
    while await desk.store.read(lambda tx: _waits(tx, desk.clock())):
        seen = await desk.store.changed(seen, within=_LOOK_EVERY)


def _waits(tx: Tx, now: datetime) -> bool:
    soon = now + REDRAW_LATER
    return bool(tx.cases.count_open() or tx.outbox.due_cards(soon, limit=1))


async def queue_under(store: Store, policy: Policy, recording: Recording) -> list[CommentKey]:
    """Return the queue as it would be at the day's end under a policy, nothing being decided.

    `store` must be empty.
    """
    clock = _Hand(recording.reports[0].at)
    desk = Desk(store=store, policy=lambda: policy, authority=Authority(ranks={}), clock=clock)
    for report in recording.reports:
        clock.now = max(clock.now, report.at)
        await receive(desk, [report])
    cases = await store.read(lambda tx: tx.cases.queue(limit=_MOST))
    return [(case.site, case.comment_id) for case in cases]


async def moved_by(
    stores: tuple[Store, Store], before: Policy, after: Policy, recording: Recording
) -> list[Moved]:
    """Return what would stand elsewhere in the queue under another policy."""
    first = await queue_under(stores[0], before, recording)
    return moved(first, await queue_under(stores[1], after, recording))
