"""Too many alerts at once share a line an hour, and no alert is in two of them."""

from bot.domain.alerts import Reach
from bot.services.alerts.spike_worker import keep, restore
from tests.services.desks import NOON, Bench
from tests.services.newsdesk import BOTH, Newsdesk


async def many(newsdesk: Newsdesk, stories: int = 5, told: int = 2, first: int = 0) -> None:
    newsdesk.rules(most_an_hour=told)
    for number in range(first, first + stories):
        await newsdesk.burst(14, story=f"s{number}")
    await newsdesk.settle()


async def held(newsdesk: Newsdesk) -> int:
    return sum(1 for one in await newsdesk.alerts() if one.held and not one.told)


async def test_too_many_alerts_share_a_line(newsdesk: Newsdesk):
    await many(newsdesk)
    assert len(newsdesk.board.cards) == 2
    number = await held(newsdesk)
    assert number > 0
    [line] = newsdesk.board.bulletins.values()
    assert line.startswith(f"**{number} more alert")
    assert "this hour" in line
    assert "/spikes" in line


async def test_other_roads_get_the_line_when_the_hour_is_over_even_if_nothing_follows(
    newsdesk: Newsdesk,
):
    await many(newsdesk)
    number = await held(newsdesk)
    assert [one for one in newsdesk.roads.texts if "more alert" in one] == []
    await newsdesk.settle(minutes=60)
    [line] = [one for one in newsdesk.roads.texts if "more alert" in one]
    assert line.startswith(f"{number} more alert")
    await newsdesk.settle(minutes=60)
    assert len([one for one in newsdesk.roads.texts if "more alert" in one]) == 1


async def test_the_line_outlives_a_restart(newsdesk: Newsdesk):
    await many(newsdesk)
    await keep(newsdesk.state)
    newsdesk.state = await restore(newsdesk.bench.desk, BOTH)
    await newsdesk.settle(minutes=60)
    assert len([one for one in newsdesk.roads.texts if "more alert" in one]) == 1
    assert len(newsdesk.board.bulletins) == 1


async def test_an_alert_is_in_one_line_only(newsdesk: Newsdesk):
    await many(newsdesk, told=1, stories=3)
    first = {one.id: one.held for one in await newsdesk.alerts() if one.held}
    await newsdesk.settle(minutes=55)
    newsdesk.rules(most_an_hour=1)
    await many(newsdesk, told=1, stories=1, first=8)
    for number in range(3):
        await newsdesk.burst(30, story=f"s{number}")
    await newsdesk.settle()
    now = {one.id: one.held for one in await newsdesk.alerts() if one.held}
    assert first
    assert first.items() <= now.items()


async def test_what_gets_a_card_after_all_is_counted_in_the_line_no_more(newsdesk: Newsdesk):
    await many(newsdesk, told=2, stories=3)
    before = await held(newsdesk)
    newsdesk.rules(most_an_hour=50)
    await newsdesk.settle(minutes=6)
    for number in range(3):
        await newsdesk.burst(40, story=f"s{number}")
    await newsdesk.settle()
    await newsdesk.settle(seconds=10)
    after = await held(newsdesk)
    [line] = newsdesk.board.bulletins.values()
    assert after < before
    expected = f"**{after} more alert" if after else "Every alert this hour got a message"
    assert line.startswith(expected)


async def test_in_quiet_hours_the_line_waits_for_the_morning_and_is_one(newsdesk: Newsdesk):
    newsdesk.bench.clock.now = NOON.replace(hour=23, minute=50)
    await many(newsdesk, told=1, stories=3)
    await newsdesk.settle(minutes=20)
    await many(newsdesk, told=1, stories=2, first=5)
    assert newsdesk.roads.texts == []
    assert len(newsdesk.board.bulletins) == 1
    number = await held(newsdesk)
    await newsdesk.settle(hours=8)
    [line] = [one for one in newsdesk.roads.texts if "more alert" in one]
    assert line.startswith(f"{number} more alerts during the quiet hours")


async def test_where_there_is_no_channel_the_roads_get_the_line(bench: Bench):
    newsdesk = Newsdesk(bench, await restore(bench.desk, Reach(channel=False, roads=True)))
    await many(newsdesk)
    await newsdesk.settle(minutes=60)
    assert newsdesk.board.bulletins == {}
    assert len([one for one in newsdesk.roads.texts if "more alert" in one]) == 1
