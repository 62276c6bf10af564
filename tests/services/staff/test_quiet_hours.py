"""Nobody is woken by what can wait, and in the morning each thing is told once, as it then is."""

from bot.domain.alerts import AlertId, Opinion
from bot.domain.detection.incidents import Kind
from bot.domain.ids import RuleNumber
from bot.services.alerts import opinions
from bot.services.alerts.digest import digest_if_due
from tests.services.desks import NOON, SAM
from tests.services.newsdesk import BOTH, Newsdesk

THREATS = RuleNumber(1)


def at_night(newsdesk: Newsdesk, hour: int = 23) -> None:
    newsdesk.bench.clock.now = NOON.replace(hour=hour)


async def test_nobody_is_woken_by_what_can_wait(newsdesk: Newsdesk):
    at_night(newsdesk)
    await newsdesk.burst(12)
    await newsdesk.settle()
    assert newsdesk.board.silent == [True]
    assert newsdesk.roads.texts == []


async def test_what_is_urgent_wakes_people(newsdesk: Newsdesk):
    at_night(newsdesk)
    await newsdesk.burst(12, rule=THREATS)
    await newsdesk.settle()
    assert newsdesk.board.silent == [False]
    assert newsdesk.roads.texts == ["spike s1 12"]


async def test_what_still_goes_on_in_the_morning_is_told_then(newsdesk: Newsdesk):
    newsdesk.bench.clock.now = NOON.replace(hour=6, minute=20)
    await newsdesk.burst(12)
    await newsdesk.settle()
    assert newsdesk.roads.texts == []
    await newsdesk.settle(minutes=41)
    assert newsdesk.roads.texts == ["spike s1 12"]


async def test_what_doubled_in_the_night_is_told_once_with_its_totals(newsdesk: Newsdesk):
    at_night(newsdesk)
    await newsdesk.burst(12)
    await newsdesk.settle()
    await newsdesk.settle(minutes=6)
    await newsdesk.burst(20)
    await newsdesk.settle(seconds=10)
    assert newsdesk.board.replies == [Kind.DOUBLED]
    assert newsdesk.board.loud_replies == []
    await newsdesk.settle(hours=3)
    assert newsdesk.roads.texts == []
    await newsdesk.settle(hours=6)
    assert newsdesk.roads.texts == ["spike s1 32, over"]


async def test_what_came_to_little_in_the_night_is_left_to_the_summary(newsdesk: Newsdesk):
    at_night(newsdesk)
    await newsdesk.burst(12)
    await newsdesk.settle()
    await newsdesk.settle(hours=3)
    await newsdesk.settle(hours=5, minutes=30)
    assert newsdesk.roads.texts == []
    assert await digest_if_due(newsdesk.bench.desk, BOTH)
    await newsdesk.settle()
    [summary] = newsdesk.roads.texts
    assert "Story s1 (12 reports)" in summary


async def test_it_is_told_where_there_is_no_summary(newsdesk: Newsdesk):
    newsdesk.rules(digest_at=None)
    at_night(newsdesk)
    await newsdesk.burst(12)
    await newsdesk.settle()
    await newsdesk.settle(hours=3)
    await newsdesk.settle(hours=6)
    assert newsdesk.roads.texts == ["spike s1 12, over"]


async def test_what_was_told_in_the_evening_has_its_all_clear_in_the_morning(newsdesk: Newsdesk):
    at_night(newsdesk, hour=21)
    await newsdesk.burst(12)
    await newsdesk.settle()
    assert newsdesk.roads.texts == ["spike s1 12"]
    await newsdesk.settle(hours=2)
    assert newsdesk.board.replies == [Kind.CLOSED]
    assert newsdesk.board.loud_replies == []
    assert newsdesk.roads.texts == ["spike s1 12"]
    await newsdesk.settle(hours=9)
    assert newsdesk.roads.texts == ["spike s1 12", "spike s1 12, over"]


async def test_what_becomes_urgent_in_the_night_is_told_then_and_not_again(newsdesk: Newsdesk):
    at_night(newsdesk)
    await newsdesk.burst(12)
    await newsdesk.settle()
    assert newsdesk.roads.texts == []
    await newsdesk.burst(30, rule=THREATS)
    await newsdesk.settle()
    await newsdesk.settle(seconds=10)
    assert len(newsdesk.roads.texts) == 1
    assert newsdesk.board.loud_replies == [Kind.DOUBLED]
    await newsdesk.settle(hours=3)
    await newsdesk.settle(hours=7)
    assert [one.endswith("over") for one in newsdesk.roads.texts] == [False, True]


async def test_a_spike_that_begins_again_in_the_night_is_silent_too(newsdesk: Newsdesk):
    at_night(newsdesk, hour=20)
    await newsdesk.burst(12)
    await newsdesk.settle()
    await newsdesk.settle(hours=2, minutes=30)
    sent = list(newsdesk.roads.texts)
    assert sent[0] == "spike s1 12"
    await newsdesk.burst(14)
    await newsdesk.settle()
    await newsdesk.settle(seconds=10)
    assert Kind.REOPENED in newsdesk.board.replies
    assert newsdesk.board.loud_replies == []
    assert newsdesk.roads.texts == sent
    await newsdesk.settle(hours=9)
    assert len(newsdesk.roads.texts) == len(sent) + 1


async def test_who_said_that_it_is_real_hears_of_its_end(newsdesk: Newsdesk):
    await newsdesk.burst(12)
    await newsdesk.settle()
    await opinions.judge(newsdesk.bench.desk, AlertId(1), Opinion.REAL, SAM)
    await newsdesk.settle(hours=3)
    assert newsdesk.board.replies == [Kind.CLOSED]


async def test_what_was_unmuted_is_heard_of_again(newsdesk: Newsdesk):
    await newsdesk.burst(12)
    await newsdesk.settle()
    await opinions.mute(newsdesk.bench.desk, AlertId(1), SAM)
    await newsdesk.settle()
    await opinions.unmute(newsdesk.bench.desk, AlertId(1), SAM)
    await newsdesk.settle(minutes=6)
    await newsdesk.burst(30)
    await newsdesk.settle()
    await newsdesk.settle(seconds=10)
    assert newsdesk.board.replies == [Kind.DOUBLED]
