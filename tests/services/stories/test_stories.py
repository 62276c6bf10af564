"""How a story's state changes what happens to its comments."""

from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta

import pytest

from bot.domain.cases import CaseState
from bot.domain.decisions import Action, Decision, Door, Proposal
from bot.domain.effects import EffectKind, Outcome, Verb
from bot.domain.errors import NotAllowed, NotUnderstood
from bot.domain.ids import RuleNumber, SiteId
from bot.domain.routing import Route
from bot.domain.stories import KnownStory, StateRules, StoryRules, StoryState
from bot.services.cases import lookup
from bot.services.cases.reverse import reverse
from bot.services.cases.two_person import agree
from bot.services.outbox_worker import turn
from bot.services.stories.story import StateChange, closing_lane, keep_state, mark, marked, search
from bot.store.deliveries import reminder_from
from bot.store.recording import read_recording
from bot.store.sqlite import open_store
from tests.services.desks import ANA, BEN, OLLY, SAM, Bench
from tests.support.fresh import new_desk

COURIER = SiteId("courier")
HERE, THERE = 10**17, 10**17 + 1
COURT = RuleNumber(6)


async def say(bench: Bench, state: StoryState, *, by=SAM, **more) -> KnownStory:
    return await mark(
        bench.desk, StateChange(site=COURIER, story_id="s1", state=state, **more), by=by
    )


async def case_of(bench: Bench, case_id):
    return await bench.store.read(lambda tx: tx.cases.get(case_id))


async def history(bench: Bench, case_id) -> list[Decision]:
    return list(await bench.store.read(lambda tx: tx.decisions.of_case(case_id)))


async def orders(bench: Bench) -> list:
    def read(tx):
        due = tx.outbox.due_orders(COURIER, bench.clock.now, limit=50)
        return [tx.outbox.order(one.id) for one in due]

    return await bench.store.read(read)


@pytest.fixture
async def trial(bench: Bench) -> Bench:
    """A desk with a story under which court proceedings are active."""
    await bench.take(comment="c0")
    await say(bench, StoryState.PROCEEDINGS)
    return bench


async def test_under_active_proceedings_the_first_report_hides_until_somebody_decides(trial):
    case_id = await trial.take(comment="c9", author="a9", rule=COURT)

    [made] = await history(trial, case_id)
    assert (made.action, made.verdict.door, made.verdict.by.name) == (
        Action.HOLD,
        Door.DESK,
        "the desk",
    )
    assert made.verdict.rule is None
    case = await case_of(trial, case_id)
    assert case.state is CaseState.OPEN
    assert case.decision_id is None
    order = next(one for one in await orders(trial) if one.comment_id == "c9")
    assert (order.action, order.visible, order.banned) == (Action.HOLD, False, None)
    assert (order.rule, order.rule_name) == (None, None)
    assert order.key == f"decision-{made.id}-{made.digest[:12]}"
    assert "on hold until a moderator has looked at it" in order.notice
    assert "nothing has been decided" in order.notice


async def test_cases_that_were_open_already_are_hidden_when_the_story_is_marked(bench):
    case_id = await bench.take(rule=COURT)
    await say(bench, StoryState.PROCEEDINGS)

    assert [made.verdict.door for made in await history(bench, case_id)] == [Door.DESK]
    await say(bench, StoryState.PROTECTED)
    assert len(await history(bench, case_id)) == 1, "what is on hold already is not held twice"


async def test_what_the_desk_hid_is_no_strike(trial):
    case_id = await trial.take(comment="c9", author="a9", rule=COURT)
    strikes = lambda tx: tx.cases.strikes(COURIER, "a9", since=trial.desk.strikes_since())  # noqa: E731 - read twice

    assert await trial.store.read(strikes) == 0
    await trial.decide(case_id, Action.HIDE)
    assert await trial.store.read(strikes) == 1


async def test_what_the_desk_hid_says_nothing_about_the_reporters(trial):
    report = trial.report(comment="c9")
    case_id = await trial.take(comment="c9", reporter=report.reporter, rule=COURT)
    record = await trial.store.read(lambda tx: tx.readers.get(report.reporter))
    assert (record.agreed, record.disagreed) == (0, 0)
    assert (await case_of(trial, case_id)).is_open


