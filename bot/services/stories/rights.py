"""Who may say how a story stands, what follows from that, and who shows again what was on hold."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import takewhile

from bot.domain.cases import Case
from bot.domain.decisions import Action, Door, Verdict
from bot.domain.errors import NotAllowed, NotUnderstood
from bot.domain.ids import CaseId, SiteId
from bot.domain.lines import count
from bot.domain.staff import Person, Rank
from bot.domain.stories import KnownStory, StoryState, state_of
from bot.services.cases.decision_log import DecisionWriter, Entry
from bot.services.cases.two_person import is_hidden_legally
from bot.services.desk import Desk
from bot.store.tx import Tx

_STRICTNESS = (
    StoryState.NORMAL,
    StoryState.WATCH,
    StoryState.CLOSED,
    StoryState.PROCEEDINGS,
    StoryState.PROTECTED,
)


def check_may_mark(desk: Desk, tx: Tx, before: KnownStory, wanted: StoryState, by: Person) -> None:
    """Let somebody set a state that is stricter, or take back what they have just set.

    Raises:
        NotAllowed: It would be less strict, and the person is not senior.
    """
    if desk.authority.rank(by) >= Rank.SENIOR:
        return
    own = _own_run(desk, tx, before.site, before.story_id, by)
    least = own.before if own else before.state
    if _STRICTNESS.index(wanted) < _STRICTNESS.index(least):
        minutes = count(desk.policy().undo_minutes, "minute")
        raise NotAllowed(
            "Only a senior moderator can make a story less strict than it is, but for whoever set "
            f"it, within {minutes}. Nothing was changed."
        )


def check_may_release(desk: Desk, tx: Tx, site: SiteId, story_id: str, by: Person) -> None:
    """Let a senior moderator release, or whoever has just taken their own state back.

    Raises:
        NotAllowed: The person is neither.
    """
    if desk.authority.rank(by) >= Rank.SENIOR:
        return
    own = _own_run(desk, tx, site, story_id, by)
    if own is None or own.changes < 2:  # noqa: PLR2004 - set, and taken back
        raise NotAllowed(
            "Only a senior moderator can release all comments that are on hold under a story, or "
            "whoever has just taken its state back. Nothing was changed. Keep shows a single one."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What somebody did to a story last and may still take back, and how it stood before that."""

    changes: int
    before: StoryState


def _own_run(desk: Desk, tx: Tx, site: SiteId, story_id: str, by: Person) -> _Run | None:
    since = desk.clock() - timedelta(minutes=desk.policy().undo_minutes)
    changes = list(tx.stories.changes(site, story_id))
    run = list(takewhile(lambda one: one.by_id == by.id and one.at >= since, changes))
    if not run:
        return None
    before = changes[len(run)].state if len(run) < len(changes) else StoryState.NORMAL
    return _Run(changes=len(run), before=before)


_AT_ONCE = 200
_START = CaseId(0)


def known_story(desk: Desk, tx: Tx, site: SiteId, story_id: str) -> KnownStory:
    """Return a story.

    Raises:
        NotUnderstood: No comment under it was ever reported.
    """
    found = tx.stories.known(site, story_id)
    if found is None:
        raise NotUnderstood(
            "No comment under that story was reported yet, so it is not known here. Pick one from "
            "the list that opens as you type its title or paste its address."
        )
    return judged(desk, tx, found)


def judged(desk: Desk, tx: Tx, known: KnownStory) -> KnownStory:
    """Return the story with what follows from the policy and its site."""
    closable = desk.can_close(known.site)
    if not known.held:
        return replace(known, closable=closable)
    cases = open_cases(tx, known.site, known.story_id)
    unwanted = sum(is_unwanted(desk, tx, case, known.state) for case in cases)
    return replace(known, closable=closable, unwanted=unwanted)


def is_unwanted(desk: Desk, tx: Tx, case: Case, state: StoryState) -> bool:
    """Whether the desk put a comment on hold that a state would not put there.

    What somebody had hidden for a legal reason before is not shown with others: that takes two.
    """
    hold = tx.decisions.get(case.hold_id)
    if hold is None or hold.verdict.door is not Door.DESK or tx.runs.is_hold(hold.id):
        return False
    if is_hidden_legally(desk.policy(), tx.decisions.of_case(case.id)):
        return False
    return not desk.policy().holds(state, case.reasons)


def open_cases(tx: Tx, site: SiteId, story_id: str) -> Iterator[Case]:
    """Yield a story's open cases, the oldest first."""
    place = _START
    while found := tx.stories.open_cases(site, story_id, after=place, limit=_AT_ONCE):
        yield from _known(tx, found)
        place = found[-1]


def _known(tx: Tx, numbers: Iterable[CaseId]) -> Iterator[Case]:
    return (case for number in numbers if (case := tx.cases.get(number)) is not None)


log = logging.getLogger(__name__)


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
    writer = DecisionWriter.of(desk)
    shown = Verdict(action=Action.UNHIDE, by=by, door=Door.BUTTON)

    def work(tx: Tx) -> tuple[int, CaseId]:
        state = state_of(tx.stories.get(site, story_id))
        check_may_release(desk, tx, site, story_id, by)
        found = tx.stories.open_cases(site, story_id, after=place, limit=_AT_ONCE)
        unwanted = [case for case in _known(tx, found) if is_unwanted(desk, tx, case, state)]
        for case in unwanted:
            entry = Entry(verdict=shown, reverses=case.hold_id)
            writer.enter(tx, case, entry, settles=False)
        return len(unwanted), found[-1] if len(found) == _AT_ONCE else _START

    total, place = 0, _START
    while True:
        released, place = await desk.store.write(work)
        total += released
        if place == _START:
            log.info("%s comments under story %s of %s are off hold", total, story_id, site)
            return total
