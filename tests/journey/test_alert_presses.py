"""What editors press on an alert, and what the moderators and the other roads see of it."""

import asyncio
import re
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from bot.services.staff import overview
from tests.journey.newsroom import Newsroom
from tests.journey.test_alerts import alert, alerts, burst, seen, story
from tests.support.waiting import until


async def queue(newsroom: Newsroom) -> list[int]:
    """The cases in the order in which a moderator is shown them."""
    answer = await newsroom.sandbox.as_user("ana").slash("moderation", "queue")
    return [int(number) for number in re.findall(r"\*\*\[?#(\d+)", answer.text)]


async def test_an_editor_raises_the_cases_of_an_alert_and_puts_them_back(
    quiet_newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(overview, "EVERY", 0.05)
    newsroom = quiet_newsroom
    await newsroom.start()
    worse = {"id": "worse", "author": {"id": "worse", "name": "someone"}}
    threat = await newsroom.report(comment=worse, story=story("other"), reason="threats")
    await burst(newsroom, 12)
    card = await alert(newsroom)
    ed, ana = newsroom.sandbox.as_user("ed"), newsroom.sandbox.as_user("ana")
    before = await queue(newsroom)
    assert before[0] == threat

    raised = await ed.press(card, "Raise its cases")

    assert "3 cases stand at the front of the moderators' queue now." in raised.text
    after = await queue(newsroom)
    assert after == [*before[1:], threat]
    marked = await newsroom.card(after[0], "raised it to the front of the queue")
    assert "Ed raised it" in marked.text
    pinned = await ana.wait_for("moderation", "3 cases raised to the front")
    assert pinned.raw["pinned"]
    await until(lambda: "by Ed: 3 cases still wait" in card.text, what="the alert to say so")

    await ana.press(marked, "Hide")
    await until(lambda: "by Ed: 2 cases still wait" in card.text, what="one case less")
    assert (await queue(newsroom))[-1] == threat

    back = await ed.press(card, "Put its cases back")
    assert "2 cases stand in the usual order again." in back.text
    assert (await queue(newsroom))[0] == threat
    await until(lambda: "raised in the queue" not in card.text, what="the alert to say no more")
    assert "Raise its cases" in card.labels


async def test_a_raise_outlives_a_restart(newsroom: Newsroom):
    worse = {"id": "worse", "author": {"id": "worse", "name": "someone"}}
    threat = await newsroom.report(comment=worse, story=story("other"), reason="threats")
    await burst(newsroom, 12)
    await newsroom.sandbox.as_user("ed").press(await alert(newsroom), "Raise its cases")
    await newsroom.stop()
    await newsroom.start()
    await burst(newsroom, 3)
    assert (await queue(newsroom))[-1] == threat


@pytest.fixture
async def phones(quiet_newsroom: Newsroom) -> AsyncGenerator[list[str]]:
    """What editors' telephones received, along a road other than Discord."""
    received: list[str] = []

    async def take(request: web.Request) -> web.Response:
        received.append((await request.json())["title"])
        return web.Response()

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    quiet_newsroom.roads = [f"json://127.0.0.1:{runner.addresses[0][1]}/"]
    yield received
    await runner.cleanup()


async def test_too_many_alerts_are_told_in_one_line_of_their_own(
    quiet_newsroom: Newsroom, phones: list[str]
):
    newsroom = quiet_newsroom
    newsroom.write_policy(
        ("most_an_hour = 10", "most_an_hour = 1"),
        ('quiet_hours = "22:00-07:00"', "quiet_hours = ''"),
    )
    # Ten past the hour, so that it does not end meanwhile.
    newsroom.later = timedelta(minutes=70 - datetime.now(UTC).minute)
    await newsroom.start()
    for key in ("one", "two", "three"):
        for reader in range(14):
            author = {"id": f"{key}{reader}", "name": f"someone {reader}"}
            comment = {"id": f"{key}-{reader % 3}", "author": author}
            await newsroom.report(comment=comment, story=story(key))

    ed = newsroom.sandbox.as_user("ed")
    line = await ed.wait_for("editors", "more alert")
    await until(lambda: "2 more alerts this hour" in line.text, what="the line to count on")
    assert len(alerts(newsroom)) == 1
    listed = await ed.slash("editors", "spikes")
    assert len(re.findall(r"Story (?:one|two|three)", listed.text)) == 3
    assert [said for said in phones if "more alerts" in said] == []

    await newsroom.stop()
    newsroom.later += timedelta(minutes=51)
    await newsroom.start()
    await until(lambda: [one for one in phones if "2 more alerts" in one], what="the line by phone")
    assert len([card for card in seen(newsroom) if "more alert" in card.text]) == 1


async def test_the_card_says_until_when_it_is_muted_and_a_second_press_changes_nothing(
    newsroom: Newsroom,
):
    await burst(newsroom, 12)
    card = await alert(newsroom)
    both = [newsroom.sandbox.as_user(name) for name in ("ed", "sam")]

    answers = await asyncio.gather(*(one.press(card, "Mute") for one in both))

    await until(lambda: "muted until" in card.text, what="the card to say so")
    [until_when] = re.findall(r"muted until <t:(\d+):f> by (?:Ed|Sam)", card.text)
    said = sorted(answer.text for answer in answers)
    assert [f"<t:{until_when}:f>" in one for one in said] == [True, True]
    assert sum("is muted already" in one for one in said) == 1


async def test_asking_the_moderators_twice_opens_one_thread(newsroom: Newsroom):
    await burst(newsroom, 12)
    card = await alert(newsroom)
    both = [newsroom.sandbox.as_user(name) for name in ("ed", "sam")]

    forms = [(one, await one.press(card, "Ask moderators")) for one in both]
    answers = await asyncio.gather(*(one.submit(form) for one, form in forms))

    await until(lambda: "with the moderators: <#" in card.text, what="the card to link to it")
    assert "Ask moderators" not in card.labels
    assert sum("are being asked" in answer.text for answer in answers) == 1
    asked = newsroom.sandbox.as_user("ana").sees("moderation") or []
    assert len([one for one in asked if "asks about the reports" in one.text]) == 1
