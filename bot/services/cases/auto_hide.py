"""What the desk does by itself at a report: hold because of the story, call at a threat."""

import logging
from datetime import datetime
from typing import Final

from bot.domain.cases import SHOWING, Case, hidden_by
from bot.domain.decisions import Action, Decision
from bot.domain.errors import NotUnderstood
from bot.domain.ids import CaseId, RuleNumber
from bot.domain.policy import Policy
from bot.domain.sayings import Reminder, ReminderKind
from bot.domain.staff import Person, Rank
from bot.domain.stories import StoryStatus
from bot.domain.triage import Life, LifeStep
from bot.services.cases.decision_log import DecisionWriter
from bot.services.desk import Desk
from bot.store.tx import Tx


def hold_first(
    desk: Desk, writer: DecisionWriter, tx: Tx, case: Case, status: StoryStatus | None
) -> Decision | None:
    """Put a comment on hold until somebody has looked, if its story's state asks for that.

    The case stays open, and nothing is said of its author or its reporters. `None` if the state
    does not ask for it.
    """
    if status is None or not would_hold(desk, tx, case, status):
        return None
    return writer.hold(tx, case)


def would_hold(desk: Desk, tx: Tx, case: Case, status: StoryStatus) -> bool:
    """Whether a state puts the comment of an open case on hold.

    It does not where the comment is down already, where its site could not show it again, and
    where somebody who knew of the state has kept this text.
    """
    if not may_hold(desk.policy(), case, status):
        return False
    if Action.HOLD not in desk.site_can(case.site):
        return False
    made = tx.decisions.of_case(case.id)
    return not hidden_by(made) and not (made and _keeps(made[-1], case, status))


def _keeps(last: Decision, case: Case, status: StoryStatus) -> bool:
    kept = last.action is Action.KEEP and last.revision == case.revision
    return kept and last.at >= status.at


def may_hold(policy: Policy, case: Case, status: StoryStatus) -> bool:
    """Whether a state holds comments reported so back, going by what the case itself says."""
    return not case.is_held and policy.holds(status.state, case.reasons)


def takes_two(policy: Policy, tx: Tx, case: Case, action: Action) -> bool:
    """Whether an action shows again what a story's state lets nobody show alone."""
    if action not in SHOWING or not _is_down(tx, case):
        return False
    status = tx.stories.of_case(case.id)
    return status is not None and policy.stories.of(status.state).second_pair


def _is_down(tx: Tx, case: Case) -> bool:
    return bool(hidden_by(tx.decisions.of_case(case.id)))


log = logging.getLogger(__name__)

_WHY: Final = "life"


def alarm(tx: Tx, policy: Policy, case: Case, rule: RuleNumber, now: datetime) -> None:
    """Call the editors if a report cites a rule that may mean danger, once a case."""
    if not policy.rule(rule).life or not tx.legal_holds.keep(case.id, _WHY, now):
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
        if case is None or tx.legal_holds.life(case_id) is None:
            raise NotUnderstood(
                f"Case #{case_id} is not marked as a threat to life, so there is no list to tick. Its "
                "card shows how it stands."
            )
        if tx.legal_holds.tick(case_id, step, by.id, by.name, now):
            tx.cases.touch(case, now)
        return tx.legal_holds.life(case_id) or Life(at=now, done={})

    life = await desk.store.write(work)
    log.info("case %s: %s did the step %s", case_id, by.id, step)
    return life
