"""Say how a story stands in law, and let its cases, its site and the channel follow."""

import logging
from dataclasses import dataclass, replace
from functools import partial

from bot.domain.effects import Effect, EffectKind, Outcome, Verb
from bot.domain.errors import NoSuchCase, NotPossible
from bot.domain.ids import CaseId, SiteId
from bot.domain.lines import count
from bot.domain.priority import of_story, priority
from bot.domain.sayings import Reminder, ReminderKind
from bot.domain.staff import Person, Rank
from bot.domain.stories import KnownStory, Prospect, StoryState, StoryStatus, review_after
from bot.ports import ClosingSite, Site
from bot.services.cases.auto_hide import hold_first, would_hold
from bot.services.cases.decision_log import DecisionWriter
from bot.services.desk import Desk
from bot.services.outbox_worker import Attempt, Lane
from bot.services.redraw import show_story
from bot.services.stories.rights import check_may_mark, is_unwanted, judged, known_story, open_cases
from bot.store.deliveries import closing_from
from bot.store.tx import Tx

log = logging.getLogger(__name__)

_AT_ONCE = 200
_START = CaseId(0)
_MOST_MARKED = 1_000
CANNOT_CLOSE = "This site cannot close a story from here: please close its comments there by hand."


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange:
    """What somebody says of a story. `review_days` is `None` for as long as the policy says."""

    site: SiteId
    story_id: str
    state: StoryState
    note: str | None = None
    review_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedPage:
    """Some of the stories that are not normal, and how many there are."""

    total: int
    stories: tuple[KnownStory, ...]


async def foresee(desk: Desk, said: StateChange, *, by: Person) -> Prospect:
    """Return what would come of a mark, so that somebody can be asked first.

    Raises:
        NotAllowed: The person may not.
        NotPossible: The site cannot close a story, and nothing else is asked of it.
        NotUnderstood: There is no such story.
    """
    desk.require(by, Rank.MODERATOR)
    status = _status(desk, said, by)

    def read(tx: Tx) -> Prospect:
        before = _before(desk, tx, said, by)
        cases = list(open_cases(tx, said.site, said.story_id))
        holds = sum(would_hold(desk, tx, case, status) for case in cases)
        frees = sum(is_unwanted(desk, tx, case, said.state) for case in cases)
        closes = _asks_site(desk, before, said.state)
        return Prospect(
            story=before,
            wanted=said.state,
            holds=holds,
            frees=frees,
            closes=closes,
            matters=bool(holds or frees or desk.policy().holding(said.state)) or closes is not None,
        )

    return await desk.store.read(read)


async def mark(desk: Desk, said: StateChange, *, by: Person) -> KnownStory:
    """Keep how a story stands; return it as it stands then.

    Every moderator may make a story stricter, for the first who notices must be able to act. A
    senior moderator may also make it less so, and whoever set a state may take it back for a
    while (`undo_minutes` in the policy).

    Raises:
        NotAllowed: The person may not.
        NotPossible: The site cannot close a story, and nothing else is asked of it.
        NotUnderstood: There is no such story.
    """
    desk.require(by, Rank.MODERATOR)
    status = _status(desk, said, by)

    def work(tx: Tx) -> None:
        before = _before(desk, tx, said, by)
        tx.stories.put(status)
        closed = _asks_site(desk, before, said.state)
        if closed is not None:
            tx.outbox.want_closing(said.site, said.story_id, status.at, closed=closed)
        _want_review(tx, status)

    await desk.store.write(work)
    await _follow(desk, said.site, said.story_id)
    log.info("story %s of %s is %s", said.story_id, said.site, said.state)
    return await look(desk, said.site, said.story_id, by)


async def hold_missed(desk: Desk) -> None:
    """Put on hold what should have been when the desk last ran.

    The desk may have ended between the setting of a state and the holding of its story's cases.
    """
    held = 0
    for marked in await desk.store.read(lambda tx: [*tx.stories.marked(limit=_MOST_MARKED)]):
        writer = DecisionWriter.of(desk)

        def work(tx: Tx, known: KnownStory = marked, writer: DecisionWriter = writer) -> int:
            cases = list(open_cases(tx, known.site, known.story_id))
            return sum(
                hold_first(desk, writer, tx, case, known.status) is not None for case in cases
            )

        held += await desk.store.write(work)
    if held:
        log.warning("%s put on hold that should have been before", count(held, "comment"))


async def keep_state(desk: Desk, site: SiteId, story_id: str, *, by: Person) -> KnownStory:
    """Say that a story's state still holds, and put its review off for as long again.

    Raises:
        NotAllowed: The person is no moderator.
        NotUnderstood: There is no such story.
    """
    story = await look(desk, site, story_id, by)
    note = story.status.note if story.status else None
    said = StateChange(site=site, story_id=story_id, state=story.state, note=note)
    return await mark(desk, said, by=by)


async def look(desk: Desk, site: SiteId, story_id: str, by: Person) -> KnownStory:
    """Return a story.

    Raises:
        NotAllowed: The person is no moderator.
        NotUnderstood: There is no such story.
    """
    desk.require(by, Rank.MODERATOR)
    return await desk.store.read(lambda tx: known_story(desk, tx, site, story_id))


