"""What the desk does by itself because of a story's state, and what then takes two people."""

from typing import Final

from bot.domain.case import Case
from bot.domain.decision import Action, Decision, Door
from bot.domain.ids import PersonId
from bot.domain.policy import Policy
from bot.domain.staff import Person
from bot.domain.stories import Standing
from bot.ports import Tx
from bot.services.record import Entry, Recorder

THE_DESK: Final = Person(id=PersonId(0), name="the desk", roles=frozenset())


def hide_first(
    recorder: Recorder, tx: Tx, case: Case, standing: Standing | None
) -> Decision | None:
    """Hide a comment until somebody decides, if its story's state asks for that.

    The case stays open and the hide is no strike: it says nothing about the author. `None` if
    the state does not ask for it, or the comment is down already.
    """
    if standing is None or not recorder.policy.stories.of(standing.state).hide_first:
        return None
    if _is_down(tx, case):
        return None
    entry = Entry(action=Action.HIDE, by=THE_DESK, door=Door.DESK, rule=case.top_rule)
    return recorder.enter(tx, case, entry, settles=False)


def takes_two(policy: Policy, tx: Tx, case: Case, action: Action) -> bool:
    """Whether an action shows again what a story's state lets nobody show alone."""
    if action not in {Action.KEEP, Action.UNHIDE, Action.UNBAN} or not _is_down(tx, case):
        return False
    standing = tx.stories.of_case(case.id)
    return standing is not None and policy.stories.of(standing.state).second_pair


def _is_down(tx: Tx, case: Case) -> bool:
    made = tx.decisions.of_case(case.id)
    return bool(made) and made[-1].action in {Action.HIDE, Action.BAN}
