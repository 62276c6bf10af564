"""A mail goes out once, whatever becomes of the process that sends it or of its database."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.effects import Outcome, Verb
from bot.domain.readers.mail import Letter, MailServer
from bot.mailer import message_of
from bot.services import outbox_worker
from bot.services.desk import Desk
from bot.services.outbox_worker import Lane, turn
from bot.services.readers.mail import ask_for_mail, mail_lane
from bot.services.readers.report import file_report
from bot.web.public.letters import written
from tests.services.desks import Bench
from tests.support.databases import new_database, sqlite_only
from tests.support.waiting import until

SERVER = MailServer(host="127.0.0.1", port=1, security="none", sender="desk@courier.example")


class Post:
    """A mail server that can be slow: it has a letter once `lets_go` is set."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.letters: list[Letter] = []
        self.lets_go = asyncio.Event()
        self.lets_go.set()

    @property
    def desk(self) -> Desk:
        return replace(self.bench.desk, writes_mail=True)

    @property
    def lane(self) -> Lane:
        return mail_lane(self.desk, self.send)

    async def send(self, letter: Letter) -> Outcome:
        self.letters.append(letter)
        await self.lets_go.wait()
        return Outcome(verb=Verb.DONE)

    async def wanted(self) -> None:
        """Have a reader report something, and want to hear what comes of it."""
        filed = await file_report(self.desk, self.bench.report(), "en")
        assert await ask_for_mail(self.desk, filed.secret, "jane@example.org", "en")

    async def begins(self) -> asyncio.Task[bool]:
        """Begin to send, and return once the letter is on its way."""
        self.lets_go.clear()
        under_way = asyncio.create_task(turn(self.lane))
        await until(lambda: self.letters, what="the letter to be on its way")
        return under_way

    def named(self, letter: Letter) -> str:
        words = written(letter, self.bench.policy, "https://reports.courier.example")
        return str(message_of(letter, words, SERVER, self.bench.clock.now)["Message-ID"])


async def test_a_mail_that_was_cut_off_comes_later_under_the_same_name(bench: Bench):
    post = Post(bench)
    await post.wanted()
    under_way = await post.begins()
    under_way.cancel()  # as the end of the process does
    await asyncio.wait([under_way])
    post.lets_go.set()

    bench.clock.pass_by(minutes=4)
    assert not await turn(post.lane)
    bench.clock.pass_by(minutes=1)
    assert await turn(post.lane)

    assert not await turn(post.lane)
    first, second = post.letters
    assert post.named(first) == post.named(second)
    await post.wanted()
    assert await turn(post.lane)
    assert post.named(post.letters[-1]) != post.named(first)


@sqlite_only  # whose file can be moved away; a server's end is in test_server_troubles.py
async def test_how_a_mail_ended_is_kept_once_the_database_is_back(
    bench: Bench, monkeypatch, caplog
):
    monkeypatch.setattr(outbox_worker, "_KEEPS_AGAIN_AFTER", 0.05)
    monkeypatch.setattr(outbox_worker, "_KEEPING", 10_000)
    post = Post(bench)
    await post.wanted()
    under_way = await post.begins()
    path = bench.store.path
    assert isinstance(path, Path)
    path.rename(path.with_suffix(".away"))
    post.lets_go.set()
    await until(lambda: "once that can be" in caplog.text, what="the database to be missed")

    path.with_suffix(".away").rename(path)
    assert await under_way

    bench.clock.pass_by(hours=1)
    assert not await turn(post.lane)
    assert len(post.letters) == 1


async def test_a_mail_of_a_process_that_others_take_for_gone_goes_out_once():
    pytest.importorskip("psycopg", reason="comment-desk[postgres] is not installed")
    from bot.store.postgresql import open_store  # noqa: PLC0415 - needs its driver

    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(new_database())
        one, other = [
            Post(Bench(await stack.enter_async_context(open_store(server)))) for _ in range(2)
        ]
        for _ in range(2):
            await one.wanted()
        under_way = await one.begins()
        claiming = await one.bench.store.claim(lambda tx: tx.connection.driver.info.backend_pid)
        ends = "SELECT pg_terminate_backend(?, 5000)"
        await other.bench.store.write(lambda tx: tx.run(ends, (claiming,)))

        assert await turn(other.lane)  # what the first had not begun
        assert not await turn(other.lane)
        one.lets_go.set()
        assert await under_way

        for post in (one, other):
            post.bench.clock.pass_by(hours=1)
            assert not await turn(post.lane)
        sent = [post.named(letter) for post in (one, other) for letter in post.letters]
        assert len(sent) == len({*sent}) == 2
