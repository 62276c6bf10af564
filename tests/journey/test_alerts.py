"""From a burst of reports over HTTP to the alert, its growth, an editor's press and the all-clear."""

import json
from collections.abc import Sequence
from datetime import timedelta

from aiohttp import web

from bot.domain.alerts import Alert, Opinion
from tests.journey.newsroom import Newsroom
from tests.support.cards import Card
from tests.support.waiting import until

STORY = "Three charged after Colchester raids"


async def burst(newsroom: Newsroom, readers: int, **changes) -> None:
    for turn in range(readers):
        comment = {"id": f"c{turn % 3}", "author": {"id": f"a{turn % 2}", "name": "salty_dog"}}
        await newsroom.report(comment=comment, **changes)


def seen(newsroom: Newsroom) -> list[Card]:
    return newsroom.sandbox.as_user("ed").sees("editors") or []


def alerts(newsroom: Newsroom) -> list[Card]:
    return [card for card in seen(newsroom) if card.buttons]


async def alert(newsroom: Newsroom, saying: str = "") -> Card:
    def there() -> Card | None:
        return next((card for card in alerts(newsroom) if saying in card.text), None)

    return await until(there, what=f"an alert saying {saying!r}, not {seen(newsroom)}")


async def kept(newsroom: Newsroom) -> Sequence[Alert]:
    return await newsroom.desk.desk.store.read(lambda tx: tx.alerts.recent(limit=9))


async def test_a_burst_of_reports_becomes_one_alert_with_a_picture(newsroom: Newsroom):
    await burst(newsroom, 20)

    card = await alert(newsroom, "reports by")

    assert STORY in card.text
    assert "salty\\_dog" in card.text or "salty_dog" in card.text
    assert "Usual at this hour" in card.text
    [gallery] = [one for one in card.raw["components"][0]["components"] if one["type"] == 12]
    assert "before the alert at" in gallery["items"][0]["description"]
    assert "Show the cases" in card.labels
    assert len(alerts(newsroom)) == 1
    assert newsroom.sandbox.as_user("ana").sees("editors") is None


async def test_the_alert_grows_in_place_and_doubling_is_told(newsroom: Newsroom):
    await burst(newsroom, 12)
    card = await alert(newsroom)
    newsroom.later = timedelta(minutes=6)
    await burst(newsroom, 28)

    reply = await newsroom.sandbox.as_user("ed").wait_for("editors", "has doubled")
    assert reply.raw["message_reference"]["message_id"] == card.id
    await until(lambda: "40 reports by 40 readers" in card.text, what="the card to grow")
    assert len(alerts(newsroom)) == 1


async def test_an_editor_says_what_it_was_and_sees_the_cases(newsroom: Newsroom):
    await burst(newsroom, 12)
    card = await alert(newsroom)
    ed, ana = newsroom.sandbox.as_user("ed"), newsroom.sandbox.as_user("ana")
    await newsroom.card(1)

    cases = await ed.press(card, "Show the cases")
    said = await ed.press(card, "False alarm")

    assert "#1" in cases.text
    assert "/channels/" in cases.text
    assert "Thank you" in said.text
    await until(lambda: "a false alarm" in card.text, what="the card to say so")
    spikes = await ed.slash("editors", "spikes")
    assert "false alarm" in spikes.text
    refused = await ana.slash("moderation", "spikes")
    assert "Only a senior moderator" in refused.text
    [told] = [one for one in await kept(newsroom) if one.told]
    assert told.opinion is Opinion.FALSE


async def test_the_all_clear_comes_by_the_clock_with_totals(newsroom: Newsroom):
    await burst(newsroom, 12)
    card = await alert(newsroom)
    await newsroom.sandbox.as_user("ana").press(await newsroom.card(1), "Hide")

    newsroom.later = timedelta(hours=2)

    await until(lambda: "Over at" in card.text, what="the all-clear")
    assert "12 reports, 1 comment hidden, 2 comments still wait" in card.text
    assert await newsroom.sandbox.as_user("ed").wait_for("editors", "Over at")
    assert len(alerts(newsroom)) == 1


async def test_a_restart_in_the_middle_gives_no_second_alert(newsroom: Newsroom):
    await burst(newsroom, 12)
    card = await alert(newsroom)

    await newsroom.stop()
    await newsroom.start()
    await burst(newsroom, 20)

    await until(lambda: "32 reports by" in card.text, what="the card to grow")
    assert len(alerts(newsroom)) == 1


