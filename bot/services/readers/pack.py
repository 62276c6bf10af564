"""Put together all that is on record of one case, with the proof that it was not rewritten."""

from datetime import datetime
from functools import partial

from bot.domain.cases import CaseView
from bot.domain.decisions import Decision
from bot.domain.erasure import latest
from bot.domain.errors import NoSuchCase
from bot.domain.ids import CaseId
from bot.domain.policy import Policy
from bot.domain.readers.pack import CaseFile, Pack, Proof
from bot.domain.record import InOrder, Line, RecordWalk
from bot.domain.record_faults import kind_of
from bot.domain.staff import Person, Rank
from bot.services.cases.routing import for_person
from bot.services.desk import Desk
from bot.store.store import Store
from bot.store.tx import Tx

_PAGE = 300
"""Lines looked at in one go: some ten milliseconds, so that presses are not held up."""

_Found = tuple[CaseView, tuple[Decision, ...], CaseFile]


async def pack_for(desk: Desk, case_id: CaseId, by: Person, *, where: int | None) -> Pack:
    """Return a case's pack for an editor, as they may read it in the channel `where`.

    Raises:
        NotAllowed: The person is no editor.
        NoSuchCase: There is no case of that number.
    """
    desk.require(by, Rank.EDITOR)
    found = await desk.store.read(lambda tx: _found(tx, case_id, desk.strikes_since()))
    withheld = for_person(desk.policy(), found[0], where).withheld is not None
    return await _packed(desk.store, desk.policy(), found, desk.clock(), withheld=withheld)


async def pack_of(
    store: Store, policy: Policy, case_id: CaseId, now: datetime, *, withheld: bool = False
) -> Pack:
    """Return a case's pack for whoever has the record itself before them.

    Raises:
        NoSuchCase: There is no case of that number.
    """
    found = await store.read(lambda tx: _found(tx, case_id, now))
    return await _packed(store, policy, found, now, withheld=withheld)


async def prove(store: Store) -> Proof:
    """Walk the chain over the whole record, a few lines at a time."""
    proof = await _walk(store)
    # What is erased while the walk goes on looks changed to it, and is not.
    return proof if proof.broken is None else await _walk(store)


async def _packed(
    store: Store, policy: Policy, found: _Found, now: datetime, *, withheld: bool
) -> Pack:
    view, history, file = found
    return Pack(
        view=view,
        history=history,
        file=file,
        proof=await prove(store),
        made_at=now,
        zone=policy.alerts.zone,
        withheld=withheld,
    )


def _found(tx: Tx, case_id: CaseId, strikes_since: datetime) -> _Found:
    view = tx.cases.view(case_id, strikes_since=strikes_since)
    if view is None:
        raise NoSuchCase(case_id)
    # The view calls people as they are called now; the record is told as it was sealed.
    history = tuple(tx.decisions.of_case(case_id))
    return view, history, tx.case_files.of(view.case, view.story.external_id)


async def _walk(store: Store) -> Proof:
    erasures, steps = await store.read(lambda tx: (tx.erasures.all(), tx.contest_steps.steps()))
    walk, order, after = RecordWalk(latest(erasures)), InOrder(erasures, steps), 0
    while page := await store.read(partial(_page, after)):
        broken = next((line for line in order.with_(page) if not walk.accepts(line)), None)
        if broken is not None:
            return _proof(walk, broken)
        after = page[-1].id
    return _proof(walk, next((line for line in order.rest() if not walk.accepts(line)), None))


def _page(after: int, tx: Tx) -> list[Decision]:
    return tx.decisions.after(after, limit=_PAGE)


def _proof(walk: RecordWalk, broken: Line | None) -> Proof:
    name = None if broken is None else f"{kind_of(broken)} {broken.id}"
    return Proof(decisions=walk.decisions, head=walk.digest, broken=name)
