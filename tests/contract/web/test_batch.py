import asyncio
import json

import pytest

from .caller import SITE, calling, make_body, make_secret, problem_of


async def answers_of(response) -> list[dict[str, object]]:
    assert response.status == 202, await response.text()
    return (await response.json())["answers"]


async def test_each_report_of_a_batch_is_answered_in_its_place():
    async with calling() as site:
        bodies = [make_body(comment__id=name) for name in ("a", "b", "c")]
        assert await answers_of(await site.batch(*bodies, webhook_id="msg_a")) == [
            {"case": 1042, "counted": True},
            {"case": 1043, "counted": True},
            {"case": 1044, "counted": True},
        ]
        assert [report.delivery for report in site.shelf.kept] == ["msg_a/0", "msg_a/1", "msg_a/2"]


async def test_good_reports_are_kept_when_others_are_bad():
    bodies = [
        make_body(comment__id="a"),
        make_body(comment__id=None),
        make_body(reason="rudeness"),
        make_body(comment__id="d"),
    ]
    async with calling() as site:
        good, shape, meaning, also_good = await answers_of(await site.batch(*bodies))
        assert (good["case"], also_good["case"]) == (1042, 1043)
        assert shape["problem"]["status"] == 422
        assert shape["problem"]["errors"][0]["field"] == "comment.id"
        assert meaning["problem"]["errors"][0]["field"] == "reason"
        assert [report.comment.external_id for report in site.shelf.kept] == ["a", "d"]


async def test_a_batch_of_bad_reports_only_asks_nothing_of_the_store():
    async with calling() as site:
        site.shelf.trouble = RuntimeError("asked")
        answers = await answers_of(await site.batch({}, {"comment": 3}))
        assert all("problem" in answer for answer in answers)


async def test_a_repeated_batch_is_answered_as_before_place_by_place():
    bodies = [make_body(comment__id="a"), make_body(comment__id=3), make_body(comment__id="c")]
    async with calling() as site:
        first = await answers_of(await site.batch(*bodies, webhook_id="msg_a"))
        again = await answers_of(await site.batch(*bodies, webhook_id="msg_a"))
        assert first == again
        assert len(site.shelf.kept) == 2


async def test_a_batch_may_hold_500_reports_and_no_more():
    async with calling() as site:
        bodies = [make_body(comment__id=str(n)) for n in range(501)]
        problem = await problem_of(await site.batch(*bodies), 422)
        assert problem["errors"][0]["field"] == "reports"
        assert len(await answers_of(await site.batch(*bodies[:500]))) == 500
        assert len(site.shelf.kept) == 500


@pytest.mark.parametrize("reports", [[], None, {}, "x", 3])
async def test_a_batch_that_holds_no_list_of_reports_is_refused(reports: object):
    async with calling() as site:
        response = await site.post({"site": SITE, "reports": reports}, path="/v1/reports/batch")
        assert (await problem_of(response, 422))["errors"][0]["field"] == "reports"


async def test_a_batch_may_have_a_mebibyte_and_no_more():
    async with calling() as site:
        body = {"site": SITE, "reports": [make_body(site=...)]}
        padding = 1024 * 1024 - len(json.dumps(body))
        just = json.dumps(body).encode() + b" " * padding
        assert (await site.post(just, path="/v1/reports/batch")).status == 202
        await problem_of(await site.post(just + b" ", path="/v1/reports/batch"), 413)


async def test_a_batch_for_another_site_is_refused_as_not_signed():
    body = {"site": "herald", "reports": [make_body(site=...)]}
    async with calling() as site:
        await problem_of(await site.post(body, path="/v1/reports/batch"), 401)
        body["site"] = SITE
        response = await site.post(body, path="/v1/reports/batch", secret=make_secret("x"))
        await problem_of(response, 401)
        assert not site.shelf.kept


async def test_a_store_that_refuses_a_batch_refuses_all_of_it():
    async with calling() as site:
        site.shelf.trouble = OSError()
        response = await site.batch(make_body(), make_body(comment__id=3))
        await problem_of(response, 503)
        assert "Retry-After" in response.headers


async def test_a_report_of_a_batch_does_not_name_a_site_of_its_own():
    async with calling() as site:
        entry = make_body(site="herald")
        response = await site.post({"site": SITE, "reports": [entry]}, path="/v1/reports/batch")
        (answer,) = await answers_of(response)
        assert answer["problem"]["errors"][0]["field"] == "site"


