"""The record is rebuilt so that it knows holds, and is the same record afterwards."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.chain import GENESIS, seal
from bot.domain.decisions import Action, Decision, Door, from_row, to_row
from bot.domain.effects import Order
from bot.domain.ids import CaseId, DecisionId, PersonId, RuleNumber, SiteId
from bot.store.deliveries import order_from, order_text
from bot.store.engine.migrate import migrate, migrations
from bot.store.errors import StoreTrouble
from bot.store.sqlite import open_store
from bot.store.times import stored
from tests.support.chains import first_broken
from tests.support.decisions import changed

SCRIPTS = migrations()
HOLDS = next(number for number, script in SCRIPTS.items() if "Rebuilds the record" in script)
OLD = {number: script for number, script in SCRIPTS.items() if number < HOLDS}
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
KINDS = "SELECT type, name, tbl_name FROM sqlite_master WHERE type IN ('index', 'trigger')"
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"

BY_THE_DESK = {"by_id": 0, "by_name": "the desk", "door": Door.DESK, "rule": RuleNumber(9)}
LINES = (
    (1, Action.HIDE, BY_THE_DESK),
    (2, Action.HIDE, {}),
    (3, Action.HIDE, BY_THE_DESK),
    (3, Action.KEEP, {"second_id": 8, "second_name": "Ben", "reason": "It names a victim."}),
    (4, Action.HIDE, {"by_id": 0, "by_name": "somebody at the site", "door": Door.SITE}),
    (1, Action.BAN, {"until": NOON}),
    (1, Action.UNBAN, {"reverses": 6}),
    (1, Action.HIDE, BY_THE_DESK),
)
STANDS = {1: None, 2: 2, 3: 4, 4: 5}
"""Which decision stands on each case; on the first one none, as it is on hold."""


def line(number: int, case: int, action: Action, more: dict) -> Decision:
    made = dict[str, Any](
        id=DecisionId(number),
        case_id=CaseId(case),
        site=SiteId("courier"),
        comment_id=f"c{case}",
        author_id="a1",
        action=action,
        rule=RuleNumber(5),
        note="He does it daily.",
        by_id=PersonId(7),
        by_name="Ana",
        door=Door.BUTTON,
        revision=1,
        at=NOON,
    )
    return from_row(made | more)


def record() -> list[Decision]:
    made: list[Decision] = []
    for number, (case, action, more) in enumerate(LINES, 1):
        made.append(seal(line(number, case, action, more), made[-1].digest if made else GENESIS))
    return made


def write_old(path, made: list[Decision]) -> None:
    """Write a file as the version before wrote it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        migrate(old, OLD)
        old.execute("INSERT INTO authors (site, external_id, name) VALUES ('courier', 'a1', 'Dog')")
        old.execute(
            "INSERT INTO stories (site, external_id, title, url) VALUES ('courier', 's1', 'T', '')"
        )
        for case in STANDS:
            old.execute(
                "INSERT INTO cases (id, site, comment_id, author_id, story_id, state, revision, "
                "revision_key, touched, reports, reporters, reasons, strikes, priority, opened_at, "
                "reported_at) VALUES (?, 'courier', ?, 'a1', 's1', 'open', 1, 'r1', 1, 1, 1, "
                "'{\"9\":1}', 0, 1, 0, 0)",
                (case, f"c{case}"),
            )
            old.execute(
                "INSERT INTO revisions (case_id, revision, revision_key, text) "
                "VALUES (?, 1, 'r1', 'Bins again.')",
                (case,),
            )
        names = [name for _, name, *_ in old.execute("PRAGMA table_info(decisions)")]
        for one in made:
            row = to_row(one) | {"at": stored(one.at), "until": stored(one.until)}
            values = [row[name] for name in names]
            old.execute(
                f"INSERT INTO decisions ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608 - our own names
                values,
            )
        for case, stands in STANDS.items():
            if stands is not None:
                old.execute(
                    "UPDATE cases SET state = 'decided', decision_id = ? WHERE id = ?",
                    (stands, case),
                )


def asked(path, sql: str) -> list:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "old.db"
    write_old(path, record())
    return path


async def test_the_record_is_the_same_to_the_letter_and_still_verifies(old):
    async with open_store(old) as store:
        found = await store.read(lambda tx: list(tx.decisions.after(0, limit=100)))

    assert found == record()
    assert first_broken(found) is None
    assert asked(old, "PRAGMA foreign_key_check") == []
    assert asked(old, "PRAGMA integrity_check") == [("ok",)]


async def test_every_index_and_trigger_is_there_afterwards(old):
    before = set(asked(old, KINDS))
    async with open_store(old):
        pass
    tables = {name for (name,) in asked(old, TABLES)}
    assert {one for one in before if one[2] in tables} <= set(asked(old, KINDS))


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE decisions SET note = 'forged' WHERE id = 2",
        "DELETE FROM decisions WHERE id = 8",
        "INSERT INTO decisions SELECT * FROM decisions WHERE id = 1",
        "INSERT OR REPLACE INTO decisions SELECT * FROM decisions WHERE id = 1",
    ],
)
async def test_the_rebuilt_record_is_append_only(old, attack):
    async with open_store(old):
        pass
    with (
        closing(sqlite3.connect(old, isolation_level=None)) as attacker,
        pytest.raises(sqlite3.IntegrityError, match="a decision"),
    ):
        attacker.execute(attack)


