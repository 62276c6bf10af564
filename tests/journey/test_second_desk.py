"""A whole desk on PostgreSQL, and another that takes over from it."""

import asyncio
from contextlib import closing

import pytest
from pydantic import SecretStr

from tests.journey.newsroom import Newsroom
from tests.support.databases import new_database
from tests.support.waiting import PATIENCE

psycopg = pytest.importorskip("psycopg", reason="comment-desk[postgres] is not installed")


async def test_a_desk_that_is_taken_over_ends_and_the_next_goes_on_from_its_card(
    newsroom: Newsroom,
):
    async with new_database() as server:
        await newsroom.stop()
        newsroom.server = SecretStr(server.url)
        await newsroom.start()
        case = await newsroom.report()
        await newsroom.card(case)

        with closing(psycopg.connect(server.url, autocommit=True)) as other:
            other.execute("UPDATE comment_desk SET desks = desks + 1")
        await asyncio.wait_for(newsroom.desk.desk.store.taken_over(), PATIENCE)
        await newsroom.stop()
        await newsroom.start()

        await newsroom.sandbox.as_user("ana").press(await newsroom.card(case), "Hide")
        await newsroom.settled()
        assert newsroom.site.hidden == {"c1"}
        await newsroom.card(case, "Hidden")
        assert len(newsroom.cards(case)) == 1
        await newsroom.stop()
