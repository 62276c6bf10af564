"""A WordPress that is slow, broken, behind a firewall, or says one thing and does another."""

import asyncio
from datetime import timedelta

import pytest
from aiohttp import web

from bot.domain.decisions import Action
from bot.domain.effects import Verb
from bot.domain.errors import SiteDown

from .fake import fake_wordpress
from .orders import order

PAGE = "<!doctype html><title>Just a moment</title><p>Checking your browser.</p>"


def always(status: int, text: str = PAGE, **headers: str):
    async def fault(_request):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, text=text, content_type="text/html", headers=named)

    return fault


@pytest.mark.parametrize(
    ("status", "verb", "words"),
    [
        (200, Verb.LATER, "a page instead of data"),
        (301, Verb.MISCONFIGURED, "redirects the desk"),
        (401, Verb.MISCONFIGURED, "does not know the desk's login"),
        (403, Verb.LATER, "such as a firewall"),
        (404, Verb.MISCONFIGURED, "no WordPress with an open REST API"),
        (406, Verb.REFUSED, "refused (406)"),
        (429, Verb.LATER, "slow down"),
        (500, Verb.LATER, "trouble of its own"),
        (503, Verb.LATER, "trouble of its own"),
    ],
)
async def test_a_page_where_data_should_be_is_told_by_its_status(fake, opened, status, verb, words):
    comment = fake.add_comment()
    fake.fault = always(status)
    outcome = await (await opened(fake)).carry_out(order(fake, comment, Action.HIDE))
    assert outcome.verb is verb
    assert words in outcome.words
    assert "<" not in outcome.words


async def test_being_asked_to_slow_down_is_kept_to(fake, opened):
    comment = fake.add_comment()
    fake.fault = always(429, Retry_After="90")
    outcome = await (await opened(fake)).carry_out(order(fake, comment, Action.HIDE))
    assert outcome.after == timedelta(seconds=90)


async def test_the_rest_api_switched_off_is_a_matter_of_the_set_up(fake, opened):
    async def fault(_request):
        body = {"code": "rest_no_route", "message": "No route.", "data": {"status": 404}}
        return web.json_response(body, status=404)

    comment = fake.add_comment()
    fake.fault = fault
    outcome = await (await opened(fake)).carry_out(order(fake, comment, Action.HIDE))
    assert outcome.verb is Verb.MISCONFIGURED


async def test_a_timeout_in_the_middle_of_a_write_is_repeated_and_changes_nothing_twice(
    fake, opened
):
    """The write is done, and its answer never comes."""
    site, comment = await opened(fake, patience=0.4), fake.add_comment()
    never = asyncio.Event()

    async def fault(request):
        if request.method == "POST":
            await fake.answer(request)
            await never.wait()

    fake.fault = fault
    hide = order(fake, comment, Action.HIDE)

    first = await site.carry_out(hide)

    assert first.verb is Verb.LATER
    assert "within 0.4 seconds" in first.words
    assert fake.kept(comment)["status"] == "unapproved"
    fake.fault = None
    fake.asked.clear()
    assert (await site.carry_out(hide)).verb is Verb.DONE
    assert [method for method, _ in fake.asked] == ["GET"]
    never.set()


async def test_a_broken_connection_in_the_middle_of_a_ban_is_taken_up_where_it_stopped(
    fake, opened
):
    site, comment = await opened(fake), fake.add_comment()

    async def fault(request):
        if "bans" in request.query["rest_route"]:
            request.transport.close()
            return web.Response()
        return None

    fake.fault = fault
    ban = order(fake, comment, Action.BAN)

    assert (await site.carry_out(ban)).verb is Verb.LATER
    assert fake.kept(comment)["status"] == "unapproved"
    assert not fake.banned(ban.author_id)

    fake.fault = None
    assert (await site.carry_out(ban)).verb is Verb.DONE
    assert fake.banned(ban.author_id)


@pytest.mark.parametrize("action", [Action.HIDE, Action.UNHIDE])
async def test_success_without_a_change_is_not_believed(fake, opened, action):
    site, comment = await opened(fake), fake.add_comment()
    if action is Action.UNHIDE:
        fake.set_status(comment, "hold")

    async def fault(request):
        if request.method == "POST":
            return web.json_response(fake._shown(int(comment), fake._comments[int(comment)]))
        return None

    fake.fault = fault
    outcome = await site.carry_out(order(fake, comment, action))
    assert outcome.verb is Verb.LATER
    assert "but the comment is still" in outcome.words


@pytest.mark.parametrize(
    "said",
    [
        {"banned": False, "until": None},
        {"banned": True, "until": None},
        {"banned": True, "until": "2020-01-01T00:00:00Z"},
        {"banned": "yes"},
        [],
        None,
    ],
)
async def test_a_ban_that_is_not_as_asked_is_not_believed(fake, opened, said):
    site, comment = await opened(fake), fake.add_comment()

    async def fault(request):
        return web.json_response(said) if "bans" in request.query["rest_route"] else None

    fake.fault = fault
    assert (await site.carry_out(order(fake, comment, Action.BAN))).verb is Verb.LATER


@pytest.mark.parametrize("body", ["{}", "[]", "null", "3", '"x"', '{"id": 9, "status": "hold"}'])
async def test_data_of_another_shape_is_no_comment(fake, opened, body):
    async def fault(_request):
        return web.Response(text=body, content_type="application/json")

    comment = fake.add_comment()
    site = await opened(fake)
    fake.fault = fault
    assert (await site.carry_out(order(fake, comment, Action.HIDE))).verb is Verb.LATER
    assert await site.look_at([comment]) == []
    with pytest.raises(SiteDown):
        await site.history(comment)
    with pytest.raises(SiteDown):
        await site.look_for_reports("7")


async def test_a_wordpress_that_is_not_there_is_asked_again_later(opened):
    async with fake_wordpress() as gone:
        comment = gone.add_comment()
        site = await opened(gone)
        hide = order(gone, comment, Action.HIDE)
    assert (await site.carry_out(hide)).verb is Verb.LATER
    assert (await site.close_story("4", closed=True)).verb is Verb.LATER
    for asking in (site.look_for_reports(None), site.look_at(["4"]), site.history("4")):
        with pytest.raises(SiteDown):
            await asking
    (finding,) = await site.check()
    assert not finding.good


async def test_the_password_is_nowhere_in_what_is_printed(fake, opened):
    site = await opened(fake)
    assert fake.password not in repr(vars(site))
