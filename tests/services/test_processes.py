"""Several processes at one desk's work: who may, what each takes, and what they tell each other."""

import asyncio
from contextlib import AsyncExitStack, closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from typer.testing import CliRunner

from bot import jobs
from bot.app import running
from bot.cli.entry import cli
from bot.cli.running import read
from bot.cli.verify import verify
from bot.domain.decisions import Action, Door
from bot.domain.effects import EffectState, Order, Outcome
from bot.domain.errors import IdUsedBefore
from bot.domain.ids import SiteId
from bot.services import deliver
from bot.services.cases.receive import receive
from bot.services.cases.reverse import reverse
from bot.services.deliver import order_lane
from bot.services.outbox_worker import turn
from bot.services.sites.poll import SitePoller
from bot.store.news import POLICY, ping_of
from tests.services.desks import SAM, Bench
from tests.services.outside import ObedientSite
from tests.support.databases import new_database, whole_server
from tests.support.waiting import PATIENCE, eventually, until

COURIER = SiteId("courier")


def given_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "SECRETS": '["whsec_c2VjcmV0LWZvci10aGUtdGVzdHMtb2YtY29udGFpbmVycw=="]',
        "REPORTER_SALT": "sixteen characters and more",
        "URL": "https://courier.example/desk",
        "OUTGOING_SECRETS": '["whsec_c2VjcmV0LWZvci10aGUtdGVzdHMtb2YtY29udGFpbmVycw=="]',
    }.items():
        monkeypatch.setenv(f"DESK_SITES__COURIER__{name}", value)


@pytest.mark.parametrize("only", ["web", "deliver", "gateway"])
def test_a_file_is_no_place_for_several_processes(only, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "TOKEN": "t",
        "GUILD_ID": "1",
        "CHANNEL_ID": "2",
    }.items():
        monkeypatch.setenv(f"DESK_DISCORD__{name}", value)
    given_sites(monkeypatch)

    said = CliRunner().invoke(cli, ["run", "--only", only])

    assert said.exit_code == 1
    words = " ".join(said.output.split())
    assert "desk.db, which one process writes to, so --only cannot be used." in words
    assert "DESK_DATABASE_URL" in words
    assert not (tmp_path / "desk.db").exists()


psycopg = pytest.importorskip("psycopg", reason="comment-desk[postgres] is not installed")

from bot.store.postgresql import open_store  # noqa: E402 - needs its driver


@pytest.fixture
async def server():
    async with new_database() as made:
        yield made


async def opened(stack: AsyncExitStack, server, many: int) -> list[Bench]:
    return [Bench(await stack.enter_async_context(open_store(server))) for _ in range(many)]


async def test_reports_of_several_processes_make_one_case_and_each_counts_once(server):
    async with AsyncExitStack() as stack:
        benches = await opened(stack, server, 3)
        reports = [benches[0].report(comment=f"c{number % 2}", digest=b"a") for number in range(30)]

        # Each is sent to every process, as a proxy does that got no answer in time.
        answers = await asyncio.gather(
            *(receive(bench.desk, [report]) for report in reports for bench in benches)
        )

        assert {receipt.case_id for [receipt] in answers} == {1, 2}
        for case_id in (1, 2):
            case = await benches[0].store.read(lambda tx, it=case_id: tx.cases.get(it))
            assert case is not None
            assert (case.reports, case.reporters) == (15, 15)
        other = benches[0].report(delivery=reports[0].delivery, comment="c9", digest=b"b")
        with pytest.raises(IdUsedBefore):
            await receive(benches[1].desk, [other])


async def test_several_that_decide_at_once_make_one_chain_and_one_decision_a_case(server):
    async with AsyncExitStack() as stack:
        benches = await opened(stack, server, 4)
        cases = [await benches[0].take(comment=f"c{number}") for number in range(10)]

        ends = await asyncio.gather(
            *(bench.decide(case, seen=1) for case in cases for bench in benches),
            return_exceptions=True,
        )

        assert sum(not isinstance(end, BaseException) for end in ends) == len(cases)
    found = await verify(server)
    assert (found.decisions, found.broken) == (len(cases), None)


class SlowSite(ObedientSite):
    """One that says which orders are with it, and in which order they came for each comment."""

    def __init__(self) -> None:
        super().__init__()
        self.under_way = 0
        self.most = 0
        self.attempts: list[str] = []
        self.came: dict[str, list[Action]] = {}
        self.lets_go = asyncio.Event()
        self.lets_go.set()

    async def carry_out(self, order: Order) -> Outcome:
        self.attempts.append(order.key)
        self.came.setdefault(order.comment_id, []).append(order.action)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await self.lets_go.wait()
        self.under_way -= 1
        return await super().carry_out(order)


async def test_several_that_deliver_share_the_orders_and_keep_each_comments_in_order(
    server, monkeypatch
):
    monkeypatch.setattr(deliver, "_BATCH", 4)
    site = SlowSite()
    async with AsyncExitStack() as stack:
        benches = await opened(stack, server, 3)
        for number in range(10):
            case = await benches[0].take(comment=f"c{number}")
            await benches[0].decide(case, Action.HIDE)
            await reverse(benches[0].desk, case, by=SAM, door=Door.BUTTON, note="A joke")
        site.lets_go.clear()

        lanes = [order_lane(bench.desk, COURIER, site) for bench in benches]
        turns = [asyncio.create_task(turn(lane)) for lane in lanes]
        await until(lambda: site.under_way == 10, what="all firsts to be with the site")
        site.lets_go.set()
        await asyncio.gather(*turns)
        while any(await asyncio.gather(*map(turn, lanes))):
            pass

        assert len(site.attempts) == len({*site.attempts}) == 20
        assert all(came[0] is Action.HIDE for came in site.came.values())
        assert all(len(came) == 2 for came in site.came.values())
        assert site.hidden == set()


