"""Hand out the worst case that is free, to one person at a time, and let go of it again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.domain.cases import CaseView
from bot.domain.ids import CaseId
from bot.domain.staff import Person, Rank
from bot.services.cases import brake, routing
from bot.services.cases.claim import claiming, pass_on
from bot.services.desk import Desk
from bot.store.tx import Tx

_PAGE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What somebody is handed: a case that is theirs now, `None` if none is free to them here.

    Then `waits` says whether any case is open at all, and `elsewhere` are the other channels in
    which some are free.
    """

    case_id: CaseId | None = None
    waits: bool = False
    elsewhere: tuple[int, ...] = ()


async def hand_out(desk: Desk, by: Person, *, where: int | None, own: int) -> Handed:
    """Give the person the worst case that is free to them, and claim it for them.

    It is one whose card belongs in the channel `where` they ask, or in the desk's `own` where no
    cards stand. One that they have already is handed to them again, until they decide it, let it
    go or put it off.

    Raises:
        NotAllowed: The person is no moderator.
    """
    desk.require(by, Rank.MODERATOR)
    policy = desk.policy()
    place = where if where in routing.channels(policy, own) else own

    def work(tx: Tx) -> Handed:
        elsewhere = dict[int, None]()
        for view in _free(tx, desk, by):
            home = routing.home_of(policy, view).channel_id or own
            readable = routing.for_person(policy, view, where).withheld is None
            if home == place and readable:
                claiming(desk, view.case.id, by, take_over=True)(tx)
                return Handed(case_id=view.case.id)
            elsewhere.setdefault(home)
        elsewhere.pop(place, None)
        return Handed(waits=tx.staff.counts()["open"] > 0, elsewhere=tuple(elsewhere))

    return await desk.store.write(work)


async def skip(desk: Desk, case_id: CaseId, by: Person) -> None:
    """Let go of a case, and offer it to others first for a while.

    Raises:
        NotAllowed: The person is no moderator.
    """
    desk.require(by, Rank.MODERATOR)
    now = desk.clock()

    def work(tx: Tx) -> None:
        if tx.cases.undecided(case_id):
            pass_on(tx, case_id, by, now)

    await desk.store.write(work)


def _free(tx: Tx, desk: Desk, by: Person) -> Iterator[CaseView]:
    """Yield the cases that are free to the person, the worst first."""
    now, senior = desk.clock(), desk.authority.rank(by) >= Rank.SENIOR
    offset = 0
    while True:
        found = tx.free.worst_first(by.id, now, escalated=senior, limit=_PAGE, offset=offset)
        for case_id in found:
            view = tx.cases.view(case_id, strikes_since=desk.strikes_since())
            if view is not None and _may_decide(tx, desk, view, by):
                yield view
        if len(found) < _PAGE:
            return
        offset += _PAGE


def _may_decide(tx: Tx, desk: Desk, view: CaseView, by: Person) -> bool:
    """Whether the person could be the second for what waits, if anything does."""
    waiting = view.proposal
    if waiting is None or not waiting.waits_at(desk.clock()):
        return True
    return brake.exceeds(tx, desk, by, waiting.verdict.action) is None
