"""Secrets are changed while reports come in: nobody is turned away, and none is lost."""

import asyncio
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from aiohttp import ClientConnectorError, ClientOSError, ServerDisconnectedError
from standardwebhooks.webhooks import Webhook

from bot.app import run
from bot.domain.errors import DeskError
from bot.renewal import Renewal
from config.settings import Settings
from tests.journey.newsroom import IN_SECRET, SITE, Newsroom
from tests.support.waiting import until

NEW_SECRET = "whsec_" + "dGhlLXNlY3JldC10aGF0LWNvbWVzLWFmdGVyd2FyZHM="


def signed_with(newsroom: Newsroom, *secrets: str) -> Settings:
    """Return the newsroom's settings with other secrets for what comes in."""
    settings = newsroom.settings()
    site = settings.sites[SITE]
    kept = type(site).model_validate(
        {
            "secrets": secrets,
            "reporter_salt": site.reporter_salt,
            "url": site.url,
            "outgoing_secrets": site.outgoing_secrets,
            "allow_private": True,
        }
    )
    return settings.model_copy(update={"sites": {SITE: kept}})


class Sender:
    """A site that sends one report after another, and notes what it was answered."""

    def __init__(self, newsroom: Newsroom, address: str) -> None:
        self._newsroom = newsroom
        self._address = address
        self.secret = IN_SECRET
        self.answers: list[tuple[str, int]] = []

    async def go_on(self) -> None:
        """Send for ever; what was cut off before its answer is sent again, as sites do."""
        while True:
            secret = self.secret
            with suppress(ServerDisconnectedError, ClientOSError):
                try:
                    self.answers.append((secret, await self._send(len(self.answers), secret)))
                except ClientConnectorError as refused:
                    raise AssertionError("nothing listened") from refused

    async def _send(self, number: int, secret: str) -> int:
        key, now = f"msg_{number}", datetime.now(UTC)
        comment = {"id": f"c{number % 7}"}
        body = json.dumps(self._newsroom.report_body(comment=comment, reporter=f"r{number}"))
        headers = {
            "Content-Type": "application/json",
            "webhook-id": key,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(secret).sign(msg_id=key, timestamp=now, data=body),
        }
        url = f"{self._address}/v1/reports"
        async with self._newsroom.http.post(url, data=body, headers=headers) as response:
            return response.status

    def answered(self, secret: str, *, after: int) -> int | None:
        """Return what the newest report with a secret was answered, of those after a number."""
        return next((code for used, code in self.answers[after:][::-1] if used == secret), None)


async def test_a_secret_is_changed_while_reports_come_in_and_none_is_turned_away(
    quiet_newsroom: Newsroom, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    said: list[Callable[[], Settings]] = []

    def read() -> Settings:
        return said[-1]()

    renewal = Renewal[Settings](read)

    def address() -> str | None:
        begun = [one.args for one in caplog.records if one.msg == "taking reports at %s"]
        return str(begun[-1][0]) if begun and isinstance(begun[-1], tuple) else None

    def begun() -> int:
        """Return how often the desk was there in full, so that nothing is cut off half-made."""
        said = [one.msg for one in caplog.records]
        return min(said.count("taking reports at %s"), said.count("connected to Discord"))

    desk = asyncio.create_task(run(signed_with(quiet_newsroom, IN_SECRET), renewal=renewal))
    sender = Sender(quiet_newsroom, await until(address, what="the address"))
    sending = asyncio.create_task(sender.go_on())
    try:
        await until(lambda: sender.answers and begun() == 1, what="a first answer")

        def unusable() -> Settings:
            raise DeskError("A line is wrong.")

        said.append(unusable)
        renewal.asked.set()
        await until(lambda: "A line is wrong." in caplog.text, what="what is wrong")
        assert begun() == 1

        said.append(lambda: signed_with(quiet_newsroom, NEW_SECRET, IN_SECRET))
        renewal.asked.set()
        await until(lambda: begun() == 2, what="the desk with both secrets")
        sender.secret, place = NEW_SECRET, len(sender.answers)
        await until(lambda: sender.answered(NEW_SECRET, after=place), what="a report with the new")

        said.append(lambda: signed_with(quiet_newsroom, NEW_SECRET))
        renewal.asked.set()
        await until(lambda: begun() == 3, what="the desk with the new secret")
        place = len(sender.answers)
        await until(lambda: sender.answered(NEW_SECRET, after=place), what="one more report")

        assert not sending.done(), "no connection was refused or cut"
        assert {code for _, code in sender.answers} <= {200, 202}, sender.answers
        sender.secret, place = IN_SECRET, len(sender.answers)
        await until(lambda: sender.answered(IN_SECRET, after=place), what="one with the old")
        assert sender.answered(IN_SECRET, after=place) == 401
    finally:
        for task in (sending, desk):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
