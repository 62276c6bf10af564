"""A polled site: nothing is missed, nothing counts twice, and what is decided there is followed."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.domain.cases import CaseState
from bot.domain.comments import Report
from bot.domain.decisions import Action, Door
from bot.domain.effects import Order, Outcome, Verb
from bot.domain.errors import SiteDown
from bot.domain.ids import SiteId
from bot.domain.site import Ability, Found, Seen
from bot.services.cases.lookup import look
from bot.services.cases.reverse import reverse
from bot.services.sites.poll import SitePoller, ask, watch_site
from tests.services.desks import ANA, NOON, SAM, Bench
from tests.support.waiting import PATIENCE

COURIER = SiteId("courier")


@dataclass
class Platform:
    """A site that has reports, tells two at a time, and overlaps by one."""

    had: list[Report] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    down: SiteDown | None = None
    asked: list[str | None] = field(default_factory=list)
    looked_at: list[Sequence[str]] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    unread: frozenset[str] = frozenset()
    fails_at: int | None = None
    breaks: Exception | None = None
    abilities = frozenset({Ability.POLL})

    async def carry_out(self, order: Order) -> Outcome:
        return Outcome(verb=Verb.REFUSED, words=f"not {order.action} here")

    async def look_for_reports(self, mark: str | None) -> Found:
        self.asked.append(mark)
        self.heard.set()
        if self.down:
            raise self.down
        if self.breaks:
            raise self.breaks
        if self.fails_at is not None and int(mark or 0) >= self.fails_at:
            raise SiteDown("It is being mended.")
        start = max(0, int(mark or 0) - 1)
        end = min(start + 2, len(self.had))
        more = end < len(self.had)
        return Found(reports=self.had[start:end], mark=str(end), more=more, unread=self.unread)

    async def look_at(self, comment_ids: Sequence[str]) -> Sequence[Seen]:
        self.looked_at.append(comment_ids)
        return [seen for seen in self.seen if seen.comment_id in comment_ids]


def watch(platform: Platform, **more: object) -> SitePoller:
    return SitePoller(name=COURIER, site=platform, every=timedelta(seconds=30), **more)  # type: ignore[arg-type]


async def reports_of(bench: Bench) -> list[tuple[str, int]]:
    cases = await bench.store.read(lambda tx: list(tx.cases.queue(limit=50)))
    return sorted((case.comment_id, case.reports) for case in cases)


async def test_everything_is_read_page_by_page_and_counted_once(bench: Bench):
    platform = Platform([bench.report(comment=f"c{n % 3}") for n in range(7)])

    await ask(bench.desk, watch(platform))
    await ask(bench.desk, watch(platform))

    assert await reports_of(bench) == [("c0", 3), ("c1", 2), ("c2", 2)]
    assert platform.asked[0] is None
    assert platform.asked[-1] == "7"


async def test_a_restart_goes_on_where_the_last_run_stopped(bench: Bench):
    platform = Platform([bench.report(comment="c1")])
    await ask(bench.desk, watch(platform))
    platform.had.append(bench.report(comment="c2"))

    await ask(bench.desk, watch(platform))

    assert platform.asked == [None, "1"]
    assert await reports_of(bench) == [("c1", 1), ("c2", 1)]


async def test_what_was_read_before_the_site_failed_is_kept(bench: Bench):
    platform = Platform([bench.report(comment="c1")])
    await ask(bench.desk, watch(platform))
    platform.had.append(bench.report(comment="c2"))
    platform.down = SiteDown("It is being mended.")

    with pytest.raises(SiteDown):
        await ask(bench.desk, watch(platform))
    platform.down = None
    await ask(bench.desk, watch(platform))

    assert await reports_of(bench) == [("c1", 1), ("c2", 1)]


@pytest.mark.parametrize(
    ("away", "since"), [(timedelta(hours=5), timedelta(hours=3)), (timedelta(minutes=1), None)]
)
async def test_what_was_reported_while_nobody_listened_waits_since_then(
    bench: Bench, away: timedelta, since: timedelta | None
):
    platform = Platform([bench.report(comment="c1")])
    await ask(bench.desk, watch(platform))
    bench.clock.now += away
    told = bench.clock.now - timedelta(hours=3)
    platform.had.append(replace(bench.report(comment="c2"), at=told))

    await ask(bench.desk, watch(platform))

    case = await bench.store.read(lambda tx: tx.cases.find(COURIER, "c2"))
    assert case is not None
    assert case.opened_at == bench.clock.now - (since or timedelta())


def decided(visible: bool = False, *, at: datetime | None = None, by: str | None = "Jane") -> Seen:
    return Seen(comment_id="c1", visible=visible, by=by, at=at or NOON + timedelta(minutes=1))


@pytest.mark.parametrize(("visible", "action"), [(True, Action.KEEP), (False, Action.HIDE)])
async def test_a_decision_made_at_the_site_settles_the_case_and_asks_nothing_of_it(
    bench: Bench, visible: bool, action: Action
):
    case_id = await bench.take(comment="c1")

    await ask(bench.desk, watch(Platform(seen=[decided(visible)])))

    view = await look(bench.desk, case_id)
    assert view.decision is not None
    assert (view.decision.action, view.decision.verdict.by.name) == (action, "Jane")
    assert view.decision.verdict.door is Door.SITE
    assert view.case.state is CaseState.DECIDED
    assert view.delivery is None


async def test_what_the_site_decided_before_the_report_settles_nothing(bench: Bench):
    case_id = await bench.take(comment="c1")

    await ask(bench.desk, watch(Platform(seen=[decided(at=NOON - timedelta(days=1))])))

    assert (await look(bench.desk, case_id)).case.is_open


async def test_a_decision_of_the_site_that_was_undone_here_is_not_taken_over_again(bench: Bench):
    case_id = await bench.take(comment="c1")
    platform = Platform(seen=[decided(visible=True)])
    await ask(bench.desk, watch(platform))
    bench.clock.pass_by(minutes=5)
    await reverse(bench.desk, case_id, by=SAM, door=Door.BUTTON)

    await ask(bench.desk, watch(platform))

    view = await look(bench.desk, case_id)
    assert view.case.state is CaseState.REOPENED
    assert [made.verdict.by.name for made in view.history] == ["Jane", "Sam"]


async def test_a_decision_made_here_first_stands(bench: Bench):
    case_id = await bench.take(comment="c1")
    await bench.decide(case_id, Action.KEEP, by=ANA)

    await ask(bench.desk, watch(Platform(seen=[decided()])))

    assert [made.verdict.by.name for made in (await look(bench.desk, case_id)).history] == ["Ana"]


async def test_a_text_that_was_edited_at_the_site_is_shown_with_the_one_before(bench: Bench):
    case_id = await bench.take(comment="c1", text="You fool.")
    edited = replace(bench.report(comment="c1", revision="r2", text="Dear sir.").comment)

    for _ in range(2):
        await ask(bench.desk, watch(Platform(seen=[Seen(comment_id="c1", comment=edited)])))

    view = await look(bench.desk, case_id)
    assert (view.comment.text, view.before, view.case.revision) == ("Dear sir.", "You fool.", 2)


async def test_open_cases_are_looked_at_in_turn_however_many_there_are(bench: Bench):
    for number in range(130):
        await bench.take(comment=f"c{number}")
    platform = Platform()
    one = watch(platform)

    for _ in range(3):
        await ask(bench.desk, one)

    turns = [len(ids) for ids in platform.looked_at]
    assert turns == [25, 25, 25, 25, 25, 5, 25, 25, 25, 25]
    assert len({key for ids in platform.looked_at[:6] for key in ids}) == 130


@asynccontextmanager
async def watching(bench: Bench, one: SitePoller):
    task = asyncio.create_task(watch_site(bench.desk, one))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(platform: Platform, true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():
            platform.heard.clear()
            await platform.heard.wait()


async def test_a_site_that_pings_is_asked_at_once(bench: Bench):
    platform = Platform()
    one = watch(platform)
    one.every, one.breath = timedelta(hours=1), timedelta()
    async with watching(bench, one):
        await until(platform, lambda: len(platform.asked) == 1)
        platform.had.append(bench.report(comment="c9"))
        one.ping.set()
        await until(platform, lambda: len(platform.asked) == 2)


async def test_a_site_that_is_down_says_why_and_is_asked_again(bench: Bench):
    platform = Platform(down=SiteDown("It is being mended."))
    one = watch(platform)
    one.every, one.breath = timedelta(milliseconds=5), timedelta()
    async with watching(bench, one):
        await until(platform, lambda: one.trouble == "It is being mended.")
        platform.down = None
        await until(platform, lambda: one.trouble == "")


async def test_a_site_that_asked_for_a_pause_is_left_alone_however_it_pings(bench: Bench):
    pause = timedelta(milliseconds=300)
    platform = Platform(down=SiteDown("Slow down.", pause))
    one = watch(platform, breath=timedelta())
    one.every = timedelta(milliseconds=5)
    started = asyncio.get_running_loop().time()
    async with watching(bench, one):
        await until(platform, lambda: len(platform.asked) == 1)
        platform.down = None
        one.ping.set()
        await until(platform, lambda: len(platform.asked) == 2)
    assert asyncio.get_running_loop().time() - started >= pause.total_seconds()


async def test_what_cannot_be_read_is_counted_told_once_and_remembered(
    bench: Bench, caplog: pytest.LogCaptureFixture
):
    platform = Platform([bench.report(comment="c1")], unread=frozenset({"id 7", "id \ud83d"}))
    one = watch(platform)
    for _ in range(3):
        await ask(bench.desk, one)

    assert one.state == "2 reports of site courier could not be read. Look for them there."
    assert len([line for line in caplog.messages if "could not be read" in line]) == 1
    assert await reports_of(bench) == [("c1", 1)]
    after_a_restart = watch(Platform())
    await ask(bench.desk, after_a_restart)
    assert after_a_restart.unread == 2
    bench.clock.pass_by(days=15)
    await ask(bench.desk, after_a_restart)
    assert after_a_restart.state == ""


async def test_a_report_that_cannot_be_kept_holds_up_no_other(bench: Bench):
    comments = ["c1", "c\ud83d", "c3", "c\udca9", "c5"]
    platform = Platform([bench.report(comment=name) for name in comments])
    one = watch(platform)

    await ask(bench.desk, one)

    assert await reports_of(bench) == [("c1", 1), ("c3", 1), ("c5", 1)]
    assert one.unread == 2
    assert platform.asked[-1] == "4"


async def test_a_mark_moves_only_once_what_came_before_it_is_kept(bench: Bench):
    platform = Platform([bench.report(comment=f"c{n}") for n in range(6)], fails_at=4)
    with pytest.raises(SiteDown):
        await ask(bench.desk, watch(platform))
    mark = await bench.store.read(lambda tx: tx.cursors.site(COURIER))
    kept = await reports_of(bench)
    assert mark is not None
    assert len(kept) == int(mark.text) == 4
    platform.fails_at = None
    platform.had.insert(0, bench.report(comment="new"))
    await ask(bench.desk, watch(platform))
    assert {name for name, _ in await reports_of(bench)} >= {f"c{n}" for n in range(6)}


async def test_an_answer_that_fails_us_is_told_and_asked_for_again(bench: Bench):
    platform = Platform(breaks=KeyError("You are all bought."))
    one = watch(platform)
    one.every, one.breath = timedelta(milliseconds=5), timedelta()
    async with watching(bench, one):
        await until(platform, lambda: "cannot be read" in one.trouble)
        platform.breaks = None
        await until(platform, lambda: one.trouble == "")