async def test_an_action_nobody_knows_is_still_refused(old):
    async with open_store(old):
        pass
    with (
        closing(sqlite3.connect(old, isolation_level=None)) as attacker,
        pytest.raises(sqlite3.IntegrityError, match="CHECK"),
    ):
        attacker.execute(
            "INSERT INTO decisions (id, case_id, site, comment_id, author_id, action, by_id, "
            "by_name, door, revision, at, previous, digest) "
            "SELECT 9, case_id, site, comment_id, author_id, 'erase', by_id, by_name, door, "
            "revision, at, digest, '' FROM decisions WHERE id = 8"
        )


async def test_what_the_desk_hid_by_itself_is_on_hold_and_nothing_else(old):
    async with open_store(old) as store:
        cases = await store.read(lambda tx: [tx.cases.get(CaseId(n)) for n in STANDS])
        holds = await store.read(
            lambda tx: [m.id for m in tx.decisions.after(0, limit=9) if m.is_hold]
        )

    assert [case.hold_id for case in cases] == [8, None, None, None]
    assert holds == [1, 3, 8]


async def test_what_the_desk_hid_is_no_strike_no_verdict_and_by_nobody(old):
    async with open_store(old) as store:
        since = datetime(2026, 1, 1, tzinfo=UTC)
        strikes = await store.read(
            lambda tx: tx.cases.strikes(SiteId("courier"), "a1", since=since)
        )
        decided = await store.read(
            lambda tx: tx.tallies.decided(since, datetime(2027, 1, 1, tzinfo=UTC))
        )

    assert strikes == 2
    assert decided == {Action.HIDE: 1, Action.KEEP: 1, Action.BAN: 1}
    for table in ("deciders", "decider_names"):
        names = asked(old, f"SELECT name FROM {table} WHERE id = 0")  # noqa: S608 - our own names
        assert names == [("somebody at the site",)]


async def test_what_a_site_was_not_told_yet_is_told_as_a_hold(old):
    orders = {1: "waiting", 3: "failed", 5: "waiting", 8: "done"}
    with closing(sqlite3.connect(old, isolation_level=None)) as before:
        for number, state in orders.items():
            before.execute(
                "INSERT INTO effects (kind, state, case_id, due_at, site, decision_id, order_key, "
                "order_json) SELECT 'site', ?, case_id, 0, site, id, 'decision-' || id, ? "
                "FROM decisions WHERE id = ?",
                (state, order_text(order(number)), number),
            )
    async with open_store(old):
        pass
    found = [order_from(text) for (text,) in asked(old, "SELECT payload FROM outbox")]
    assert [(one.action, one.rule, one.rule_name) for one in found] == [
        (Action.HOLD, None, None),
        (Action.HOLD, None, None),
        (Action.HIDE, 9, "Spam"),
        (Action.HIDE, 9, "Spam"),
    ]
    assert all("on hold" in (one.notice or "") for one in found[:2])
    assert [one.notice for one in found[2:]] == ["It was spam."] * 2


def order(number: int) -> Order:
    made = record()[number - 1]
    return Order(
        key=f"decision-{number}",
        decision_id=made.id,
        case_id=made.case_id,
        site=made.site,
        action=made.action,
        comment_id=made.comment_id,
        revision_key="r1",
        permalink=None,
        author_id=made.author_id,
        visible=False,
        banned=None,
        until=None,
        rule=RuleNumber(9),
        rule_name="Spam",
        notice="It was spam.",
        at=NOON,
    )


def edits(made: list[Decision]) -> dict[str, list[Decision]]:
    return {
        "a note was changed": [*made[:3], changed(made[3], note="forged"), *made[4:]],
        "a rule was changed": [changed(made[0], rule=RuleNumber(1)), *made[1:]],
        "the newest was changed": [*made[:-1], changed(made[-1], by_name="Nobody")],
    }


@pytest.mark.parametrize("edit", edits(record()))
async def test_a_record_that_was_edited_is_refused_and_left_as_it_is(tmp_path, edit):
    path = tmp_path / "old.db"
    write_old(path, edits(record())[edit])
    before = asked(path, "SELECT * FROM decisions")

    with pytest.raises(StoreTrouble, match="does not verify from decision"):
        async with open_store(path):
            pass

    assert asked(path, "PRAGMA user_version") == [(HOLDS - 1,)]
    assert asked(path, "SELECT * FROM decisions") == before
    assert asked(path, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'rebuilt'") == [(0,)]
    assert set(asked(path, KINDS)) >= {
        ("trigger", "decisions_stay", "decisions"),
        ("index", "decisions_case", "decisions"),
    }


async def test_a_record_without_a_line_in_its_midst_is_refused(old):
    with closing(sqlite3.connect(old, isolation_level=None)) as attacker:
        attacker.execute("DROP TRIGGER decisions_remain")
        attacker.execute("DELETE FROM decisions WHERE id = 3")

    with pytest.raises(StoreTrouble, match="from decision 4 on"):
        async with open_store(old):
            pass


async def test_an_empty_record_is_rebuilt_too(tmp_path):
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, OLD)
    async with open_store(path) as store:
        assert await store.read(lambda tx: tx.decisions.last()) is None
