"""What is kept about how many cases stand how, and which waits for longest, is what a count finds."""

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.cases import CaseState
from bot.domain.errors import DeskError
from bot.domain.ids import CaseId, PersonId
from bot.domain.triage import CaseWork, Claim, Snooze
from bot.store.tx import Tx

from .makers import NOW, make_case, make_report

CASES = 9

_WHAT = (*CaseState, CaseState.DECIDED, "claim", "snooze", "again", "settle")


Again = dict[CaseId, datetime]
"""Since when each case waits that was opened again."""


def _at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def _claimed(at: datetime) -> CaseWork:
    return CaseWork(claim=Claim(by_id=PersonId(1), by_name="Ana", at=at, until=at))


def _snoozed(at: datetime) -> CaseWork:
    return CaseWork(
        snooze=Snooze(by_id=PersonId(1), by_name="Ana", until=at, revision=1, reasons=1)
    )


def _step(tx: Tx, number: int, what: str, at: datetime, again: Again) -> None:
    case = tx.cases.find(make_report().site, f"c-{number}")
    if case is None:
        report = make_report(f"c-{number}", at=at)
        tx.cases.open(report, replace(make_case(report), opened_at=at))
    elif what == "claim":
        tx.triage.put(case.id, _claimed(at))
    elif what == "snooze":
        tx.triage.put(case.id, _snoozed(at))
    elif what == "again":
        tx.cases.save(replace(case, state=CaseState.REOPENED))
        tx.triage.settle(case.id)
        tx.triage.reopened(case.id, at)
        again[case.id] = at
    elif what in {"settle", CaseState.DECIDED}:
        tx.cases.save(replace(case, state=CaseState.DECIDED))
        tx.triage.settle(case.id)
        again.pop(case.id, None)
    else:
        tx.cases.save(replace(case, state=CaseState(what)))


def _plainly(tx: Tx, again: Again) -> dict[str, object]:
    """Count by looking at each case."""
    cases = [case for n in range(1, CASES) if (case := tx.cases.find(make_report().site, f"c-{n}"))]
    still = [case for case in cases if case.is_open]
    work = {case.id: tx.triage.get(case.id) for case in still}
    awake = [case for case in still if work[case.id].snooze is None]
    free = [
        case
        for case in awake
        if work[case.id].claim is None and case.state in {CaseState.OPEN, CaseState.REOPENED}
    ]
    since = {case.id: again.get(case.id, case.opened_at) for case in still}
    waits = min(((since[case.id], case.id) for case in free), default=None)
    oldest = min(((since[case.id], case.id) for case in still), default=None)
    return {
        "queue": len(awake),
        "open": len(still),
        "escalated": Counter(case.state for case in still)[CaseState.ESCALATED],
        "waiting": len(free),
        "waits": waits and waits[::-1],
        "oldest": oldest and oldest[::-1],
    }


def _kept(tx: Tx) -> dict[str, object]:
    counts = tx.staff.counts()
    return {
        "queue": tx.cases.count_open(),
        "open": counts["open"],
        "escalated": counts["escalated"],
        "waiting": counts["waiting"],
        "waits": tx.staff.oldest_waiting(),
        "oldest": tx.tallies.oldest_open(),
    }


@pytest.mark.parametrize("seed", range(4))
async def test_what_is_kept_is_what_a_count_finds(store, seed):
    chance, again = random.Random(seed), dict[CaseId, datetime]()  # noqa: S311 - the same each time

    def walk(tx: Tx) -> None:
        for _ in range(12):
            what, at = chance.choice(_WHAT), _at(chance.randrange(10_000))
            _step(tx, chance.randrange(1, CASES), what, at, again)
        assert _kept(tx) == _plainly(tx, again)

    for _ in range(10):
        await store.write(walk)


async def test_what_is_undone_is_not_counted(store):
    def opens(tx: Tx) -> None:
        report = make_report()
        tx.cases.open(report, make_case(report))
        raise DeskError("no")

    with pytest.raises(DeskError):
        await store.write(opens)
    assert (await store.read(lambda tx: tx.staff.counts()))["open"] == 0
