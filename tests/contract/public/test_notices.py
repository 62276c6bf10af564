"""Notices of another kind, over real sockets and the real store: one page for anybody."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import ClientSession

from bot.domain.cases import NoticeKind
from bot.domain.decisions import Action
from bot.domain.ids import CaseId, RuleNumber
from bot.domain.legal import Consent, Stage
from bot.domain.readers.notice import Notice
from bot.services.cases.receive import receive
from bot.services.readers.notice import erase_notices
from bot.services.readers.notice_case import seek
from bot.store.tx import Tx
from tests.contract.public.readers import Readers, content, ticket

ADDRESS = "https://courier.example/s1#comment-c1"
FIELDS: Mapping[str, Mapping[str, str]] = {
    "illegal": {
        "address": ADDRESS,
        "text": "It calls for arson.",
        "name": "Jane Doe",
        "email": "jane@example.org",
        "good_faith": "yes",
    },
    "legal": {
        "address": ADDRESS,
        "text": "It says that I take bribes.",
        "falsity": "I never took one.",
        "name": "Jane Doe",
        "email": "jane@example.org",
        "unknown": "yes",
        "may_name": "yes",
        "may_email": "no",
    },
    "data": {"text": "You keep my address."},
    "newsroom": {"address": ADDRESS, "text": "It gives away a plot."},
}
KINDS = tuple(FIELDS)


async def send(
    readers: Readers, http: ClientSession, kind: str, **changes: str | None
) -> tuple[int, str, str]:
    """Send a form of the page; return the status, where it leads to, and what is said."""
    fields = {**FIELDS[kind], **changes}
    data = {name: value for name, value in fields.items() if value is not None}
    url = f"{readers.url}/notices/{kind}"
    async with http.post(url, data=data, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location", ""), await answer.text()


async def taken(readers: Readers, http: ClientSession, kind: str, **changes: str | None) -> str:
    """Send a form, and look for its comment, as the desk does at once; return where it leads to."""
    status, address, text = await send(readers, http, kind, **changes)
    assert status == 303, text
    await seek(readers.bench.desk, {})
    return address


async def seen(http: ClientSession, address: str) -> str:
    async with http.get(address) as answer:
        assert answer.status == 200
        return await answer.text()


async def notice(readers: Readers, number: int = 1) -> Notice | None:
    return await readers.bench.store.read(lambda tx: tx.notices.get(number))


async def kept(readers: Readers, number: int = 1) -> Notice:
    found = await notice(readers, number)
    assert found is not None
    return found


async def reported(readers: Readers) -> CaseId:
    report = readers.bench.report()
    found = replace(report.comment, permalink=ADDRESS)
    [receipt] = await receive(readers.bench.desk, [replace(report, comment=found)])
    return receipt.case_id


@pytest.mark.parametrize("kind", KINDS)
async def test_a_notice_is_kept_with_all_that_it_says(
    readers: Readers, http: ClientSession, kind: str
):
    address = await taken(readers, http, kind)

    page = await seen(http, address)
    assert "Thank you. We have received this." in page
    assert FIELDS[kind]["text"] in page
    made = await kept(readers)
    assert made.kind == kind
    assert made.case_id is None
    said = made.said
    assert (said.name, said.email) == (
        FIELDS[kind].get("name", ""),
        FIELDS[kind].get("email", ""),
    )
    assert made.act_by is not None
    assert made.reference[:3] in page
    assert (said.may_name, said.may_email) == ((True, False) if kind == "legal" else (None, None))


@pytest.mark.parametrize("kind", KINDS)
async def test_the_answer_is_the_same_whatever_is_known_of_the_address(
    readers: Readers, http: ClientSession, kind: str
):
    """Known, hidden before, kept before, on hold, unknown: none can be told from another."""
    case = await reported(readers)
    pages = [await seen(http, await taken(readers, http, kind, address=ADDRESS))]
    await readers.bench.decide(case, Action.HIDE, rule=RuleNumber(5))
    readers.bench.clock.pass_by(minutes=1)
    pages.append(await seen(http, await taken(readers, http, kind, address=ADDRESS)))
    other = "https://courier.example/s1#comment-c9"
    pages.append(await seen(http, await taken(readers, http, kind, address=other)))

    states = {page.partition('class="state">')[2].partition("<")[0] for page in pages}
    assert len(states) == 1
    known, unknown = await kept(readers, 1), await kept(readers, 3)
    assert (known.case_id, unknown.case_id) == (case, None)


@pytest.mark.parametrize("kind", KINDS)
async def test_the_work_is_the_same_whatever_is_known_of_the_address(
    readers: Readers, http: ClientSession, kind: str
):
    """What an answer takes tells as much as its words: the statements until it is given."""
    case = await reported(readers)
    unknown = "https://courier.example/s1#comment-c9"
    work = [await statements_of(readers, http, kind, one) for one in (unknown, ADDRESS)]
    await readers.bench.decide(case, Action.HIDE, rule=RuleNumber(5))
    work.append(await statements_of(readers, http, kind, ADDRESS))
    assert work[0]
    assert work == [work[0]] * 3


async def statements_of(
    readers: Readers, http: ClientSession, kind: str, address: str
) -> list[str]:
    """Send a form; return what the database was asked to do until it was answered."""
    done: list[str] = []

    def listen(tx: Tx) -> None:
        tx.run("SELECT 1").connection.set_trace_callback(done.append)  # type: ignore[attr-defined]

    def hear_no_more(tx: Tx) -> None:
        tx.run("SELECT 1").connection.set_trace_callback(None)  # type: ignore[attr-defined]

    await readers.bench.store.write(listen)
    status, _, _ = await send(readers, http, kind, address=address)
    assert status == 303
    await readers.bench.store.write(hear_no_more)
    await seek(readers.bench.desk, {})
    return [re.sub(r"'[^']*'|[0-9]+", "?", statement) for statement in done]


@pytest.mark.parametrize("kind", ["illegal", "newsroom"])
@pytest.mark.parametrize(
    ("action", "told"),
    [(Action.HIDE, "removed it. It broke this rule: Abusive language"), (Action.KEEP, "keep it")],
)
async def test_whoever_gave_notice_learns_what_was_decided_and_not_by_whom(
    readers: Readers, http: ClientSession, kind: str, action: Action, told: str
):
    case = await reported(readers)
    address = await taken(readers, http, kind)
    readers.bench.clock.pass_by(minutes=5)
    await readers.bench.decide(case, action, rule=RuleNumber(5) if action is Action.HIDE else None)

    page = await seen(http, address)
    assert told in page
    assert "If you do not agree" in page
    assert "Ana" not in page


async def test_a_legal_notice_starts_the_clocks_there_are_with_each_consent_apart(
    readers: Readers, http: ClientSession
):
    case = await reported(readers)
    address = await taken(readers, http, "legal")

    made = await kept(readers)
    [legal] = await readers.bench.store.read(lambda tx: tx.legal.of_case(case))
    assert made.legal_id == legal.id
    assert legal.stage is Stage.RECEIVED
    assert (legal.consent, legal.email_consent) == (Consent.GIVEN, Consent.REFUSED)
    assert legal.act_by == readers.bench.clock.now + timedelta(hours=48)
    assert "Somebody will look at it" in await seen(http, address)


async def test_a_legal_notice_that_lacks_something_says_so_by_itself(
    readers: Readers, http: ClientSession
):
    unknown = await taken(readers, http, "legal", unknown=None)
    case = await reported(readers)
    known = await taken(readers, http, "legal", unknown=None)

    for address in (known, unknown):
        assert "not say all that the law asks" in await seen(http, address)
    [legal] = await readers.bench.store.read(lambda tx: tx.legal.of_case(case))
    assert legal.stage is Stage.DEFECTIVE


@pytest.mark.parametrize(
    ("kind", "left_out", "said"),
    [
        ("illegal", "address", "Address of the comment"),
        ("illegal", "text", "Why is it illegal?"),
        ("illegal", "name", "Your name"),
        ("illegal", "email", "Your e-mail address"),
        ("illegal", "good_faith", "I believe in good faith"),
        ("legal", "falsity", "What in it is untrue"),
        ("legal", "may_name", "May we tell the person who posted it your name?"),
        ("legal", "may_email", "May we give them your e-mail address?"),
        ("data", "text", "What is wrong with how we use your data?"),
        ("newsroom", "address", "Address of the comment"),
    ],
)
async def test_what_a_kind_must_say_is_asked_for_and_nothing_typed_is_lost(
    readers: Readers, http: ClientSession, kind: str, left_out: str, said: str
):
    for value in (None, "  \t"):
        if value is not None and left_out == "good_faith":
            continue
        status, _, page = await send(readers, http, kind, **{left_out: value})
        assert status == 422
        assert f"This is needed: {said}" in page
        if left_out != "text":
            assert FIELDS[kind]["text"] in page
        assert page.count("<details open>") == 1
    assert await notice(readers) is None


async def test_nobody_has_to_give_a_name_for_an_offence_against_a_child(
    readers: Readers, http: ClientSession
):
    await taken(readers, http, "illegal", name=None, email=None, minor="yes")

    said = (await kept(readers)).said
    assert said.minor
    assert (said.name, said.email) == ("", "")


@pytest.mark.parametrize(
    "email",
    [
        "jane",
        "jane@",
        "@example.org",
        "jane@example",
        "jane@example.org\nBcc: all@example.org",
        "jane@example.org\r\nBcc: all@example.org",
        "jane@example.org, all@example.org",
        "Jane <jane@example.org>",
        "jane doe@example.org",
        "jane@exam ple.org",
        "jane@-example.org",
        "ja..ne@example.org",
        f"{'j' * 65}@example.org",
        f"jane@{'e' * 250}.org",
        "j\u0430ne@example.org",
        "jane@example.org\u202e",
        "jane@example.org\x00",
    ],
)
async def test_what_is_no_address_of_one_person_is_not_taken(
    readers: Readers, http: ClientSession, email: str
):
    status, _, page = await send(readers, http, "newsroom", email=email)
    found = await notice(readers)
    if status == 303:  # what was only untidy is one plain address
        assert found is not None
        assert found.said.email == "jane@example.org"
        assert not set(email) & set("\r\n,<")
    else:
        assert "such as name@example.org" in page
        assert found is None


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "courier.example/s1", "https://", "ftp://courier.example/s1",
     "https://courier.example/a b", "data:text/html,x", "https://[::1", "https://x" * 400],
)  # fmt: skip
async def test_what_is_no_address_of_a_page_is_not_taken(
    readers: Readers, http: ClientSession, address: str
):
    status, _, page = await send(readers, http, "newsroom", address=address)
    assert status == 422
    assert "beginning with https://" in page


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7777 * 7777 }}{% raw %}",
    "'; DROP TABLE notices; --",
    "\u202egnp.exe\u0000\ud83d",
    "\r\nSet-Cookie: a=b",
    "%0d%0aLocation: https://evil.example",
    "@everyone <@&1> [x](https://evil.example)",
    "\ufdfd" * 400,
]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("kind", KINDS)
async def test_hostile_words_in_every_field_are_words(
    readers: Readers, http: ClientSession, kind: str, hostile: str
):
    hostile = hostile.encode("utf-8", "replace").decode()
    for field in ("text", "name", "falsity", "lang", "ticket", "may_name", "unknown", "x"):
        status, address, page = await send(readers, http, kind, **{field: hostile})
        if status == 303:
            page = await seen(http, address)
        assert status in {303, 422}
        assert hostile.strip() not in page or "<" not in hostile
        assert "60481729" not in page


async def test_words_that_are_too_many_are_refused_and_kept_in_the_form(
    readers: Readers, http: ClientSession
):
    status, _, page = await send(readers, http, "newsroom", text="a" * 2001)
    assert status == 422
    assert "at most 2000 characters" in page
    assert "a" * 2001 in page
    assert (await send(readers, http, "newsroom", text="a" * 2000))[0] == 303


async def test_a_kind_that_there_is_not_is_nothing(readers: Readers, http: ClientSession):
    for path in ("/notices/other", "/notices/illegal/x", "/notices/%00", "/your-notice/none"):
        async with http.post(f"{readers.url}{path}", data={"text": "x"}) as answer:
            assert answer.status == 404


async def test_a_get_changes_nothing_and_a_wrong_method_tells_nothing(
    readers: Readers, http: ClientSession
):
    address = await taken(readers, http, "illegal")
    before = await kept(readers)
    query = "&".join(f"{name}={value}" for name, value in FIELDS["illegal"].items())
    for path in (f"{readers.url}/notices", f"{readers.url}/notices/illegal", address):
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
            async with http.request(method, f"{path}?{query}") as answer:
                assert answer.status in {200, 404}
    assert await notice(readers, 2) is None
    assert await kept(readers) == before


async def test_a_comment_that_was_never_reported_becomes_a_case_where_the_site_vouches_for_it(
    readers: Readers, http: ClientSession
):
    async with http.post(f"{readers.url}/notices", data={"ticket": ticket()}) as answer:
        page = await answer.text()
    assert "You are all bought." in page
    assert f'value="{ADDRESS}"' in page
    assert await readers.bench.store.read(lambda tx: tx.cases.get(CaseId(1))) is None

    await taken(readers, http, "legal", ticket=ticket())
    made = await kept(readers)
    assert made.case_id == 1
    assert made.legal_id is not None
    case = await readers.bench.store.read(lambda tx: tx.cases.get(CaseId(1)))
    assert case is not None
    assert readers.bench.policy.rule(case.top_rule).code == "libel"


async def test_a_ticket_that_nobody_signed_leads_nowhere(readers: Readers, http: ClientSession):
    forged = ticket()[:-3] + "AAA"
    async with http.post(f"{readers.url}/notices", data={"ticket": forged}) as answer:
        assert answer.status == 422
    # Given with a notice, that is taken all the same, by its address alone.
    await taken(readers, http, "newsroom", ticket=forged)
    assert (await kept(readers)).case_id is None


async def test_notices_are_limited_as_reports_are(readers: Readers, http: ClientSession):
    answers = [(await send(readers, http, "data"))[0] for _ in range(11)]
    assert answers == [*[303] * 10, 429]


async def test_a_page_is_forgotten_once_its_time_is_over(readers: Readers, http: ClientSession):
    address = await taken(readers, http, "data")
    readers.bench.clock.pass_by(days=215)
    async with http.get(address) as answer:
        assert answer.status == 404
    readers.bench.clock.pass_by(seconds=1)
    assert await erase_notices(readers.bench.desk) == 1
    made = await kept(readers)
    assert made.kind is NoticeKind.DATA, "that there was one stays in the figures"
    assert (made.said.text, made.said.name, made.said.email) == ("", "", "")
    assert await erase_notices(readers.bench.desk) == 0


async def test_the_page_speaks_the_readers_language(readers: Readers, http: ClientSession):
    async with http.get(f"{readers.url}/notices?lang=cy") as answer:
        assert "Hysbysiadau a chwynion" in await answer.text()
    address = await taken(readers, http, "data", lang="cy")
    assert (await kept(readers)).locale == "cy"
    assert "Eich hysbysiad" in await seen(http, address)


def test_the_ticket_in_these_tests_is_of_the_address():
    assert content()["comment"]["permalink"] == ADDRESS
