"""Who may say how a story stands, and who may show again what was on hold because of that."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile

from bot.domain.errors import NotAllowed
from bot.domain.ids import SiteId
from bot.domain.numbers import count
from bot.domain.staff import Person, Rank
from bot.domain.stories import KnownStory, StoryState
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
