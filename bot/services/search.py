"""Find cases by what is remembered of them."""

from dataclasses import dataclass

from bot.domain.case import CardRef, CaseView
from bot.domain.errors import NotUnderstood
from bot.domain.search import EXAMPLE, Query, parse
from bot.domain.staff import Person, Rank
from bot.services.desk import Desk
from bot.services.lookup import with_cards
from bot.store.tx import Tx

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
