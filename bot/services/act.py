"""Let somebody act: at once, with a second person, or up to the brake."""

from bot.domain.case import Case
from bot.domain.decision import Action
from bot.services import brake
from bot.services.desk import Desk
from bot.services.record import Entry, Recorder
from bot.services.second import Ruling, propose, settle, takes_two
from bot.store.tx import Tx


def act(
    tx: Tx, desk: Desk, recorder: Recorder, case: Case, entry: Entry, *, shows: bool = True
) -> Ruling:
    """Record an entry, or what stands in its place until somebody else has looked.

    What takes two people is proposed first. Beyond the brake a hide becomes a hold, and anything
    else a proposal. Without `shows`, nothing becomes visible by it, which then takes nobody else.

    Raises:
        NotAllowed: The same person asks again for what waits; somebody else has to.
        Braked: It agrees to what waits, and the person has a part in too much already.
    """
    verdict = entry.verdict
    if shows and takes_two(tx, recorder, case, entry):
        return settle(tx, desk, recorder, case, entry)
    act = brake.exceeds(tx, desk, verdict.by, verdict.action)
    if act is None:
        return recorder.enter(tx, case, entry)
    run = brake.call(tx, desk, verdict.by, act)
    held = None
    if verdict.action is Action.HIDE:
        held = brake.hold_instead(tx, desk, recorder, case, verdict.by, run)
    return held or propose(tx, desk, recorder, case, entry, braked=True)