async def test_trends_come_with_two_pictures_of_what_was_picked(newsroom: Newsroom):
    await burst(newsroom, 8)
    ed, ana = newsroom.sandbox.as_user("ed"), newsroom.sandbox.as_user("ana")

    choices = await ed.autocomplete("editors", "trends story", "story", story="raids")
    story = await ed.slash("editors", "trends story", story=choices[0]["value"])
    author = await ed.slash("editors", "trends author", author="salty_dog")
    site = await ed.slash("editors", "trends site")
    refused = await ana.slash("moderation", "trends site")

    for answer, count in ((story, "8 reports today"), (site, "8 reports today")):
        await until(lambda answer=answer: answer.text, what="the answer")
        assert count in answer.text
        assert answer.message is not None
        assert len(answer.message.raw["attachments"]) == 2
    await until(lambda: author.text, what="the answer")
    assert "More than one" in author.text
    await until(lambda: refused.text, what="the answer")
    assert "Only a senior moderator" in refused.text
    assert await ana.autocomplete("moderation", "trends story", "story", story="raids") == []


async def test_settings_show_the_measured_false_alarms_and_take_a_number(newsroom: Newsroom):
    await burst(newsroom, 12)
    card = await alert(newsroom)
    ed = newsroom.sandbox.as_user("ed")
    await ed.press(card, "False alarm")
    muted = await ed.press(card, "Mute")

    chosen = await ed.slash("editors", "alerts settings", false_alarms=3.0)
    shown = await ed.slash("editors", "alerts settings")

    assert "You will hear nothing of" in muted.text
    assert "3 false alarms a week from now on" in chosen.text
    assert "you accept 3 false alarms a week, as Ed chose" in shown.text
    assert "1 false" in shown.text
    assert "is muted until" in shown.text
    await until(lambda: "Unmute" in card.labels, what="the card to offer it")
    assert "hear of it again" in (await ed.press(card, "Unmute")).text


async def test_editors_ask_the_moderators_in_a_thread_and_watch_the_story(newsroom: Newsroom):
    await burst(newsroom, 12)
    card = await alert(newsroom)
    await newsroom.card(1)
    ed = newsroom.sandbox.as_user("ed")

    form = await ed.press(card, "Ask moderators")
    answer = await ed.submit(form, text="Is <@1> one person? @everyone")
    assert "are being asked" in answer.text
    opening = await newsroom.sandbox.as_user("ana").wait_for("moderation", "asks about")
    watched = await ed.press(card, "Watch story")

    assert "Ed asks about the reports on" in opening.text
    assert "Is \\<" in opening.text
    assert "#1" in opening.text
    thread = await until(lambda: opening.thread, what="the thread")
    assert opening.pinged == set()
    assert newsroom.sandbox.world.channels[thread]["name"] == STORY
    await until(lambda: "with the moderators" in card.text, what="the card to link to it")
    assert "on watch now" in watched.text
    await until(lambda: "Watch story" not in card.labels, what="the button to go")
    assert "Close comments" not in card.labels, "this site cannot do that"


async def test_alerts_go_along_other_roads_too_without_a_word_of_the_comments(
    quiet_newsroom: Newsroom,
):
    received: list[dict[str, str]] = []

    async def take(request: web.Request) -> web.Response:
        received.append(await request.json())
        return web.Response()

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    quiet_newsroom.roads = [f"json://127.0.0.1:{runner.addresses[0][1]}/"]
    # By night, what is not urgent would wait for the morning.
    threats = {"reason": "threats"}
    try:
        await quiet_newsroom.start()
        await burst(quiet_newsroom, 12, **threats)
        told = await until(lambda: received, what="the alert")
    finally:
        await quiet_newsroom.stop()
        await runner.cleanup()

    [first, *_] = told
    assert first["title"] == f"Reports are piling up on “{STORY}”"
    assert "reports by" in first["message"]
    assert "threats" in first["message"]
    assert "https://courier.example/story" in first["message"]
    assert "bought" not in json.dumps(told)


async def test_a_likely_brigade_is_said_on_the_alert_and_on_the_card(newsroom: Newsroom):
    gang = [f"member-{number}" for number in range(12)]
    for day in range(21):
        newsroom.later += timedelta(days=1)
        ordinary = {"id": f"d{day}", "author": {"id": f"d{day}", "name": f"someone {day}"}}
        await newsroom.report(comment=ordinary, story=story(f"day{day}"))
        victim = {"id": f"v{day}", "author": {"id": f"v{day}", "name": f"victim {day}"}}
        for member in gang if day % 4 == 0 else []:
            newsroom.later += timedelta(minutes=9)
            await newsroom.report(comment=victim, story=story(f"v{day}"), reporter=member)
    newsroom.later += timedelta(hours=9)
    target = {"id": "target", "author": {"id": "target", "name": "salty_dog"}}
    for member in gang:
        case = await newsroom.report(comment=target, reporter=member)

    card = await alert(newsroom, "Likely coordinated")
    assert "reported the same commenters before" in card.text
    marked = await newsroom.card(case, "Likely reported by agreement")
    assert "12 readers" in marked.text


def story(key: str) -> dict[str, str]:
    return {"id": key, "title": f"Story {key}", "url": f"https://courier.example/{key}"}
