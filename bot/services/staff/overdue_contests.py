"""The clock of contests: how many wait, and calling out those that wait too long."""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.ids import CaseId
from bot.domain.sayings import StaffMessage, StaffMessageKind
from bot.domain.staff import WaitingContests
from bot.services.desk import Desk
from bot.services.readers.contest_card import want_contest_card
from bot.services.staff.overdue import called_lately, called_people
from bot.store.tx import Tx

_EDITORS_AFTER: Final = timedelta(days=1)
"""How long after the shift the editors are called."""

_MOST: Final = 500
_NAMED: Final = 10

_STEPS: Final = (
    ("shift", StaffMessageKind.LATE_CONTESTS, timedelta()),
    ("editors", StaffMessageKind.LATE_CONTESTS_EDITORS, _EDITORS_AFTER),
)


def waiting_in_all(tx: Tx, desk: Desk) -> WaitingContests | None:
    """Return what waits for an answer, `None` if nothing does."""
    within = desk.policy().contests_within
    first = next(iter(tx.contests.waiting(limit=1)), None)
    if first is None:
        return None
    late = desk.clock() - within if within else first.at - timedelta(days=1)
    number, overdue = tx.contests.count_waiting(late=late)
    due_at = first.at + within if within else None
    return WaitingContests(number=number, overdue=overdue, first=first.id, due_at=due_at)


async def call_out_contests(desk: Desk) -> None:
    """Ask for the calls that are due: to the shift first, then to the editors, once each."""
    if await desk.store.read(lambda tx: any(_late(tx, desk, *step) for step in _steps())):
        await desk.store.write(lambda tx: _call(tx, desk))


def _steps() -> list[tuple[str, timedelta]]:
    return [(step, after) for step, _, after in _STEPS]


def _call(tx: Tx, desk: Desk) -> None:
    now = desk.clock()
    for step, kind, after in _STEPS:
        late = _late(tx, desk, step, after)
        if not late:
            continue
        cases = tuple(dict.fromkeys(case_id for _, case_id, _ in late))
        tx.outbox.want_said(
            StaffMessage(
                kind=kind,
                cases=cases[:_NAMED],
                total=len(late),
                people=called_people(tx, desk, step),
                since=late[0][2],
            ),
            now,
        )
        tx.contests.called(step, [number for number, _, _ in late], now)
        for number, _, _ in late:
            want_contest_card(tx, number, now, "late")


def _late(tx: Tx, desk: Desk, step: str, after: timedelta) -> list[tuple[int, CaseId, datetime]]:
    """Return the contests to call out at a step now, the longest waiting first."""
    policy, now = desk.policy(), desk.clock()
    within = policy.contests_within
    # Nobody is woken by night: what was decided holds until the morning.
    if within is None or policy.shift.is_quiet(now):
        return []
    if called_lately(tx.contests.last_call(step), now):
        return []
    return list(tx.contests.uncalled(step, before=now - within - after, limit=_MOST))
