"""The author's page about a decision, and contesting it there, over real sockets."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.domain.cases import Answer
from bot.domain.decisions import Action, Decision, Door
from bot.domain.ids import CaseId, SiteId
from bot.domain.policy import Policy
from bot.services.cases.reverse import reverse
from bot.services.readers.contest import answer_contest
from bot.services.readers.report import file_report
from bot.services.readers.statement import hash_of, secret_of
from tests.contract.public.readers import Readers
from tests.services.desks import BEN, SAM

CONTEST_FOR = Policy(rules=()).contests_for

CASE = CaseId(1)


async def stated(readers: Readers, made: Decision) -> str:
    secret = secret_of(b"a key of the courier's own", SiteId("courier"), made)
    now = readers.bench.clock.now
    await readers.bench.store.write(lambda tx: tx.contests.state(made.id, hash_of(secret), now))
    return f"{readers.url}/decision/{secret}"


async def decided(readers: Readers, action: Action = Action.HIDE, **how: Any) -> str:
    await readers.bench.take(text="<i>Look</i> at them")
    return await stated(readers, await readers.bench.decide(CASE, action, rule=4, **how))


async def seen(http: ClientSession, url: str, why: str | None = None) -> tuple[int, str]:
    method, data = ("GET", None) if why is None else ("POST", {"why": why})
    async with http.request(method, url, data=data) as answer:
        return answer.status, await answer.text()


async def test_the_author_reads_what_why_and_how_to_contest_it(
    readers: Readers, http: ClientSession
):
    _, page = await seen(http, await decided(readers))

    assert "We have removed your comment." in page
    assert "It broke this rule: Hate" in page
    assert "Readers had reported the comment." in page
    assert "A person decided this." in page
    assert "&lt;i&gt;Look&lt;/i&gt; at them" in page
    assert "Contest this decision" in page
    for name in ("Ana", "Ben", "ReporterKey"):
        assert name not in page


async def test_a_ban_says_how_long_it_lasts(readers: Readers, http: ClientSession):
    _, page = await seen(http, await decided(readers, Action.BAN, lasting=timedelta(days=7)))
    assert "you cannot comment until 1 December 2026 at 12:00" in page


@pytest.mark.parametrize(
    ("rule", "action", "invited"),
    [(5, Action.HIDE, True), (4, Action.HIDE, False), (5, Action.BAN, False)],
)
async def test_who_may_write_is_invited_to_say_it_differently_where_it_was_the_words(
    readers: Readers, http: ClientSession, rule: int, action: Action, invited: bool
):
    await readers.bench.take(text="Shut it, you <i>clown</i>")
    lasting = timedelta(days=7) if action is Action.BAN else None
    made = await readers.bench.decide(CASE, action, rule=rule, lasting=lasting)
    url = await stated(readers, made)
    _, page = await seen(http, url)
    assert ("You are welcome to say it differently." in page) is invited
    assert "Shut it, you &lt;i&gt;clown&lt;/i&gt;" in page
    if invited:
        await reverse(readers.bench.desk, CASE, by=SAM, door=Door.BUTTON)
        _, page = await seen(http, url)
        assert "say it differently" not in page


async def test_a_contest_is_taken_once_and_answered_on_the_same_page(
    readers: Readers, http: ClientSession
):
    url = await decided(readers)
    _, page = await seen(http, f"{url}/contest", "It <b>was</b> a joke")
    assert "It &lt;b&gt;was&lt;/b&gt; a joke" in page
    assert "We have what you wrote." in page
    status, page = await seen(http, f"{url}/contest", "Again")
    assert status == 422
    assert "This can no longer be contested." in page

    await answer_contest(readers.bench.desk, 1, Answer.OVERTURNED, by=BEN, reasons="A joke indeed")
    _, page = await seen(http, url)
    assert "changed the decision" in page
    assert "A joke indeed" in page
    assert "This decision was taken back." in page
    assert "Ben" not in page


@pytest.mark.parametrize(
    ("why", "said"), [("", "Say why"), ("  ", "Say why"), ("x" * 2001, "That is too long.")]
)
async def test_a_contest_without_a_reason_is_asked_for_one(
    readers: Readers, http: ClientSession, why: str, said: str
):
    status, page = await seen(http, f"{await decided(readers)}/contest", why)
    assert status == 422
    assert said in page


async def test_a_link_that_is_followed_contests_nothing(readers: Readers, http: ClientSession):
    url = await decided(readers)
    status, _ = await seen(http, f"{url}/contest?why=x")
    assert status == 404
    assert await readers.bench.store.read(lambda tx: tx.contests.get(1)) is None


async def test_when_its_time_is_over_it_is_no_more_offered(readers: Readers, http: ClientSession):
    url = await decided(readers)
    readers.bench.clock.now += CONTEST_FOR
    status, page = await seen(http, url)
    assert status == 200
    assert "Contest this decision" not in page


async def test_a_reporter_contests_what_was_kept_on_their_own_page(
    readers: Readers, http: ClientSession
):
    filed = await file_report(readers.bench.desk, readers.bench.report(), "en")
    url = f"{readers.url}/your-report/{filed.secret}"
    _, page = await seen(http, url)
    assert "Contest this decision" not in page
    await readers.bench.decide(CASE, Action.KEEP)
    _, page = await seen(http, url)
    assert "Contest this decision" in page
    _, page = await seen(http, f"{url}/contest", "Read it again")
    assert "Read it again" in page
    await answer_contest(readers.bench.desk, 1, Answer.UPHELD, by=BEN, reasons="It may stand")
    _, page = await seen(http, url)
    assert "The decision stands." in page
    assert "It may stand" in page


async def test_the_one_who_decided_may_answer_only_where_that_is_said(
    readers: Readers, http: ClientSession
):
    url = await decided(readers)
    _, page = await seen(http, url)
    assert "We are a small desk" not in page
    readers.bench.policy = replace(readers.bench.policy, contests_alone=True)
    _, page = await seen(http, url)
    assert "We are a small desk" in page
