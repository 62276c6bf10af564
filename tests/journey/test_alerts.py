"""From a burst of reports over HTTP to the alert, its growth, an editor's press and the all-clear."""

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.alert import Alert, Opinion
from bot.sandbox.cards import Card
from bot.sandbox.driver import until
from tests.journey.newsroom import Newsroom

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

    return await until(there, 15, f"an alert saying {saying!r}, not {seen(newsroom)}")


async def kept(newsroom: Newsroom) -> Sequence[Alert]:
    return await newsroom.desk.desk.store.read(lambda tx: tx.alerts.recent(limit=9))


async def test_a_burst_of_reports_becomes_one_alert_with_a_picture(newsroom: Newsroom):
    await burst(newsroom, 20)

    card = await alert(newsroom, "reports by")

    assert STORY in card.text
    assert "salty\\_dog" in card.text or "salty_dog" in card.text
    assert "Usual at this hour" in card.text
    [gallery] = [one for one in card.raw["components"][0]["components"] if one["type"] == 12]
    assert "The alert came at" in gallery["items"][0]["description"]
    assert "Show the cases" in card.labels
    assert len(alerts(newsroom)) == 1
    assert newsroom.sandbox.as_user("ana").sees("editors") is None


async def test_the_alert_grows_in_place_and_doubling_is_told(newsroom: Newsroom):
    await burst(newsroom, 12)
    card = await alert(newsroom)
    newsroom.later = timedelta(minutes=6)
    await burst(newsroom, 28)

    reply = await newsroom.sandbox.as_user("ed").wait_for("editors", "has doubled", 15)
    assert reply.raw["message_reference"]["message_id"] == card.id
    await until(lambda: "40 reports by 40 readers" in card.text, 15, "the card to grow")
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
    await until(lambda: "a false alarm" in card.text, 5, "the card to say so")
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

    await until(lambda: "Over at" in card.text, 15, "the all-clear")
    assert "12 reports, 1 comment hidden, 2 comments still wait" in card.text
    assert await newsroom.sandbox.as_user("ed").wait_for("editors", "Over at", 5)
    assert len(alerts(newsroom)) == 1


async def test_a_restart_in_the_middle_gives_no_second_alert(newsroom: Newsroom):
    await burst(newsroom, 12)
    card = await alert(newsroom)

    await newsroom.stop()
    await newsroom.start()
    await burst(newsroom, 20)

    await until(lambda: "32 reports by" in card.text, 15, "the card to grow")
    assert len(alerts(newsroom)) == 1
