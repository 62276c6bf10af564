from datetime import timedelta

import pytest

from .caller import (
    NEW_SECRET,
    NOW,
    OLD_SECRET,
    OTHER_SECRET,
    calling,
    make_body,
    make_secret,
    problem_of,
)

SIGNING = ("webhook-id", "webhook-timestamp", "webhook-signature")


@pytest.mark.parametrize("secret", [OLD_SECRET, NEW_SECRET])
async def test_either_secret_is_taken_while_one_is_being_replaced(secret: str):
    async with calling() as site:
        response = await site.post(make_body(), secret=secret)
        assert response.status == 202
        assert await response.json() == {"case": 1042, "counted": True}


async def test_any_of_several_signatures_may_match():
    async with calling() as site:
        content = b"{}"
        right = site.headers(content)["webhook-signature"]
        for several in (f"v1,AAAA {right}", f"v1a,xyz {right}", f"{right} v1,,, v1 nonsense"):
            response = await site.post(
                content, webhook_id="msg_0", headers={"webhook-signature": several}
            )
            assert response.status == 422


async def test_a_repeated_request_is_answered_as_before_and_kept_once():
    async with calling() as site:
        first = await site.post(make_body(), webhook_id="msg_a")
        again = await site.post(make_body(), webhook_id="msg_a", at=NOW + timedelta(minutes=1))
        assert await first.json() == await again.json()
        assert len(site.shelf.kept) == 1


@pytest.mark.parametrize("minutes", [-5, 5])
async def test_a_clock_may_be_off_by_five_minutes(minutes: int):
    async with calling() as site:
        response = await site.post(make_body(), at=NOW + timedelta(minutes=minutes))
        assert response.status == 202


@pytest.mark.parametrize(("seconds", "words"), [(-301, "minutes old"), (301, "minutes ahead")])
async def test_a_clock_that_is_further_off_is_told_to_be_checked(seconds: int, words: str):
    async with calling() as site:
        response = await site.post(make_body(), at=NOW + timedelta(seconds=seconds))
        detail = (await problem_of(response, 401))["detail"]
        assert words in detail
        assert "Check the clock" in detail
        assert not site.shelf.kept


@pytest.mark.parametrize("missing", SIGNING)
async def test_a_request_without_a_signing_header_is_told_which_there_must_be(missing: str):
    async with calling() as site:
        content = b"{}"
        headers = site.headers(content)
        del headers[missing]
        response = await site.client.post("/v1/reports", data=content, headers=headers)
        detail = (await problem_of(response, 401))["detail"]
        assert all(name in detail for name in SIGNING)


@pytest.mark.parametrize(
    "stamp", ["now", "-1", "1e9", "\u0661\u0662", "1" * 30, "nan", "1772460180.5"]
)
async def test_a_timestamp_that_is_no_number_is_refused(stamp: str):
    async with calling() as site:
        response = await site.post(make_body(), headers={"webhook-timestamp": stamp})
        assert "digits" in (await problem_of(response, 401))["detail"]


@pytest.mark.parametrize("webhook_id", ["a.b", "a/0", "a b", "é", "x" * 129])
async def test_an_id_that_could_be_mistaken_for_another_is_refused(webhook_id: str):
    async with calling() as site:
        response = await site.post(make_body(), webhook_id=webhook_id)
        assert "webhook-id" in (await problem_of(response, 401))["detail"]
        assert not site.shelf.kept


async def test_a_changed_body_is_refused():
    async with calling() as site:
        content = b'{"site": "courier"}'
        response = await site.client.post(
            "/v1/reports", data=content.replace(b"o", b"0"), headers=site.headers(content)
        )
        assert "matches" in (await problem_of(response, 401))["detail"]


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp"])
async def test_a_changed_header_is_refused(header: str):
    async with calling() as site:
        response = await site.post(make_body(), headers={header: str(int(NOW.timestamp()) + 1)})
        assert "matches" in (await problem_of(response, 401))["detail"]


@pytest.mark.parametrize(
    "signature", ["v1,", "v1,%%%", "v1,\udcff", "v2,AAAA", ",", "v1", "x" * 5000, "v1,é"]
)
async def test_a_senseless_signature_is_refused(signature: str):
    async with calling() as site:
        response = await site.post(make_body(), headers={"webhook-signature": signature})
        await problem_of(response, 401)


async def test_no_answer_tells_an_unknown_sender_which_sites_there_are():
    async with calling() as site:
        answers = [
            await (await site.post(make_body(site=name), secret=secret)).read()
            for name, secret in (
                ("courier", make_secret("x")),
                ("courier", OTHER_SECRET),
                ("herald", NEW_SECRET),
                ("nowhere", make_secret("x")),
                ("nowhere", NEW_SECRET),
            )
        ]
        assert len(set(answers)) == 1
        assert b'"status": 401' in answers[0]
        assert not site.shelf.kept


async def test_a_body_that_is_not_json_is_only_told_so_if_it_is_signed():
    async with calling() as site:
        assert (await site.post(b"{", secret=make_secret("x"))).status == 401
        assert (await site.post(b"{")).status == 400


async def test_every_site_speaks_with_its_own_secret():
    async with calling() as site:
        response = await site.post(make_body(site="herald"), secret=OTHER_SECRET)
        assert response.status == 202
        assert site.shelf.kept[0].site == "herald"
