"""What editors are told, with the clock in hand: hours, mutes, restarts, the morning."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.domain.alert import (
    Alert,
    AlertEffectKind,
    AlertId,
    AlertState,
    AlertView,
    Message,
    Opinion,
)
from bot.domain.brigades import Suspicion
from bot.domain.comment import Story
from bot.domain.errors import BoardDown, CardGone, NotAllowed, RoadDown
from bot.domain.ids import ReporterKey, RuleNumber, SiteId
from bot.domain.spikes.incidents import Kind
from bot.domain.stories import StoryState
from bot.services import alerts, inform, trends
from bot.services.announce import Reach
from bot.services.digest import digest_if_due
from bot.services.lookup import look
from bot.services.watch import Watcher, keep, restore, turn
from tests.services.desks import ANA, NOON, SAM, Bench

BOTH = Reach(channel=True, roads=True)
SITE = SiteId("courier")


@dataclass
class FakeBoard:
    """An editors' channel that remembers what was done in it."""

    cards: dict[int, AlertView] = field(default_factory=dict)
    silent: list[bool] = field(default_factory=list)
    replies: list[Kind] = field(default_factory=list)
    bulletins: dict[str, str] = field(default_factory=dict)
    trouble: Exception | None = None

    async def ready(self) -> None:
        pass

    async def post(self, view, *, silent, **_):
        if self.trouble:
            raise self.trouble
        number = 100 + len(self.cards)
        self.cards[number] = view
        self.silent.append(silent)
        return Message(channel_id=5, message_id=number)

    async def redraw(self, view, message):
        if message.message_id not in self.cards:
            raise CardGone("It is gone.")
        self.cards[message.message_id] = view

    async def find(self, *_):
        return None

    async def reply(self, _view, kind, **_):
        self.replies.append(kind)

    async def bulletin(self, name, body, at, **_):
        self.bulletins[name] = body
        return at or Message(channel_id=5, message_id=900 + len(self.bulletins))

    async def thread(self, *_args, **_):
        return 77


@dataclass
class FakeRoads:
    sent: list[str] = field(default_factory=list)
    down: bool = False

    async def send(self, title, _body):
        if self.down:
            raise RoadDown("No answer.")
        self.sent.append(title)


@dataclass
class Newsdesk:
    """A desk with a watcher, a channel and another road, all turned by hand."""

    bench: Bench
    state: Watcher
    board: FakeBoard = field(default_factory=FakeBoard)
    roads: FakeRoads = field(default_factory=FakeRoads)

    async def settle(self, **later: float) -> None:
        self.bench.clock.pass_by(**later)
        while await turn(self.state):
            pass
        await turn(self.state)
        for _ in range(20):
            shown = await inform.show_due(self.bench.desk, self.board)
            sent = await inform.send_due(self.bench.desk, self.roads, lambda *_: ("spike", ""))
            if not shown and not sent:
                break

    async def burst(self, readers: int = 12, story: str = "s1", **more) -> None:
        for number in range(readers):
            self.bench.clock.pass_by(seconds=2)
            await self.bench.take(
                comment=f"{story}-{number % 4}",
                author=f"{story}-a{number}",
                story=Story(external_id=story, title=f"Story {story}", url="https://c.example"),
                **more,
            )

    async def alerts(self) -> list[Alert]:
        return list(await self.bench.store.read(lambda tx: tx.alerts.recent(limit=99)))

    @property
    def shown(self) -> list[AlertView]:
        return list(self.board.cards.values())


@pytest.fixture
async def newsdesk(bench: Bench) -> Newsdesk:
    return Newsdesk(bench, await restore(bench.desk, BOTH))


async def test_one_alert_that_grows_calms_and_ends_by_the_clock(newsdesk: Newsdesk):
    await newsdesk.burst(12)
    await newsdesk.settle()
    [first] = newsdesk.shown
    assert (first.alert.state, first.tally.reports) == (AlertState.OPEN, 12)
    assert newsdesk.roads.sent == ["spike"]

    await newsdesk.settle(minutes=6)
    await newsdesk.burst(20)
    await newsdesk.settle(seconds=10)
    assert newsdesk.board.replies == [Kind.DOUBLED]

    await newsdesk.settle(minutes=40)
    await newsdesk.settle(seconds=5)
    assert newsdesk.shown[0].alert.state is AlertState.COOLING
    await newsdesk.settle(hours=2)
    [over] = newsdesk.shown
    assert (over.alert.state, over.tally.reports) == (AlertState.CLOSED, 32)
    assert newsdesk.board.replies == [Kind.DOUBLED, Kind.CLOSED]
    assert len(newsdesk.roads.sent) == 3


