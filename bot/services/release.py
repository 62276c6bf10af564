"""Show again what is on hold for no reason any more."""

import logging

from bot.domain.decision import Action, Door, Verdict
from bot.domain.ids import CaseId, SiteId
from bot.domain.staff import Person, Rank
from bot.domain.stories import StoryState
from bot.services.desk import Desk
from bot.services.record import Entry, Recorder
from bot.services.story_rights import check_may_release
from bot.services.story_views import is_unwanted
from bot.store.tx import Tx

log = logging.getLogger(__name__)

_AT_ONCE = 200
_START = CaseId(0)


async def release(desk: Desk, site: SiteId, story_id: str, *, by: Person) -> int:
    """Show again what is on hold under a story whose state does not ask for that any more.

    Returns how many comments there were. Their cases stay open, and nobody has decided about
    them. A senior moderator may do so, and whoever has just taken their own state back.

    Raises:
        NotAllowed: The person may not.
        NotPossible: The site cannot show a comment again.
    """
    desk.require(by, Rank.MODERATOR)
    desk.require_site(site, Action.UNHIDE)
    recorder = Recorder.of(desk)
    shown = Verdict(action=Action.UNHIDE, by=by, door=Door.BUTTON)

    def work(tx: Tx) -> tuple[int, CaseId]:
        standing = tx.stories.get(site, story_id)
        state = standing.state if standing else StoryState.NORMAL
        check_may_release(desk, tx, site, story_id, by)
        found = tx.stories.open_cases(site, story_id, after=place, limit=_AT_ONCE)
        cases = [case for case_id in found if (case := tx.cases.get(case_id)) is not None]
        unwanted = [case for case in cases if is_unwanted(desk, tx, case, state)]
        for case in unwanted:
            entry = Entry(verdict=shown, reverses=case.hold_id)
            recorder.enter(tx, case, entry, settles=False)
        return len(unwanted), found[-1] if len(found) == _AT_ONCE else _START

    total, place = 0, _START
    while True:
        released, place = await desk.store.write(work)
        total += released
        if place == _START:
            log.info("%s comments under story %s of %s are off hold", total, story_id, site)
            return total
