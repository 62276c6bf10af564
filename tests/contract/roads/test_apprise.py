"""The other roads, with the real apprise and a receiver on this machine."""

from collections.abc import Callable

import pytest
from aiohttp import web
from apprise.plugins import discord as discord_road
from apprise.plugins import slack as slack_road
from pydantic import SecretStr

from bot.domain.errors import PagerDown
from bot.domain.sayings import Bulletin, Paged
from bot.pager import ApprisePager, inert, understood

NEWS = Bulletin(name="held", body="{}")


def said(title: str, text: str) -> Callable[[Paged], tuple[str, str]]:
    return lambda _what: (title, text)


@pytest.fixture
async def receiver():
    got: list[dict] = []
    status = [200]

    async def take(request: web.Request) -> web.Response:
        got.append(await request.json())
        return web.Response(status=status[0])

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"json://127.0.0.1:{runner.addresses[0][1]}/", got, status
    await runner.cleanup()


async def test_a_text_arrives_as_it_was_sent(receiver):
    url, got, _ = receiver
    await ApprisePager([SecretStr(url)], said("A title", "Two\nlines & more")).send(NEWS)
    [one] = got
    assert (one["title"], one["message"]) == ("A title", "Two\nlines & more")


async def test_a_refusal_is_said_so_that_it_is_tried_again(receiver):
    url, _, status = receiver
    status[0] = 503
    with pytest.raises(PagerDown):
        await ApprisePager([SecretStr(url)], said("A title", "A text")).send(NEWS)


async def test_each_road_is_taken_by_itself_and_one_that_fails_is_said(receiver):
    url, got, _ = receiver
    nowhere = "json://127.0.0.1:9/"
    with pytest.raises(PagerDown):
        await ApprisePager([SecretStr(nowhere), SecretStr(f"{url},{url}")], said("A", "B")).send(
            NEWS
        )
    assert len(got) == 2


async def test_nobody_there_is_said_without_the_address():
    url = "json://user:secret@127.0.0.1:9/"
    with pytest.raises(PagerDown) as caught:
        await ApprisePager([SecretStr(url)], said("A title", "A text")).send(NEWS)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "known"), [("json://localhost/", True), ("carrierpigeon://roof", False), ("", False)]
)
def test_an_address_is_understood_or_not(url: str, known: bool):
    assert understood(SecretStr(url)) is known


@pytest.mark.parametrize(
    "name", ["@everyone", "@here", "<!channel>", "<@&123>", "<!here|x>", "<@U123>", "@UABC>"]
)
def test_a_commenters_name_calls_nobody_by_any_road(name: str):
    said = inert(f"“{name}” is reported a lot")

    assert not discord_road.USER_ROLE_DETECTION_RE.search(said)
    assert not slack_road.NotifySlack._re_channel_support.search(said)
    assert not slack_road.NotifySlack._re_user_id_support.search(said)
