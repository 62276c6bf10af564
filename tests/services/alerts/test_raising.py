"""An alert's cases go to the front of the queue, stay there until they are decided, and go back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alerts import AlertId, Asked
from bot.domain.cases import CaseState
from bot.domain.comments import Story
from bot.domain.decisions import Action, Door
from bot.domain.effects import Order, Outcome, Verb
from bot.domain.ids import CaseId, RuleNumber
from bot.domain.priority import priority
from bot.domain.site import Ability
from bot.domain.stories import StoryState
from bot.domain.triage import Raised
from bot.services.alerts import opinions, views
from bot.services.alerts.boost import Raise, follow, raise_cases, unboost
from bot.services.cases import lookup
from bot.services.cases.claim import claim
from bot.services.cases.reverse import reverse
from bot.services.cases.snooze import snooze
from bot.services.outbox_worker import turn
from bot.services.staff.overview import stands
from bot.services.stories import story as stories
from tests.services.desks import ANA, BEN, SAM, Bench
from tests.services.newsdesk import SITE, Newsdesk

ONE = AlertId(1)
WORSE = Story(external_id="elsewhere", title="Elsewhere", url="")


@pytest.fixture
async def spike(newsdesk: Newsdesk) -> Newsdesk:
    """An alert on four comments, and one case that is worse than all of them."""
    await newsdesk.bench.take(comment="worse", author="worse", rule=RuleNumber(1), story=WORSE)
    await newsdesk.burst(12)
    await newsdesk.settle()
    return newsdesk


async def order(bench: Bench) -> list[CaseId]:
    page = await lookup.queue(bench.desk, ANA, limit=99)
    return [view.case.id for view in page.views]


async def test_every_open_case_of_the_alert_goes_before_all_others(spike: Newsdesk):
    bench = spike.bench
    assert (await order(bench))[0] == 1
    assert await raise_cases(bench.desk, ONE, SAM) == Raise(raised=4)
    assert (await order(bench))[-1] == 1
    view = await lookup.view(bench.desk, CaseId(2), ANA)
    assert view.work.raised is not None
    assert (view.work.raised.by_name, view.work.raised.alert) == ("Sam", 1)
    assert view.why[0] == "raised to the front"
    overview = await bench.store.read(lambda tx: stands(tx, bench.desk))
    assert (overview.raised, overview.front) == (4, (await order(bench))[0])


async def test_further_reports_leave_it_at_the_front(spike: Newsdesk):
    bench = spike.bench
    await raise_cases(bench.desk, ONE, SAM)
    await bench.take(comment="worse", author="worse", rule=RuleNumber(1), story=WORSE)
    await spike.burst(4)
    assert (await order(bench))[-1] == 1


async def test_pressing_twice_raises_nothing_twice(spike: Newsdesk):
    bench = spike.bench
    await raise_cases(bench.desk, ONE, SAM)
    before = await lookup.view(bench.desk, CaseId(2), ANA)
    assert await raise_cases(bench.desk, ONE, SAM) == Raise(raised=0, there=4)
    assert (await lookup.view(bench.desk, CaseId(2), ANA)).case == before.case


async def test_it_can_be_taken_back_and_the_order_is_as_before(spike: Newsdesk):
    bench = spike.bench
    before = await order(bench)
    await raise_cases(bench.desk, ONE, SAM)
    assert await unboost(bench.desk, ONE, SAM) == 4
    assert await order(bench) == before
    assert (await lookup.view(bench.desk, CaseId(2), ANA)).work.raised is None
    assert await unboost(bench.desk, ONE, SAM) == 0
    assert (await views.look(bench.desk, ONE)).alert.raised_by is None


async def test_it_ends_with_the_decision_and_an_undo_does_not_bring_it_back(spike: Newsdesk):
    bench = spike.bench
    await raise_cases(bench.desk, ONE, SAM)
    await bench.decide(CaseId(2), Action.HIDE)
    assert (await views.look(bench.desk, ONE)).raised == 3
    await reverse(bench.desk, CaseId(2), by=ANA, door=Door.BUTTON)
    again = await lookup.view(bench.desk, CaseId(2), ANA)
    assert again.case.state is CaseState.REOPENED
    assert not again.case.raised
    assert again.work.raised is None
    assert (await order(bench)).index(CaseId(2)) >= 3


async def test_what_was_put_off_comes_back_for_it(spike: Newsdesk):
    bench = spike.bench
    until = bench.clock.now.replace(hour=20)
    await snooze(bench.desk, CaseId(2), ANA, until)
    assert CaseId(2) not in await order(bench)
    await raise_cases(bench.desk, ONE, SAM)
    assert CaseId(2) in (await order(bench))[:4]


async def test_what_was_put_off_after_it_was_raised_stays_so_when_that_is_taken_back(
    spike: Newsdesk,
):
    bench = spike.bench
    await raise_cases(bench.desk, ONE, SAM)
    until = bench.clock.now.replace(hour=20)
    await snooze(bench.desk, CaseId(2), ANA, until)
    before = (await lookup.view(bench.desk, CaseId(2), ANA)).work
    await unboost(bench.desk, ONE, SAM)
    work = (await lookup.view(bench.desk, CaseId(2), ANA)).work
    assert work == replace(before, raised=None)
    assert CaseId(2) not in await order(bench)


async def test_a_watched_storys_cases_keep_their_place_when_raised_and_taken_back(
    spike: Newsdesk,
):
    bench = spike.bench
    assert await opinions.mark_story(bench.desk, ONE, StoryState.WATCH, SAM)
    await spike.burst(4)
    before = (await lookup.view(bench.desk, CaseId(2), ANA)).case
    raised_at = bench.clock.now
    await raise_cases(bench.desk, ONE, SAM)
    alert = (await views.look(bench.desk, ONE)).alert
    assert (alert.raised_by, alert.raised_at) == ("Sam", raised_at)
    await unboost(bench.desk, ONE, SAM)
    after = (await lookup.view(bench.desk, CaseId(2), ANA)).case
    assert (after.priority, after.raised) == (before.priority, False)
    plain = priority(bench.policy, after)
    assert after.priority != plain


async def test_what_joins_the_alert_later_is_raised_too(spike: Newsdesk):
    bench = spike.bench
    await raise_cases(bench.desk, ONE, SAM)
    await bench.decide(CaseId(2), Action.KEEP)
    story = (await lookup.view(bench.desk, CaseId(3), ANA)).story
    joined = await bench.take(comment="new", author="new", story=story)
    for _ in range(12):
        bench.clock.pass_by(seconds=2)
        await bench.take(comment="new", author="new", story=story)
    await spike.settle()
    assert (await lookup.view(bench.desk, joined, ANA)).case.raised
    assert not (await lookup.view(bench.desk, CaseId(2), ANA)).case.raised


async def test_who_raised_the_alert_is_said_of_what_joins_it_and_once(spike: Newsdesk):
    bench = spike.bench
    await raise_cases(bench.desk, ONE, SAM)
    await claim(bench.desk, CaseId(3), by=BEN)
    story = (await lookup.view(bench.desk, CaseId(3), ANA)).story
    joined = await bench.take(comment="new", author="new", story=story)
    elsewhere = await bench.take(comment="no part", author="no part", story=WORSE)
    bench.clock.pass_by(seconds=30)
    alert = (await views.look(bench.desk, ONE)).alert
    for later in (0, 60):
        now = bench.clock.now + timedelta(seconds=later)
        await bench.store.write(lambda tx, now=now: follow(tx, alert, bench.policy, now))
    made = Raised(alert=ONE, by_name="Sam", at=bench.clock.now)
    assert (await lookup.view(bench.desk, joined, ANA)).work.raised == made
    assert (await lookup.view(bench.desk, elsewhere, ANA)).work.raised is None
    nobody = replace(alert, raised_by=None)
    await unboost(bench.desk, ONE, SAM)
    await bench.store.write(lambda tx: follow(tx, nobody, bench.policy, bench.clock.now))
    assert (await lookup.view(bench.desk, joined, ANA)).work.raised is None


async def test_what_came_after_the_alert_was_over_does_not_join_it(spike: Newsdesk):
    bench = spike.bench
    await raise_cases(bench.desk, ONE, SAM)
    over = replace((await views.look(bench.desk, ONE)).alert, closed_at=bench.clock.now)
    bench.clock.pass_by(seconds=30)
    story = (await lookup.view(bench.desk, CaseId(3), ANA)).story
    late = await bench.take(comment="late", author="late", story=story)
    bench.clock.pass_by(seconds=30)
    await bench.store.write(lambda tx: follow(tx, over, bench.policy, bench.clock.now))
    assert not (await lookup.view(bench.desk, late, ANA)).case.raised


async def test_nothing_is_raised_where_nothing_waits(spike: Newsdesk):
    bench = spike.bench
    for number in range(2, 6):
        await bench.decide(CaseId(number), Action.HIDE)
    assert await raise_cases(bench.desk, ONE, SAM) == Raise(raised=0)
    assert (await views.look(bench.desk, ONE)).alert.raised_by is None


async def test_the_moderators_are_asked_once_however_often_it_is_pressed(spike: Newsdesk):
    desk = spike.bench.desk
    assert await opinions.ask_moderators(desk, ONE, SAM) is None
    assert await opinions.ask_moderators(desk, ONE, SAM) == Asked(by_name="Sam")
    await spike.settle()
    assert len(spike.board.begun) == 1
    thread = (await views.look(desk, ONE)).alert.thread_id
    assert thread is not None
    assert await opinions.ask_moderators(desk, ONE, SAM) == thread
    await spike.settle()
    assert len(spike.board.begun) == 1


async def test_a_thread_that_failed_is_said_on_the_card_and_can_be_asked_for_again(
    spike: Newsdesk,
):
    spike.board.refuses_threads = True
    await opinions.ask_moderators(spike.bench.desk, ONE, SAM)
    await spike.settle()
    [shown] = spike.shown
    assert shown.asked == Asked(by_name="Sam", trouble="The bot may not open threads there.")
    spike.board.refuses_threads = False
    assert await opinions.ask_moderators(spike.bench.desk, ONE, SAM) is None
    await spike.settle()
    [shown] = spike.shown
    assert shown.alert.thread_id is not None
    assert shown.asked is None


class StubbornSite:
    """A site that is told to close a story and answers what it is made to."""

    abilities: frozenset[Ability] = frozenset()
    answer = Outcome(verb=Verb.REFUSED, words="This site keeps its comments open.")

    async def close_story(self, story_id: str, *, closed: bool) -> Outcome:
        del story_id, closed
        return self.answer

    async def carry_out(self, order: Order) -> Outcome:
        del order
        return self.answer


async def test_what_the_site_made_of_closing_is_shown_on_the_card(spike: Newsdesk):
    desk, site = spike.bench.desk, StubbornSite()
    assert await opinions.mark_story(desk, ONE, StoryState.CLOSED, SAM)
    await spike.settle()
    [shown] = spike.shown
    assert shown.closing is not None
    assert (shown.closing.is_done, shown.closing.trouble) == (False, None)
    await turn(stories.closing_lane(desk, SITE, site))
    await spike.settle()
    [shown] = spike.shown
    assert shown.closing is not None
    assert shown.closing.trouble == "This site keeps its comments open."

    site.answer = Outcome(verb=Verb.DONE)
    assert not await opinions.mark_story(desk, ONE, StoryState.CLOSED, SAM)
    assert await turn(stories.closing_lane(desk, SITE, site))
    await spike.settle()
    [shown] = spike.shown
    assert shown.closing is not None
    assert shown.closing.is_done
    assert not await opinions.mark_story(desk, ONE, StoryState.CLOSED, SAM)
    assert not await turn(stories.closing_lane(desk, SITE, site))


async def test_a_second_mute_leaves_the_first_and_the_card_forgets_it_when_it_ends(
    spike: Newsdesk,
):
    desk = spike.bench.desk
    _, first, new = await opinions.mute(desk, ONE, SAM)
    spike.bench.clock.pass_by(hours=1)
    _, second, again = await opinions.mute(desk, ONE, SAM)
    assert (new, again) == (True, False)
    assert second == first
    await spike.settle()
    assert spike.shown[0].mute == first
    await spike.settle(hours=22, minutes=58)
    assert spike.shown[0].mute == first
    await spike.settle(minutes=3)
    assert spike.shown[0].mute is None


async def test_spikes_counts_what_has_come_by_now(spike: Newsdesk):
    kept = next(one for one in await spike.alerts() if one.key == "s1")
    found = [alert for alert, _ in await views.recent(spike.bench.desk, SAM)]
    now = next(one for one in found if one.id == kept.id)
    assert kept.reports < now.reports == 12
