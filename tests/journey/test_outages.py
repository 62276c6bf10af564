"""Discord comes and goes, and throws the bot out: nothing is lost, and nothing done twice."""

import asyncio
import os

import pytest

from bot.domain.decisions import Action
from bot.standin.permissions import DESK
from tests.journey.newsroom import Newsroom
from tests.support.waiting import eventually, until


async def test_what_is_typed_while_the_gateway_flaps_is_carried_out_once(newsroom: Newsroom):
    ana, gateway = newsroom.sandbox.as_user("ana"), newsroom.sandbox.gateway
    cases = [
        await newsroom.report(comment={"id": f"c{n}", "author": {"id": f"a{n}", "name": "x"}})
        for n in range(4)
    ]
    cards = [await newsroom.card(case) for case in cases]
    for number, card in enumerate(cards):
        await gateway.drop(4000, forget=number % 2 == 0)
        await ana.reply(card, "h 3")
        await until(lambda: gateway.connected, what="the desk to be connected")

    for case in cases:
        await newsroom.card(case, "Hidden")
    assert sorted(made.case_id for made in await newsroom.decisions()) == sorted(cases)


@pytest.mark.usefixtures("in_haste")
async def test_a_bot_that_was_thrown_out_goes_on_once_it_is_invited_again(newsroom: Newsroom):
    owner = newsroom.sandbox.owner
    ana = newsroom.sandbox.as_user("ana")
    before = await newsroom.card(await newsroom.report())
    owner.leave()
    meanwhile = await newsroom.report(comment={"id": "meanwhile"})

    async def said() -> bool:
        async with newsroom.http.get(f"{newsroom.desk.address}/readyz") as answer:
            parts = (await answer.json())["parts"]
        return parts["store"]["ok"] and not parts["discord"]["ok"]

    await eventually(said, "/readyz to say that Discord refuses")
    newsroom.sandbox.owner.invite(DESK)

    card = await newsroom.card(meanwhile)
    await ana.press(before, "Hide")
    await ana.press(card, "Keep")
    made = {one.case_id: one.action for one in await newsroom.decisions()}
    assert made == {meanwhile - 1: Action.HIDE, meanwhile: Action.KEEP}
    assert len(newsroom.cards()) == 2


async def test_once_a_role_is_deleted_nobody_decides_by_it(newsroom: Newsroom):
    ana = newsroom.sandbox.as_user("ana")
    card = await newsroom.card(await newsroom.report())
    world = newsroom.sandbox.world
    world.channels[world.place("moderation")]["permission_overwrites"] = []  # all see it, as before
    newsroom.sandbox.owner.delete_role("Moderator")

    answer = await ana.press(card, "Hide")

    assert "none of your roles" in answer.text
    assert await newsroom.decisions() == []


@pytest.mark.skipif("CI_FULL" not in os.environ, reason="takes minutes; CI_FULL=1 runs it")
@pytest.mark.timeout(400)
@pytest.mark.parametrize("holds", [(75.0,), (20.0,) * 4], ids=["75 s", "four times 20 s"])
async def test_a_long_or_repeated_global_limit_ends_by_itself(
    newsroom: Newsroom, holds: tuple[float, ...]
):
    await newsroom.card(await newsroom.report())
    for number, seconds in enumerate(holds):
        newsroom.sandbox.rest.limit_globally(seconds)
        case = await newsroom.report(comment={"id": f"held-{number}"})
        await until(lambda: newsroom.desk.presence.hold.left, what="the limit to be met")
        await asyncio.sleep(seconds)

    await newsroom.card(case)
    assert len(newsroom.cards()) == len(holds) + 1
