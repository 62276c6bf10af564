"""The database is taken away from the running desk: nothing is confirmed that would be lost."""

import shutil

import pytest

from bot.app import running
from bot.store.errors import StoreGone
from tests.support.databases import sqlite_only

from .newsroom import Newsroom

pytestmark = sqlite_only


async def store_part(newsroom: Newsroom) -> tuple[int, str]:
    async with newsroom.http.get(f"{newsroom.desk.address}/readyz") as answer:
        return answer.status, (await answer.json())["parts"]["store"]["detail"]


async def test_a_deleted_database_takes_no_report_and_is_asked_for_at_the_start(newsroom: Newsroom):
    await newsroom.card(await newsroom.report())
    assert await store_part(newsroom) == (200, "")
    backup = newsroom.database.with_name("backup.db")
    await newsroom.desk.desk.store.backup(backup)  # type: ignore[attr-defined]
    newsroom.database.unlink()

    status, answer = await newsroom.post("/v1/reports", newsroom.report_body())
    assert (status, answer["type"]) == (503, "urn:comment-desk:problem:not-stored")
    status, detail = await store_part(newsroom)
    assert status == 503
    assert "moved, deleted or replaced" in detail

    await newsroom.stop()
    with pytest.raises(StoreGone, match="--new"):
        async with running(newsroom.settings()):
            pass
    assert not newsroom.database.exists()

    shutil.copy(backup, newsroom.database)
    await newsroom.start()
    assert await newsroom.report(reporter="another") == 1


async def test_a_desk_may_begin_anew_when_it_is_told_to(newsroom: Newsroom):
    await newsroom.report()
    await newsroom.stop()
    newsroom.database.unlink()
    async with running(newsroom.settings(), anew=True):
        assert newsroom.database.exists()
    await newsroom.start()