async def test_showing_it_again_takes_a_second_pair_of_eyes(trial):
    case_id = await trial.take(comment="c9", rule=COURT)

    first = await trial.decide(case_id, Action.KEEP)
    assert isinstance(first, Proposal)
    with pytest.raises(NotAllowed):
        await agree(trial.desk, case_id, by=ANA)
    kept = await agree(trial.desk, case_id, by=BEN)

    assert (kept.action, kept.verdict.by.name, kept.second.name) == (Action.KEEP, "Ana", "Ben")

    def texts(tx):
        return [
            one.visible
            for one in (tx.outbox.order(effect) for effect in range(1, 40))
            if one and one.case_id == case_id
        ]

    assert (await trial.store.read(texts))[-1] is True


async def test_hiding_under_such_a_story_takes_one_and_undoing_that_takes_two(trial):
    case_id = await trial.take(comment="c9")

    hidden = await trial.decide(case_id, Action.HIDE)
    undone = await reverse(trial.desk, case_id, by=ANA, door=Door.BUTTON)

    assert isinstance(hidden, Decision)
    assert isinstance(undone, Proposal)
    assert not (await case_of(trial, case_id)).is_open
    agreed = await agree(trial.desk, case_id, by=BEN)
    assert agreed.reverses == hidden.id


async def test_undoing_a_ban_under_such_a_story_takes_two_and_opens_the_case(trial):
    case_id = await trial.take(comment="c9")
    await trial.decide(case_id, Action.BAN, lasting=timedelta(days=1))

    await reverse(trial.desk, case_id, by=SAM, door=Door.BUTTON)
    agreed = await agree(trial.desk, case_id, by=BEN)

    assert agreed.action is Action.UNBAN
    assert (await case_of(trial, case_id)).is_open


async def test_an_edited_comment_under_such_a_story_is_hidden_again(trial):
    case_id = await trial.take(comment="c9", rule=COURT)
    await trial.decide(case_id, Action.KEEP)
    await agree(trial.desk, case_id, by=BEN)

    await trial.take(comment="c9", revision="r2", text="He did it before, too.", rule=COURT)

    assert [made.verdict.door for made in await history(trial, case_id)][-1] is Door.DESK
    assert (await case_of(trial, case_id)).is_open


async def test_a_state_moves_the_queue_and_says_why(bench):
    before = await bench.take(comment="c1", rule=5)
    await bench.take(comment="c2", rule=3, story=replace(bench.report().story, external_id="s2"))
    first = lambda tx: tx.cases.queue(limit=1)[0].id  # noqa: E731 - read twice
    assert await bench.store.read(first) != before

    await say(bench, StoryState.WATCH)
    await say(bench, StoryState.PROCEEDINGS)

    assert await bench.store.read(first) == before
    view = await lookup.view(bench.desk, before, ANA)
    assert "court proceedings are active" in view.why
    await bench.take(comment="c1", rule=5)
    assert await bench.store.read(first) == before, "a further report keeps its place"


async def test_only_a_senior_moderator_makes_a_story_less_strict(bench):
    await bench.take()
    await say(bench, StoryState.PROTECTED, by=ANA)

    with pytest.raises(NotAllowed):
        await say(bench, StoryState.WATCH, by=BEN)
    bench.clock.pass_by(minutes=11)
    with pytest.raises(NotAllowed, match="within 10 minutes"):
        await say(bench, StoryState.WATCH, by=ANA)
    with pytest.raises(NotAllowed):
        await say(bench, StoryState.PROTECTED, by=OLLY)
    normal = await say(bench, StoryState.NORMAL, by=SAM)

    assert normal.state is StoryState.NORMAL
    changes = await bench.store.read(lambda tx: tx.stories.changes(COURIER, "s1"))
    assert [change.state for change in changes] == [StoryState.NORMAL, StoryState.PROTECTED]


async def test_a_story_nobody_knows_is_refused(bench):
    with pytest.raises(NotUnderstood):
        await say(bench, StoryState.WATCH)


@dataclass
class Closer:
    """A site on which a story can be closed."""

    ends: list[Outcome] = field(default_factory=list)
    asked: list[tuple[str, bool]] = field(default_factory=list)
    abilities: frozenset = frozenset()

    async def carry_out(self, order):
        raise NotImplementedError

    async def close_story(self, story_id: str, *, closed: bool) -> Outcome:
        self.asked.append((story_id, closed))
        return self.ends.pop(0) if self.ends else Outcome(verb=Verb.DONE)


