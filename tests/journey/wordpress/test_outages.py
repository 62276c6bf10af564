"""What the card says while WordPress, or the way to it, is not as it should be."""

import pytest
from aiohttp import web

from bot.cli.check import check
from tests.support.waiting import until

from .conftest import WordPressNewsroom

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGE = "<!doctype html><title>Attention required</title><p>Checking your browser.</p>"


def page(status: int, **headers: str):
    def answer(_request: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, text=PAGE, content_type="text/html", headers=named)

    return answer


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (403, {}, "firewall"),
        (200, {}, "a page instead of data"),
        (429, {"Retry_After": "1"}, "asks the desk to slow down"),
    ],
    ids=["403", "html", "429"],
)
async def test_a_hide_waits_out_what_passes_and_the_card_says_why(
    newsroom: WordPressNewsroom, status: int, headers: dict[str, str], words: str
):
    comment = newsroom.wordpress.add_comment(newsroom.story)
    card = await newsroom.reported(comment)
    newsroom.way.before = page(status, **headers)

    await newsroom.sandbox.as_user("ana").press(card, "Hide")

    case = await newsroom.case_of(comment)
    card = await newsroom.card(case, words)
    assert "Attention" not in card.text
    assert newsroom.stands(comment) == "approved"
    newsroom.way.before = None
    await newsroom.until_stands(comment, "unapproved")
    await until(
        lambda: all(words not in one.text for one in newsroom.cards(case)), what="a card without it"
    )


async def test_a_write_whose_answer_is_lost_is_made_once(newsroom: WordPressNewsroom):
    comment = newsroom.wordpress.add_comment(newsroom.story)
    card = await newsroom.reported(comment)
    newsroom.way.cut, newsroom.way.writes = True, 0

    await newsroom.sandbox.as_user("ana").press(card, "Hide")

    case = await newsroom.case_of(comment)
    await newsroom.card(case, "did not answer")
    assert newsroom.stands(comment) == "unapproved"
    await newsroom.settled()
    assert newsroom.way.writes == 1
    kept = newsroom.wordpress.kept(comment)
    assert kept is not None
    assert kept["ip"] == "203.0.113.7"


@pytest.mark.parametrize("how", ["wrong", "revoked"])
async def test_a_password_that_is_not_taken_is_said_at_once_and_mended_by_a_new_one(
    newsroom: WordPressNewsroom, how: str
):
    site = newsroom.wordpress
    comment = site.add_comment(newsroom.story)
    await newsroom.stop()
    if how == "wrong":
        newsroom.password = "not the one that was made"
    else:
        site.revoke_all("desk")
    await newsroom.start()
    card = await newsroom.reported(comment)

    await newsroom.sandbox.as_user("ana").press(card, "Hide")

    case = await newsroom.case_of(comment)
    card = await newsroom.card(case, "does not know the desk's login")
    assert newsroom.stands(comment) == "approved"

    await newsroom.stop()
    newsroom.password = site.password = site.new_password("desk")
    await newsroom.start()
    card = await newsroom.card(case)
    await newsroom.sandbox.as_user("ana").press(card, "Try now")
    await newsroom.until_stands(comment, "unapproved")


async def test_the_check_command_finds_this_site_well_and_says_what_is_not(
    newsroom: WordPressNewsroom,
):
    async def found() -> dict[str, bool]:
        settings = newsroom.settings()
        return {one.name: one.good async for one in check(settings, only="courier")}

    assert all((await found()).values()), await found()
    newsroom.password = "not the one that was made"
    assert [name for name, good in (await found()).items() if not good] == ["Site courier: Account"]