@pytest.mark.parametrize("snapshot", [True, False])
async def test_a_restart_gives_the_same_alerts(newsdesk: Newsdesk, snapshot: bool):
    await newsdesk.burst(12)
    await newsdesk.settle()
    before = await newsdesk.alerts()
    if snapshot:
        await keep(newsdesk.state)

    again = await restore(newsdesk.bench.desk, BOTH)
    await turn(again)

    assert [replace(one, touched=1) for one in await newsdesk.alerts()] == [
        replace(one, touched=1) for one in before
    ]
    assert again.sites[SITE].snapshot() == newsdesk.state.sites[SITE].snapshot()


async def test_nobody_is_woken_by_what_can_wait(newsdesk: Newsdesk):
    newsdesk.bench.clock.now = NOON.replace(hour=23)
    await newsdesk.burst(12)
    await newsdesk.settle()
    assert newsdesk.board.silent == [True]
    assert newsdesk.roads.sent == []
    await newsdesk.settle(hours=9)
    assert newsdesk.roads.sent == ["spike"]


async def test_what_is_urgent_wakes_people(newsdesk: Newsdesk):
    newsdesk.bench.clock.now = NOON.replace(hour=23)
    await newsdesk.burst(12, rule=RuleNumber(1))
    await newsdesk.settle()
    assert newsdesk.board.silent == [False]
    assert newsdesk.roads.sent == ["spike"]


async def test_too_many_alerts_share_a_line(newsdesk: Newsdesk):
    rules = replace(newsdesk.bench.policy.alerts, most_an_hour=2)
    newsdesk.bench.policy = replace(newsdesk.bench.policy, alerts=rules)
    newsdesk.state.desk = newsdesk.bench.desk
    for number in range(4):
        await newsdesk.burst(14, story=f"s{number}")
    await newsdesk.settle()
    kept = await newsdesk.alerts()
    assert len(newsdesk.board.cards) == 2
    assert len(kept) > 2
    [held] = newsdesk.board.bulletins
    assert held.startswith("held:")


async def test_a_muted_story_is_followed_in_silence(newsdesk: Newsdesk):
    await newsdesk.burst(12)
    await newsdesk.settle()
    name, _ = await alerts.mute(newsdesk.bench.desk, AlertId(1), SAM)
    assert name == "Story s1"
    await newsdesk.settle(minutes=6)
    await newsdesk.burst(30)
    await newsdesk.settle()
    await newsdesk.settle(seconds=10)
    assert newsdesk.board.replies == []
    assert newsdesk.shown[0].tally.reports == 42
    await newsdesk.settle(hours=3)
    assert len(newsdesk.roads.sent) == 1


async def test_a_false_alarm_is_learned_from_once_and_falls_silent(newsdesk: Newsdesk):
    await newsdesk.burst(12)
    await newsdesk.settle()
    assert await alerts.judge(newsdesk.bench.desk, AlertId(1), Opinion.FALSE, SAM)
    assert not await alerts.judge(newsdesk.bench.desk, AlertId(1), Opinion.FALSE, SAM)
    await newsdesk.settle(minutes=6)
    [incident] = [one for one in newsdesk.state.sites[SITE].incidents() if one.number == 1]
    assert incident.real is False
    await newsdesk.burst(30)
    await newsdesk.settle(hours=3)
    assert newsdesk.board.replies == []
    record = (await alerts.settings(newsdesk.bench.desk, SAM))[0][0].record
    assert record.false == 1


async def test_a_card_that_was_deleted_comes_back_while_it_goes_on(newsdesk: Newsdesk):
    await newsdesk.burst(12)
    await newsdesk.settle()
    newsdesk.board.cards.clear()
    await newsdesk.burst(12)
    await newsdesk.settle()
    await newsdesk.settle(seconds=10)
    assert len(newsdesk.board.cards) == 1


async def test_what_was_not_delivered_is_delivered_later(newsdesk: Newsdesk):
    newsdesk.board.trouble = BoardDown("Discord answered 503.")
    newsdesk.roads.down = True
    await newsdesk.burst(12)
    await newsdesk.settle()
    assert newsdesk.shown == []
    newsdesk.board.trouble, newsdesk.roads.down = None, False
    await newsdesk.settle(minutes=1)
    assert len(newsdesk.shown) == 1
    assert newsdesk.roads.sent == ["spike"]


async def test_the_morning_is_told_once(newsdesk: Newsdesk):
    await newsdesk.burst(12)
    await newsdesk.settle()
    desk, clock = newsdesk.bench.desk, newsdesk.bench.clock
    clock.now = NOON.replace(day=25, hour=7)
    assert not await digest_if_due(desk, BOTH)
    clock.pass_by(minutes=31)
    assert await digest_if_due(desk, BOTH)
    assert not await digest_if_due(desk, BOTH)
    await newsdesk.settle()
    [name] = [one for one in newsdesk.board.bulletins if one.startswith("digest")]
    body = newsdesk.board.bulletins[name]
    assert '"reports": 12' in body
    assert "Story s1" in body
    assert '"day": "Tuesday"' in body


