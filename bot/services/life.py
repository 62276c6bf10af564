"""A threat to somebody's life: call the editors at once, keep everything, log what is done."""

import logging
from datetime import datetime
from typing import Final

from bot.domain.case import Case
from bot.domain.errors import NotUnderstood
from bot.domain.ids import CaseId, RuleNumber
from bot.domain.life import Life, LifeStep
from bot.domain.policy import Policy
from bot.domain.reminder import Reminder, ReminderKind
from bot.domain.staff import Person, Rank
from bot.services.desk import Desk
from bot.store.tx import Tx

log = logging.getLogger(__name__)

_WHY: Final = "life"


def alarm(tx: Tx, policy: Policy, case: Case, rule: RuleNumber, now: datetime) -> None:
    """Call the editors if a report cites a rule that may mean danger, once a case."""
    if not policy.rule(rule).life or not tx.preserved.keep(case.id, _WHY, now):
        return
    for kind in (ReminderKind.LIFE, ReminderKind.LIFE_ROADS):
        name = f"{kind}:{case.id}"
        tx.outbox.want_reminder(Reminder(name=name, kind=kind, due_at=now, case_id=case.id))
    log.warning("case %s may be about a threat to life", case.id)


async def tick(desk: Desk, case_id: CaseId, step: LifeStep, by: Person) -> Life:
    """Log that somebody did a step, and return what has been done.

    Raises:
        NotAllowed: The person is no moderator.
        NotUnderstood: The case is not about a threat to life.
    """
    desk.require(by, Rank.MODERATOR)
    now = desk.clock()

    def work(tx: Tx) -> Life:
        case = tx.cases.get(case_id)
        if case is None or tx.preserved.life(case_id) is None:
            raise NotUnderstood(
                f"Case #{case_id} is not marked as a threat to life, so there is no list to tick. Its "
                "card shows how it stands."
            )
        if tx.preserved.tick(case_id, step, by.id, by.name, now):
            tx.cases.touch(case, now)
        return tx.preserved.life(case_id) or Life(at=now, done={})

    life = await desk.store.write(work)
    log.info("case %s: %s did the step %s", case_id, by.id, step)
    return life
