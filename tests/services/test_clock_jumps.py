"""A desk whose clock was wrong for a while, as a machine's is that starts without the network."""

from bot.domain.comments import Story
from bot.domain.detection.events import Tier
from bot.services.alerts.spike_worker import restore
from tests.services.newsdesk import BOTH, SITE, Newsdesk


async def ordinary(newsdesk: Newsdesk, reports: int) -> None:
    """Let a report come every twelve minutes, on ever another story."""
    for _ in range(reports):
        newsdesk.bench.clock.pass_by(minutes=12)
        name = f"{newsdesk.bench.clock.now:%d%H%M}"
        story = Story(external_id=name, title=name, url="https://c.example")
        await newsdesk.bench.take(comment=name, author=name, story=story)
        await newsdesk.settle()


async def jumped(newsdesk: Newsdesk) -> None:
    """Let the clock run a day ahead for one report, and be set right."""
    await ordinary(newsdesk, 250)
    newsdesk.bench.clock.pass_by(days=1)
    await ordinary(newsdesk, 1)
    newsdesk.bench.clock.pass_by(days=-1)


async def test_a_clock_that_is_set_right_raises_no_alarm_and_hides_none(newsdesk: Newsdesk):
    await jumped(newsdesk)
    await ordinary(newsdesk, 60)
    assert await newsdesk.alerts() == []

    before = newsdesk.bench.clock.now
    await newsdesk.burst(12, story="raids")
    await newsdesk.settle()

    [told] = [one for one in await newsdesk.alerts() if one.told]
    assert (told.tier, told.key) == (Tier.STORY, "raids")
    assert before < told.opened_at <= newsdesk.bench.clock.now
    [shown] = newsdesk.shown
    assert sum(shown.series.counts) == 12


async def test_a_restart_after_the_clock_was_set_right_tells_the_very_same(newsdesk: Newsdesk):
    await jumped(newsdesk)
    await ordinary(newsdesk, 60)
    told = newsdesk.state

    newsdesk.state = await restore(newsdesk.bench.desk, BOTH)
    assert newsdesk.state.upto < told.upto
    await newsdesk.settle()

    before, after = (one.sites[SITE].snapshot() for one in (told, newsdesk.state))
    assert after == before
