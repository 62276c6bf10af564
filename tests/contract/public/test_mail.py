"""Mails to readers, through a real SMTP server: asked for, confirmed, sent once, and stopped."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.domain.decisions import Action, Door
from bot.domain.effects import EffectKind
from bot.domain.ids import CaseId, RuleNumber
from bot.domain.readers.contest import Answer
from bot.domain.readers.notice import Outcome
from bot.mailer import try_server
from bot.services.cases.reverse import reverse
from bot.services.readers.contest import answer_contest, contest_by_reporter
from bot.services.readers.mail import forget_mail
from bot.services.readers.notice import answer_notice
from bot.services.readers.report import forget_reports
from bot.store.sqlite import open_store
from tests.contract.public.mailboxes import PASSWORD, Mailboxes, open_mailboxes
from tests.contract.public.mailing import (
    LINK,
    ask,
    carry,
    confirmed,
    links,
    open_mailing,
    report,
    server,
)
from tests.contract.public.readers import Readers, open_readers
from tests.services.desks import ANA, BEN, SAM, Bench
from tests.support.fresh import new_desk


@pytest.fixture
async def readers(tmp_path: Path) -> AsyncGenerator[Readers]:
    async with open_mailing(tmp_path) as readers:
        yield readers


async def test_one_mail_asks_and_only_the_button_behind_its_link_agrees(
    readers: Readers, boxes: Mailboxes, http: ClientSession
):
    receipt = await report(readers, http)
    assert await ask(http, receipt) == 303
    await carry(readers, boxes)

    [(sender, to, mail)] = boxes.sent
    assert (sender, to) == ("reports@courier.example", ["jane@example.org"])
    assert str(mail["From"]) == '"The Courier, Readers\' Desk" <reports@courier.example>'
    assert mail.get_content_type() == "text/plain"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = mail.get_content()
    assert "You are all bought." not in text
    assert receipt.rpartition("/")[2] not in text, "the address may be mistyped"
    [link] = links(boxes)
    secret = link.rpartition("/")[2]

    for method in ("GET", "HEAD", "OPTIONS", "PUT"):
        for path in (link, f"{link}/confirm", f"{link}/stop"):
            async with http.request(method, path) as answer:
                assert answer.status in {200, 404}
    async with http.get(f"{readers.url}/your-report/{secret}") as answer:
        assert answer.status == 404, "an address that nobody confirmed reads no report"
    await readers.bench.decide(CaseId(1))
    readers.bench.clock.pass_by(hours=1)
    await carry(readers, boxes)
    assert len(boxes.sent) == 1, "nobody is written to who did not press"


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (Action.HIDE, "removed it. It broke this rule: Abusive language."),
        (Action.BAN, "removed it. It broke this rule: Abusive language."),
        (Action.KEEP, "decided to keep it"),
    ],
)
async def test_each_reporter_gets_one_mail_of_their_own_once_it_is_decided(
    readers: Readers, boxes: Mailboxes, http: ClientSession, action: Action, said: str
):
    for number, name in enumerate(("r1", "r2")):
        receipt = await report(readers, http, name)
        await confirmed(readers, boxes, http, receipt, f"{name}@example.org")
        assert len(boxes.sent) == number + 1
    lasting = readers.bench.policy.ladder[0] if action is Action.BAN else None
    rule = None if action is Action.KEEP else RuleNumber(5)
    await readers.bench.decide(CaseId(1), action, rule=rule, lasting=lasting)
    await carry(readers, boxes)
    assert len(boxes.sent) == 2, "it can still be undone"

    readers.bench.clock.pass_by(minutes=10)
    await carry(readers, boxes)

    assert sorted(to for _, [to], _ in boxes.sent[2:]) == ["r1@example.org", "r2@example.org"]
    for _, _, mail in boxes.sent[2:]:
        text = mail.get_content()
        assert said in text
        words = LINK.sub("", text)
        for word in ("Ana", "ban", "salty_dog"):
            assert word not in words
        assert str(mail["To"]) in {"r1@example.org", "r2@example.org"}
    page, stop = links(boxes)
    async with http.get(page) as answer:
        assert answer.status == 200
        assert said.partition(".")[0] in await answer.text()
    assert stop.endswith("/stop")
    await carry(readers, boxes)
    assert len(boxes.sent) == 4


async def test_what_was_undone_in_time_is_told_nobody(
    readers: Readers, boxes: Mailboxes, http: ClientSession
):
    await confirmed(readers, boxes, http, await report(readers, http), "jane@example.org")
    await readers.bench.decide(CaseId(1))
    await reverse(readers.bench.desk, CaseId(1), by=ANA, door=Door.BUTTON)
    readers.bench.clock.pass_by(hours=1)
    await carry(readers, boxes)
    assert len(boxes.sent) == 1

    await readers.bench.decide(CaseId(1), Action.KEEP)
    readers.bench.clock.pass_by(hours=1)
    await carry(readers, boxes)
    assert "decided to keep it" in boxes.sent[1][2].get_content()


async def test_whoever_contests_is_written_to_once_about_the_answer(
    readers: Readers, boxes: Mailboxes, http: ClientSession
):
    receipt = await report(readers, http)
    await confirmed(readers, boxes, http, receipt, "jane@example.org")
    await readers.bench.decide(CaseId(1), Action.KEEP)
    readers.bench.clock.pass_by(hours=1)
    await carry(readers, boxes)
    desk = readers.bench.desk
    await contest_by_reporter(desk, links(boxes)[0].rpartition("/")[2], "It is abuse.", "en")
    await answer_contest(desk, 1, Answer.OVERTURNED, by=BEN, reasons="It is.", rule=RuleNumber(5))
    readers.bench.clock.pass_by(hours=1)
    await carry(readers, boxes)

    assert len(boxes.sent) == 3
    assert "looked at it again and changed the decision" in boxes.sent[2][2].get_content()


@pytest.mark.parametrize("by_button", [True, False])
async def test_whoever_wants_no_more_gets_no_more_and_is_forgotten(
    readers: Readers, boxes: Mailboxes, http: ClientSession, by_button: bool
):
    receipt = await report(readers, http)
    await confirmed(readers, boxes, http, receipt, "jane@example.org")
    if by_button:
        [link] = links(boxes)
        async with http.post(f"{link}/stop") as answer:
            assert answer.status == 200
        async with http.post(f"{link}/stop") as answer:
            assert answer.status == 404
    else:  # as a mail program does by itself
        there = str(boxes.sent[0][2]["List-Unsubscribe"]).strip("<>")
        async with http.post(there, data={"List-Unsubscribe": "One-Click"}) as answer:
            assert answer.status == 200
    await readers.bench.decide(CaseId(1))
    readers.bench.clock.pass_by(hours=1)
    await carry(readers, boxes)
    assert len(boxes.sent) == 1
    rows = await readers.bench.store.read(
        lambda tx: tx.run("SELECT COUNT(*) FROM mail_links").fetchone()
    )
    assert rows == (0,)


async def test_an_address_goes_with_its_report_and_after_a_week_if_nobody_pressed(
    readers: Readers, boxes: Mailboxes, http: ClientSession
):
    first, second = await report(readers, http, "r1"), await report(readers, http, "r2")
    await confirmed(readers, boxes, http, first, "jane@example.org")
    assert await ask(http, second, "john@example.org") == 303
    await carry(readers, boxes)
    readers.bench.clock.pass_by(days=7, seconds=1)
    assert await forget_mail(readers.bench.desk) == 1
    readers.bench.clock.pass_by(days=215)
    await forget_reports(readers.bench.desk)
    rows = await readers.bench.store.read(
        lambda tx: tx.run("SELECT COUNT(*) FROM correspondents").fetchone()
    )
    assert rows == (0,)
    kept = await readers.bench.store.read(
        lambda tx: tx.run("SELECT COUNT(*) FROM outbox WHERE payload LIKE '%@%'").fetchone()
    )
    assert kept == (0,), "the list of what is to be sent has no address"


async def test_another_address_takes_the_place_of_the_first(
    readers: Readers, boxes: Mailboxes, http: ClientSession
):
    receipt = await report(readers, http)
    await confirmed(readers, boxes, http, receipt, "jane@exmaple.org")
    await confirmed(readers, boxes, http, receipt, "jane@example.org")
    await readers.bench.decide(CaseId(1))
    readers.bench.clock.pass_by(hours=1)
    await carry(readers, boxes)
    assert [to for _, [to], _ in boxes.sent] == [
        "jane@exmaple.org",
        "jane@example.org",
        "jane@example.org",
    ]


@pytest.mark.parametrize(
    "email",
    [
        "jane@example.org\r\nBcc: all@example.org",
        "jane@example.org\nSubject: x",
        "jane@example.org,all@example.org",
        "jane@example.org all@example.org",
        '"a\\\r\n b"@example.org',
        "<jane@example.org>",
        "jane@example.org%0aBcc:all@example.org",
        "",
        "x" * 100_000,
    ],
)
async def test_no_address_brings_a_header_or_another_person(
    readers: Readers, boxes: Mailboxes, http: ClientSession, email: str
):
    assert await ask(http, await report(readers, http), email) == 422
    await carry(readers, boxes)
    assert boxes.sent == []


async def test_an_address_that_never_asked_gets_three_mails_at_most(
    readers: Readers, http: ClientSession
):
    receipt = await report(readers, http)
    answers = [await ask(http, receipt, f"{case}@example.org") for case in ("j", "J", "j", "J")]
    assert answers == [303, 303, 303, 429]


async def test_mail_is_in_the_readers_language(
    readers: Readers, boxes: Mailboxes, http: ClientSession
):
    assert await ask(http, await report(readers, http), lang="cy") == 303
    await carry(readers, boxes)
    mail = boxes.sent[0][2]
    assert "Eich adroddiad" in str(mail["Subject"])
    assert "agorwch y dudalen hon" in mail.get_content()
    assert mail["Content-Language"] == "cy"


@pytest.mark.parametrize(
    ("said", "tries"), [("550 5.1.1 No such user", "failed"), ("451 Try later", "waiting")]
)
async def test_what_the_server_says_for_good_ends_it_and_what_it_says_for_now_does_not(
    readers: Readers, boxes: Mailboxes, http: ClientSession, said: str, tries: str
):
    await ask(http, await report(readers, http))
    boxes.answer = said
    await carry(readers, boxes)
    assert boxes.sent == []
    state, trouble = await readers.bench.store.read(
        lambda tx: tx.run("SELECT state, trouble FROM outbox WHERE kind = 'mail'").fetchone()
    )
    assert state == tries
    assert "@" not in trouble
    boxes.answer = None
    readers.bench.clock.pass_by(minutes=1)
    await carry(readers, boxes)
    assert len(boxes.sent) == (1 if tries == "waiting" else 0)


async def test_a_server_that_is_down_is_caught_up_with(
    readers: Readers, boxes: Mailboxes, http: ClientSession
):
    await ask(http, await report(readers, http))
    async with open_mailboxes() as gone:
        pass
    await carry(readers, gone)
    readers.bench.clock.pass_by(minutes=1)
    await carry(readers, boxes)
    assert len(boxes.sent) == 1


async def test_whoever_gives_notice_gets_its_receipt_and_then_the_answer(
    readers: Readers, boxes: Mailboxes, http: ClientSession
):
    fields = {"text": "You keep my address.", "email": "jane@example.org", "name": "Jane"}
    async with http.post(f"{readers.url}/notices/data", data=fields) as answer:
        assert answer.status == 200
    await carry(readers, boxes)
    text = boxes.sent[0][2].get_content()
    assert "We have received your notice" in text
    assert "You keep my address." not in text
    async with http.post(f"{links(boxes)[0]}/confirm") as answer:
        assert "We will write to you" in await answer.text()
    await answer_notice(readers.bench.desk, 1, Outcome.ACTED, "Erased.", by=SAM)
    await carry(readers, boxes)
    assert "We have answered your notice." in boxes.sent[1][2].get_content()
    async with http.get(links(boxes)[0]) as answer:
        page = await answer.text()
    assert "Erased." in page
    assert "Sam" not in page.replace(links(boxes)[0].rpartition("/")[2], "")


async def test_there_is_no_mail_where_no_server_is_named(tmp_path: Path, http: ClientSession):
    async with (
        open_store(new_desk(tmp_path / "desk.db")) as store,
        open_readers(Bench(store)) as readers,
    ):
        receipt = await report(readers, http)
        async with http.get(receipt) as answer:
            assert "e-mail" not in await answer.text()
        assert await ask(http, receipt) == 404
        fields = {"text": "You keep my address.", "email": "jane@example.org"}
        async with http.post(f"{readers.url}/notices/data", data=fields) as answer:
            assert answer.status == 200
        due = await store.read(
            lambda tx: tx.outbox.due(EffectKind.MAIL, readers.bench.clock.now, limit=9)
        )
        assert due == []


async def test_check_tries_the_server_and_says_what_is_wrong():
    async with open_mailboxes(log_in=True) as boxes:
        good = await try_server(server(boxes, user="desk", password=PASSWORD))
        assert good.good, good
        wrong = await try_server(server(boxes, user="desk", password="wrong"))
        assert "refuses the log-in" in wrong.words
        assert "wrong" not in wrong.words.removeprefix("127.0.0.1").replace("went wrong", "")
        plain = await try_server(server(boxes, security="starttls"))
        assert "no STARTTLS" in plain.words
    down = await try_server(server(boxes))
    assert "cannot be reached" in down.words
    assert down.mend


async def test_a_wrong_password_waits_for_the_admin(readers: Readers, http: ClientSession):
    async with open_mailboxes(log_in=True) as boxes:
        await ask(http, await report(readers, http))
        await carry(readers, boxes, user="desk", password="wrong")
        assert boxes.sent == []
        readers.bench.clock.pass_by(minutes=1)
        await carry(readers, boxes, user="desk", password=PASSWORD)
        assert len(boxes.sent) == 1


async def test_a_server_that_falls_silent_is_left_at_once_when_the_desk_ends(
    readers: Readers, http: ClientSession
):
    asked: list[bytes] = []
    silent, left = asyncio.Event(), asyncio.Event()

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example\r\n")
        asked.append(await reader.readline())
        writer.write(b"250 mail.example\r\n")
        asked.append(await reader.readline())
        silent.set()
        asked.append(await reader.read())
        writer.close()
        left.set()

    await ask(http, await report(readers, http))
    async with await asyncio.start_server(greet, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        carrying = asyncio.create_task(carry(readers, Mailboxes(port=port)))
        await silent.wait()
        carrying.cancel()
        await left.wait()

    assert asked[1].startswith(b"MAIL FROM")
    assert asked[2] == b"", "no good-bye, which would be waited for"
    assert (await asyncio.gather(carrying, return_exceptions=True)) != [None]
