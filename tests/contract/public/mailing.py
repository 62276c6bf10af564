"""A desk that writes to readers, and what tests do with its mails."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from aiohttp import ClientSession

from bot.domain.readers.mail import MailServer
from bot.mailer import Mailer
from bot.services.outbox_worker import turn
from bot.services.readers.mail import mail_lane
from bot.store.sqlite import open_store
from bot.web.public.letters import written
from tests.contract.public.mailboxes import Mailboxes
from tests.contract.public.readers import Readers, as_json, body, open_readers, reader
from tests.services.desks import Bench
from tests.support.fresh import new_desk

LINK = re.compile(r"http://127\.0\.0\.1:\d+/(mail|your-report|your-notice)/([\w-]+)(/stop)?")


class MailingBench(Bench):
    """A bench whose desk writes to readers."""

    @property
    def desk(self):
        return replace(super().desk, writes_mail=True)


@asynccontextmanager
async def open_mailing(folder: Path) -> AsyncGenerator[Readers]:
    """Serve the pages of a desk that writes to readers."""
    async with (
        open_store(new_desk(folder / "desk.db")) as store,
        open_readers(MailingBench(store)) as readers,
    ):
        yield readers


def server(boxes: Mailboxes, **changes: object) -> MailServer:
    made = MailServer(
        host="127.0.0.1",
        port=boxes.port,
        security="none",
        sender="reports@courier.example",
        sender_name="The Courier, Readers' Desk",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


async def carry(readers: Readers, boxes: Mailboxes, **changes: object) -> None:
    """Send all that is due."""
    bench = readers.bench
    mailer = Mailer(
        server(boxes, **changes), lambda one: written(one, bench.policy, readers.url), bench.clock
    )
    lane = mail_lane(bench.desk, mailer.send)
    while await turn(lane):
        pass


async def report(readers: Readers, http: ClientSession, name: str = "r1") -> str:
    """Report the comment; return the receipt's address."""
    url = f"{readers.url}/v1/sites/courier/reports"
    headers = {"Content-Type": "application/json", "Origin": readers.story.removesuffix("/s1")}
    data = as_json(body(reader=reader(name)))
    async with http.post(url, data=data, headers=headers) as answer:
        return str((await answer.json())["url"]).partition("?")[0]


async def ask(
    http: ClientSession, receipt: str, email: str = "jane@example.org", lang: str = "en"
) -> int:
    data = {"email": email, "lang": lang}
    async with http.post(f"{receipt}/mail", data=data, allow_redirects=False) as answer:
        return answer.status


def links(boxes: Mailboxes, at: int = -1) -> list[str]:
    text = boxes.sent[at][2].get_content()
    return [found[0] for found in re.finditer(LINK, text)]


async def confirmed(
    readers: Readers, boxes: Mailboxes, http: ClientSession, receipt: str, email: str
) -> None:
    assert await ask(http, receipt, email) == 303
    await carry(readers, boxes)
    async with http.post(f"{links(boxes)[0]}/confirm") as answer:
        assert answer.status == 200
