import socket
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from bot.domain.effects import Verb
from bot.sites.base.addresses import GuardedResolver, PrivateAddress, is_public
from bot.sites.base.client import SiteClient
from bot.sites.webhook.site import WebhookSite

from .far_end import SECRET, far_end, make_order, says


class Names(AbstractResolver):
    """A name service that gives each look-up the next of its answers."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=family or (socket.AF_INET6 if ":" in address else socket.AF_INET),
                proto=0,
                flags=0,
            )
            for address in answer
        ]

    async def close(self) -> None:
        pass


def now() -> datetime:
    return datetime.now(UTC)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to be refused, not bound
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:db8::1",
        "0.1.2.3",
        "100.127.255.255",
        "192.0.0.1",
        "192.0.0.9",
        "192.0.0.192",
        "192.88.99.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.7",
        "239.255.255.255",
        "240.0.0.1",
        "::7f00:1",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:0:127.0.0.1",
        "::ffff:100.64.0.1",
        "::ffff:192.0.0.192",
        "64:ff9b::10.0.0.1",
        "64:ff9b::192.0.0.192",
        "64:ff9b:1::",
        "64:ff9b:1::8.8.8.8",
        "64:ff9b:1:ffff::7f00:1",
        "100::1",
        "100:0:0:1::1",
        "2001::1",
        "2001:0:53aa:64c::1",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2002:808:808::1",
        "3ffe::1",
        "3fff::1",
        "5f00::1",
        "4000::1",
        "fc00::1",
        "fec0::1",
        "feff::1",
        "ff0e::1",
    ],
)
def test_an_address_inside_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "93.184.216.34",
        "100.63.255.255",
        "172.32.0.1",
        "192.0.1.1",
        "198.17.255.255",
        "223.255.255.255",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2606:2800:220:1::1",
        "2a00:1450:4001:81b::200e",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
    ],
)
def test_an_address_outside_is_public(address):
    assert is_public(address)


async def test_one_private_address_among_public_ones_is_enough_to_refuse():
    guarded = GuardedResolver(Names(["93.184.216.34", "10.0.0.7"]))
    with pytest.raises(PrivateAddress):
        await guarded.resolve("site.example", 443)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "[::ffff:127.0.0.1]"])
async def test_a_site_on_this_machine_is_refused_unless_allowed(host):
    async with far_end(says("200 OK")) as end:
        url = end.url.replace("127.0.0.1", host)
        async with WebhookSite(url, [SECRET], clock=now) as site:
            outcome = await site.carry_out(make_order())
    assert end.met == []
    assert outcome.verb is Verb.MISCONFIGURED
    assert "private network" in (outcome.words or "")


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "017700000001",
        "127.1",
        "127.0.1",
        "0177.0.0.1",
        "127.0.0.1.",
        "0",
        "[::7f00:1]",
        "[64:ff9b:1::7f00:1]",
    ],
)
async def test_an_address_in_disguise_does_not_get_through(host):
    async with far_end(says("200 OK")) as end:
        url = end.url.replace("127.0.0.1", host)
        async with WebhookSite(url, [SECRET], clock=now) as site:
            outcome = await site.carry_out(make_order())
    assert end.met == []
    assert outcome.verb is Verb.MISCONFIGURED


async def test_a_name_that_leads_inside_is_refused():
    async with far_end(says("200 OK")) as end:
        url = end.url.replace("127.0.0.1", "site.example")
        names = Names(["127.0.0.1"])
        async with WebhookSite(url, [SECRET], clock=now, resolver=names) as site:
            outcome = await site.carry_out(make_order())
    assert end.met == []
    assert outcome.verb is Verb.MISCONFIGURED
    assert "site.example is in a private network" in (outcome.words or "")


async def test_a_name_that_leads_inside_is_reached_where_that_is_allowed():
    async with far_end(says("200 OK")) as end:
        url = end.url.replace("127.0.0.1", "site.example")
        names = Names(["127.0.0.1"])
        async with WebhookSite(
            url, [SECRET], clock=now, resolver=names, allow_private=True
        ) as site:
            outcome = await site.carry_out(make_order())
    assert len(end.met) == 1
    assert outcome.verb is Verb.DONE


async def test_a_name_is_looked_up_once_an_attempt_and_its_answer_is_what_is_connected_to():
    async with far_end(says("200 OK")) as end:
        url = end.url.replace("127.0.0.1", "site.example")
        names = Names(["127.0.0.1"], ["127.0.0.2"])
        async with WebhookSite(
            url, [SECRET], clock=now, resolver=names, allow_private=True
        ) as site:
            first = await site.carry_out(make_order())
            assert names.asked == 1
            second = await site.carry_out(make_order())
            assert names.asked == 2
    assert first.verb is Verb.DONE
    assert second.words == "The site could not be reached."
    assert len(end.met) == 1


@pytest.mark.parametrize(
    ("host", "asked"),
    [
        ("zürich-post.example", "xn--zrich-post-9db.example"),
        ("Faß.example", "xn--fa-hia.example"),
        ("my_paper.zürich.example", "my_paper.xn--zrich-kva.example"),
        ("новости.рф", "xn--b1amnebsh.xn--p1ai"),
        ("Courier.example", "courier.example"),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "HTTP"])
async def test_a_site_is_asked_at_an_address_in_any_letters(scheme: str, host: str, asked: str):
    heard: list[tuple[str, str]] = []

    async def answer(request: web.Request) -> web.Response:
        heard.append((request.headers["Host"], request.raw_path))
        return web.json_response({"is": "there"})

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    async with TestServer(app) as server:
        client = SiteClient(
            f"{scheme}://{host}:{server.port}/блог",
            clock=now,
            allow_private=True,
            resolver=Names(["127.0.0.1"]),
        )
        async with client:
            said = await client.ask("GET", "api/x", params={"q": "ü"})
        assert said.said["is"].text() == "there"
        path = "/%D0%B1%D0%BB%D0%BE%D0%B3/api/x?q=%C3%BC"
        assert heard == [(f"{asked}:{server.port}", path)]
