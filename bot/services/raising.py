"""Put the cases of an alert at the front of the moderators' queue, and put them back."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.alert import Alert, AlertId
from bot.domain.case import Case, CaseState
from bot.domain.casework import Raised
from bot.domain.ids import CaseId
from bot.domain.policy import Policy
from bot.domain.priority import of_story, priority
from bot.domain.staff import Person, Rank
from bot.services.alerts import get, show
from bot.services.claim import keep_work
from bot.services.desk import Desk
from bot.store.tx import Tx

_MOST = 20_000
"""Cases of one alert; so many reports are looked at for any figure of it."""
_NEW = (CaseState.OPEN, CaseState.CLAIMED)
_AT_ONCE = 200
"""Cases moved in one transaction, so that reports are taken in between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise:
    """What a press did: so many cases were moved, and so many stood at the front already."""

    raised: int
    there: int = 0


async def raise_cases(desk: Desk, alert_id: AlertId, by: Person) -> Raise:
    """Put every open case that an alert is about at the front of the queue.

    What was put off comes back for it. It lasts until the case is decided, or is put back.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
        NoSuchAlert: There is no alert of that number.
    """
    desk.require(by, Rank.SENIOR)
    policy, now = desk.policy(), desk.clock()
    made = Raised(alert=alert_id, by_name=by.name, at=now)
    alert = await desk.store.read(lambda tx: get(tx, alert_id))
    wanted = await desk.store.read(lambda tx: _cases(tx, alert, now))
    raised = there = 0
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]

        def work(tx: Tx, some: list[CaseId] = some) -> tuple[int, int]:
            cases = [case for one in some if (case := tx.cases.get(one)) and case.is_open]
            lower = [case for case in cases if not case.raised]
            for case in lower:
                _move(tx, policy, case, made, now)
            return len(lower), len(cases) - len(lower)

        new, old = await desk.store.write(work)
        raised, there = raised + new, there + old
    if raised:
        await desk.store.write(lambda tx: _note(tx, alert_id, made, now))
    return Raise(raised=raised, there=there)


async def put_back(desk: Desk, alert_id: AlertId, by: Person) -> int:
    """Let the cases that were raised for an alert stand where they would; return how many did.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
        NoSuchAlert: There is no alert of that number.
    """
    desk.require(by, Rank.SENIOR)
    policy, now = desk.policy(), desk.clock()

    def work(tx: Tx) -> int:
        some = tx.casework.raised_for(alert_id)[:_AT_ONCE]
        for case in filter(None, map(tx.cases.get, some)):
            _move(tx, policy, case, None, now)
        if len(some) < _AT_ONCE:
            _note(tx, alert_id, None, now)
        return len(some)

    moved = last = await desk.store.write(work)
    while last == _AT_ONCE:
        last = await desk.store.write(work)
        moved += last
    return moved


def follow(tx: Tx, alert: Alert, policy: Policy, now: datetime) -> None:
    """Raise what joined an alert since its cases were raised; nobody has to press again.

    A case that was decided meanwhile, and opened again, is left where it is.
    """
    if alert.raised_by is None:
        return
    made = Raised(alert=alert.id, by_name=alert.raised_by, at=now)
    for case_id in _cases(tx, alert, now, limit=_AT_ONCE):
        case = tx.cases.get(case_id)
        if case is not None and case.state in _NEW and not case.raised:
            _move(tx, policy, case, made, now)


def _cases(tx: Tx, alert: Alert, now: datetime, *, limit: int = _MOST) -> list[CaseId]:
    """Return the cases that an alert is about, the most reported first, decided ones too."""
    end = alert.closed_at or now
    found = tx.tallies.cases(alert.site, alert.tier, alert.key, alert.since, end, limit=limit)
    return [case_id for case_id, _ in found]


def _move(tx: Tx, policy: Policy, case: Case, made: Raised | None, now: datetime) -> None:
    moved = replace(case, raised=made is not None)
    place = priority(policy, moved, of_story(policy, tx.stories.of_case(case.id)))
    held = tx.casework.get(case.id)
    work = replace(held, raised=made, snooze=None if made else held.snooze)
    keep_work(tx, replace(moved, priority=place), work, now=now)


def _note(tx: Tx, alert_id: AlertId, made: Raised | None, now: datetime) -> None:
    """Let the alert's card say who raised its cases."""
    alert = get(tx, alert_id)
    by_name, at = (made.by_name, made.at) if made else (None, None)
    show(tx, replace(alert, raised_by=by_name, raised_at=at), now)
