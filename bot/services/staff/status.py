"""How the desk stands, for whoever asks in a channel: what waits for whom, and what is refused now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.staff import Person, Rank, Trouble
from bot.services.desk import Desk
from bot.store.gauges import OpenCases, Waiting
from bot.store.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The open cases by state, what is due and waits, and what stands in the way of it."""

    cases: Sequence[OpenCases]
    waiting: Sequence[Waiting]
    troubles: Sequence[Trouble]


async def status(desk: Desk, by: Person) -> Status:
    """Return how the desk stands.

    Raises:
        NotAllowed: The person is no moderator.
    """
    desk.require(by, Rank.MODERATOR)
    now = desk.clock()
    return await desk.store.read(lambda tx: _stands(tx, now, desk.troubles.current))


def _stands(tx: Tx, now: datetime, troubles: Sequence[Trouble]) -> Status:
    # What has its own date, as a reminder of tomorrow, waits for nobody.
    due = [one for one in tx.gauges.waiting() if one.tries or (one.since and one.since <= now)]
    return Status(cases=tx.gauges.open_cases(), waiting=due, troubles=troubles)
