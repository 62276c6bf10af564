"""The readers' pages of a running desk: from the form to the decision, as the settings open them."""

from collections.abc import Generator

import pytest
from aiohttp import ClientSession

from bot.domain.readers.ticket import write_ticket
from config.settings import PublicSettings, SmtpSettings
from tests.contract.public.mailboxes import open_mailboxes
from tests.journey.newsroom import IN_SECRET, SITE, Newsroom
from tests.support.ports import kept_port
from tests.support.waiting import until


@pytest.fixture
def port() -> Generator[int]:
    with kept_port() as port:
        yield port


async def test_a_report_from_the_form_is_decided_and_both_sides_are_told(
    quiet_newsroom: Newsroom, port: int
):
    newsroom = quiet_newsroom
    url = f"http://127.0.0.1:{port}"
    newsroom.public = PublicSettings(url=url, port=port, behind_proxy=False)
    await newsroom.start()
    comment = {"id": "c9", "text": "Shut it", "author": {"id": "a9", "name": "tess"}}
    story = {"id": "s9", "title": "Raids", "url": "https://courier.example/s9"}
    ticket = write_ticket({"site": SITE, "comment": comment, "story": story}, IN_SECRET)

    async with ClientSession() as reader:
        form = {"ticket": ticket, "reason": "abuse", "note": "He says so daily"}
        async with reader.post(f"{url}/report/{SITE}/send", data=form) as answer:
            receipt = str(answer.url)
            assert answer.status == 200
        ana = newsroom.sandbox.as_user("ana")
        await ana.press(await newsroom.card(1, "Shut it"), "Hide")
        await newsroom.card(1, "Hidden")
        async with reader.get(receipt) as answer:
            assert "We looked at the comment and removed it." in await answer.text()
        told = newsroom.site.orders[-1]["data"]["statement_url"]
        async with reader.get(told) as answer:
            assert "We have removed your comment." in await answer.text()


async def test_a_reader_is_written_to_through_the_server_that_the_settings_name(
    quiet_newsroom: Newsroom, port: int
):
    newsroom = quiet_newsroom
    url = f"http://127.0.0.1:{port}"
    async with open_mailboxes() as boxes, ClientSession() as reader:
        smtp = SmtpSettings(
            host="127.0.0.1", port=boxes.port, security="none", sender="reports@courier.example"
        )
        newsroom.public = PublicSettings(url=url, port=port, behind_proxy=False, smtp=smtp)
        await newsroom.start()
        form = {"text": "You keep my address.", "email": "jane@example.org"}
        async with reader.post(f"{url}/notices/data", data=form) as answer:
            assert answer.status == 200
        [(_, to, mail)] = await until(lambda: list(boxes.sent), what="the mail")
        assert to == ["jane@example.org"]
        assert "We have received your notice" in mail.get_content()
        ana = newsroom.sandbox.as_user("ana")
        card = await ana.wait_for("moderation", "Complaint about personal data: notice 1")
        assert "jane" not in card.text
