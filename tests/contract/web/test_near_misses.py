"""What programs send that is nearly right: taken, or refused with the sentence that helps."""

import base64
import gzip
import json
import logging
import zlib
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.domain.comments import sha256_of

from .caller import NOW, calling, make_body, problem_of, wrong_field

BOM = b"\xef\xbb\xbf"
HALF, PAIR = b"\xed\xa0\xbd", b"\xed\xa0\xbd\xed\xb8\x80"
"""Half an emoji, and a whole one as two halves, as programs write them that count in UTF-16."""

PATHS = ("/v1/reports", "/v1/reports/batch")


def written(path: str, **changes: object) -> bytes:
    body = make_body(**changes)
    if path.endswith("batch"):
        site = body.pop("site")
        body = {"site": site, "reports": [body]}
    return json.dumps(body, ensure_ascii=False).encode()


@pytest.mark.parametrize("path", PATHS)
async def test_a_byte_order_mark_is_passed_over(path: str):
    async with calling() as site:
        assert (await site.post(BOM + written(path), path=path)).status == 202
        (kept,) = site.shelf.kept
        assert (kept.comment.text, kept.comment.sent) == ("You are all fools.", None)


async def test_behind_a_byte_order_mark_a_wrong_field_is_named_as_ever():
    async with calling() as site:
        content = BOM + written("/v1/reports", comment__id=3)
        assert (await wrong_field(await site.post(content)))[0] == "comment.id"
        problem = await problem_of(await site.post(BOM + b'{"site": "courier"}'), 400)
        assert "byte order mark" in problem["detail"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("path", PATHS)
async def test_another_width_of_unicode_is_told_to_be_utf_8(encoding: str, path: str):
    async with calling() as site:
        content = written(path).decode().encode(encoding)
        detail = (await problem_of(await site.post(content, path=path), 400))["detail"]
        assert "UTF-16" in detail
        assert "Encode it as UTF-8" in detail
        assert not site.shelf.kept


@pytest.mark.parametrize(
    "text", ["M\xfcller", "caf\xe9", "\x93so\x94"], ids=["letter", "last", "quotes"]
)
async def test_a_body_in_latin_1_is_told_so(text: str):
    async with calling() as site:
        content = written("/v1/reports", comment__text="TEXT").replace(
            b"TEXT", text.encode("latin-1")
        )
        detail = (await problem_of(await site.post(content), 400))["detail"]
        assert "another encoding" in detail
        assert "Encode it as UTF-8" in detail
        assert not site.shelf.kept


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("bad", "kept"), [(HALF, "so \ufffd!"), (PAIR, "so \U0001f600!")])
async def test_half_an_emoji_in_bytes_costs_itself_alone(bad: bytes, kept: str, path: str):
    async with calling() as site:
        content = written(path, comment__text="so TEXT!").replace(b"TEXT", bad)
        assert (await site.post(content, path=path)).status == 202
        (report,) = site.shelf.kept
        assert report.comment.text == kept
        assert report.comment.sent in {None, sha256_of(kept)}


@pytest.mark.parametrize("bad", [HALF, b"\xe9", b"\xf0\x9f"])
async def test_no_two_ids_of_a_batch_become_one(bad: bytes):
    content = written("/v1/reports/batch", comment__id="c-ID").replace(b"ID", bad)
    async with calling() as site:
        (answer,) = (await (await site.post(content, path=PATHS[1])).json())["answers"]
        assert answer["problem"]["errors"][0]["field"] == "comment.id"
        assert not site.shelf.kept


def as_hex(signature: str) -> str:
    return base64.b64decode(signature.removeprefix("v1,")).hex()


async def test_a_signature_of_another_form_is_told_the_right_one():
    async with calling() as site:
        right = site.headers(b"{}", webhook_id="msg_a")["webhook-signature"]
        digits = as_hex(right)
        forms = {digits: "hexadecimal", f"v1,{digits.upper()}": "hexadecimal"}
        forms |= {f"sha256={digits}": "hexadecimal", f"v1,sha256={digits}": "hexadecimal"}
        forms |= {
            right.removeprefix("v1,"): "44 characters",
            right.replace("v1,", "v1="): "44 characters",
            right.replace("v1,", "v1a,"): "44 characters",
            right.rstrip("="): "44 characters",
            "v1," + base64.urlsafe_b64encode(b"\xff" * 32).decode(): "44 characters",
            "v1," + base64.b64encode(b"x" * 20).decode(): "44 characters",
            "v1," + base64.b64encode(b"x" * 32).decode(): "No secret of this site matches",
        }
        for form, words in forms.items():
            headers = {"webhook-signature": form}
            response = await site.post(b"{}", webhook_id="msg_a", headers=headers)
            detail = (await problem_of(response, 401))["detail"]
            assert words in detail, form
            assert "base64" in detail or words.startswith("No"), form


async def test_a_time_in_milliseconds_is_told_to_be_seconds():
    async with calling() as site:
        stamp = str(int(NOW.timestamp() * 1000))
        response = await site.post(make_body(), headers={"webhook-timestamp": stamp})
        assert "whole seconds since 1970" in (await problem_of(response, 401))["detail"]


