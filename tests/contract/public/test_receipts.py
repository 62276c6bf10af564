"""A reader's way back: each state, adding, taking back, and that a link that is followed does nothing."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.domain.cases import Answer
from bot.domain.decisions import Action, Door
from bot.domain.ids import CaseId, ReporterKey, RuleNumber
from bot.domain.reporters import ReaderStanding
from bot.services.cases.reverse import reverse
from bot.services.readers.contest import answer_contest
from bot.services.readers.report import KEPT_FOR, file_report, forget_reports
from bot.services.readers.statement import hash_of
from tests.contract.public.readers import Readers
from tests.services.desks import ANA, BEN

CASE = CaseId(1)


async def filed(readers: Readers, **changes: object) -> str:
    """File a report and return its secret."""
    made = await file_report(readers.bench.desk, readers.bench.report(**changes), "en")
    return made.secret


async def seen(readers: Readers, http: ClientSession, secret: str) -> str:
    async with http.get(f"{readers.url}/your-report/{secret}") as answer:
        return await answer.text()


async def test_a_report_says_how_far_it_has_got(readers: Readers, http: ClientSession):
    secret = await filed(readers)
    assert "A moderator will look at the comment." in await seen(readers, http, secret)

    await readers.bench.decide(CASE, Action.HIDE, rule=4)
    page = await seen(readers, http, secret)
    assert "We looked at the comment and removed it. It broke this rule: Hate." in page
    assert "Ana" not in page
    assert "salty_dog" not in page


async def test_a_comment_that_was_kept_is_said_to_be(readers: Readers, http: ClientSession):
    secret = await filed(readers)
    await readers.bench.decide(CASE, Action.KEEP)
    assert "decided to keep it" in await seen(readers, http, secret)


async def test_a_ban_is_told_as_a_removal_and_no_more(readers: Readers, http: ClientSession):
    secret = await filed(readers)
    await readers.bench.decide(CASE, Action.BAN, rule=3, lasting=timedelta(days=7))
    page = await seen(readers, http, secret)
    assert "removed it" in page
    assert "ban" not in page.lower()


async def test_an_edit_since_is_said(readers: Readers, http: ClientSession):
    secret = await filed(readers)
    readers.bench.clock.pass_by(minutes=5)
    other = await filed(readers, revision="r2", text="You are all good.")
    assert "has been changed since" in await seen(readers, http, secret)
    assert "has been changed since" not in await seen(readers, http, other)


async def test_what_a_reader_adds_reaches_the_moderators(readers: Readers, http: ClientSession):
    secret = await filed(readers, note="First")
    url = f"{readers.url}/your-report/{secret}/add"
    async with http.post(url, data={"note": "Second <b>"}) as answer:
        page = await answer.text()
    assert "Added." in page
    assert "Second &lt;b&gt;" in page
    notes = await readers.bench.store.read(lambda tx: tx.reports.notes(CASE))
    assert [note.text for note in notes] == ["First\nSecond <b>"]


async def test_more_words_than_there_is_room_for_are_not_lost(
    readers: Readers, http: ClientSession
):
    secret = await filed(readers, note="x" * 490)
    url = f"{readers.url}/your-report/{secret}/add"
    async with http.post(url, data={"note": "y" * 20}) as answer:
        page = await answer.text()
        assert answer.status == 409
    assert "y" * 20 in page
    assert "There is no room for that much." in page


async def test_a_report_that_is_taken_back_counts_no_more(readers: Readers, http: ClientSession):
    secret = await filed(readers)
    await filed(readers, rule=RuleNumber(5))
    async with http.post(f"{readers.url}/your-report/{secret}/withdraw") as answer:
        assert "You took this report back." in await answer.text()

    case = await readers.bench.store.read(lambda tx: tx.cases.get(CASE))
    assert case is not None
    assert (case.reports, case.reporters, case.reasons) == (1, 1, {5: 1})
    async with http.post(f"{readers.url}/your-report/{secret}/withdraw"):
        pass
    case = await readers.bench.store.read(lambda tx: tx.cases.get(CASE))
    assert case is not None
    assert case.reports == 1, "taking it back twice takes nothing more"


async def test_the_only_report_taken_back_leaves_the_case_to_be_looked_at(
    readers: Readers, http: ClientSession
):
    secret = await filed(readers)
    async with http.post(f"{readers.url}/your-report/{secret}/withdraw"):
        pass
    case = await readers.bench.store.read(lambda tx: tx.cases.get(CASE))
    assert case is not None
    assert case.is_open
    assert case.reports == 1


async def test_what_another_report_of_the_same_reader_says_still_counts(
    readers: Readers, http: ClientSession
):
    reader = ReporterKey(b"r" * 16)
    await filed(readers)
    first = await filed(readers, reporter=reader)
    await filed(readers, reporter=reader)
    async with http.post(f"{readers.url}/your-report/{first}/withdraw"):
        pass
    case = await readers.bench.store.read(lambda tx: tx.cases.get(CASE))
    assert case is not None
    assert case.reports == 2


@pytest.mark.parametrize("act", ["add", "withdraw"])
async def test_what_was_decided_is_not_changed_by_its_reporter(
    readers: Readers, http: ClientSession, act: str
):
    secret = await filed(readers)
    await readers.bench.decide(CASE, Action.KEEP)
    url = f"{readers.url}/your-report/{secret}/{act}"
    async with http.post(url, data={"note": "But"}) as answer:
        assert answer.status == 409
        assert "This has been decided" in await answer.text()


@pytest.mark.parametrize("act", ["add", "withdraw"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
async def test_following_a_link_changes_nothing(
    readers: Readers, http: ClientSession, act: str, method: str
):
    secret = await filed(readers)
    url = f"{readers.url}/your-report/{secret}/{act}?note=x"
    async with http.request(method, url) as answer:
        assert answer.status == 404
    assert "A moderator will look" in await seen(readers, http, secret)


async def test_after_its_time_a_report_is_not_there(readers: Readers, http: ClientSession):
    secret = await filed(readers)
    readers.bench.clock.now += KEPT_FOR
    assert "There is no report at this address." in await seen(readers, http, secret)


async def test_what_is_over_is_erased_and_nothing_else(readers: Readers, http: ClientSession):
    old = await filed(readers)
    readers.bench.clock.pass_by(days=100)
    new = await filed(readers)
    readers.bench.clock.now += KEPT_FOR - timedelta(days=50)
    assert await forget_reports(readers.bench.desk) == 1
    assert (
        await readers.bench.store.read(lambda tx: tx.reader_reports.by_secret(hash_of(old))) is None
    )
    assert "A moderator will look" in await seen(readers, http, new)


async def test_the_database_opens_no_readers_page(readers: Readers):
    secret = await filed(readers)
    raw = b"".join(map(Path.read_bytes, readers.bench.store.path.parent.glob("desk.db*")))
    assert secret.encode() not in raw
    assert hash_of(secret) in raw


async def test_a_secret_address_is_looked_at_so_often_and_no_more(
    readers: Readers, http: ClientSession
):
    secret = await filed(readers)
    statuses: list[int] = []
    for _ in range(61):
        async with http.get(f"{readers.url}/your-report/{secret}") as answer:
            statuses.append(answer.status)
    assert statuses == [200] * 60 + [429]


async def test_a_decision_that_was_taken_back_is_no_more_said(
    readers: Readers, http: ClientSession
):
    secret = await filed(readers)
    await readers.bench.decide(CASE, Action.HIDE, rule=4)
    assert "removed it" in await seen(readers, http, secret)
    await reverse(readers.bench.desk, CASE, by=ANA, door=Door.BUTTON)
    assert "removed it" not in await seen(readers, http, secret)


async def test_whose_reports_are_not_counted_is_told_and_may_contest_it(
    readers: Readers, http: ClientSession
):
    bench, pest = readers.bench, ReporterKey(b"p" * 16)
    given = await file_report(bench.desk, bench.report(reporter=pest), "en")
    url = f"{readers.url}/your-report/{given.secret}"
    made = await bench.decide(await bench.take(comment="c2"), Action.KEEP)
    now = bench.clock.now
    warned = ReaderStanding(decision_id=made.id, warned_at=now)
    await bench.store.write(lambda tx: tx.readers.stand(pest, warned))
    async with http.get(url) as answer:
        page = await answer.text()
    assert "Please report only what breaks the rules" in page
    assert f"/{given.secret}/object" not in page

    until = now + timedelta(days=30)
    uncounted = replace(warned, uncounted_since=now, uncounted_until=until)
    await bench.store.write(lambda tx: tx.readers.stand(pest, uncounted))
    async with http.get(f"{url}/object?why=x") as answer:
        assert answer.status == 404
    async with http.get(url) as answer:
        page = await answer.text()
    assert "Your reports are not counted until 24 December 2026 at 12:00" in page
    assert f"/{given.secret}/object" in page
    async with http.post(f"{url}/object", data={"why": "I <b>mean</b> well"}) as answer:
        page = await answer.text()
    assert "I &lt;b&gt;mean&lt;/b&gt; well" in page
    assert "We have what you wrote." in page
    async with http.post(f"{url}/object", data={"why": "Again"}) as answer:
        assert "This can no longer be contested." in await answer.text()
    await answer_contest(bench.desk, 1, Answer.OVERTURNED, by=BEN, reasons="You do")
    async with http.get(url) as answer:
        page = await answer.text()
    assert "You do" in page
    assert "not counted" not in page
