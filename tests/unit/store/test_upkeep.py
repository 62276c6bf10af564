"""Pruning and backups."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from bot.domain.comments import Receipt
from bot.domain.decisions import Action
from bot.domain.ids import CaseId
from bot.store import prune
from bot.store.errors import StoreTrouble
from bot.store.sqlite import open_store
from tests.contract.store.makers import NOW, SITE, decide, make_order, opening

OLD = NOW - timedelta(days=20)
TWO_WEEKS_AGO = NOW - timedelta(days=14)
RECEIPT = Receipt(case_id=CaseId(1), counted=True)


@pytest.fixture(params=[1, 3, 2000])
def rows_at_once(request, monkeypatch):
    monkeypatch.setattr(prune, "_ROWS", request.param)


@pytest.mark.usefixtures("rows_at_once")
async def test_old_receipts_are_forgotten_and_new_ones_kept(store):
    def work(tx):
        for number in range(20):
            at = OLD if number % 3 else NOW
            tx.reports.remember(SITE, f"msg-{number}", RECEIPT, at)

    await store.write(work)
    assert await store.prune(TWO_WEEKS_AGO) == 13
    kept = [
        number
        for number in range(20)
        if await store.read(lambda tx, n=number: tx.reports.answered(SITE, f"msg-{n}"))
    ]
    assert kept == [0, 3, 6, 9, 12, 15, 18]
    assert await store.prune(TWO_WEEKS_AGO) == 0


@pytest.mark.usefixtures("rows_at_once")
async def test_drawn_cards_are_forgotten_but_orders_and_what_waits_are_kept(store):
    case = await store.write(opening())

    def draw(tx, at):
        tx.outbox.want_card(case.id, at)
        (effect,) = tx.outbox.due_cards(at, limit=1)
        tx.outbox.done(effect, at)

    def work(tx):
        for _ in range(6):
            draw(tx, OLD)
        tx.outbox.want_order(make_order(decide(tx, case, Action.HIDE, at=OLD)))
        (order,) = tx.outbox.due_orders(SITE, NOW, limit=1)
        tx.outbox.done(order, OLD)
        draw(tx, NOW)
        tx.outbox.want_card(case.id, OLD)
        return order.id

    order_id = await store.write(work)
    assert await store.prune(TWO_WEEKS_AGO) == 6
    assert await store.read(lambda tx: tx.outbox.order(order_id)) is not None
    assert len(await store.read(lambda tx: tx.outbox.due_cards(NOW, limit=9))) == 1


async def test_a_number_is_not_given_twice_after_pruning(store):
    case = await store.write(opening())

    def ask(tx):
        tx.outbox.want_card(case.id, OLD)
        (effect,) = tx.outbox.due_cards(NOW, limit=1)
        tx.outbox.done(effect, OLD)
        return effect.id

    first = await store.write(ask)
    await store.prune(NOW)
    assert await store.write(ask) > first


async def test_an_empty_store_has_nothing_to_forget(store):
    assert await store.prune(NOW) == 0


async def test_a_backup_is_a_whole_store(store, tmp_path):
    case = await store.write(opening())
    await store.backup(tmp_path / "copy.db")
    await store.write(opening("later"))
    async with open_store(tmp_path / "copy.db", create=False) as copy:
        assert await copy.read(lambda tx: tx.cases.queue(limit=9)) == [case]
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600


async def test_a_backup_is_taken_while_writing_goes_on(store, tmp_path):
    stop = asyncio.Event()

    async def keep_writing():
        number = 0
        while not stop.is_set():
            await store.write(opening(f"c-{number}"))
            number += 1
        return number

    writing = asyncio.create_task(keep_writing())
    for number in range(3):
        await store.backup(tmp_path / f"{number}.db")
    stop.set()
    written = await writing
    for number in range(3):
        with closing(sqlite3.connect(tmp_path / f"{number}.db")) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert await store.read(lambda tx: tx.cases.count_open()) == written


async def test_a_backup_overwrites_nothing(store, tmp_path):
    (tmp_path / "kept").write_text("dear")
    with pytest.raises(StoreTrouble, match="exists already"):
        await store.backup(tmp_path / "kept")
    assert (tmp_path / "kept").read_text() == "dear"


async def test_a_backup_that_cannot_be_written_leaves_nothing(store, tmp_path):
    with pytest.raises(StoreTrouble, match="cannot be written"):
        await store.backup(tmp_path / "nowhere" / "copy.db")
    assert not (tmp_path / "nowhere").exists()
