import asyncio
import json

import pytest

from .caller import Caller, calling, make_body, problem_of


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"nope",
        b"\xff\xfe",
        b'{"site": "courier"} x',
        b"[" * 30_000,
        b'{"a":' * 10_000,
        b'"\\ud800"',
        b'{"note": "\xff"}',
        b'{"note": "\xed\xa0\x80"}',
        b'{"reason": ' + b"1" * 6_000 + b"}",
        b'\xef\xbb\xbf{"site": "courier"}',
    ],
)
@pytest.mark.parametrize("path", ["/v1/reports", "/v1/reports/batch"])
async def test_a_body_that_is_not_json_is_told_so(content: bytes, path: str):
    async with calling() as site:
        await problem_of(await site.post(content, path=path), 400)
        assert not site.shelf.kept


@pytest.mark.parametrize("content", [b"3", b"null", b"[]", b'"x"', b"NaN", b"-Infinity", b"1e999"])
@pytest.mark.parametrize("path", ["/v1/reports", "/v1/reports/batch"])
async def test_json_that_is_no_object_is_told_so(content: bytes, path: str):
    async with calling() as site:
        (error,) = (await problem_of(await site.post(content, path=path), 422))["errors"]
        assert error == {"field": "(body)", "problem": "must be an object"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"reason": "abuse"', '"reason": "spam", "reason": "abuse"'),
        ('"reason": "abuse"', '"reason" : "spam", "reason" : "abuse"'),
        ('"note": "Not nice."', '"note": "\\":\\":", "note": "\\":"'),
        ('"id": "u-9"', '"id": "u-9", "id": "u-10"'),
        ('"author": "ann"', '"author": "ann", "author": "bob"'),
        ('"section": "news"', '"section": "news", "\\u0073ection": "sport"'),
        ('"reason": "abuse"', '"reason": "spam", "reason" : "abuse"'),
        ('"reason": "abuse"', '"reason" : "spam", "reason": "abuse"'),
        ('"reason": "abuse"', '"reason": "spam", "reason"\t\r\n :"abuse"'),
        ('"reason": "abuse"', '"reason" : "spam", "re\\u0061son"\n: "abuse"'),
        ('"reason": "abuse"', '"\\u0072eason" : "abuse", "reason": "spam"'),
        ('"id": "c-3"', '"id" : "c-2", "id": "c-3"'),
        ('"since"', '"id" : "u-10", "since"'),
        ('"note": "Not nice."', '"note": null, "note" : "Not nice."'),
        ('"note": "Not nice."', '"note": {"x": 1, "x" : 2}'),
        ('"note": "Not nice."', '"note": "\\ud83d", "note" : "\\ud83d"'),
    ],
)
async def test_a_key_that_is_named_twice_is_refused(old: str, new: str):
    single = json.dumps(make_body())
    batch = json.dumps({"site": "courier", "reports": [make_body(site=...)]})
    async with calling() as site:
        for content, path in ((single, "/v1/reports"), (batch, "/v1/reports/batch")):
            assert old in content
            twice = content.replace(old, new).encode()
            detail = (await problem_of(await site.post(twice, path=path), 400))["detail"]
            assert "twice" in detail
        assert not site.shelf.kept


async def test_a_note_full_of_colons_and_quotes_is_no_key():
    async with calling() as site:
        response = await site.post(make_body(note='he wrote "id":"x","id":"y" :'))
        assert response.status == 202


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-1e400", "1.5", "9" * 400])
async def test_a_senseless_number_is_a_wrong_field(number: str):
    content = json.dumps(make_body()).replace('"abuse"', number).encode()
    async with calling() as site:
        problem = await problem_of(await site.post(content), 422)
        assert problem["errors"][0]["field"] == "reason"


async def test_a_report_may_have_a_mebibyte_and_no_more():
    content = json.dumps(make_body()).encode().ljust(1024 * 1024)
    async with calling() as site:
        assert (await site.post(content)).status == 202
        await problem_of(await site.post(content + b" "), 413)


async def test_a_body_that_hides_its_length_is_limited_too():
    async def pieces():
        for _ in range(1025):
            yield b" " * 1024

    async with calling() as site:
        for path in ("/v1/reports", "/v1/reports/batch"):
            response = await site.client.post(
                path, data=pieces(), headers=site.headers(b" " * 1025 * 1024)
            )
            await problem_of(response, 413)


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": ""},
        {"Content-Encoding": "compress"},
    ],
)
async def test_a_body_that_does_not_say_it_is_json_is_refused(headers: dict[str, str]):
    async with calling() as site:
        await problem_of(await site.post(make_body(), headers=headers), 415)


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", 'application/json;charset="UTF-8"']
)
async def test_json_may_name_its_charset(kind: str):
    async with calling() as site:
        assert (await site.post(make_body(), headers={"Content-Type": kind})).status == 202


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/reports/", "/v2/reports", "/%00", "/..%2f"])
async def test_an_unknown_path_is_told_so(path: str):
    async with calling() as site:
        await problem_of(await site.client.post(path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/reports", "POST"),
        ("PUT", "/v1/reports/batch", "POST"),
        ("OPTIONS", "/v1/reports", "POST"),
        ("POST", "/healthz", "GET, HEAD"),
        ("DELETE", "/openapi.json", "GET, HEAD"),
    ],
)
async def test_a_wrong_method_is_told_the_right_one(method: str, path: str, allowed: str):
    async with calling() as site:
        response = await site.client.request(method, path)
        await problem_of(response, 405)
        assert response.headers["Allow"] == allowed


async def raw(site: Caller, sent: bytes) -> bytes:
    """Send bytes, hang up the sending side, and return all that is answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.client.port)
    writer.write(sent)
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    return answer


async def test_a_body_that_breaks_off_keeps_nothing_and_hurts_nobody():
    content = json.dumps(make_body()).encode()
    async with calling() as site:
        head = "".join(f"{k}: {v}\r\n" for k, v in site.headers(content).items())
        start = f"POST /v1/reports HTTP/1.1\r\nHost: x\r\n{head}"
        for rest in (
            f"Content-Length: {len(content)}\r\n\r\n".encode() + content[:-5],
            b"Transfer-Encoding: chunked\r\n\r\nfff\r\n" + content,
            b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + content,
        ):
            answer = await raw(site, start.encode() + rest)
            assert b" 202 " not in answer
            assert b" 500 " not in answer
        assert not site.shelf.kept
        assert (await site.post(make_body())).status == 202


@pytest.mark.parametrize("letters", ["\u6d4b", "\U0001f4a9"])
async def test_the_longest_texts_are_taken_however_they_are_escaped(letters: str):
    body = make_body(
        comment__text=letters * 20_000,
        comment__parent={"author": letters * 500, "text": letters * 20_000},
        note=letters * 500,
    )
    assert len(json.dumps(body)) > 240_000
    async with calling() as site:
        assert (await site.post(body)).status == 202
        assert site.shelf.kept[0].comment.text == letters * 20_000
        html = make_body(comment__text=..., comment__html=letters * 20_000)
        assert (await site.post(html)).status == 202
