"""The brake on mass action, through the real discord.py over sockets and a real site."""

import asyncio

import pytest
from aiohttp import web

from bot.domain.decisions import Action
from tests.journey.newsroom import Newsroom
from tests.support.waiting import until

OPEN = ["Keep", "Hide: harassment", "Ban…", "More"]
SMALL = (
    ("bans = 10", "bans = 2"),
    ("hides = 40", "hides = 2"),
    ("overturns = 10", "overturns = 2"),
)


async def reported(newsroom: Newsroom, number: int) -> int:
    author = {"id": f"a{number}", "name": f"author {number}"}
    return await newsroom.report(comment={"id": f"c{number}", "author": author})


@pytest.fixture
async def road():
    """Another road to editors, with what went along it."""
    sent: list[str] = []

    async def take(request: web.Request) -> web.Response:
        sent.append(await request.text())
        return web.Response()

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"json://127.0.0.1:{runner.addresses[0][1]}/", sent
    await runner.cleanup()


async def test_a_stolen_account_is_stopped_and_all_it_did_taken_back_with_one_press(
    quiet_newsroom: Newsroom, road
):
    newsroom = quiet_newsroom
    address, sent = road
    newsroom.roads = [address]
    newsroom.write_policy(*SMALL)
    await newsroom.start()
    ana, ed = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("ed")
    cases = [await reported(newsroom, number) for number in range(7)]
    for case in cases:
        await newsroom.card(case)

    answers = [await ana.slash("moderation", "ban", case=case, duration=7) for case in cases[:3]]
    assert "The author is banned" in answers[1].text
    assert "more within 5 minutes than one person does alone" in answers[2].text
    assert await newsroom.card(cases[2], "Waiting for a second pair of eyes")
    held = [await ana.press(await newsroom.card(case), "Hide") for case in cases[3:6]][-1]
    assert "On hold" in held.text
    assert await newsroom.card(cases[5], "On hold")

    called = await ed.wait_for("editors", "banned 2 authors")
    assert called.pinged == {"ed", "sam"}
    assert "Ana" in called.text
    here = await ana.wait_for("moderation", "banned 2 authors")
    assert here.pinged == {"ed", "sam"}
    await until(lambda: bool(sent), what="the other road")
    assert "Ana banned 2 authors within 5 minutes" in sent[0]
    assert "bought" not in sent[0]

    refused = await ana.press(here, "Take it all back")
    assert "Only a senior moderator" in refused.text
    await newsroom.settled()
    assert newsroom.site.hidden == {"c0", "c1", "c3", "c4", "c5"}
    assert set(newsroom.site.banned) == {"a0", "a1"}

    done = await ed.press(called, "Take it all back")
    assert "Taken back: 2 bans, 2 hides, 1 hold, 1 proposal." in done.text
    await newsroom.settled()
    assert newsroom.site.hidden == set()
    assert newsroom.site.banned == {}
    for case in cases[:6]:
        await until(
            lambda case=case: newsroom.cards(case)[0].labels == OPEN, what="the case to wait again"
        )
    assert [made.verdict.by.name for made in await newsroom.decisions()].count("Ed") == 5
    await until(lambda: "took back 2 bans" in called.text, what="the call to say who answered it")
    assert "Ed took back 2 bans, 2 hides, 1 hold, 1 proposal" in called.text
    again = await ed.press(called, "Take it all back")
    assert "Nothing that Ana did there is left" in again.text


async def test_a_reaction_beyond_the_brake_is_answered_plainly(quiet_newsroom: Newsroom):
    newsroom = quiet_newsroom
    newsroom.write_policy(*SMALL)
    await newsroom.start()
    ana = newsroom.sandbox.as_user("ana")
    for number in range(3):
        case = await reported(newsroom, number)
        await ana.react(await newsroom.card(case), "🙈")
        if number < 2:
            await newsroom.card(case, "Hidden")
    answer = await ana.wait_for("moderation", "than one person makes alone")
    assert "#3" in answer.text
    await newsroom.card(case, "On hold")
    assert [made.action for made in await newsroom.decisions()] == [
        Action.HIDE,
        Action.HIDE,
        Action.HOLD,
    ]


async def test_many_orders_in_one_line_count_each(quiet_newsroom: Newsroom):
    newsroom = quiet_newsroom
    newsroom.write_policy(*SMALL)
    await newsroom.start()
    ana = newsroom.sandbox.as_user("ana")
    cases = [await reported(newsroom, number) for number in range(4)]
    await asyncio.gather(*(newsroom.card(case) for case in cases))
    line = " ".join(f"h3 #{case}" for case in cases)
    await ana.send("moderation", f"<@{newsroom.sandbox.world.bot_id}> {line}")
    answer = await ana.wait_for("moderation", "than one person makes alone")
    assert answer.text.count("Hidden #") == 2
    assert answer.text.count("On hold") == 2


async def test_a_typed_agreement_beyond_the_brake_is_refused_and_calls_somebody(
    quiet_newsroom: Newsroom,
):
    newsroom = quiet_newsroom
    newsroom.write_policy(("bans = 10", "bans = 1"))
    await newsroom.start()
    ana, ben = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("ben")
    cases = [await reported(newsroom, number) for number in range(3)]
    cards = [await newsroom.card(case) for case in cases]
    await ben.reply(cards[0], "ban 7d 3")
    for card in cards[1:]:
        await ana.reply(card, "ban 7d 3")
    waiting = await newsroom.card(cases[2], "Waiting for a second pair of eyes")
    await ben.reply(waiting, "ban 7d 3")
    answer = await ben.wait_for("moderation", "You had a part in 1 ban within 5 minutes")
    assert "Nothing was done" in answer.text
    await ben.wait_for("moderation", "Ben banned 1 author within 5 minutes")
    assert len(await newsroom.decisions()) == 2
