"""Look at cases: what a card shows, the queue, reporters' own words, and what a search finds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.cases import CardRef, Case, CaseView
from bot.domain.comments import Note
from bot.domain.errors import NoChange, NoSuchCase, NotAllowed, NotUnderstood
from bot.domain.ids import CaseId
from bot.domain.priority import of_story, reasons_for_place
from bot.domain.search import EXAMPLE, Query, parse
from bot.domain.staff import Person, Rank
from bot.services.cases import routing
from bot.services.desk import Desk
from bot.store.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """Some of the open cases, worst first, and how many there are in all."""

    total: int
    views: tuple[CaseView, ...]


def with_cards(
    desk: Desk, tx: Tx, views: Sequence[CaseView]
) -> tuple[tuple[CaseView, CardRef | None], ...]:
    """Return views as a list may show them, each with its card if it has one."""
    shown = routing.for_list(desk.policy(), views)
    return tuple((view, tx.cards.get(view.case.id)) for view in shown)


async def look(desk: Desk, case_id: CaseId) -> CaseView:
    """Return all that a card shows, for the desk's own use.

    Raises:
        NoSuchCase: There is no case of that number.
    """
    found = await desk.store.read(lambda tx: _view(desk, tx, case_id))
    return routing.for_card(desk.policy(), found)


async def look_in(desk: Desk, case_id: CaseId, channel_id: int) -> CaseView:
    """Return the same as a message in some channel may show it.

    Raises:
        NoSuchCase: There is no case of that number.
    """
    found = await desk.store.read(lambda tx: _view(desk, tx, case_id))
    return routing.for_channel(desk.policy(), found, channel_id)


async def view(desk: Desk, case_id: CaseId, by: Person, *, where: int | None = None) -> CaseView:
    """Return all that a card shows, for a person who reads it in the channel `where`.

    A text that may be quoted in one channel only is left out elsewhere.

    Raises:
        NotAllowed: The person is no moderator.
        NoSuchCase: There is no case of that number.
    """
    desk.require(by, Rank.MODERATOR)
    found = await desk.store.read(lambda tx: _view(desk, tx, case_id))
    return routing.for_person(desk.policy(), found, where)


async def queue(desk: Desk, by: Person, *, limit: int, offset: int = 0) -> QueuePage:
    """Return open cases, worst first.

    Raises:
        NotAllowed: The person is no moderator.
    """
    desk.require(by, Rank.MODERATOR)
    policy = desk.policy()

    def query(tx: Tx) -> QueuePage:
        cases = tx.cases.queue(limit=limit, offset=offset)
        return QueuePage(
            total=tx.cases.count_open(),
            views=routing.for_list(policy, [_view(desk, tx, case.id) for case in cases]),
        )

    return await desk.store.read(query)


async def worst(desk: Desk, *, limit: int) -> tuple[CaseView, ...]:
    """Return the worst open cases as a list shows them, for the desk's own use."""
    policy = desk.policy()

    def query(tx: Tx) -> tuple[CaseView, ...]:
        cases = tx.cases.queue(limit=limit)
        return routing.for_list(policy, [_view(desk, tx, case.id) for case in cases])

    return await desk.store.read(query)


async def notes(
    desk: Desk, case_id: CaseId, by: Person, *, where: int | None = None
) -> tuple[Note, ...]:
    """Return what reporters wrote, oldest first, to somebody who reads it in `where`.

    Raises:
        NotAllowed: The person is no moderator, or the notes may not be read here.
    """
    found = await view(desk, case_id, by, where=where)
    if found.withheld is not None:
        raise NotAllowed(
            f"Case #{case_id} is restricted: what readers wrote about it is shown only in the "
            "channel where its card stands."
        )
    return await desk.store.read(lambda tx: tuple(tx.reports.notes(case_id)))


async def retry(desk: Desk, case_id: CaseId, by: Person) -> None:
    """Ask the site again now.

    Raises:
        NotAllowed: The person is no moderator.
        NoChange: There is nothing the site was asked and did not do.
    """
    desk.require(by, Rank.MODERATOR)
    now = desk.clock()

    def work(tx: Tx) -> bool:
        revived = tx.outbox.revive(case_id, now)
        case = tx.cases.get(case_id)
        if revived and case is not None:
            tx.cases.touch(case, now)
        return revived

    if not await desk.store.write(work):
        raise NoChange(f"The site has already carried out what was decided on #{case_id}.")


async def card_at(desk: Desk, message_id: int) -> CardRef | None:
    """Return the card that is this message, `None` if it is no card."""
    return await desk.store.read(lambda tx: tx.cards.at(message_id))


async def seen_on_card(desk: Desk, case_id: CaseId, at: datetime) -> int | None:
    """Return which revision of the text stood on a case's card at a time.

    It is what somebody saw who typed or reacted then, however much later that is read. `None` if
    there was no card, 0 if it cannot show the text.
    """
    return await desk.store.read(lambda tx: shown_then(tx, case_id, at))


def shown_then(tx: Tx, case_id: CaseId, at: datetime) -> int | None:
    """Return the same within a transaction."""
    ref = tx.cards.get(case_id)
    if ref is not None and not ref.revision:
        return 0
    return tx.cases.revision_shown(case_id, at)


async def case(desk: Desk, case_id: CaseId) -> Case | None:
    """Return a case as it stands."""
    return await desk.store.read(lambda tx: tx.cases.get(case_id))


async def is_in_hand(desk: Desk, case_id: CaseId, by: Person) -> bool:
    """Whether a case waits for its decision and is claimed by the person."""

    def query(tx: Tx) -> bool:
        case, claim = tx.cases.get(case_id), tx.triage.get(case_id).claim_at(desk.clock())
        return case is not None and case.is_open and claim is not None and claim.by_id == by.id

    return await desk.store.read(query)


async def card_of(desk: Desk, case_id: CaseId) -> CardRef | None:
    """Return where a case's card stands."""
    return await desk.store.read(lambda tx: tx.cards.get(case_id))


def _view(desk: Desk, tx: Tx, case_id: CaseId) -> CaseView:
    found = tx.cases.view(case_id, strikes_since=desk.strikes_since())
    if found is None:
        raise NoSuchCase(case_id)
    policy = desk.policy()
    also = of_story(policy, found.story_status)
    brigade = tx.alerts.brigade_of(case_id)
    why = reasons_for_place(policy, found.case, also, as_one=brigade is not None)
    return replace(found, why=why, brigade=brigade)


A_PAGE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Some of the cases that fit, each with its card if it has one; `more` says there are more."""

    query: Query
    views: tuple[tuple[CaseView, CardRef | None], ...]
    offset: int
    more: bool


async def search(desk: Desk, line: str, by: Person, *, offset: int = 0) -> Found:
    """Return a page of the cases that a line asks for, newest first.

    Raises:
        NotAllowed: The person is no moderator.
        NotUnderstood: The line asks for nothing, or a filter in it cannot be read.
    """
    desk.require(by, Rank.MODERATOR)
    query = parse(line, desk.policy(), desk.clock())
    if query.is_empty or (query.without and query == Query(without=query.without)):
        raise NotUnderstood(f"Write what to look for. For example: {EXAMPLE}")

    def read(tx: Tx) -> Found:
        ids = tx.search.cases(query, limit=A_PAGE + 1, offset=offset)
        since = desk.strikes_since()
        seen = [view for one in ids[:A_PAGE] if (view := tx.cases.view(one, strikes_since=since))]
        views = with_cards(desk, tx, seen)
        return Found(query=query, views=views, offset=offset, more=len(ids) > A_PAGE)

    return await desk.store.read(read)
