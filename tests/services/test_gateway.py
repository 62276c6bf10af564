"""Whose channel it is where newsrooms share one connection, and what each may ask of Discord."""

from dataclasses import replace
from pathlib import Path

import discord
import pytest
from discord.http import Route

from bot.cards.attempts import Hold, Presence
from bot.client import DeskClient, Place
from bot.domain.routing import Route as CardRoute
from bot.gateway import Gateway
from bot.limits import bucket_of_bot
from bot.store.sqlite import open_store
from tests.services.desks import Bench
from tests.support.databases import sqlite_only
from tests.support.fresh import new_desk

pytestmark = sqlite_only  # nothing is asked of the store

HERE, THERE = 10, 20
OURS = Place(guild_id=HERE, channel_id=11, also=frozenset({12}), of_file=frozenset({11, 12}))
THEIRS = Place(guild_id=HERE, channel_id=21, also=frozenset({22}), of_file=frozenset({21, 22}))
ROUTED = 29
"""A channel that the second one's house rules send cards to."""


async def clients(bench: Bench, *places: Place) -> list[DeskClient]:
    """Return the clients of newsrooms in the order of the settings; the last one has a route."""
    routed = replace(bench, policy=replace(bench.policy, routes=(CardRoute(channel_id=ROUTED),)))
    desks = [*(bench.desk for _ in places[1:]), routed.desk]
    made = [DeskClient(desk, place, Presence()) for desk, place in zip(desks, places, strict=True)]
    Gateway(made, Hold(), bucket_of_bot())
    return made


async def is_let(client: DeskClient, route: Route) -> bool:
    """Say whether a request would leave; what is asked of nobody is stopped before a socket."""
    try:
        await client.http.request(route)
    except discord.Forbidden:
        return False
    except AttributeError:  # it is not logged in, which is only noticed behind the door
        return True
    raise AssertionError("it was answered")


@pytest.fixture
async def bench(tmp_path: Path):
    async with open_store(new_desk(tmp_path / "desk.db")) as store:
        yield Bench(store)


@pytest.mark.parametrize(
    ("channel", "owner"), [(11, 0), (12, 0), (21, 1), (22, 1), (ROUTED, 1), (99, None)]
)
async def test_a_channel_is_of_the_newsroom_that_names_it(
    bench: Bench, channel: int, owner: int | None
):
    made = await clients(bench, OURS, THEIRS)
    for place, one in enumerate(made):
        own = owner in {None, place}
        assert one.is_anothers(channel) is not own
        route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel)
        assert await is_let(one, route) is own


@pytest.mark.parametrize("channel", [21, 22])
async def test_what_was_picked_in_discord_takes_no_channel_that_anothers_file_names(
    bench: Bench, channel: int
):
    # The first newsroom moved into a channel of the second one by /setup.
    moved = replace(OURS, channel_id=channel)
    ours, theirs = await clients(bench, moved, THEIRS)
    assert ours.is_anothers(channel)
    assert not theirs.is_anothers(channel)
    route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel)
    assert not await is_let(ours, route)
    assert await is_let(theirs, route)


async def test_of_two_that_picked_the_same_channel_in_discord_one_has_it(bench: Bench):
    both = [replace(one, also=frozenset({30})) for one in (OURS, THEIRS)]
    ours, theirs = await clients(bench, *both)
    assert (ours.is_anothers(30), theirs.is_anothers(30)) == (False, True)


@pytest.mark.parametrize("path", ["/guilds/{guild_id}/members", "/guilds/{guild_id}/roles"])
async def test_nothing_is_asked_of_anothers_server(bench: Bench, path: str):
    ours, theirs = await clients(bench, OURS, replace(THEIRS, guild_id=THERE))
    for one, own, other in ((ours, HERE, THERE), (theirs, THERE, HERE)):
        assert await is_let(one, Route("GET", path, guild_id=own))
        assert not await is_let(one, Route("GET", path, guild_id=other))
