"""From reports over HTTP, with their notes and referrers, to what a card says of a brigade."""

from datetime import timedelta

from bot.domain.decisions import Action
from bot.domain.detection.brigades import Sign, Suspicion
from tests.journey.newsroom import Newsroom
from tests.support.cards import Card
from tests.support.waiting import until

TARGET = {"id": "target", "author": {"id": "target", "name": "salty_dog"}}
DEMAND = "He breaks every rule, ban him now!"


async def ordinary(newsroom: Newsroom) -> None:
    """Two days of readers who have nothing to do with each other."""
    for number in range(30):
        newsroom.later += timedelta(hours=1.6)
        comment = {"id": f"o{number}", "author": {"id": f"o{number}", "name": f"someone {number}"}}
        hosts = ("https://www.google.com/", "https://courier.example/front", None)
        await newsroom.report(
            comment=comment, story=story(f"o{number}"), referrer=hosts[number % 3]
        )


async def mob(newsroom: Newsroom, count: int, **more) -> int:
    """New accounts from one place with one text, and a few others."""
    case = 0
    for number in range(count):
        newsroom.later += timedelta(seconds=20)
        same = {} if number % 5 == 4 else {"referrer": f"https://club.example/t/{number}?p=2"}
        note = {} if number % 3 == 2 else {"note": DEMAND}
        case = await newsroom.report(comment=TARGET, **same, **note, **more)
    return case


async def test_a_blatant_brigade_is_named_on_the_card_and_weighs_as_one(newsroom: Newsroom):
    await ordinary(newsroom)
    newsroom.later += timedelta(hours=9)
    case = await mob(newsroom, 20)

    card = await newsroom.card(case, "20 readers, who weigh as one")

    assert "Likely reported by agreement" in card.text
    assert "mostly wrong" not in card.text
    said = await until(lambda: alert_saying(newsroom, "Likely coordinated"), what="the alert")
    assert "readers sent the same words" in said.text
    assert "readers came from the same place" in said.text
    [alert] = await newsroom.desk.desk.store.read(lambda tx: tx.alerts.recent(limit=9))
    assert alert.brigade is not None
    assert alert.brigade.suspicion is Suspicion.LIKELY
    assert Sign.NEW_READERS not in {clue.sign for clue in alert.brigade.clues}


async def test_a_brigade_does_not_lift_its_case_above_an_honest_complaint(newsroom: Newsroom):
    await ordinary(newsroom)
    newsroom.later += timedelta(hours=9)
    honest = {"id": "honest", "author": {"id": "honest", "name": "harbour_rat"}}
    for _ in range(3):
        calm = await newsroom.report(comment=honest, story=story("calm"))
    case = await mob(newsroom, 20)
    await newsroom.card(case, "Likely reported by agreement")

    queue = await newsroom.desk.desk.store.read(lambda tx: tx.cases.queue(limit=99))

    places = [one.id for one in queue]
    assert places.index(calm) < places.index(case)


async def test_a_brigade_that_goes_on_is_answered_counted_and_adds_nothing(newsroom: Newsroom):
    await ordinary(newsroom)
    newsroom.later += timedelta(hours=9)
    case = await mob(newsroom, 20)
    await newsroom.card(case, "Likely reported by agreement")
    before = await look(newsroom, case)

    body = newsroom.report_body(comment=TARGET, note=DEMAND, referrer="https://club.example/")
    status, answer = await newsroom.post("/v1/reports", body)

    assert (status, answer) == (202, {"case": case, "counted": True})
    after = await look(newsroom, case)
    assert after.reporters == before.reporters + 1
    assert (after.weight, after.priority) == (before.weight, before.priority)


async def test_a_brigade_by_itself_hides_nothing_and_refuses_nobody(newsroom: Newsroom):
    await ordinary(newsroom)
    newsroom.later += timedelta(hours=9)
    case = await mob(newsroom, 20)
    card = await newsroom.card(case, "Likely reported by agreement")
    await newsroom.settled()

    assert newsroom.site.hidden == set()
    assert newsroom.site.orders == []
    assert await newsroom.decisions() == []
    for verdict in ("Keep", "Hide", "Ban"):
        assert any(verdict in label for label in card.labels)

    await newsroom.sandbox.as_user("ana").press(card, "Hide")
    await until(lambda: "target" in newsroom.site.hidden, what="the comment to be hidden")
    [decision] = await newsroom.decisions()
    assert decision.action is Action.HIDE


def alert_saying(newsroom: Newsroom, words: str) -> Card | None:
    seen = newsroom.sandbox.as_user("ed").sees("editors") or []
    return next((one for one in seen if words in one.text), None)


async def look(newsroom: Newsroom, number: int):
    case = await newsroom.desk.desk.store.read(lambda tx: tx.cases.get(number))
    assert case is not None
    return case


def story(key: str) -> dict[str, str]:
    return {"id": key, "title": f"Story {key}", "url": f"https://courier.example/{key}"}
