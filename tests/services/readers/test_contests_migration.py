"""A contest that waits from before contests had cards gets one after an update of the desk."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.domain.ids import CaseId
from bot.domain.sayings import ContestCard
from bot.services.readers.contest_card import cards_of_waiting, want_cards_of_waiting
from bot.store.engine.migrate import migrate, migrations
from bot.store.sqlite import open_store
from bot.store.times import stored
from tests.services.desks import NOON, Bench
from tests.services.outside import Channel
from tests.services.readers.test_contest_cards import contested, settle
from tests.unit.store.test_holds_migration import record, write_old

BEFORE = next(n for n, sql in migrations().items() if "shift_called_at" in sql) - 1


def write_before_cards(path: Path) -> tuple[int, int]:
    """Write a record with two contests, one of them answered; return its decision and case."""
    write_old(path, record())
    with closing(sqlite3.connect(path, isolation_level=None)) as before:
        known = migrations()
        migrate(before, {number: known[number] for number in range(1, BEFORE + 1)})
        before.execute("DELETE FROM outbox")
        decision, case = before.execute(
            "SELECT id, case_id FROM decisions WHERE action = 'hide' ORDER BY id LIMIT 1"
        ).fetchone()
        at = stored(NOON)
        for report, answer in ((0, None), (7, "upheld")):
            row = (case, decision, "author" if answer is None else "reporter", report, at)
            before.execute(
                "INSERT INTO contests (case_id, decision_id, party, report_id, text, locale, at, "
                "answer, reasons, by_id, by_name, answered_at) "
                "VALUES (?, ?, ?, ?, 'It was a joke', 'en', ?, ?, ?, 1, 'Ana', ?)",
                (*row, answer, answer and "No.", answer and at),
            )
    return decision, case


async def test_what_waits_from_before_there_were_cards_gets_one_and_only_one(tmp_path: Path):
    path = tmp_path / "old.db"
    _, case = write_before_cards(path)
    async with open_store(path) as store:
        bench = Bench(store)
        channel = Channel(bench.clock)
        for _ in range(2):  # after each connection
            await want_cards_of_waiting(bench.desk)
            await settle(bench, channel)
        drawn = [one.what for one in channel.messages.values() if isinstance(one.what, ContestCard)]
        assert [one.seen.contest.text for one in drawn] == ["It was a joke"]
        assert drawn[0].seen.view.case.id == CaseId(case)
        assert len(await cards_of_waiting(bench.desk)) == 1


async def test_a_contest_that_has_a_card_or_is_about_to_gets_no_other(bench: Bench):
    channel = Channel(bench.clock)
    await contested(bench)
    await want_cards_of_waiting(bench.desk)
    await settle(bench, channel)
    posted = dict(channel.messages)
    await want_cards_of_waiting(bench.desk)
    await settle(bench, channel)
    assert channel.messages == posted