async def of_case(desk: Desk, case_id: CaseId, by: Person) -> KnownStory:
    """Return the story of a case.

    Raises:
        NotAllowed: The person is no moderator.
        NotUnderstood: There is no such case.
    """
    desk.require(by, Rank.MODERATOR)

    def read(tx: Tx) -> KnownStory:
        found = tx.stories.story_of_case(case_id)
        if found is None:
            raise NoSuchCase(case_id)
        return judged(desk, tx, found)

    return await desk.store.read(read)


async def search(desk: Desk, words: str, by: Person, *, limit: int) -> tuple[KnownStory, ...]:
    """Return stories that the words may mean.

    Raises:
        NotAllowed: The person is no moderator.
    """
    desk.require(by, Rank.MODERATOR)
    return await desk.store.read(lambda tx: tuple(tx.stories.search(words, limit=limit)))


async def marked(desk: Desk, by: Person, *, limit: int, offset: int = 0) -> MarkedPage:
    """Return the stories that are not normal, the newest mark first.

    Raises:
        NotAllowed: The person is no moderator.
    """
    desk.require(by, Rank.MODERATOR)

    def query(tx: Tx) -> MarkedPage:
        found = tx.stories.marked(limit=limit, offset=offset)
        return MarkedPage(total=tx.stories.count_marked(), stories=tuple(found))

    return await desk.store.read(query)


def closing_lane(desk: Desk, name: SiteId, site: Site) -> Lane:
    """Ask one site to close or open stories."""
    return Lane(
        desk=desk,
        due=lambda tx, now: tx.claims.due(EffectKind.CLOSING, now, limit=10, site=name),
        shared=True,
        carry_out=partial(_close, desk, site),
        after=lambda tx, effect, _: show_story(
            tx, name, closing_from(effect).story_id, desk.clock()
        ),
    )


async def _close(desk: Desk, site: Site, effect: Effect) -> Attempt:
    closing = closing_from(effect)
    if not isinstance(site, ClosingSite):
        return Attempt(outcome=Outcome(verb=Verb.REFUSED, words=CANNOT_CLOSE))
    outcome = await site.close_story(closing.story_id, closed=closing.closed)
    if outcome.verb is Verb.DONE:
        # Only then may the cards say that it is closed.
        return Attempt(then=partial(_follow, desk, closing.site, closing.story_id))
    return Attempt(outcome=replace(outcome, words=outcome.words or "The site did not answer."))


def _before(desk: Desk, tx: Tx, said: StateChange, by: Person) -> KnownStory:
    """Return the story as it stands, if the person may mark it so and its site can follow."""
    before = known_story(desk, tx, said.site, said.story_id)
    if said.state is StoryState.CLOSED and not before.closable:
        raise NotPossible(CANNOT_CLOSE)
    check_may_mark(desk, tx, before, said.state, by)
    return before


def _status(desk: Desk, said: StateChange, by: Person) -> StoryStatus:
    now = desk.clock()
    wait = review_after(desk.policy().stories.of(said.state), said.review_days)
    return StoryStatus(
        site=said.site,
        story_id=said.story_id,
        state=said.state,
        by_id=by.id,
        by_name=by.name,
        at=now,
        note=said.note,
        review_at=now + wait if wait and said.state is not StoryState.NORMAL else None,
    )


def _asks_site(desk: Desk, before: KnownStory, wanted: StoryState) -> bool | None:
    """Return whether the site is asked to close a story, or to open it; `None` for neither."""
    rules = desk.policy().stories
    close, closed = rules.of(wanted).close_comments, rules.of(before.state).close_comments
    return close if before.closable and (close or closed) else None


def review_name(status: StoryStatus) -> str:
    """Return what the reminder to look at a story's state again is called."""
    return f"review:{status.site}:{status.story_id}:{status.at.timestamp():.6f}"


def _want_review(tx: Tx, status: StoryStatus) -> None:
    if status.review_at is None:
        return
    tx.outbox.want_reminder(
        Reminder(
            name=review_name(status),
            kind=ReminderKind.REVIEW,
            due_at=status.review_at,
            site=status.site,
            story_id=status.story_id,
        )
    )


async def _follow(desk: Desk, site: SiteId, story_id: str) -> None:
    """Move the story's open cases in the queue, hold them if so asked, and redraw their cards.

    A few hundred a transaction, so that reports are taken in between.
    """
    writer = DecisionWriter.of(desk)

    def work(tx: Tx) -> CaseId:
        found = tx.stories.open_cases(site, story_id, after=place, limit=_AT_ONCE)
        for case_id in found:
            _move(desk, tx, writer, case_id)
        return found[-1] if len(found) == _AT_ONCE else _START

    place = _START
    while True:
        place = await desk.store.write(work)
        if place == _START:
            return


def _move(desk: Desk, tx: Tx, writer: DecisionWriter, case_id: CaseId) -> None:
    case = tx.cases.get(case_id)
    if case is None:
        return
    status = tx.stories.of_case(case_id)
    placed = priority(writer.policy, case, of_story(writer.policy, status))
    moved = tx.cases.touch(replace(case, priority=placed), writer.now)
    hold_first(desk, writer, tx, moved, status)
