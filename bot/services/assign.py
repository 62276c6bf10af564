"""Ask a colleague to take a case."""

from dataclasses import replace

from bot.domain.casework import Assignment
from bot.domain.errand import Errand, ErrandKind
from bot.domain.errors import NotUnderstood
from bot.domain.ids import CaseId
from bot.domain.staff import Person, Rank
from bot.services.claim import keep_work, open_case, pass_on
from bot.services.desk import Desk
from bot.store.tx import Tx


async def assign(desk: Desk, case_id: CaseId, to: Person | None, by: Person) -> None:
    """Put a colleague's name on a case and call them once; `None` takes the name off.

    Whoever hands on what they had claimed lets go of it. Assigning to oneself calls nobody.

    Raises:
        NotAllowed: The person is no moderator.
        NotUnderstood: The colleague is no moderator, and could not decide it.
        NoSuchCase: There is no case of that number.
        AlreadyDecided: There is nothing left to do.
    """
    desk.require(by, Rank.MODERATOR)
    if to is not None and desk.authority.rank(to) < Rank.MODERATOR:
        raise NotUnderstood(
            f"{to.name} is no moderator and could not decide the case, so nobody was asked."
        )
    policy, now = desk.policy(), desk.clock()

    def work(tx: Tx) -> None:
        case = open_case(tx, case_id)
        made = (
            Assignment(to_id=to.id, to_name=to.name, by_name=by.name, at=now)
            if to is not None
            else None
        )
        keep_work(tx, case, replace(tx.casework.get(case_id), assigned=made), now=now)
        if to is not None and to.id != by.id:
            pass_on(tx, case_id, by, now)
            tx.outbox.want_said(
                Errand(
                    kind=ErrandKind.ASSIGNED,
                    cases=(case_id,),
                    people=(to.id,),
                    by_name=by.name,
                    quiet=to.id in tx.rota.absent(now),
                    rule=policy.rule(case.top_rule).name,
                    since=case.opened_at,
                ),
                now,
            )

    await desk.store.write(work)
