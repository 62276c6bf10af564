"""Find the few behind the many reports of a week."""

from datetime import timedelta

from bot.domain.case import CardRef
from bot.domain.hotspots import Hotspots, hotspots
from bot.domain.ids import CaseId
from bot.domain.staff import Person, Rank
from bot.services.desk import Desk
from bot.store.tx import Tx

LOOKED_AT = 200_000
"""Reports looked at, the newest ones; an answer within a second matters more than the last digit."""


async def week(desk: Desk, by: Person, *, days: int = 7) -> tuple[Hotspots, dict[CaseId, CardRef]]:
    """Return what most reports of the last days are about, and where the cards named stand.

    Raises:
        NotAllowed: The person is no moderator.
    """
    desk.require(by, Rank.MODERATOR)
    since = desk.clock() - timedelta(days=days)

    def read(tx: Tx) -> tuple[Hotspots, dict[CaseId, CardRef]]:
        reported = tx.people.reported(since, limit=LOOKED_AT)
        found = hotspots(reported, cut=sum(one.reports for one in reported) >= LOOKED_AT)
        named = {spot.case_id for spot in (*found.authors, *found.stories, *found.quarrels)}
        refs = {number: ref for number in named if (ref := tx.cards.get(number))}
        return found, refs

    return await desk.store.read(read)
