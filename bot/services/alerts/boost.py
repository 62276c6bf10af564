"""Put an alert's cases to the front of the queue and back, or weigh agreed reports as one."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.alerts import Alert, AlertId
from bot.domain.cases import Case, CaseState
from bot.domain.comments import weight
from bot.domain.detection.brigades import FEWEST_ON_A_CASE
from bot.domain.ids import CaseId, ReporterKey
from bot.domain.policy import Policy
from bot.domain.priority import of_story, priority
from bot.domain.staff import Person, Rank
from bot.domain.triage import Raised
from bot.services.alerts.opinions import get, show
from bot.services.cases.claim import keep_work
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
            cases = [case for one in some if (case := tx.cases.undecided(one))]
            lower = [case for case in cases if not case.raised]
            for case in lower:
                _move(tx, policy, case, made, now)
            return len(lower), len(cases) - len(lower)

        new, old = await desk.store.write(work)
        raised, there = raised + new, there + old
    if raised:
        await desk.store.write(lambda tx: _note(tx, alert_id, made, now))
    return Raise(raised=raised, there=there)


async def unboost(desk: Desk, alert_id: AlertId, by: Person) -> int:
    """Let the cases that were raised for an alert stand where they would; return how many did.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
        NoSuchAlert: There is no alert of that number.
    """
    desk.require(by, Rank.SENIOR)
    policy, now = desk.policy(), desk.clock()

    def work(tx: Tx) -> int:
        some = tx.triage.raised_for(alert_id)[:_AT_ONCE]
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
    held = tx.triage.get(case.id)
    work = replace(held, raised=made, snooze=None if made else held.snooze)
    keep_work(tx, replace(moved, priority=place), work, now=now)


def _note(tx: Tx, alert_id: AlertId, made: Raised | None, now: datetime) -> None:
    """Let the alert's card say who raised its cases."""
    alert = get(tx, alert_id)
    by_name, at = (made.by_name, made.at) if made else (None, None)
    show(tx, replace(alert, raised_by=by_name, raised_at=at), now)


_BRIGADE_MOST = 20
_MOMENT = timedelta(seconds=1)


def mark_cases(tx: Tx, alert: Alert, policy: Policy, now: datetime) -> None:
    """Mark the open cases that the spike's readers reached; nothing is hidden or refused by it."""
    end = alert.last_at + _MOMENT
    for case_id, reports in tx.tallies.cases(
        alert.site, alert.tier, alert.key, alert.since, end, limit=_BRIGADE_MOST
    ):
        case = tx.cases.undecided(case_id)
        if reports < FEWEST_ON_A_CASE or case is None:
            continue
        new = tx.alerts.brigaded(case_id, alert)
        weighs = _weight(tx, case, alert)
        if new or weighs != case.weight:
            # Reports that count as one did not come fast either.
            _save(tx, replace(case, weight=weighs, pace=1.0), policy, now)


def release_cases(tx: Tx, alert: Alert, policy: Policy, now: datetime) -> None:
    """Let a spike's reports weigh what they would, as its readers no longer seem to have agreed.

    Otherwise a few who come first with copied words would have all who follow count for nothing.
    """
    for case in filter(None, map(tx.cases.get, tx.alerts.release(alert.id))):
        if case.is_open:
            everybody = (ReporterKey(who) for who in tx.tallies.readers(case.id))
            weighs = sum(weight(tx.readers.get(who)) for who in everybody)
            _save(tx, replace(case, weight=weighs), policy, now)


def _save(tx: Tx, case: Case, policy: Policy, now: datetime) -> None:
    story = of_story(policy, tx.stories.of_case(case.id))
    tx.cases.touch(replace(case, priority=priority(policy, case, story)), now)


def _weight(tx: Tx, case: Case, alert: Alert) -> float:
    """Return what a case's readers weigh when those of the spike count as one.

    As the most trusted of them, or a stranger: who has often been right is not to be unheard
    because strangers came at the same time.
    """
    own, spike = 0.0, 0.0
    for who, at in tx.tallies.readers(case.id).items():
        weighs = weight(tx.readers.get(ReporterKey(who)))
        if at < alert.since:
            own += weighs
        else:
            spike = max(spike, weighs, 1.0)
    return own + spike