async def test_the_site_is_asked_to_close_a_story_and_to_open_it_again(bench):
    await bench.take()
    site = Closer(ends=[Outcome(verb=Verb.LATER, words="The site is busy.")])
    await say(bench, StoryState.CLOSED)
    assert await turn(closing_lane(bench.desk, COURIER, site))
    assert not await turn(closing_lane(bench.desk, COURIER, site)), "not before its time"

    bench.clock.pass_by(minutes=1)
    assert await turn(closing_lane(bench.desk, COURIER, site))
    [story] = (await marked(bench.desk, ANA, limit=10)).stories
    assert story.closing is not None
    assert story.closing.is_done
    await say(bench, StoryState.NORMAL)
    await turn(closing_lane(bench.desk, COURIER, site))

    assert site.asked == [("s1", True), ("s1", True), ("s1", False)]


async def test_a_site_that_cannot_close_stories_is_said_so(bench):
    await bench.take()
    await say(bench, StoryState.CLOSED)

    await turn(closing_lane(bench.desk, COURIER, object()))  # type: ignore[arg-type]

    story = await bench.store.read(lambda tx: tx.stories.known(COURIER, "s1"))
    assert story.closing.trouble is not None
    assert "by hand" in story.closing.trouble


async def test_a_review_is_asked_for_when_it_is_due_and_put_off_by_whoever_looked(bench):
    await bench.take()
    await say(bench, StoryState.PROCEEDINGS, review_days=3)

    def due(tx):
        return tx.outbox.due(EffectKind.REMINDER, bench.clock.now, limit=5)

    assert await bench.store.read(due) == []

    bench.clock.pass_by(days=3)
    [reminder] = await bench.store.read(due)
    about = reminder_from(reminder.payload, name=reminder.key, due_at=reminder.due_at)
    assert about.story_id == "s1"
    await bench.store.write(lambda tx: tx.outbox.done(reminder, bench.clock.now))
    kept = await keep_state(bench.desk, COURIER, "s1", by=ANA)

    assert kept.state is StoryState.PROCEEDINGS
    assert await bench.store.read(due) == []
    bench.clock.pass_by(days=28)
    assert len(await bench.store.read(due)) == 1


async def test_stories_are_found_by_title_address_and_words(bench):
    await bench.take()
    for words in ("rai", "RAIDS", "https://courier.example/s1", ""):
        found = await search(bench.desk, words, ANA, limit=5)
        assert [story.story_id for story in found] == ["s1"], words
    assert await search(bench.desk, "bridge", ANA, limit=5) == ()


def restricted(bench: Bench, *routes: Route) -> None:
    rules = StoryRules(by_state={StoryState.PROTECTED: StateRules(restricted=True)})
    bench.policy = replace(bench.policy, stories=rules, routes=routes)


async def test_a_restricted_text_is_shown_in_its_own_channel_only(bench):
    route = Route(channel_id=THERE, state=StoryState.PROTECTED)
    restricted(bench, route)
    case_id = await bench.take(text="It was the girl next door.", note="She is 12.")
    await say(bench, StoryState.PROTECTED)

    there = await lookup.view(bench.desk, case_id, ANA, where=THERE)
    here = await lookup.view(bench.desk, case_id, ANA, where=HERE)
    [listed] = (await lookup.queue(bench.desk, ANA, limit=5)).views

    assert there.comment.text == "It was the girl next door."
    assert (await lookup.look(bench.desk, case_id)).comment.text, "the card stands there"
    for view in (here, listed):
        assert view.comment.text == ""
        assert view.withheld == THERE
    with pytest.raises(NotAllowed):
        await lookup.notes(bench.desk, case_id, ANA, where=HERE)
    assert len(await lookup.notes(bench.desk, case_id, ANA, where=THERE)) == 1


async def test_without_such_a_channel_the_card_keeps_silent_and_moderators_read_for_themselves(
    bench,
):
    restricted(bench)
    case_id = await bench.take(text="It was the girl next door.")
    await say(bench, StoryState.PROTECTED)

    assert (await lookup.look(bench.desk, case_id)).comment.text == ""
    assert (await lookup.view(bench.desk, case_id, ANA, where=HERE)).comment.text


async def test_a_rehearsal_leaves_out_what_stands_under_a_protected_story(tmp_path):
    async with open_store(new_desk(tmp_path / "desk.db")) as store:
        bench = Bench(store=store)
        await bench.take(text="It was the girl next door.")
        other = replace(bench.report().story, external_id="s2")
        await bench.take(comment="c2", text="Bins again.", story=other)
        await say(bench, StoryState.PROTECTED)

    recording = read_recording(tmp_path / "desk.db", None, UTC)

    assert "Bins again." in repr(recording)
    assert "girl" not in repr(recording)