CUT_OFF = "SELECT pg_terminate_backend(?, 5000)"


async def test_what_a_process_had_claimed_is_anothers_once_it_is_gone(server):
    site = SlowSite()
    async with AsyncExitStack() as stack:
        one, other = await opened(stack, server, 2)
        await one.decide(await one.take(), Action.HIDE)
        site.lets_go.clear()
        lanes = [order_lane(bench.desk, COURIER, site) for bench in (one, other)]
        begun = asyncio.create_task(turn(lanes[0]))
        await until(lambda: site.under_way == 1, what="the order to be with the site")

        assert not await turn(lanes[1])
        claiming = await one.store.claim(lambda tx: tx.connection.driver.info.backend_pid)
        await other.store.write(lambda tx: tx.run(CUT_OFF, (claiming,)))
        taken_up = asyncio.create_task(turn(lanes[1]))
        await until(lambda: site.under_way == 2, what="the order to be taken up")
        site.lets_go.set()
        assert await taken_up
        assert await begun

        assert len(site.attempts) == 2
        assert site.applied == [site.attempts[0]]
        asked = await other.store.read(lambda tx: tx.deliveries.delivery(1))
        assert asked is not None
        assert asked.state is EffectState.DONE
        assert not await turn(lanes[0])


async def test_what_a_site_does_not_take_now_is_tried_by_whoever_comes_first(server):
    site = ObedientSite()
    async with AsyncExitStack() as stack:
        one, other = await opened(stack, server, 2)
        await one.decide(await one.take(), Action.HIDE)
        site.trouble = "down"
        assert await turn(order_lane(one.desk, COURIER, site))
        other.clock.pass_by(hours=1)

        assert await turn(order_lane(other.desk, COURIER, site))
        assert site.hidden == {"c1"}


async def test_processes_hear_of_new_work_and_of_a_changed_policy_at_once(server):
    async with AsyncExitStack() as stack:
        one, other = await opened(stack, server, 2)
        heard: list[str] = []
        said: list[str] = []
        one.store.on_news(heard.append)
        other.store.on_news(said.append)

        async def told() -> bool:
            await other.store.tell(POLICY)
            return POLICY in heard

        await eventually(told, "the policy to be told of")
        assert POLICY not in said
        seen = await one.store.changed(0, within=0)
        await other.take()
        await asyncio.wait_for(one.store.changed(seen, within=10 * PATIENCE), PATIENCE)


async def asked(address: str) -> Any:
    async with aiohttp.ClientSession() as http, http.get(address) as answer:
        return await answer.json() if "ready" in address else await answer.text()


@pytest.mark.parametrize("only", ["web", "deliver"])
async def test_what_does_not_speak_to_discord_says_nothing_of_it(server, only, monkeypatch):
    given_sites(monkeypatch)
    monkeypatch.setenv("DESK_DATABASE_URL", server.url)
    monkeypatch.setenv("DESK_WEB__PORT", "0")

    async with running(read(only), only=only) as process:
        ready = await asked(f"{process.health_address}/readyz")
        metrics = await asked(f"{process.health_address}/metrics")

    assert ready["ready"]
    assert {"store", "clock"} == ready["parts"].keys()
    assert "comment_desk_store_ok 1.0" in metrics
    assert "discord" not in metrics
    assert bool(process.address) == (only == "web")


async def test_a_ping_that_came_to_one_process_has_the_site_asked_by_another(server):
    async with AsyncExitStack() as stack:
        one, other = await opened(stack, server, 2)
        heard = asyncio.Event()
        one.store.on_news(partial(jobs._heed, {ping_of("courier"): heard}))
        pinged = SitePoller(name=COURIER, site=ObedientSite(), every=timedelta(hours=1))  # type: ignore[arg-type]
        passing = asyncio.create_task(jobs._pass_on(other.desk, pinged))

        async def told() -> bool:
            pinged.ping.set()
            return heard.is_set()

        await eventually(told, "the ping to be passed on")
        passing.cancel()


async def test_a_ping_that_the_database_does_not_take_is_passed_on_later(
    server, monkeypatch, caplog
):
    monkeypatch.setattr(jobs, "_TOLD_AGAIN_AFTER", 0.01)
    name = urlsplit(server.url).path.removeprefix("/")
    async with AsyncExitStack() as stack:
        one, other = await opened(stack, server, 2)
        heard = asyncio.Event()
        words: list[str] = []
        one.store.on_news(words.append)

        async def listens() -> bool:
            await other.store.tell("anything else")
            return "anything else" in words

        await eventually(listens, "the first process to listen")
        one.store.on_news(partial(jobs._heed, {ping_of("courier"): heard}))
        writing = await other.store.write(lambda tx: tx.connection.driver.info.backend_pid)
        await one.store.write(lambda tx: tx.run(CUT_OFF, (writing,)))
        at_server(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        pinged = SitePoller(name=COURIER, site=ObedientSite(), every=timedelta(hours=1))  # type: ignore[arg-type]
        pinged.ping.set()
        passing = asyncio.create_task(jobs._pass_on(other.desk, pinged))
        await until(lambda: "is passed on later" in caplog.text, what="the database to refuse it")
        assert not heard.is_set()

        at_server(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await asyncio.wait_for(heard.wait(), PATIENCE)
        passing.cancel()


def at_server(statement: str) -> None:
    url = f"postgresql://desk@/postgres?host={whole_server().folder}"
    with closing(psycopg.connect(url, autocommit=True)) as admin:
        admin.execute(statement)
