"""Look at what a decision left, for the answer to who made it."""

from bot.domain.aftermath import Aftermath
from bot.domain.ban import whole
from bot.domain.decision import Action, Decision
from bot.domain.hiding import hidden_by
from bot.domain.staff import Person
from bot.services.desk import Desk
from bot.services.reverse import lets_change
from bot.services.second import Ruling
from bot.store.tx import Tx


async def after(desk: Desk, ruling: Ruling, by: Person) -> Aftermath:
    """Return how things are after a ruling, for the person who is answered."""
    return await desk.store.read(lambda tx: left_by(tx, desk, ruling, by))


def left_by(tx: Tx, desk: Desk, made: object, by: Person) -> Aftermath:
    """Return the same within a transaction; what is no decision leaves nothing else."""
    if not isinstance(made, Decision):
        return Aftermath()
    bans = ()
    if made.action in {Action.BAN, Action.UNBAN}:
        bans = tx.bans.of_author(made.site, made.author_id, desk.clock())
    history = tx.decisions.of_case(made.case_id)
    before = [line for line in history if line.id < made.id]
    return Aftermath(
        banned=whole(bans),
        put_back=made.action is Action.KEEP and bool(hidden_by(before)),
        held_again=made.reverses is not None and history[-1].is_hold,
        # What is on hold is not decided, so there is nothing of the person's to change.
        may_change=not made.is_hold and lets_change(desk, tx, made, by),
    )
