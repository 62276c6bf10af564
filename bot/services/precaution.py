"""What the desk does by itself because of a story's state, and what then takes two people."""

from bot.domain.case import Case
from bot.domain.decision import Action, Decision
from bot.domain.hiding import SHOWING, hidden_by
from bot.domain.policy import Policy
from bot.domain.stories import Standing
from bot.services.desk import Desk
from bot.services.record import Recorder
from bot.store.tx import Tx


def hold_first(
    desk: Desk, recorder: Recorder, tx: Tx, case: Case, standing: Standing | None
) -> Decision | None:
    """Put a comment on hold until somebody has looked, if its story's state asks for that.

    The case stays open, and nothing is said of its author or its reporters. `None` if the state
    does not ask for it.
    """
    if standing is None or not would_hold(desk, tx, case, standing):
        return None
    return recorder.hold(tx, case)


def would_hold(desk: Desk, tx: Tx, case: Case, standing: Standing) -> bool:
    """Whether a state puts the comment of an open case on hold.

    It does not where the comment is down already, where its site could not show it again, and
    where somebody who knew of the state has kept this text.
    """
    if case.is_held or not desk.policy().holds(standing.state, case.reasons):
        return False
    if Action.HOLD not in desk.site_can(case.site):
        return False
    made = tx.decisions.of_case(case.id)
    if not made:
        return True
    last = made[-1]
    kept = last.action is Action.KEEP and last.revision == case.revision
    return not hidden_by(made) and not (kept and last.at >= standing.at)


def takes_two(policy: Policy, tx: Tx, case: Case, action: Action) -> bool:
    """Whether an action shows again what a story's state lets nobody show alone."""
    if action not in SHOWING or not _is_down(tx, case):
        return False
    standing = tx.stories.of_case(case.id)
    return standing is not None and policy.stories.of(standing.state).second_pair


def _is_down(tx: Tx, case: Case) -> bool:
    return bool(hidden_by(tx.decisions.of_case(case.id)))
