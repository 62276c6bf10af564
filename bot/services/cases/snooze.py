"""Put a case off until a time; it comes back by itself, and earlier if there is news of it."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.cases import Case
from bot.domain.errors import NoChange, NotUnderstood
from bot.domain.ids import CaseId
from bot.domain.sayings import StaffMessage, StaffMessageKind
from bot.domain.staff import Person, Rank
from bot.domain.triage import Snooze
from bot.services.cases.claim import check_free, keep_work, open_case, without_claim
from bot.services.desk import Desk
from bot.store.tx import Tx

LONGEST = timedelta(days=7)


async def snooze(desk: Desk, case_id: CaseId, by: Person, until: datetime) -> None:
    """Take the case out of the queue until then.

    Raises:
        NotAllowed: The person is no moderator.
        NotUnderstood: The time is past, or more than a week away.
        NoSuchCase: There is no case of that number.
        AlreadyDecided: There is nothing left to do.
        AlreadyClaimed: A colleague has it.
        WithEditors: The editors have it.
    """
    desk.require(by, Rank.MODERATOR)
    now = desk.clock()
    if not now < until <= now + LONGEST:
        raise NotUnderstood("A case is put off to a time within the next week. Nothing was done.")

    def work(tx: Tx) -> None:
        case = open_case(tx, case_id)
        check_free(tx, desk, case, by)
        made = Snooze(
            by_id=by.id,
            by_name=by.name,
            until=until,
            revision=case.revision,
            reasons=len(case.reasons),
        )
        held = replace(tx.triage.get(case_id), snooze=made, claim=None)
        keep_work(tx, case, held, now=now, state=without_claim(case.state))

    await desk.store.write(work)


async def wake(desk: Desk, case_id: CaseId, by: Person) -> None:
    """Put the case back in the queue now.

    Raises:
        NotAllowed: The person is no moderator.
        NoSuchCase: There is no case of that number.
        AlreadyDecided: It was decided.
        NoChange: It is not put off.
    """
    desk.require(by, Rank.MODERATOR)
    now = desk.clock()

    def work(tx: Tx) -> None:
        case = open_case(tx, case_id)
        held = tx.triage.get(case_id)
        if held.snooze is None:
            raise NoChange(f"Case #{case_id} is in the queue already. Nothing was changed.")
        keep_work(tx, case, replace(held, snooze=None), now=now)

    await desk.store.write(work)


async def bring_back(desk: Desk) -> int:
    """Put back what is due, or was edited or reported for a new reason; return how many."""
    if not await desk.store.read(lambda tx: tx.triage.snoozed()):
        return 0
    now = desk.clock()

    def work(tx: Tx) -> int:
        cases = (tx.cases.get(case_id) for case_id in tx.triage.snoozed())
        return sum(_back(tx, desk, case, now) for case in cases if case is not None)

    return await desk.store.write(work)


def _back(tx: Tx, desk: Desk, case: Case, now: datetime) -> bool:
    held = tx.triage.get(case.id)
    put_off = held.snooze
    if put_off is None or not (put_off.until <= now or _has_news(case, put_off)):
        return False
    keep_work(tx, case, replace(held, snooze=None), now=now)
    tx.outbox.want_said(
        StaffMessage(
            kind=StaffMessageKind.BACK,
            cases=(case.id,),
            people=(put_off.by_id,),
            by_name=put_off.by_name,
            quiet=put_off.by_id in tx.staff.absent(now),
            rule=desk.policy().rule(case.top_rule).name,
            since=case.opened_at,
        ),
        now,
    )
    return True


def _has_news(case: Case, put_off: Snooze) -> bool:
    return case.revision != put_off.revision or len(case.reasons) != put_off.reasons
