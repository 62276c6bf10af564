"""The machine's clock is wrong: correct sites are not turned away, and what waits goes on."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from tests.support.waiting import eventually

from .newsroom import IN_SECRET, Newsroom


async def readiness(newsroom: Newsroom) -> tuple[int, dict[str, Any]]:
    async with newsroom.http.get(f"{newsroom.desk.address}/readyz") as answer:
        return answer.status, (await answer.json())["parts"]["clock"]


async def send(newsroom: Newsroom, at: datetime, key: str) -> tuple[int, dict[str, Any]]:
    """Report as a site whose clock says that it is `at`."""
    text = json.dumps(
        newsroom.report_body(comment={**newsroom.report_body()["comment"], "id": key})
    )
    headers = {
        "Content-Type": "application/json",
        "webhook-id": key,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(IN_SECRET).sign(msg_id=key, timestamp=at, data=text),
    }
    url = f"{newsroom.desk.address}/v1/reports"
    async with newsroom.http.post(url, data=text, headers=headers) as answer:
        return answer.status, await answer.json()


@pytest.mark.parametrize(
    ("off", "side"),
    [(timedelta(hours=-1), "60 minutes behind"), (timedelta(days=1), "24 hours ahead")],
)
async def test_a_correct_site_is_asked_to_come_again_while_the_clock_is_wrong(
    newsroom: Newsroom, off: timedelta, side: str
):
    await newsroom.card(await newsroom.report())
    newsroom.later = off
    status, answer = await send(newsroom, datetime.now(UTC), "c1")
    assert (status, answer["type"]) == (503, "urn:comment-desk:problem:clock-wrong")
    status, part = await readiness(newsroom)
    assert (status, part["ok"]) == (503, False)
    assert side in part["detail"]

    newsroom.later = timedelta()
    assert (await send(newsroom, datetime.now(UTC), "c1"))[0] == 202
    assert await readiness(newsroom) == (200, {"ok": True, "needed": True, "detail": ""})
    # A site whose own clock is wrong is told so, as before.
    assert (await send(newsroom, datetime.now(UTC) - timedelta(hours=1), "c2"))[0] == 401


@pytest.mark.parametrize("restart", [False, True])
async def test_a_card_does_not_wait_for_a_day_that_the_clock_was_ahead(
    newsroom: Newsroom, restart: bool
):
    case = await newsroom.report()
    await newsroom.card(case)
    newsroom.later = timedelta(days=1)
    await newsroom.report(reporter="another")
    if restart:
        await newsroom.stop()
    newsroom.later = timedelta()
    if restart:
        await newsroom.start()

    async def shown() -> bool:
        return any("2 readers" in card.text for card in newsroom.cards(case))

    await eventually(shown, "the second report on the card")
