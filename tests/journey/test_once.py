"""Nothing stands twice: not after a lost answer, a kill between post and record, nor two desks."""

import asyncio
import os
import signal
import time
from collections.abc import Sequence
from typing import Any

import pytest
from yarl import URL

from bot import app, client
from bot.app import running
from bot.domain.effects import EffectKind
from bot.domain.sayings import StaffMessage, StaffMessageKind
from bot.store.guard import AnotherDesk
from bot.store.opening import open_store
from bot.web.door import Timeouts
from bot.web.listening import LETS_FINISH
from tests.journey.newsroom import Newsroom
from tests.journey.processes import desk_process
from tests.support.waiting import PATIENCE, eventually, until

POSTS = "/channels/*/messages"
LONG_AGO = 250
"""Messages that came since: more than Discord gives at once, and than were looked at before."""


async def chat(newsroom: Newsroom, channel: str, number: int = LONG_AGO) -> None:
    for one in range(number):
        await newsroom.sandbox.as_user("ana" if channel == "moderation" else "ed").send(
            channel, f"line {one}"
        )


def saying(newsroom: Newsroom, channel: str, words: str) -> Sequence[str]:
    seen = newsroom.sandbox.as_user("ed").sees(channel) or []
    bot_id = newsroom.sandbox.world.bot_id
    return [one.id for one in seen if words in one.text and one.raw["author"]["id"] == bot_id]


async def test_a_killed_desk_posts_no_second_card_however_much_was_said_since(
    quiet_newsroom: Newsroom,
):
    """The process is killed while Discord's answer is on its way: the card stands unrecorded."""
    newsroom = quiet_newsroom
    newsroom.sandbox.gateway.down = 503
    await newsroom.start(wait=False)
    case = await newsroom.report()
    await newsroom.stop()
    newsroom.sandbox.gateway.down = None
    killed: list[str] = []

    def kill(event: str, data: Any, _visible_to: str | None) -> None:
        if event == "MESSAGE_CREATE" and newsroom.cards(case) and not killed:
            os.kill(process.pid, signal.SIGKILL)
            killed.append(data["id"])

    newsroom.sandbox.world.listeners.append(kill)
    process = await desk_process(newsroom)
    await process.communicate()
    assert killed
    forget_nonces(newsroom)
    await chat(newsroom, "moderation")

    await newsroom.start()
    await newsroom.report()

    await newsroom.card(case, "2 readers")
    assert [one.id for one in newsroom.cards(case)] == killed


def forget_nonces(newsroom: Newsroom) -> None:
    """Let the few minutes pass for which Discord remembers them."""
    newsroom.sandbox.world.nonces.clear()


async def test_two_lost_answers_and_much_talk_give_one_card(newsroom: Newsroom):
    newsroom.sandbox.rest.fault("POST", POSTS, drop="after", times=2)
    case = await newsroom.report()
    await newsroom.card(case)
    forget_nonces(newsroom)
    await chat(newsroom, "moderation")

    await newsroom.report()

    await newsroom.card(case, "2 readers")
    assert len(newsroom.cards(case)) == 1


async def test_a_crash_long_before_gives_no_second_card(newsroom: Newsroom):
    case = await newsroom.report()
    card = await newsroom.card(case)
    store = newsroom.desk.desk.store
    first = newsroom.desk.desk.clock()
    await chat(newsroom, "moderation")
    forget_nonces(newsroom)

    def forget(tx: Any) -> None:
        tx.cards.lost(case)
        tx.cards.intend(case, first)

    await store.write(forget)
    await newsroom.report()

    await newsroom.card(case, "2 readers")
    assert [one.id for one in newsroom.cards(case)] == [card.id]


async def test_a_hand_over_that_stands_is_not_said_again(newsroom: Newsroom):
    """As after a kill between its posting and its record, with much said since."""
    case = await newsroom.report()
    await newsroom.card(case)
    store, at = newsroom.desk.desk.store, newsroom.desk.desk.clock()
    message = StaffMessage(
        kind=StaffMessageKind.ESCALATED, cases=(case,), by_name="Ana", note="look at this"
    )
    await store.write(lambda tx: tx.outbox.want_said(message, at))
    await until(lambda: saying(newsroom, "editors", "look at this"), what="the hand-over")
    await chat(newsroom, "editors")
    forget_nonces(newsroom)

    await newsroom.stop()
    async with open_store(newsroom.place) as before:
        await before.write(
            lambda tx: tx.run("UPDATE outbox SET state = 'waiting' WHERE kind = 'staff'")  # type: ignore[attr-defined]
        )
    await newsroom.start()

    async def settled() -> bool:
        now = newsroom.desk.desk.clock()
        store = newsroom.desk.desk.store
        return not await store.read(lambda tx: tx.outbox.due(EffectKind.STAFF, now, limit=1))

    await eventually(settled, "the hand-over to be settled")
    assert len(saying(newsroom, "editors", "look at this")) == 1


async def test_a_second_desk_is_refused_and_the_first_goes_on(newsroom: Newsroom):
    with pytest.raises(AnotherDesk, match="Another desk runs on"):
        async with running(newsroom.settings()):
            pass
    process = await desk_process(newsroom)
    out, _ = await process.communicate()
    assert process.returncode == 1
    assert b"Another desk runs on" in out
    assert b"Traceback" not in out

    await newsroom.card(await newsroom.report())


async def test_a_desk_that_was_killed_is_followed_by_another(quiet_newsroom: Newsroom):
    newsroom = quiet_newsroom
    process = await desk_process(newsroom)
    await until(lambda: newsroom.sandbox.gateway.connected, what="the desk to be connected")
    os.kill(process.pid, signal.SIGKILL)
    await process.communicate()

    await newsroom.start()

    await newsroom.card(await newsroom.report())


async def test_a_desk_that_is_held_back_ends_when_told_to(quiet_newsroom: Newsroom):
    newsroom = quiet_newsroom
    newsroom.sandbox.rest.limit_globally(75)
    process = await desk_process(newsroom)
    await until(
        lambda: any(status == 429 for *_, status in newsroom.sandbox.rest.log), what="the limit"
    )

    process.send_signal(signal.SIGTERM)

    async with asyncio.timeout(PATIENCE):
        await process.communicate()
    assert process.returncode == 0


async def test_a_desk_told_to_end_waits_for_no_stalled_sender_nor_a_slow_site(newsroom: Newsroom):
    newsroom.site.answers.clear()
    card = await newsroom.card(await newsroom.report())
    await newsroom.sandbox.as_user("ana").press(card, "Hide")
    await until(lambda: newsroom.site.attempts, what="the site to be asked")
    address = URL(newsroom.desk.address)
    reader, writer = await asyncio.open_connection(address.host, address.port)
    writer.write(
        b"POST /v1/reports HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\n"
        b"Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n"
    )
    assert b" 100 " in await reader.readline(), "the desk waits for the body"

    began = time.monotonic()
    await newsroom.stop()

    assert time.monotonic() - began < Timeouts().body, "it waited for the body"
    assert b"HTTP/1.1 2" not in await reader.read(), "the body never came"
    writer.close()
    newsroom.site.answers.set()
    await newsroom.start()
    await newsroom.settled()
    assert newsroom.site.hidden == {"c1"}
    assert LETS_FINISH * 2 + app._FLUSH_FOR + client._GOOD_BYE < 10 - 2, "with time to spare"
