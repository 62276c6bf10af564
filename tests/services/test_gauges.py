"""What Prometheus is told of a desk: of its queue, of what waits, of decisions, and of spikes."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.domain.decisions import Door
from bot.domain.effects import EffectKind, Outcome, Verb
from bot.domain.staff import Trouble
from bot.services.cases.reverse import reverse
from bot.services.outbox_worker import Attempt, Lane, turn
from bot.services.upkeep import ClockWatch
from bot.store.backups import Backups
from bot.store.errors import StoreTrouble
from bot.store.opening import beside
from bot.web.gauges import DeskGauges, DiscordState, Watched
from bot.web.health import Metrics
from tests.contract.store.makers import SITE
from tests.services.desks import NOON, SAM, Bench
from tests.support.databases import sqlite_only

DAY = timedelta(days=1)
Samples = Mapping[tuple[str, ...], float]


class Scraped:
    """A desk and the page about it, asked for as Prometheus asks."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.desk = bench.desk
        file = beside(bench.store.path)
        self.state = DiscordState(is_here=True, latency=0.25, answers={200: 7, 429: 2})
        watched = Watched(
            desk=self.desk,
            clock=ClockWatch(bench.clock),
            watches=[],
            discord=lambda: self.state,
            backups=Backups(file, file.parent / "b", keep=3, every=DAY),
        )
        self.metrics = Metrics(DeskGauges(watched))

    async def page(self) -> Samples:
        answer = await self.metrics.page(None)  # type: ignore[arg-type] - it asks nothing of it
        text = bytes(answer.body).decode()  # type: ignore[arg-type]
        return {
            (sample.name.removeprefix("comment_desk_"), *sorted(sample.labels.values())): (
                sample.value
            )
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


@pytest.fixture
async def scraped(bench: Bench) -> Scraped:
    scraped = Scraped(bench)
    await scraped.page()
    return scraped


async def test_the_queue_is_counted_by_state_with_the_age_of_its_oldest(scraped: Scraped):
    assert (await scraped.page())["queue_oldest_seconds",] == 0
    await scraped.bench.take(comment="c1")
    scraped.bench.clock.pass_by(minutes=50)
    await scraped.bench.take(comment="c2")
    scraped.bench.clock.pass_by(minutes=10)
    page = await scraped.page()
    assert page["queue_oldest_seconds",] == 3600
    assert page["cases_open", "open"] == 2
    assert page["cases_open", "claimed"] == page["cases_open", "reopened"] == 0


async def test_time_to_decision_is_counted_once_for_each_case(scraped: Scraped):
    case = await scraped.bench.take()
    scraped.bench.clock.pass_by(minutes=10)
    await scraped.bench.decide(case)
    pages = await asyncio.gather(*(scraped.page() for _ in range(5)))
    for page in pages:
        assert page["decision_seconds_count",] == 1
        assert page["decision_seconds_sum",] == 600
        assert page["decision_seconds_bucket", "300.0"] == 0
        assert page["decision_seconds_bucket", "900.0"] == 1
        assert page["decisions_total", "hide"] == 1
    await reverse(scraped.desk, case, by=SAM, door=Door.BUTTON)
    page = await scraped.page()
    assert (page["decision_seconds_count",], page["decisions_total", "unhide"]) == (1, 1)


async def test_what_was_decided_before_the_start_is_not_counted_again(bench: Bench):
    await bench.decide(await bench.take())
    page = await Scraped(bench).page()
    assert page["decision_seconds_count",] == 0
    assert not [name for name, *_ in page if name == "decisions_total"]


async def test_what_waits_is_counted_by_kind_and_site_with_its_age(scraped: Scraped):
    await scraped.bench.decide(await scraped.bench.take(comment="c1"))
    scraped.bench.clock.pass_by(minutes=2)
    await scraped.bench.decide(await scraped.bench.take(comment="c2"))
    scraped.bench.clock.pass_by(minutes=1)
    page = await scraped.page()
    assert page["outbox_waiting", SITE, "site"] == 2
    assert page["outbox_oldest_seconds", SITE, "site"] == 180
    assert page["outbox_tries", SITE, "site"] == 0
    assert page["outbox_waiting", "", "card"] == 2


async def test_a_card_that_is_put_off_again_and_again_grows_old(scraped: Scraped):
    """Each attempt moves the time it is due; that it waits has to show all the same."""
    bench = scraped.bench
    await bench.take()
    await scraped.page()
    for _ in range(6):
        bench.clock.pass_by(minutes=10)
        await bench.store.write(
            lambda tx: [
                tx.outbox.retry(one, bench.clock() + timedelta(minutes=10), "down")
                for one in tx.outbox.due_cards(bench.clock(), limit=9)
            ]
        )
        page = await scraped.page()
    assert page["outbox_oldest_seconds", "", "card"] == 3600
    assert page["outbox_tries", "", "card"] == 6
    await bench.store.write(lambda tx: tx.run("DELETE FROM outbox"))
    assert ("outbox_oldest_seconds", "", "card") not in await scraped.page()
    await bench.take(comment="another")
    assert (await scraped.page())["outbox_oldest_seconds", "", "card"] <= 60


async def test_attempts_are_counted_by_how_they_ended_and_timed(scraped: Scraped):
    await scraped.bench.decide(await scraped.bench.take())
    ends = iter([Verb.LATER, Verb.DONE])

    async def carry_out(_effect: object) -> Attempt:
        return Attempt(outcome=Outcome(verb=next(ends), words="not now"))

    lane = Lane(
        desk=scraped.desk,
        due=lambda tx, now: tx.outbox.due_orders(SITE, now, limit=9),
        carry_out=carry_out,
    )
    await turn(lane)
    scraped.bench.clock.pass_by(hours=1)
    await turn(lane)
    page = await scraped.page()
    assert page["attempts_total", "later", "site"] == page["attempts_total", "done", "site"] == 1
    assert page["attempt_seconds_count", EffectKind.SITE] == 2


async def test_discord_is_told_of_with_its_refusals_of_haste(scraped: Scraped):
    page = await scraped.page()
    assert page["discord_connected",] == 1
    assert page["discord_latency_seconds",] == 0.25
    assert page["discord_responses_total", "429"] == 2
    scraped.state = DiscordState(held=30.0)
    page = await scraped.page()
    assert (page["discord_connected",], page["discord_held_seconds",]) == (0, 30)
    assert ("discord_latency_seconds",) not in page


async def test_what_is_refused_now_is_counted_until_it_is_over(scraped: Scraped):
    page = await scraped.page()
    assert page["refused_now", "true"] == page["refused_now", "false"] == 0
    for name, grave in (("post 1", True), ("react 1", False), ("post 2", True)):
        scraped.desk.troubles.met(Trouble(name=name, words="No.", over="Yes.", grave=grave))
    page = await scraped.page()
    assert (page["refused_now", "true"], page["refused_now", "false"]) == (2, 1)
    scraped.desk.troubles.over("post 1", "post 2")
    assert (await scraped.page())["refused_now", "true"] == 0


@sqlite_only  # a server's backups are the server's
async def test_the_newest_backup_is_told_and_none_is_no_time(scraped: Scraped):
    assert ("backup_timestamp_seconds",) not in await scraped.page()
    folder = beside(scraped.bench.store.path).parent / "b"
    folder.mkdir()
    (folder / "desk-2026-11-24T03-00-00Z.db").touch()
    page = await scraped.page()
    assert NOON.timestamp() - page["backup_timestamp_seconds",] == 9 * 3600
    assert page["store_bytes",] > 0


async def test_a_database_that_cannot_be_read_is_said_and_the_rest_is_told(
    scraped: Scraped, monkeypatch
):
    async def refuse(_query: object) -> None:
        raise StoreTrouble("The disk failed.")

    await scraped.bench.take()
    assert (await scraped.page())["store_ok",] == 1
    monkeypatch.setattr(type(scraped.bench.store), "read", lambda _, query: refuse(query))
    page = await scraped.page()
    assert (page["store_ok",], page["discord_connected",]) == (0, 1)
    assert ("queue_oldest_seconds",) not in page


def _nobody_is_named(page: Samples) -> None:
    said = " ".join(" ".join(key) for key in page)
    for secret in ("salty", "You are all", "Ana", "courier.example"):
        assert secret not in said


async def test_no_name_and_no_text_is_in_it(scraped: Scraped):
    await scraped.bench.decide(await scraped.bench.take(), note="wobblegate")
    _nobody_is_named(await scraped.page())