TIMES = [
    "2026-03-02T13:02:00+0000",
    "2026-03-02T13:02:00z",
    "2026-03-02t13:02:00z",
    "2026-03-02T13:02Z",
    "2026-03-02 13:02:00Z",
    "2026-03-02 13:02:00+00",
    "2026-03-02 13:02:00 +0000",
    "2026-03-02T14:02:00+0100",
    "2026-03-02T05:32:00.000-07:30",
    "2026-03-02T13:02:00,000Z",
    "2026-03-02T13:02:00.000000000Z",
    "2026-03-02T13:02:00-00:00",
]


async def test_a_time_may_be_written_as_other_programs_write_it():
    bodies = [
        make_body(
            at=time, comment__created=time, story__published=time, comment__author__since=time
        )
        for time in TIMES
    ]
    async with calling() as site:
        assert (await site.post(bodies[0])).status == 202
        answers = (await (await site.batch(*bodies)).json())["answers"]
        assert [one for one in zip(TIMES, answers, strict=True) if "problem" in one[1]] == []
        meant = datetime(2026, 3, 2, 13, 2, tzinfo=UTC)
        for kept in site.shelf.kept:
            assert kept.at == kept.comment.created == kept.story.published == meant
            assert kept.author.since == meant


NO_TIMES = [
    "0001-01-01",
    "0001-01-01T00:00:00",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+00:00",
    "0001-01-01 00:00:00",
    "0000-00-00",
    "0000-00-00 00:00:00",
    "-0001-11-30T00:00:00+00:00",
    "1601-01-01T00:00:00Z",
    "9999-12-31",
    "9999-12-31T23:59:59.9999999",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-10:00",
    "+275760-09-13T00:00:00.000Z",
    "",
]
"""What programs write where they know of no time."""


@pytest.mark.parametrize(
    "field", ["comment__author__since", "comment__created", "story__published"]
)
async def test_a_time_that_means_none_costs_the_field_and_not_the_report(field: str):
    bodies = [make_body(**{field: time}) for time in NO_TIMES]
    async with calling() as site:
        assert (await site.post(bodies[0])).status == 202
        answers = (await (await site.batch(*bodies)).json())["answers"]
        assert [one for one in zip(NO_TIMES, answers, strict=True) if "problem" in one[1]] == []
        for kept in site.shelf.kept:
            told = {
                "comment__author__since": kept.author.since,
                "comment__created": kept.comment.created,
                "story__published": kept.story.published,
            }
            assert told.pop(field) is None
            assert None not in told.values()


@pytest.mark.parametrize("time", ["1970-01-01T00:00:00Z", "1899-12-30T00:00:00Z"])
async def test_no_account_was_opened_before_there_were_any(time: str):
    async with calling() as site:
        assert (await site.post(make_body(comment__author__since=time))).status == 202
        assert site.shelf.kept[0].author.since is None


async def test_when_it_was_sent_is_no_time_that_means_none():
    async with calling() as site:
        answers = await (await site.batch(*(make_body(at=time) for time in NO_TIMES))).json()
        fields = [one["problem"]["errors"][0]["field"] for one in answers["answers"]]
        assert fields == ["at"] * len(NO_TIMES)


async def posted(
    client: TestClient[Any, Any], path: str, encoding: str, content: bytes, signed: dict[str, str]
) -> tuple[int, str]:
    """Post bytes as they are: a client would compress what it says is compressed."""
    headers = {"Content-Type": "application/json", "Content-Encoding": encoding, **signed}
    async with client.post(
        path, data=content, headers=headers, skip_auto_headers=("Accept-Encoding",), compress=None
    ) as answer:
        return answer.status, (await answer.json(content_type=None))["detail"]


PLAIN = json.dumps(make_body()).encode()


PACKED = [
    ("gzip", b"this is no gzip"),
    ("gzip", gzip.compress(PLAIN)),
    ("gzip", gzip.compress(PLAIN)[:-9]),
    ("gzip", b""),
    ("GZIP", PLAIN),
    ("gzip", gzip.compress(b" " * 20_000_000)),
    ("deflate", b"neither is this"),
    ("deflate", zlib.compress(PLAIN)),
    ("br", PLAIN),
    ("zstd", PLAIN),
    ("compress", PLAIN),
    ("gzip, gzip", PLAIN),
]


@pytest.mark.parametrize("is_signed", [False, True], ids=["unsigned", "signed"])
async def test_a_compressed_body_is_told_so_and_nothing_is_logged(
    is_signed: bool, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    async with calling() as site:
        for encoding, content in PACKED:
            headers = site.headers(content) if is_signed else {}
            for path in (*PATHS, "/v1/sites/courier/events"):
                status, detail = await posted(site.client, path, encoding, content, headers)
                assert (status, "not compressed" in detail) == (415, True), (encoding, path)
        assert not site.shelf.kept
        assert (await site.post(make_body())).status == 202
    assert not caplog.records


async def test_a_body_that_is_not_compressed_may_say_so():
    async with calling() as site:
        content = json.dumps(make_body()).encode()
        response = await site.post(content, headers={"Content-Encoding": "identity"})
        assert response.status == 202
