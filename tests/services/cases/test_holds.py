"""A hold is a precaution: not visible until a person has looked, and never a verdict."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.domain.account_similarity import AuthorRef
from bot.domain.cases import CaseState
from bot.domain.decisions import Action, Decision, Door, Proposal
from bot.domain.errors import NotAllowed, NotPossible, NotUnderstood
from bot.domain.ids import ReporterKey, RuleNumber, SiteId
from bot.domain.site import Seen
from bot.domain.stories import HoldRules, KnownStory, StoryRules, StoryState
from bot.services.authors.bans import lift
from bot.services.cases import lookup
from bot.services.cases.reverse import amend, reverse
from bot.services.cases.two_person import agree
from bot.services.desk import Desk
from bot.services.sites.site_sync import follow
from bot.services.stories.rights import release
from bot.services.stories.story import StateChange, foresee, hold_missed, keep_state, look, mark
from tests.services.desks import ANA, BEN, OLLY, SAM, Bench
from tests.support.chains import first_broken

COURIER = SiteId("courier")
PRIVATE, ABUSE, COURT, SPAM = RuleNumber(2), RuleNumber(5), RuleNumber(6), RuleNumber(9)


@dataclass
class StoryDesk(Bench):
    """A desk whose sites can do as much as a test lets them."""

    can: frozenset[Action] = frozenset(Action)
    closes: bool = True
    keys: list[str] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        return replace(super().desk, site_can=lambda _: self.can, can_close=lambda _: self.closes)

    async def say(self, state: StoryState, *, by=SAM, story="s1") -> KnownStory:
        return await mark(self.desk, StateChange(site=COURIER, story_id=story, state=state), by=by)

    async def would(self, state: StoryState, *, by=SAM):
        said = StateChange(site=COURIER, story_id="s1", state=state)
        return await foresee(self.desk, said, by=by)

    async def undo(self, case_id, by=ANA):
        return await reverse(self.desk, case_id, by=by, door=Door.BUTTON)

    async def history(self, case_id) -> list[Decision]:
        return list(await self.store.read(lambda tx: tx.decisions.of_case(case_id)))

    async def did(self, case_id) -> list[Action]:
        return [made.action for made in await self.history(case_id)]

    async def case(self, case_id):
        return await self.store.read(lambda tx: tx.cases.get(case_id))

    async def orders(self, case_id) -> list:
        found = await self.store.read(lambda tx: [tx.outbox.order(n) for n in range(1, 400)])
        return [order for order in found if order is not None and order.case_id == case_id]

    async def visible(self, case_id) -> bool:
        """Return whether readers see the comment once the site has done what it was asked."""
        asked = [one.visible for one in await self.orders(case_id) if one.visible is not None]
        return asked[-1] if asked else True

    async def stands(self, case_id) -> tuple[bool, bool, CaseState]:
        """Return whether it is on hold, whether readers see it, and how the case stands."""
        case = await self.case(case_id)
        return case.is_held, await self.visible(case_id), case.state


@pytest.fixture
async def bench(bench: Bench) -> StoryDesk:
    return StoryDesk(store=bench.store)


@pytest.fixture
async def trial(bench: StoryDesk) -> StoryDesk:
    """A desk with a story under which court proceedings are active, which one person may show."""
    await bench.take(comment="c0", rule=SPAM)
    alone = replace(bench.policy.stories.of(StoryState.PROCEEDINGS), second_pair=False)
    rules = StoryRules(by_state={**bench.policy.stories.by_state, StoryState.PROCEEDINGS: alone})
    bench.policy = replace(bench.policy, stories=rules)
    await bench.say(StoryState.PROCEEDINGS)
    return bench


# ---- which reports hold


@pytest.mark.parametrize("rule", range(1, 10))
async def test_as_delivered_proceedings_hold_for_legal_and_critical_reports_only(trial, rule):
    case_id = await trial.take(comment="c9", rule=RuleNumber(rule))
    held = rule in {1, 2, 6, 7}
    assert await trial.stands(case_id) == (held, not held, CaseState.OPEN)


@pytest.mark.parametrize("rule", range(1, 10))
async def test_a_protected_story_holds_for_every_report(bench, rule):
    await bench.take(comment="c0")
    await bench.say(StoryState.PROTECTED)
    case_id = await bench.take(comment="c9", rule=RuleNumber(rule))
    assert (await bench.case(case_id)).is_held


@pytest.mark.parametrize("rules", [HoldRules.NONE, frozenset()])
async def test_a_state_that_holds_for_nothing_holds_nothing(trial, rules):
    state = replace(trial.policy.stories.of(StoryState.PROCEEDINGS), hold_rules=rules)
    trial.policy = replace(
        trial.policy, stories=StoryRules(by_state={StoryState.PROCEEDINGS: state})
    )
    case_id = await trial.take(comment="c9", rule=COURT)
    assert await trial.did(case_id) == []


async def test_hundred_reports_for_spam_hold_nothing_and_one_for_the_court_does(trial):
    for _ in range(5):
        case_id = await trial.take(comment="c9", rule=SPAM)
    assert await trial.did(case_id) == []

    await trial.take(comment="c9", rule=COURT)

    assert await trial.stands(case_id) == (True, False, CaseState.OPEN)
    case = await trial.case(case_id)
    assert (case.reports, case.reasons) == (6, {SPAM: 5, COURT: 1})
    await trial.take(comment="c9", rule=COURT)
    assert await trial.did(case_id) == [Action.HOLD], "held once, however many report it"


async def test_setting_a_state_holds_what_is_reported_under_its_rules_only(bench):
    spam = await bench.take(comment="c1", rule=SPAM)
    court = await bench.take(comment="c2", rule=COURT)
    kept = await bench.take(comment="c3", rule=COURT)
    await bench.decide(kept, Action.KEEP)

    await bench.say(StoryState.PROCEEDINGS)

    assert [await bench.did(one) for one in (spam, court, kept)] == [
        [],
        [Action.HOLD],
        [Action.KEEP],
    ]


async def test_what_somebody_kept_under_the_state_is_not_held_by_a_further_report(trial):
    case_id = await trial.take(comment="c9", rule=SPAM)
    await trial.decide(case_id, Action.KEEP)

    await trial.take(comment="c9", rule=COURT)

    assert await trial.stands(case_id) == (False, True, CaseState.REOPENED)


async def test_what_was_kept_before_the_state_was_set_is_held_by_a_further_report(bench):
    case_id = await bench.take(comment="c9", rule=SPAM)
    await bench.decide(case_id, Action.KEEP)
    bench.clock.pass_by(minutes=1)
    await bench.say(StoryState.PROCEEDINGS)

    await bench.take(comment="c9", rule=COURT)

    assert await bench.stands(case_id) == (True, False, CaseState.REOPENED)


async def test_a_site_that_could_not_show_it_again_is_asked_to_hold_nothing(trial):
    trial.can = frozenset({Action.KEEP, Action.HIDE, Action.REOPEN})
    case_id = await trial.take(comment="c9", rule=COURT)
    assert await trial.did(case_id) == []
    assert (await trial.would(StoryState.PROTECTED)).holds == 0


# ---- what a hold is


async def test_a_hold_is_in_the_chain_and_its_order_says_no_rule(trial):
    case_id = await trial.take(comment="c9", rule=COURT)

    [made] = await trial.history(case_id)
    [order] = await trial.orders(case_id)
    assert (made.action, made.verdict.rule, made.verdict.door, made.verdict.by.name) == (
        Action.HOLD,
        None,
        Door.DESK,
        "the desk",
    )
    assert (order.action, order.visible, order.banned) == (Action.HOLD, False, None)
    assert (order.rule, order.rule_name) == (None, None)
    assert order.notice.startswith("Your comment is on hold until a moderator has looked at it")
    assert order.key == f"decision-{made.id}-{made.digest[:12]}"
    assert first_broken(await trial.store.read(lambda tx: tx.decisions.after(0, limit=99))) is None


async def test_a_hold_is_no_strike_nowhere_in_the_authors_record_and_by_nobody(trial):
    case_id = await trial.take(comment="c9", author="a9", rule=COURT)
    ref = AuthorRef(site=COURIER, id="a9")

    def read(tx):
        view = tx.cases.view(case_id, strikes_since=trial.desk.strikes_since())
        strikes = tx.authors.strikes(ref, trial.desk.strikes_since(), limit=9)
        return view.record, view.decision, strikes

    record, decision, strikes = await trial.store.read(read)
    assert (record.hidden, record.strikes, record.banned) == (0, 0, False)
    assert (decision, list(strikes)) == (None, [])


async def test_a_hold_and_its_release_judge_no_reporter(trial):
    reader = ReporterKey(b"r" * 16)
    await trial.take(comment="c9", rule=COURT, reporter=reader)
    await trial.say(StoryState.NORMAL)
    await release(trial.desk, COURIER, "s1", by=SAM)
    record = await trial.store.read(lambda tx: tx.readers.get(reader))
    assert (record.agreed, record.disagreed) == (0, 0)


# ---- what people then do


async def test_keep_shows_it(trial):
    case_id = await trial.take(comment="c9", rule=COURT)
    await trial.decide(case_id, Action.KEEP)
    assert await trial.stands(case_id) == (False, True, CaseState.DECIDED)


@pytest.mark.parametrize("action", [Action.HIDE, Action.BAN])
async def test_hiding_it_cites_the_persons_rule_by_an_order_of_its_own(trial, action):
    case_id = await trial.take(comment="c9", rule=COURT)
    made = await trial.decide(case_id, action, rule=ABUSE, lasting=timedelta(days=1))

    held, hidden = await trial.orders(case_id)
    assert hidden.key != held.key
    assert (hidden.action, hidden.visible, hidden.rule) == (action, False, ABUSE)
    assert "on hold" not in hidden.notice
    assert await trial.stands(case_id) == (False, False, CaseState.DECIDED)
    strikes = lambda tx: tx.cases.strikes(COURIER, "a1", since=trial.desk.strikes_since())  # noqa: E731
    assert await trial.store.read(strikes) == 1
    assert made.verdict.rule == ABUSE


@pytest.mark.parametrize("action", [Action.KEEP, Action.HIDE, Action.BAN])
@pytest.mark.parametrize("corrected", [False, True])
async def test_undoing_what_was_decided_puts_it_back_on_hold(trial, action, corrected):
    case_id = await trial.take(comment="c9", rule=COURT)
    await trial.decide(case_id, action, lasting=timedelta(days=1))
    if corrected and action is not Action.KEEP:
        await amend(trial.desk, case_id, ABUSE, by=ANA, door=Door.BUTTON)

    undone = await trial.undo(case_id)

    assert isinstance(undone, Decision)
    assert await trial.stands(case_id) == (True, False, CaseState.REOPENED)
    last = (await trial.orders(case_id))[-1]
    assert (last.action, last.visible, last.rule) == (Action.HOLD, False, None)
    # And the same once more.
    await trial.decide(case_id, Action.HIDE)
    await trial.undo(case_id)
    assert await trial.stands(case_id) == (True, False, CaseState.REOPENED)
    await trial.decide(case_id, Action.KEEP)
    assert await trial.stands(case_id) == (False, True, CaseState.DECIDED)


async def test_undoing_a_ban_lets_the_author_in_and_leaves_the_comment_on_hold(trial):
    case_id = await trial.take(comment="c9", rule=COURT)
    await trial.decide(case_id, Action.BAN, lasting=timedelta(days=1))
    await trial.undo(case_id)

    held, banned, let_in, again = await trial.orders(case_id)
    assert (held.visible, banned.visible, again.visible) == (False, False, False)
    assert (let_in.action, let_in.visible, let_in.banned) == (Action.UNBAN, None, False)


async def test_lifting_a_ban_leaves_the_comment_hidden_and_undoing_that_puts_it_on_hold(trial):
    case_id = await trial.take(comment="c9", rule=COURT)
    banned = await trial.decide(case_id, Action.BAN, lasting=timedelta(days=1))
    await lift(trial.desk, banned.id, by=ANA)
    assert await trial.stands(case_id) == (False, False, CaseState.DECIDED)

    await trial.undo(case_id)

    assert await trial.stands(case_id) == (True, False, CaseState.REOPENED)


async def test_undoing_a_hide_of_what_was_never_on_hold_shows_it(trial):
    case_id = await trial.take(comment="c9", rule=SPAM)
    await trial.decide(case_id, Action.HIDE)
    await trial.undo(case_id)
    assert await trial.stands(case_id) == (False, True, CaseState.REOPENED)


async def test_undoing_a_hide_of_a_text_that_was_shown_before_shows_it(trial):
    case_id = await trial.take(comment="c9", rule=COURT)
    await trial.decide(case_id, Action.KEEP)
    await trial.say(StoryState.NORMAL)
    await trial.take(comment="c9", rule=COURT, revision="r2", text="Another.")
    await trial.decide(case_id, Action.HIDE)
    await trial.undo(case_id)
    assert await trial.stands(case_id) == (False, True, CaseState.REOPENED)


async def test_putting_it_back_on_hold_takes_nobody_else_and_showing_it_does(bench):
    await bench.take(comment="c0", rule=SPAM)
    await bench.say(StoryState.PROCEEDINGS)
    case_id = await bench.take(comment="c9", rule=COURT)
    await bench.decide(case_id, Action.HIDE, rule=COURT)

    assert isinstance(await bench.undo(case_id), Decision)
    assert await bench.stands(case_id) == (True, False, CaseState.REOPENED)
    assert isinstance(await bench.decide(case_id, Action.KEEP), Proposal)
    assert not await bench.visible(case_id)
    await agree(bench.desk, case_id, by=BEN)
    assert await bench.stands(case_id) == (False, True, CaseState.DECIDED)


# ---- what happens meanwhile


async def test_a_held_comment_that_is_edited_stays_on_hold(trial):
    case_id = await trial.take(comment="c9", rule=COURT)
    await trial.take(comment="c9", rule=SPAM, revision="r2", text="Sorry.")
    assert await trial.did(case_id) == [Action.HOLD]
    assert await trial.stands(case_id) == (True, False, CaseState.OPEN)
    assert (await trial.case(case_id)).revision == 2


async def test_a_kept_comment_that_is_edited_is_held_once_more(trial):
    case_id = await trial.take(comment="c9", rule=COURT)
    await trial.decide(case_id, Action.KEEP)
    await trial.take(comment="c9", rule=COURT, revision="r2", text="He did it before, too.")
    assert await trial.stands(case_id) == (True, False, CaseState.REOPENED)


async def test_a_hidden_comment_that_is_edited_stays_hidden_by_its_verdict(trial):
    case_id = await trial.take(comment="c9", rule=COURT)
    await trial.decide(case_id, Action.HIDE)
    await trial.take(comment="c9", rule=COURT, revision="r2", text="He did it before, too.")
    assert await trial.did(case_id) == [Action.HOLD, Action.HIDE]
    assert await trial.stands(case_id) == (False, False, CaseState.REOPENED)


async def test_what_the_site_shows_of_a_hold_is_not_taken_for_a_verdict(trial):
    case_id = await trial.take(comment="c9", rule=COURT)
    trial.clock.pass_by(minutes=1)
    seen = Seen(comment_id="c9", visible=False, at=trial.clock.now)
    assert not await follow(trial.desk, COURIER, seen)
    assert (await trial.case(case_id)).is_open
    seen = Seen(comment_id="c9", visible=True, by="Mo", at=trial.clock.now)
    assert await follow(trial.desk, COURIER, seen), "somebody there has looked at it"
    assert await trial.did(case_id) == [Action.HOLD, Action.KEEP]


# ---- setting a state


async def test_what_would_come_of_a_state_is_what_comes_of_it(bench):
    held = [await bench.take(comment=f"c{n}", rule=COURT) for n in range(3)]
    await bench.take(comment="c7", rule=SPAM)

    for state, expected in (
        (StoryState.PROCEEDINGS, (3, 0, None)),
        (StoryState.PROTECTED, (4, 0, True)),
        (StoryState.CLOSED, (0, 0, True)),
        (StoryState.WATCH, (0, 0, None)),
    ):
        found = await bench.would(state)
        assert (found.holds, found.frees, found.closes) == expected
    story = await bench.say(StoryState.PROCEEDINGS)

    assert (story.held, story.unwanted) == (3, 0)
    assert all([(await bench.case(one)).is_held for one in held])
    found = await bench.would(StoryState.NORMAL)
    assert (found.holds, found.frees, found.closes) == (0, 3, None)


async def test_asking_changes_nothing(bench):
    case_id = await bench.take(rule=COURT)
    await bench.would(StoryState.PROTECTED)
    assert (await look(bench.desk, COURIER, "s1", ANA)).state is StoryState.NORMAL
    assert await bench.did(case_id) == []


async def test_numbers_are_those_of_the_moment_it_is_set(bench):
    await bench.take(comment="c1", rule=COURT)
    assert (await bench.would(StoryState.PROCEEDINGS)).holds == 1
    await bench.take(comment="c2", rule=COURT)
    assert (await bench.say(StoryState.PROCEEDINGS)).held == 2


async def test_back_to_normal_says_what_is_still_on_hold_and_releases_it_on_demand(trial):
    cases = [await trial.take(comment=f"c{n}", rule=COURT) for n in range(1, 4)]
    await trial.decide(cases[0], Action.HIDE)
    story = await trial.say(StoryState.NORMAL)
    assert (story.held, story.unwanted) == (2, 2)
    assert [await trial.visible(one) for one in cases] == [False, False, False]

    assert await release(trial.desk, COURIER, "s1", by=SAM) == 2

    assert [await trial.visible(one) for one in cases] == [False, True, True]
    assert await trial.did(cases[1]) == [Action.HOLD, Action.UNHIDE]
    last = (await trial.orders(cases[1]))[-1]
    assert (last.action, last.visible, last.rule, last.notice) == (Action.UNHIDE, True, None, None)
    case = await trial.case(cases[1])
    assert (case.is_open, case.is_held, case.decision_id) == (True, False, None)
    assert await release(trial.desk, COURIER, "s1", by=SAM) == 0, "once is enough"
    story = await look(trial.desk, COURIER, "s1", ANA)
    assert (story.held, story.unwanted) == (0, 0)


async def test_nothing_that_the_new_state_holds_is_released(bench):
    spam, court = [await bench.take(comment=f"c{rule}", rule=rule) for rule in (SPAM, COURT)]
    await bench.say(StoryState.PROTECTED)
    story = await bench.say(StoryState.PROCEEDINGS)
    assert (story.held, story.unwanted) == (2, 1)
    assert await release(bench.desk, COURIER, "s1", by=SAM) == 1
    assert [(await bench.case(one)).is_held for one in (spam, court)] == [False, True]


async def test_more_than_a_transactions_worth_is_held_counted_and_released(bench):
    cases = [await bench.take(comment=f"c{n}", rule=COURT) for n in range(405)]
    assert (await bench.would(StoryState.PROCEEDINGS)).holds == 405
    assert (await bench.say(StoryState.PROCEEDINGS)).held == 405
    assert (await bench.say(StoryState.NORMAL)).unwanted == 405
    assert await release(bench.desk, COURIER, "s1", by=SAM) == 405
    assert not any([(await bench.case(one)).is_held for one in cases])


async def test_another_storys_holds_are_left_alone(bench):
    other = replace(bench.report().story, external_id="s2")
    mine, theirs = (
        await bench.take(comment="c1", rule=COURT),
        await bench.take(comment="c2", rule=COURT, story=other),
    )
    await bench.say(StoryState.PROCEEDINGS)
    await bench.say(StoryState.PROCEEDINGS, story="s2")
    await bench.say(StoryState.NORMAL)
    await release(bench.desk, COURIER, "s1", by=SAM)
    assert [(await bench.case(one)).is_held for one in (mine, theirs)] == [False, True]


async def test_released_under_a_state_that_is_set_again_it_is_held_again(trial):
    case_id = await trial.take(comment="c9", rule=COURT)
    await trial.say(StoryState.NORMAL)
    await release(trial.desk, COURIER, "s1", by=SAM)
    await trial.say(StoryState.PROCEEDINGS)
    assert await trial.did(case_id) == [Action.HOLD, Action.UNHIDE, Action.HOLD]


# ---- who may


async def test_whoever_set_a_state_takes_it_back_for_a_while_and_releases(bench):
    case_id = await bench.take(rule=COURT)
    await bench.say(StoryState.PROTECTED, by=ANA)
    bench.clock.pass_by(minutes=9)
    story = await bench.say(StoryState.NORMAL, by=ANA)
    assert (story.state, story.unwanted) == (StoryState.NORMAL, 1)
    assert await release(bench.desk, COURIER, "s1", by=ANA) == 1
    assert await bench.visible(case_id)


async def test_it_is_taken_back_to_what_it_was_and_no_further(bench):
    await bench.take()
    await bench.say(StoryState.PROCEEDINGS, by=SAM)
    await bench.say(StoryState.PROTECTED, by=ANA)
    for state in (StoryState.NORMAL, StoryState.WATCH, StoryState.CLOSED):
        with pytest.raises(NotAllowed, match="Nothing was changed"):
            await bench.say(state, by=ANA)
        with pytest.raises(NotAllowed):
            await bench.would(state, by=ANA)
    assert (await bench.say(StoryState.PROCEEDINGS, by=ANA)).state is StoryState.PROCEEDINGS
    with pytest.raises(NotAllowed):
        await bench.say(StoryState.NORMAL, by=ANA)


async def test_step_by_step_one_gets_no_further_back_than_in_one(bench):
    await bench.take()
    await bench.say(StoryState.WATCH, by=SAM)
    for state in (StoryState.PROCEEDINGS, StoryState.PROTECTED, StoryState.CLOSED):
        await bench.say(state, by=ANA)
    with pytest.raises(NotAllowed):
        await bench.say(StoryState.NORMAL, by=ANA)
    assert (await bench.say(StoryState.WATCH, by=ANA)).state is StoryState.WATCH


async def test_looking_again_is_not_having_set_it(bench):
    await bench.take()
    await bench.say(StoryState.PROCEEDINGS, by=SAM)
    await keep_state(bench.desk, COURIER, "s1", by=ANA)
    with pytest.raises(NotAllowed):
        await bench.say(StoryState.NORMAL, by=ANA)


@pytest.mark.parametrize("late", [11, 60])
async def test_after_that_only_a_senior_moderator_takes_it_back(bench, late):
    await bench.take()
    await bench.say(StoryState.PROCEEDINGS, by=ANA)
    bench.clock.pass_by(minutes=late)
    with pytest.raises(NotAllowed, match="Only a senior moderator"):
        await bench.say(StoryState.NORMAL, by=ANA)
    assert (await bench.say(StoryState.NORMAL, by=SAM)).state is StoryState.NORMAL


@pytest.mark.parametrize("by", [ANA, BEN, OLLY])
async def test_nobody_else_releases(trial, by):
    case_id = await trial.take(comment="c9", rule=COURT)
    await trial.say(StoryState.NORMAL, by=SAM)
    with pytest.raises(NotAllowed):
        await release(trial.desk, COURIER, "s1", by=by)
    assert (await trial.case(case_id)).is_held


async def test_setting_a_state_alone_does_not_let_one_release_what_others_left(trial):
    case_id = await trial.take(comment="c9", rule=COURT)
    await trial.say(StoryState.NORMAL, by=SAM)
    await trial.say(StoryState.WATCH, by=ANA)
    with pytest.raises(NotAllowed):
        await release(trial.desk, COURIER, "s1", by=ANA)
    assert (await trial.case(case_id)).is_held


async def test_strangers_are_told_nothing(bench):
    await bench.take()
    with pytest.raises(NotAllowed):
        await bench.would(StoryState.WATCH, by=OLLY)
    with pytest.raises(NotUnderstood):
        await foresee(
            bench.desk, StateChange(site=COURIER, story_id="s9", state=StoryState.WATCH), by=SAM
        )


# ---- closing


async def test_a_site_that_cannot_close_a_story_is_not_asked_and_the_state_not_set(bench):
    bench.closes = False
    await bench.take()
    for asked in (bench.would, bench.say):
        with pytest.raises(NotPossible, match="by hand"):
            await asked(StoryState.CLOSED)
    story = await look(bench.desk, COURIER, "s1", ANA)
    assert (story.state, story.closing, story.closable) == (StoryState.NORMAL, None, False)


async def test_a_state_that_would_also_close_asks_nothing_of_such_a_site(bench):
    bench.closes = False
    await bench.take()
    assert (await bench.would(StoryState.PROTECTED)).closes is None
    story = await bench.say(StoryState.PROTECTED)
    assert (story.state, story.closing) == (StoryState.PROTECTED, None)


async def test_a_card_knows_what_the_site_was_asked(bench):
    case_id = await bench.take()
    assert (await lookup.look(bench.desk, case_id)).closing is None
    await bench.say(StoryState.CLOSED)
    closing = (await lookup.look(bench.desk, case_id)).closing
    assert closing is not None
    assert (closing.closed, closing.is_done) == (True, False)


async def test_what_a_desk_that_ended_too_soon_left_unheld_is_held_at_the_next_start(
    bench, monkeypatch
):
    court = await bench.take(comment="c1", rule=COURT)
    spam = await bench.take(comment="c2", rule=SPAM)
    elsewhere = await bench.take(
        comment="c3", rule=COURT, story=replace(bench.report().story, external_id="s2")
    )

    async def ends(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr("bot.services.stories.story._follow", ends)
        with pytest.raises(ConnectionError):
            await bench.say(StoryState.PROCEEDINGS)
    assert not (await bench.case(court)).is_held

    await hold_missed(bench.desk)
    await hold_missed(bench.desk)

    assert await bench.did(court) == [Action.HOLD]
    assert not await bench.visible(court)
    assert await bench.did(spam) == await bench.did(elsewhere) == []
