"""Call out cases that nobody takes: to the shift first, then to the editors, once each."""

from datetime import datetime, timedelta

from bot.domain.ids import CaseId, PersonId
from bot.domain.sayings import StaffMessage, StaffMessageKind
from bot.services.desk import Desk
from bot.services.staff.shift import on_shift
from bot.store.tx import Tx

_GATHER = timedelta(minutes=5)
"""At least so long between two calls of one step; what falls due meanwhile shares the next."""

_MOST = 500
_NAMED = 10

_STEPS = (("shift", StaffMessageKind.LATE), ("editors", StaffMessageKind.LATE_EDITORS))


async def page_overdue(desk: Desk) -> None:
    """Ask for the calls that are due."""
    due = await desk.store.read(lambda tx: [kind for kind in _STEPS if _late(tx, desk, kind[0])])
    if due:
        await desk.store.write(lambda tx: _call(tx, desk))


def _call(tx: Tx, desk: Desk) -> None:
    now = desk.clock()
    for step, kind in _STEPS:
        late = _late(tx, desk, step)
        if not late:
            continue
        cases = tuple(case_id for case_id, _ in late)
        first = tx.cases.get(cases[0])
        tx.outbox.want_said(
            StaffMessage(
                kind=kind,
                cases=cases[:_NAMED],
                total=len(late),
                people=called_people(tx, desk, step),
                rule=desk.policy().rule(first.top_rule).name if first else None,
                since=late[0][1],
            ),
            now,
        )
        tx.staff.called(step, cases, now)


def called_people(tx: Tx, desk: Desk, step: str) -> tuple[PersonId, ...]:
    """Return whom a call names: whoever is on shift, for that step; the editors have a role."""
    return on_shift(tx, desk).people if step == "shift" else ()


def called_lately(last: datetime | None, now: datetime) -> bool:
    """Whether there was a call so short a time ago that what falls due waits for the next."""
    return last is not None and now - last < _GATHER


def _late(tx: Tx, desk: Desk, step: str) -> list[tuple[CaseId, datetime]]:
    """Return the cases to call out at a step now, the longest waiting first."""
    rules, now = desk.policy().shift, desk.clock()
    minutes = rules.call_after(step)
    if not minutes or called_lately(tx.staff.last_call(step), now):
        return []
    late = tx.staff.uncalled(step, before=now - timedelta(minutes=minutes), limit=_MOST)
    if rules.is_quiet(now):
        late = [one for one in late if _is_urgent(tx, desk, one[0])]
    return sorted(late, key=lambda one: one[1])


def _is_urgent(tx: Tx, desk: Desk, case_id: CaseId) -> bool:
    case, policy = tx.cases.get(case_id), desk.policy()
    return case is not None and policy.rule(case.top_rule).severity >= policy.shift.urgent
