"""The intake with the store it runs on: what was answered is on disk, and stays answered."""

import asyncio
import json
import sqlite3
import threading
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from bot.domain.staff import Authority
from bot.services.cases.receive import receive
from bot.services.desk import Desk
from bot.store.sqlite import Store, open_store

from .caller import NOW, OTHER_SECRET, POLICY, Caller, calling, make_body, problem_of


@asynccontextmanager
async def desk_on(path: Path) -> AsyncGenerator[Caller]:
    async with open_store(path) as store, calling() as site:
        site.shelf.receive_with(partial(receive, desk_over(store)))
        yield site


def desk_over(store: Store) -> Desk:
    return Desk(
        store=store, policy=lambda: POLICY, authority=Authority(ranks={}), clock=lambda: NOW
    )


def on_disk(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


def files_with(content: bytes, folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir() if content in file.read_bytes()]


async def test_a_report_that_was_answered_is_on_disk(tmp_path: Path):
    path = tmp_path / "desk.db"
    async with desk_on(path) as site:
        response = await site.post(make_body())
        assert await response.json() == {"case": 1, "counted": True}
        assert on_disk(path, "SELECT case_id, rule, note FROM reports") == [(1, 1, "Not nice.")]
        assert on_disk(path, "SELECT text FROM revisions") == [("You are all fools.",)]


async def test_a_repeated_request_is_answered_as_before_even_after_a_restart(tmp_path: Path):
    bodies = [make_body(comment__id="a"), make_body(comment__id=3), make_body(comment__id="b")]
    answers = []
    for _ in range(2):
        async with desk_on(tmp_path / "desk.db") as site:
            for _ in range(2):
                single = await site.post(make_body(), webhook_id="msg_a")
                batch = await site.batch(*bodies, webhook_id="msg_b")
                answers.append((await single.json(), await batch.json()))
    assert answers == [answers[0]] * 4
    assert answers[0][0] == {"case": 1, "counted": True}
    assert on_disk(tmp_path / "desk.db", "SELECT COUNT(*) FROM reports") == [(3,)]


async def test_one_readers_same_complaint_is_counted_once_and_another_one_anew(tmp_path: Path):
    async with desk_on(tmp_path / "desk.db") as site:
        answers = [
            await (await site.post(make_body(**changes))).json()
            for changes in ({}, {}, {"reason": "spam"}, {"reporter": "another"})
        ]
    assert [answer["counted"] for answer in answers] == [True, False, True, True]
    assert {answer["case"] for answer in answers} == {1}


async def test_no_reader_is_kept_by_name(tmp_path: Path):
    async with desk_on(tmp_path / "desk.db") as site:
        assert (await site.post(make_body(reporter="ann@x.example"))).status == 202
    assert not files_with(b"ann@x.example", tmp_path)
    assert files_with(b"salty_dog", tmp_path)


async def test_good_reports_of_a_batch_are_on_disk_and_bad_ones_are_not(tmp_path: Path):
    path = tmp_path / "desk.db"
    async with desk_on(path) as site:
        bodies = [make_body(comment__id="a"), make_body(reason="x"), make_body(comment__id="c")]
        assert (await site.batch(*bodies)).status == 202
    assert on_disk(path, "SELECT comment_id FROM cases ORDER BY 1") == [("a",), ("c",)]


async def test_many_at_once_are_all_kept(tmp_path: Path):
    path = tmp_path / "desk.db"
    async with desk_on(path) as site:
        responses = await asyncio.gather(
            *(
                site.post(make_body(reporter=f"reader-{n}", comment__id=f"c-{n % 7}"))
                for n in range(200)
            )
        )
    assert {response.status for response in responses} == {202}
    assert on_disk(path, "SELECT COUNT(*) FROM reports") == [(200,)]
    assert on_disk(path, "SELECT COUNT(*), SUM(reports) FROM cases") == [(7, 200)]


async def test_a_store_that_is_closed_makes_the_site_send_again(tmp_path: Path):
    async with calling() as site:
        async with open_store(tmp_path / "desk.db") as store:
            site.shelf.receive_with(partial(receive, desk_over(store)))
        response = await site.post(make_body())
        await problem_of(response, 503)
        assert "Retry-After" in response.headers


async def test_text_from_all_the_world_comes_back_as_it_was_sent(tmp_path: Path):
    path, text = tmp_path / "desk.db", "Zoë 👩‍👩‍👧 שלום \u202eabc <@1> **x** 'quoted'; DROP TABLE"
    async with desk_on(path) as site:
        assert (await site.post(make_body(comment__text=text))).status == 202
    assert on_disk(path, "SELECT text FROM revisions") == [(text,)]


async def test_an_authors_keys_are_kept_hashed_and_with_what_they_are_of(tmp_path: Path):
    path = tmp_path / "desk.db"
    keys = ["network:10.1.2.3", "email:dog@example.org", "shoe:44", "network:10.1.2.3"]
    async with desk_on(path) as site:
        response = await site.post(make_body(comment__author__keys=keys))
        assert response.status == 202
        kept = on_disk(path, "SELECT kind, LENGTH(key) FROM author_keys ORDER BY kind")
        assert kept == [("", 16), ("email", 16), ("network", 16)]
        assert files_with(b"dog@example.org", tmp_path) == []
        assert files_with(b"10.1.2.3", tmp_path) == []


async def test_too_many_or_empty_keys_are_refused(tmp_path: Path):
    async with desk_on(tmp_path / "desk.db") as site:
        for keys in (["k"] * 9, [""], "network:1", [7]):
            response = await site.post(make_body(comment__author__keys=keys))
            assert (await problem_of(response, 422))["errors"][0]["field"].startswith(
                "comment.author.keys"
            )


async def test_reports_that_find_no_room_are_sent_again_and_none_waits(tmp_path: Path):
    """While the store is held up, as by a slow disk, so many wait as there is room for."""
    held, let_go = threading.Event(), threading.Event()

    def hold(_tx: object) -> None:
        held.set()
        let_go.wait()

    async with open_store(tmp_path / "desk.db", room=4) as store, calling() as site:
        site.shelf.receive_with(partial(receive, desk_over(store)))
        holding = asyncio.create_task(store.write(hold))
        await asyncio.to_thread(held.wait)
        try:
            posts = [
                asyncio.create_task(site.post(make_body(comment__id=f"c-{number}")))
                for number in range(12)
            ]
            turned_away = [await answer for answer in islice(asyncio.as_completed(posts), 8)]
            assert [answer.status for answer in turned_away] == [503] * 8
            assert {answer.headers["Retry-After"] for answer in turned_away} == {"5"}
            batch = await site.batch(make_body(), make_body(comment__id="c-99"))
            assert (await problem_of(batch, 503))["type"].endswith("not-stored")
        finally:
            let_go.set()
        await holding
        assert Counter([(await post).status for post in posts]) == {503: 8, 202: 4}
        assert (await site.post(make_body())).status == 202


async def statuses(site: Caller, *requests: tuple[Any, str]) -> list[int]:
    answers = [await site.post(body, webhook_id=name) for body, name in requests]
    return [answer.status for answer in answers]


async def test_another_body_under_the_same_id_is_a_conflict_and_keeps_nothing(tmp_path: Path):
    path = tmp_path / "desk.db"
    one, other = make_body(), make_body(comment__id="c-4", comment__author__id="u-10")
    async with desk_on(path) as site:
        assert (await site.post(one, webhook_id="msg_a")).status == 202
        problem = await problem_of(await site.post(other, webhook_id="msg_a"), 409)
        assert problem["type"].endswith(":id-used-before")
        assert "webhook-id of its own" in problem["detail"]
        # One space is another body, and the same body is the same at any time.
        spaced = json.dumps(one).encode() + b" "
        assert await statuses(site, (spaced, "msg_a"), (one, "msg_a")) == [409, 202]
        answers = await asyncio.gather(
            *(site.post(make_body(note=f"n{n}"), webhook_id="msg_race") for n in range(5))
        )
        assert sorted(answer.status for answer in answers) == [202, 409, 409, 409, 409]
    async with desk_on(path) as site:
        assert await statuses(site, (other, "msg_a"), (one, "msg_a")) == [409, 202]
    assert on_disk(path, "SELECT comment_id FROM cases") == [("c-3",)]


async def test_a_batch_keeps_its_id_to_itself(tmp_path: Path):
    good, bad = make_body(comment__id="a"), make_body(comment__id=3)
    async with desk_on(tmp_path / "desk.db") as site:
        assert (await site.batch(bad, good, webhook_id="msg_a")).status == 202
        for bodies in ((good, bad), (good,), (bad, good, good)):
            await problem_of(await site.batch(*bodies, webhook_id="msg_a"), 409)
        await problem_of(await site.post(good, webhook_id="msg_a"), 409)
        again = await (await site.batch(bad, good, webhook_id="msg_a")).json()
        assert again["answers"][1] == {"case": 1, "counted": True}
        assert (await site.post(good, webhook_id="msg_b")).status == 202
        await problem_of(await site.batch(good, webhook_id="msg_b"), 409)
        # Ids that only begin alike are others, and so is another site's.
        assert (await site.batch(good, webhook_id="msg_a0")).status == 202
        assert (await site.post(good, webhook_id="msg_")).status == 202
        herald = make_body(site="herald", comment__id="h")
        assert (await site.post(herald, webhook_id="msg_a", secret=OTHER_SECRET)).status == 202


async def test_what_was_refused_may_come_mended_under_its_id(tmp_path: Path):
    async with desk_on(tmp_path / "desk.db") as site:
        assert (await site.post(make_body(reason="rude"), webhook_id="msg_a")).status == 422
        assert (await site.post(make_body(), webhook_id="msg_a")).status == 202


async def test_what_an_earlier_version_answered_is_answered_as_before(tmp_path: Path):
    path = tmp_path / "desk.db"
    async with desk_on(path) as site:
        assert (await site.post(make_body(), webhook_id="msg_a")).status == 202
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE receipts SET digest = NULL")
    async with desk_on(path) as site:
        answer = await site.post(make_body(note="Another."), webhook_id="msg_a")
        assert await answer.json() == {"case": 1, "counted": True}
    assert on_disk(path, "SELECT COUNT(*) FROM reports") == [(1,)]


async def test_a_broken_character_is_stored_as_the_sign_for_one(tmp_path: Path):
    body = make_body(comment__text="Fool \ud83d", note="\udca9", story__title="\ud83d")
    async with desk_on(tmp_path / "desk.db") as site:
        answers = await (await site.batch(make_body(), body)).json()
        assert [answer["case"] for answer in answers["answers"]] == [1, 1]
        assert (await site.post(body)).status == 202
