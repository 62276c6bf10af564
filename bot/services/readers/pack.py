"""Put together all that is on record of one case, with the proof that it was not rewritten."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from bot.domain.cases import CaseView
from bot.domain.chain import Link, Walk
from bot.domain.decisions import Decision
from bot.domain.erasure import Erasure, latest
from bot.domain.errors import NoSuchCase
from bot.domain.ids import CaseId
from bot.domain.policy import Policy
from bot.domain.readers.pack import CaseFile, Pack, Proof
from bot.domain.staff import Person, Rank
from bot.services.cases.routing import for_person
from bot.services.desk import Desk
from bot.store.sqlite import Store
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
    erasures = await store.read(lambda tx: list(tx.erasures.all()))
    walk, after = Walk(latest(erasures)), 0
    while True:
        page = await store.read(partial(_page, after))
        if not page:
            break
        for link in _with(page, erasures):
            if not walk.accepts(link):
                return Proof(decisions=walk.decisions, head=walk.head, broken=_name(link))
        after = page[-1].id
    for erasure in erasures:
        if not walk.accepts(erasure):
            return Proof(decisions=walk.decisions, head=walk.head, broken=_name(erasure))
    return Proof(decisions=walk.decisions, head=walk.head)


def _page(after: int, tx: Tx) -> list[Decision]:
    return tx.decisions.after(after, limit=_PAGE)


def _with(page: list[Decision], erasures: list[Erasure]) -> Iterator[Link]:
    """Yield decisions, each after the erasures that came before it, which are used up."""
    for decision in page:
        while erasures and erasures[0].after < decision.id:
            yield erasures.pop(0)
        yield decision


def _name(link: Link) -> str:
    return f"{'decision' if isinstance(link, Decision) else 'erasure'} {link.id}"
