"""Mails about the steps of a legal notice: each once, to whoever gave it and wants them."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.domain.legal import Stage
from bot.services.cases import legal
from bot.services.redraw import tell_of_legal
from tests.contract.public.mailboxes import Mailboxes
from tests.contract.public.mailing import carry, links, open_mailing
from tests.contract.public.readers import Readers, ticket
from tests.contract.public.test_notices import FIELDS
from tests.services.desks import SAM


@pytest.fixture
async def readers(tmp_path: Path) -> AsyncGenerator[Readers]:
    async with open_mailing(tmp_path) as readers:
        yield readers


Sending = tuple[Readers, Mailboxes, ClientSession]


async def legal_notice(to: Sending, **changes: str) -> None:
    """Give a legal notice of the comment, and say that the address is theirs."""
    readers, boxes, http = to
    fields = {
        "ticket": ticket(),
        "address": "https://courier.example/s1#comment-c1",
        "text": "It says that I take bribes.",
        "falsity": "I never took one.",
        "name": "Jane",
        "email": "jane@example.org",
        "unknown": "yes",
        "may_name": "no",
        "may_email": "no",
        **changes,
    }
    fields = {name: value for name, value in fields.items() if value}
    async with http.post(f"{readers.url}/notices/legal", data=fields) as answer:
        assert answer.status == 200
    await carry(readers, boxes)
    async with http.post(f"{links(boxes)[0]}/confirm") as answer:
        assert answer.status == 200


LEGAL_STEPS = [
    # Each step with what is said of it by mail, `None` for what is the newsroom's own affair.
    [(Stage.POSTER_TOLD, "have asked the person who posted"), (Stage.REMOVED, "removed it")],
    [
        (Stage.POSTER_TOLD, "have asked the person who posted"),
        (Stage.POSTER_INSISTS, None),
        (Stage.HANDED_ON, "stands by it"),
    ],
    [
        (Stage.POSTER_TOLD, "have asked the person who posted"),
        (Stage.POSTER_AGREES, None),
        (Stage.REMOVED, "removed it"),
    ],
    [(Stage.REMOVED, "removed it")],
]


@pytest.mark.parametrize("steps", LEGAL_STEPS)
async def test_whoever_gave_a_legal_notice_is_written_to_once_about_each_step_of_theirs(
    readers: Readers,
    boxes: Mailboxes,
    http: ClientSession,
    steps: list[tuple[Stage, str | None]],
):
    await legal_notice((readers, boxes, http))
    for stage, told in steps:
        before = len(boxes.sent)
        readers.bench.clock.pass_by(hours=1)
        await legal.step(readers.bench.desk, 1, stage, by=SAM)
        await carry(readers, boxes)
        await carry(readers, boxes)
        if told is None:
            assert len(boxes.sent) == before
            continue
        assert len(boxes.sent) == before + 1
        assert told in boxes.sent[-1][2].get_content()
        assert "bribes" not in boxes.sent[-1][2].get_content()
        async with http.get(links(boxes)[0]) as answer:
            assert told in await answer.text()


async def test_whoever_gave_a_defective_notice_is_told_what_it_lacks(
    readers: Readers, boxes: Mailboxes, http: ClientSession
):
    await legal_notice((readers, boxes, http), unknown="")
    await legal.step(readers.bench.desk, 1, Stage.ANSWERED, by=SAM)
    await carry(readers, boxes)
    assert len(boxes.sent) == 2
    lacks = "I do not know enough about the person who posted it"
    assert f"- {lacks}" in boxes.sent[1][2].get_content()
    async with http.get(links(boxes)[0]) as answer:
        page = await answer.text()
    assert lacks in page
    assert page.count("<li>") == 1, "and of nothing that it says"


async def test_a_step_that_was_overtaken_is_not_told_any_more(
    readers: Readers, boxes: Mailboxes, http: ClientSession
):
    """A mail server is down, and meanwhile the comment is gone."""
    await legal_notice((readers, boxes, http))
    await legal.step(readers.bench.desk, 1, Stage.POSTER_TOLD, by=SAM)
    boxes.answer = "451 Try later"
    await carry(readers, boxes)
    await legal.step(readers.bench.desk, 1, Stage.REMOVED, by=SAM)
    boxes.answer = None
    readers.bench.clock.pass_by(minutes=5)
    await carry(readers, boxes)
    assert len(boxes.sent) == 2
    assert "removed it" in boxes.sent[1][2].get_content()


@pytest.mark.parametrize("stage", list(Stage))
async def test_whoever_did_not_press_is_told_of_no_step(
    readers: Readers, boxes: Mailboxes, http: ClientSession, stage: Stage
):
    fields = {**FIELDS["legal"], "ticket": ticket(), "unknown": "yes"}
    async with http.post(f"{readers.url}/notices/legal", data=fields) as answer:
        assert answer.status == 200
    await readers.bench.store.write(lambda tx: tell_of_legal(tx, 1, stage, readers.bench.clock.now))
    await carry(readers, boxes)
    assert len(boxes.sent) == 1, "the one mail that asks"
