"""A story that was reported under, with what follows from the policy and its site."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.case import Case
from bot.domain.decision import Door
from bot.domain.errors import NotUnderstood
from bot.domain.ids import CaseId, SiteId
from bot.domain.stories import KnownStory, StoryState
from bot.services.desk import Desk
from bot.services.second import is_hidden_legally
from bot.store.tx import Tx

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
    hold = tx.decisions.get(case.hold_id) if case.hold_id is not None else None
    if hold is None or hold.verdict.door is not Door.DESK or tx.runs.is_hold(hold.id):
        return False
    if is_hidden_legally(desk.policy(), tx.decisions.of_case(case.id)):
        return False
    return not desk.policy().holds(state, case.reasons)


def open_cases(tx: Tx, site: SiteId, story_id: str) -> Iterator[Case]:
    """Yield a story's open cases, the oldest first."""
    place = _START
    while found := tx.stories.open_cases(site, story_id, after=place, limit=_AT_ONCE):
        yield from (case for case_id in found if (case := tx.cases.get(case_id)) is not None)
        place = found[-1]