async def test_a_large_batch_lets_other_requests_in_between():
    html = "<p>" * 200 + "x" * 1000
    bodies = [make_body(comment__text=..., comment__html=html) for _ in range(500)]
    async with calling() as site:
        answered = 0
        site.shelf.gate.clear()
        large = asyncio.ensure_future(site.batch(*bodies))
        while not site.shelf.asked.is_set():
            assert (await site.client.get("/healthz")).status == 200
            answered += 1
        site.shelf.gate.set()
        assert len(await answers_of(await large)) == 500
        assert answered > 3


HALF = "\\ud83d"
BAD = {
    "half a character in the id": ('"id": "c-3"', f'"id": "{HALF}"', "comment.id"),
    "half a character in a key": ('"note"', f'"no{HALF}te"', "no\ufffdte"),
    "half a character in the author's id": ('"u-9"', f'"{HALF}"', "comment.author.id"),
    "half a character in the reason": ('"abuse"', f'"{HALF}"', "reason"),
    "a zero in the id": ('"c-3"', '"c\\u0000"', "comment.id"),
    "5,000 digits": ('"abuse"', "9" * 5_000, "reason"),
    "5,000 digits in an unknown field": ('"note":', f'"x": {"9" * 5_000}, "note":', "x"),
    "5,000 digits after the point": ('"abuse"', f"0.{'9' * 5_000}", "reason"),
    "no number": ('"abuse"', "NaN", "reason"),
    "without end": ('"c-3"', "-Infinity", "comment.id"),
    "more than a float": ('"c-3"', "1e999", "comment.id"),
    "a float as an id": ('"c-3"', "3.5", "comment.id"),
    "a number as an id": ('"reader-77"', "77", "reporter"),
    "deep lists": ('"Not nice."', "[" * 300 + "]" * 300, "note"),
    "very deep lists": ('"Not nice."', "[" * 50_000 + "]" * 50_000, "note"),
    "very deep objects": ('"Not nice."', '{"a":' * 9_000 + "1" + "}" * 9_000, "note"),
    "a day that is none": ("2026-03-02T13:00:00Z", "2026-02-30T13:00:00Z", "comment.created"),
    "a year beyond": ("2026-03-02T14:02:00Z", "9999-12-31T23:59:59Z", "at"),
    "too long": ('"Bridge closed"', f'"{"x" * 501}"', "story.title"),
    "a list as a comment": ('"comment": {', '"comment": [], "y": {', "comment"),
}


@pytest.mark.parametrize("name", BAD)
async def test_one_bad_report_is_refused_alone_and_named_by_its_place(name: str):
    old, new, field = BAD[name]
    good = make_body(site=..., comment__text="Gut \u00fc \U0001f4a9")
    bad = json.dumps(make_body(site=...))
    assert old in bad
    entries = [json.dumps(good), bad.replace(old, new), json.dumps(good | {"reason": "spam"})]
    content = f'{{"site": "courier", "reports": [{", ".join(entries)}]}}'.encode()
    async with calling() as site:
        first, refused, last = await answers_of(await site.post(content, path="/v1/reports/batch"))
        assert [report.rule for report in site.shelf.kept] == [1, 2]
    assert first["counted"] is last["counted"] is True
    assert refused["index"] == 1
    problem = refused["problem"]
    assert field in [error["field"] for error in problem["errors"]]
    assert "new webhook-id" in problem["detail"]


@pytest.mark.parametrize("bad", ['"\\ud83d"', '"a\\u0000b"', '"\x01"', '"\\udca9\\ud83d"'])
@pytest.mark.parametrize("field", ["title", "name", "text", "note", "section"])
async def test_a_broken_text_is_mended_and_its_neighbours_stand(field: str, bad: str):
    texts = {"title": "Bridge closed", "name": "salty_dog", "text": "You are all fools."}
    old = json.dumps(texts.get(field, {"note": "Not nice.", "section": "news"}.get(field)))
    entries = [json.dumps(make_body(site=...)).replace(old, text) for text in (old, bad, old)]
    content = f'{{"site": "courier", "reports": [{", ".join(entries)}]}}'.encode()
    async with calling() as site:
        answers = await answers_of(await site.post(content, path="/v1/reports/batch"))
        assert all("case" in answer for answer in answers)
        assert len(site.shelf.kept) == 3


async def test_a_text_that_is_not_utf_8_spoils_no_other():
    entries = [make_body(site=..., note=note) for note in ("one", "TWO", "three")]
    content = json.dumps({"site": SITE, "reports": entries}).encode().replace(b"TWO", b"M\xfcller")
    async with calling() as site:
        answers = await answers_of(await site.post(content, path="/v1/reports/batch"))
        assert all("case" in answer for answer in answers)
        assert [report.note for report in site.shelf.kept] == ["one", "M\ufffdller", "three"]
