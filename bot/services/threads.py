"""A Discord thread for one case, on demand."""

from dataclasses import replace
from datetime import datetime

from bot.domain.errand import Errand, ErrandKind
from bot.domain.errors import NoChange, NoSuchCase
from bot.domain.ids import CaseId
from bot.domain.staff import Person, Rank
from bot.services.claim import keep_work
from bot.services.desk import Desk
from bot.store.tx import Tx


async def ask_thread(desk: Desk, case_id: CaseId, by: Person) -> None:
    """Ask for a thread under the case's card; who asks again while it comes asks for the same.

    Raises:
        NotAllowed: The person is no moderator.
        NoSuchCase: There is no case of that number.
        NoChange: It has one.
    """
    desk.require(by, Rank.MODERATOR)
    policy, now = desk.policy(), desk.clock()

    def work(tx: Tx) -> None:
        case = tx.cases.get(case_id)
        if case is None:
            raise NoSuchCase(case_id)
        thread_id = tx.casework.get(case_id).thread_id
        if thread_id is not None:
            raise NoChange(f"Case #{case_id} has a thread already: <#{thread_id}>.")
        rule = policy.rule(case.top_rule).name
        errand = Errand(kind=ErrandKind.THREAD, cases=(case_id,), by_name=by.name, rule=rule)
        tx.outbox.want_said(errand, now)

    await desk.store.write(work)


def begun(case_id: CaseId, thread_id: int, now: datetime, tx: Tx) -> None:
    """Keep where the case's thread is, and show it on the card."""
    case = tx.cases.get(case_id)
    tx.lines.say(thread_id, [case_id])
    if case is not None:
        held = replace(tx.casework.get(case_id), thread_id=thread_id)
        keep_work(tx, case, held, now=now)
