"""What editors are told, with the clock in hand: hours, mutes, restarts, the morning."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.alerts import AlertId, AlertState, Mute, Opinion
from bot.domain.comments import Story
from bot.domain.detection.brigades import Suspicion
from bot.domain.detection.events import Tier
from bot.domain.detection.incidents import Kind
from bot.domain.effects import EffectKind
from bot.domain.errors import BoardDown, NotAllowed
from bot.domain.ids import MessageRef, ReporterKey
from bot.domain.stories import StoryState
from bot.services import outbox_worker
from bot.services.alerts import boost, opinions, trends, views
from bot.services.alerts.delivery import alert_lane
from bot.services.alerts.digest import digest_if_due
from bot.services.alerts.spike_worker import keep, restore, turn
from bot.services.cases.lookup import look
from bot.store.tx import Tx
from tests.services.desks import ANA, NOON, SAM, Bench
from tests.services.newsdesk import BOTH, SITE, Newsdesk
from tests.services.outside import EDITORS


async def test_one_alert_that_grows_calms_and_ends_by_the_clock(newsdesk: Newsdesk):
    await newsdesk.burst(12)
    await newsdesk.settle()
    [first] = newsdesk.shown
    assert (first.alert.state, first.tally.reports) == (AlertState.OPEN, 12)
    assert newsdesk.roads.texts == ["spike s1 12"]

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
    assert len(newsdesk.roads.texts) == 3


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


async def test_a_muted_story_is_followed_in_silence(newsdesk: Newsdesk):
    await newsdesk.burst(12)
    await newsdesk.settle()
    name, mute, new = await opinions.mute(newsdesk.bench.desk, AlertId(1), SAM)
    assert (name, mute.by_name, new) == ("Story s1", "Sam", True)
    await newsdesk.settle(minutes=6)
    await newsdesk.burst(30)
    await newsdesk.settle()
    await newsdesk.settle(seconds=10)
    assert newsdesk.board.replies == []
    assert newsdesk.shown[0].tally.reports == 42
    await newsdesk.settle(hours=3)
    assert len(newsdesk.roads.texts) == 1


async def test_a_false_alarm_is_learned_from_once_and_falls_silent(newsdesk: Newsdesk):
    await newsdesk.burst(12)
    await newsdesk.settle()
    assert await opinions.judge(newsdesk.bench.desk, AlertId(1), Opinion.FALSE, SAM)
    assert not await opinions.judge(newsdesk.bench.desk, AlertId(1), Opinion.FALSE, SAM)
    await newsdesk.settle(minutes=6)
    [incident] = [one for one in newsdesk.state.sites[SITE].incidents() if one.number == 1]
    assert incident.real is False
    await newsdesk.burst(30)
    await newsdesk.settle(hours=3)
    assert newsdesk.board.replies == []
    record = (await opinions.settings(newsdesk.bench.desk, SAM))[0][0].record
    assert record.false == 1


async def test_a_card_that_was_deleted_comes_back_while_it_goes_on(newsdesk: Newsdesk):
    await newsdesk.burst(12)
    await newsdesk.settle()
    newsdesk.board.messages.clear()
    await newsdesk.burst(12)
    await newsdesk.settle()
    await newsdesk.settle(seconds=10)
    assert len(newsdesk.board.cards) == 1


async def test_what_was_not_delivered_is_delivered_later(newsdesk: Newsdesk):
    newsdesk.board.down = BoardDown("Discord answered 503.")
    newsdesk.roads.down = True
    await newsdesk.burst(12)
    await newsdesk.settle()
    assert newsdesk.shown == []
    newsdesk.board.down, newsdesk.roads.down = None, False
    await newsdesk.settle(minutes=1)
    assert len(newsdesk.shown) == 1
    assert newsdesk.roads.texts == ["spike s1 12"]


async def test_a_card_whose_answer_was_lost_is_found_again_however_late(newsdesk: Newsdesk):
    await newsdesk.burst(12)
    newsdesk.board.trouble = "lost"
    await newsdesk.settle()
    [alert] = await newsdesk.alerts()
    assert alert.message is None
    await newsdesk.settle(minutes=5)
    [card] = newsdesk.board.cards
    [alert] = await newsdesk.alerts()
    assert alert.message == MessageRef(channel_id=EDITORS, message_id=card)
    assert [one.looked for one in newsdesk.board.said] == [True], "it was looked for already"


async def test_a_reply_waits_for_its_alerts_card_and_says_so(newsdesk: Newsdesk):
    await newsdesk.burst(12)
    await turn(newsdesk.state)
    bench, now = newsdesk.bench, newsdesk.bench.clock.now

    def asked(tx: Tx) -> None:
        tx.outbox.done(tx.outbox.due(EffectKind.ALERT, now, limit=1)[0], now)
        tx.outbox.want_alert(EffectKind.REPLY, alert_id=AlertId(1), due_at=now, now=now)

    await bench.store.write(asked)
    assert await outbox_worker.turn(alert_lane(bench.desk, newsdesk.board))
    assert newsdesk.board.said == []
    later = [now + timedelta(seconds=seconds) for seconds in (4, 5)]
    sooner, [reply] = await bench.store.read(
        lambda tx: [tx.outbox.due(EffectKind.REPLY, at, limit=9) for at in later]
    )
    assert sooner == []
    [(trouble,)] = await bench.store.read(
        lambda tx: tx.run("SELECT trouble FROM outbox WHERE id = ?", (reply.id,)).fetchall()
    )
    assert trouble == "The alert's card is not posted yet."


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
    assert "This was Tuesday" in body
    assert "\n12 reports." in body
    assert "reports piled up on Story s1 (12 reports)" in body


Act = Callable[[Bench], object]
DOORS: list[Act] = [
    lambda bench: opinions.judge(bench.desk, AlertId(1), Opinion.REAL, ANA),
    lambda bench: opinions.mute(bench.desk, AlertId(1), ANA),
    lambda bench: opinions.unmute(bench.desk, AlertId(1), ANA),
    lambda bench: views.cases(bench.desk, AlertId(1), ANA),
    lambda bench: opinions.ask_moderators(bench.desk, AlertId(1), ANA),
    lambda bench: opinions.mark_story(bench.desk, AlertId(1), StoryState.WATCH, ANA),
    lambda bench: boost.raise_cases(bench.desk, AlertId(1), ANA),
    lambda bench: boost.unboost(bench.desk, AlertId(1), ANA),
    lambda bench: views.recent(bench.desk, ANA),
    lambda bench: opinions.settings(bench.desk, ANA),
    lambda bench: opinions.choose(bench.desk, SITE, 2.0, ANA),
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
    kinds = [EffectKind.ALERT, EffectKind.REPLY, EffectKind.ROAD]
    now = newsdesk.bench.clock.now
    due = await newsdesk.bench.store.read(
        lambda tx: [one for kind in kinds for one in tx.outbox.due(kind, now, limit=9)]
    )
    assert [one.kind for one in due] == [EffectKind.ALERT, EffectKind.ROAD]


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


async def drawings(newsdesk: Newsdesk) -> int:
    sql = "SELECT COUNT(*) FROM outbox WHERE kind = 'alert'"
    return await newsdesk.bench.store.read(lambda tx: tx.run(sql).fetchone()[0])


async def test_drawings_long_done_are_forgotten(newsdesk: Newsdesk):
    await newsdesk.burst(12)
    await newsdesk.settle()
    later = newsdesk.bench.clock.now + timedelta(hours=1)
    before = await drawings(newsdesk)
    await newsdesk.bench.store.prune(later)
    assert (before, await drawings(newsdesk)) == (1, 0)


async def test_a_small_site_forgets_reports_after_five_weeks_too(newsdesk: Newsdesk):
    await newsdesk.burst(3)
    await newsdesk.settle(days=20)
    await newsdesk.burst(2, story="s2")
    await newsdesk.settle(days=15, hours=1)
    left = await newsdesk.bench.store.read(lambda tx: tx.report_events.after(0, limit=9))
    assert [row.story for row in left] == ["s2", "s2"]


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


async def test_a_new_number_of_false_alarms_takes_hold_at_once(newsdesk: Newsdesk):
    bench = newsdesk.bench
    for number in range(60):
        bench.clock.pass_by(minutes=50)
        await bench.take(comment=f"c{number}", author=f"a{number}")
    await newsdesk.settle()
    watch = newsdesk.state.sites[SITE]
    before = [watch.threshold(tier) for tier in trends.Tier]
    await opinions.choose(bench.desk, SITE, 7.0, SAM)
    await newsdesk.settle()
    assert newsdesk.state.sites[SITE] is watch
    assert all(watch.threshold(tier) < was for tier, was in zip(trends.Tier, before, strict=True))


async def test_editors_are_heard_while_reports_keep_coming(newsdesk: Newsdesk):
    await newsdesk.burst(12)
    await newsdesk.settle()
    await opinions.choose(newsdesk.bench.desk, SITE, 3.0, SAM)
    await newsdesk.bench.take(comment="one more", author="somebody")
    await turn(newsdesk.state)
    assert newsdesk.state.budgets[SITE] == 3.0


async def test_of_two_muted_commenters_with_one_name_both_are_listed(newsdesk: Newsdesk):
    for author in ("a1", "a2"):
        await newsdesk.bench.take(comment=author, author=author)
        mute = Mute(
            site=SITE,
            tier=Tier.COMMENTER,
            key=author,
            until=NOON + timedelta(hours=1),
            by_name="Sam",
        )
        await newsdesk.bench.store.write(lambda tx, mute=mute: tx.alerts.mute(mute))
    _, muted = await opinions.settings(newsdesk.bench.desk, SAM)
    assert [(name, mute.key) for name, mute in muted] == [("salty_dog", "a1"), ("salty_dog", "a2")]