Act = Callable[[Bench], object]
DOORS: list[Act] = [
    lambda bench: alerts.judge(bench.desk, AlertId(1), Opinion.REAL, ANA),
    lambda bench: alerts.mute(bench.desk, AlertId(1), ANA),
    lambda bench: alerts.unmute(bench.desk, AlertId(1), ANA),
    lambda bench: alerts.cases(bench.desk, AlertId(1), ANA),
    lambda bench: alerts.ask_moderators(bench.desk, AlertId(1), ANA),
    lambda bench: alerts.mark_story(bench.desk, AlertId(1), StoryState.WATCH, ANA),
    lambda bench: alerts.recent(bench.desk, ANA),
    lambda bench: alerts.settings(bench.desk, ANA),
    lambda bench: alerts.choose(bench.desk, SITE, 2.0, ANA),
    lambda bench: trends.subject_of(bench.desk, trends.Tier.SITE, "", ANA),
]


@pytest.mark.parametrize("act", DOORS)
async def test_alerts_are_for_seniors_and_editors(bench: Bench, act: Act):
    with pytest.raises(NotAllowed):
        await act(bench)  # type: ignore[misc]


async def test_a_report_is_judged_when_it_was_sent_not_when_it_came(newsdesk: Newsdesk):
    """Twelve reports over an hour that come at once, after an outage, are no burst."""
    sent: datetime = newsdesk.bench.clock.now
    newsdesk.bench.clock.pass_by(hours=30)
    for number in range(6):
        await newsdesk.bench.take(
            comment=f"c{number}",
            author=f"a{number}",
            at=sent + timedelta(hours=4 * number),
            missed=True,
        )
    await newsdesk.settle()
    assert await newsdesk.alerts() == []


async def test_effects_that_wait_are_asked_for_once(newsdesk: Newsdesk):
    await newsdesk.burst(12)
    await turn(newsdesk.state)
    await turn(newsdesk.state)
    kinds = [AlertEffectKind.ALERT, AlertEffectKind.REPLY, AlertEffectKind.ROAD]
    now = newsdesk.bench.clock.now
    due = await newsdesk.bench.store.read(lambda tx: tx.alert_effects.due(kinds, now, limit=9))
    assert sorted(one.kind for one in due) == [AlertEffectKind.ALERT, AlertEffectKind.ROAD]


async def test_a_likely_brigade_is_marked_on_its_cases_and_weighs_as_one(newsdesk: Newsdesk):
    """Three weeks of ordinary reports, then a dozen readers who did the same five times before."""
    bench = newsdesk.bench
    gang = [ReporterKey(bytes([200, *[0] * 14, number])) for number in range(12)]
    for day in range(21):
        for number in range(4):
            bench.clock.pass_by(hours=6)
            await bench.take(comment=f"d{day}-{number}", author=f"d{day}-{number}")
        if day % 4 == 0:
            for member in gang:
                bench.clock.pass_by(minutes=7)
                await bench.take(
                    comment=f"victim{day}",
                    author=f"victim{day}",
                    reporter=member,
                    story=Story(external_id=f"v{day}", title="Elsewhere", url=""),
                )
    await newsdesk.settle(hours=6)
    story = Story(external_id="target", title="The target", url="")
    for member in gang:
        bench.clock.pass_by(seconds=20)
        case_id = await bench.take(comment="target", author="target", reporter=member, story=story)
    await newsdesk.settle()

    [alert] = [one for one in await newsdesk.alerts() if one.key == "target" and one.told]
    assert alert.brigade is not None
    assert alert.brigade.suspicion is Suspicion.LIKELY
    view = await look(bench.desk, case_id)
    assert view.brigade == alert.id
    assert view.case.reporters == 12
    assert view.case.weight == 1.0


async def test_drawings_long_done_are_forgotten(newsdesk: Newsdesk):
    await newsdesk.burst(12)
    await newsdesk.settle()
    later = newsdesk.bench.clock.now + timedelta(hours=1)
    count = await newsdesk.bench.store.write(lambda tx: tx.alert_effects.forget(later))
    assert count == 1


async def test_what_was_told_under_a_story_speaks_for_itself_once_that_is_over(newsdesk: Newsdesk):
    bench = newsdesk.bench

    async def troll(readers: int, story: str) -> None:
        for _ in range(readers):
            bench.clock.pass_by(seconds=20)
            await bench.take(
                comment=f"{story}-x",
                author="troll",
                story=Story(external_id=story, title=f"Story {story}", url=""),
            )

    await troll(14, "s1")
    await newsdesk.settle()
    inner = [one for one in await newsdesk.alerts() if one.inside is not None]
    for elsewhere in range(14):
        await newsdesk.settle(minutes=15)
        await troll(3, f"other{elsewhere}")
    await newsdesk.settle()
    now = {one.id: one for one in await newsdesk.alerts()}
    assert all(now[one.id].inside is None for one in inner if now[one.id].is_live)
    assert any(one.tier is trends.Tier.COMMENTER and one.told for one in now.values())
