"""What an earlier version recorded is read, and sealed, as it was then."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.chain import GENESIS, seal
from bot.domain.decisions import COLUMNS, Action, Decision, Door, Verdict, from_row, to_row
from bot.domain.staff import Person
from bot.store.sqlite import open_store
from bot.store.times import moment, stored
from tests.support.chains import first_broken
from tests.support.fresh import new_desk

ANA, BEN, SAM = (
    Person(id=number, name=name) for number, name in enumerate(("Ana", "Ben", "Sam"), 1)
)
AT = datetime(2026, 11, 24, 12, tzinfo=UTC) + timedelta(microseconds=123456)

# As they stood in a file before a verdict was one value: a ban of seven days, its rule corrected, a
# ban by two, its undoing, and a keep.
NAMES = (
    "id, case_id, site, comment_id, author_id, action, rule, note, by_id, by_name, door, revision, "
    "at, until, reverses, amends, previous, digest, second_id, second_name, reason"
)
SEALS = (
    GENESIS,
    "cef59209a2b499cdad42dce61cf6ca15597e02f755fcf2ba664691c0ba6bde19",
    "76da025369d167fa1942cac9cef3a24e268bd6523ee4a83dea85e7cfc35ff4c2",
    "6b93229b49b806eb6b6bb7ed405422ae1b7f34936cfd28171cf7bf62c90306a3",
    "46dd9b6562cbd865dca6990345abd9f4986a7dec9110f58e7a6e7e33f9cd6575",
    "bf13f3a275742ba56a031344d8b82cf14c67d4f9ca799cf710c13599d7a983a6",
)
# fmt: off
ROWS = (
    (1, 1, "courier", "c1", "a1", "ban", 3, 'third "time" – Ö', 1, "Ana", "typed", 1,
     1795521600123456, 1796126400123456, None, None, *SEALS[0:2], None, None, None),
    (2, 1, "courier", "c1", "a1", "ban", 4, 'third "time" – Ö', 1, "Ana", "slash", 1,
     1795521630123456, 1796126400123456, None, 1, *SEALS[1:3], None, None, None),
    (3, 2, "courier", "c2", "ö9", "ban", 3, "for good", 1, "Ana", "button", 1,
     1795521690123456, None, None, None, *SEALS[2:4], 2, "Ben", None),
    (4, 2, "courier", "c2", "ö9", "unban", 3, "a slip", 3, "Sam", "button", 1,
     1795521690123456, None, 3, None, *SEALS[3:5], None, None, None),
    (5, 2, "courier", "c2", "ö9", "keep", None, None, 2, "Ben", "button", 1,
     1795521690123456, None, None, None, *SEALS[4:6], None, None, None),
)
PROPOSAL = (
    3, "ban", 5, "waits", 604800000001, 2, "Ben", "button", 1,
    1795521690123456, 1795564890123456, "Names a person.", 1,
)
# fmt: on


def fill(path) -> None:
    with closing(sqlite3.connect(path)) as file, file:
        for case, author in ((1, "a1"), (2, "ö9"), (3, "a3")):
            file.execute(
                "INSERT INTO authors (site, external_id, name) VALUES ('courier', ?, 'Dog')",
                (author,),
            )
            file.execute(
                "INSERT INTO cases (id, site, comment_id, author_id, story_id, state, revision, "
                "revision_key, touched, reports, reporters, reasons, strikes, priority, opened_at, "
                "reported_at) VALUES (?, 'courier', ?, ?, 's1', 'open', 1, 'r1', 1, 1, 1, '{}', 0, "
                "1, 0, 0)",
                (case, f"c{case}", author),
            )
        for row in ROWS:
            file.execute(
                f"INSERT INTO decisions ({NAMES}) VALUES ({', '.join('?' * len(row))})",  # noqa: S608 - our own names
                row,
            )
        file.execute(
            "INSERT INTO proposals (case_id, action, rule, note, lasting, by_id, by_name, door, "
            "revision, at, expires_at, reason, braked) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            PROPOSAL,
        )


@pytest.fixture
async def store(tmp_path):
    path = new_desk(tmp_path / "desk.db")
    fill(path)
    async with open_store(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def of_before(tmp_path_factory) -> tuple[Decision, ...]:
    """What stands in such a file, read once."""

    async def read() -> tuple[Decision, ...]:
        path = new_desk(tmp_path_factory.mktemp("before") / "desk.db")
        fill(path)
        async with open_store(path) as opened:
            return tuple(await opened.read(lambda tx: list(tx.decisions.after(0, limit=10))))

    return asyncio.run(read())


async def test_a_record_of_before_still_verifies(store):
    made = await store.read(lambda tx: list(tx.decisions.after(0, limit=10)))
    assert first_broken(made) is None
    assert [one.digest for one in made] == [*SEALS[1:]]


async def test_a_decision_of_before_says_the_same(store):
    made = await store.read(lambda tx: list(tx.decisions.after(0, limit=10)))
    assert made[0].verdict == Verdict(
        action=Action.BAN,
        by=ANA,
        door=Door.TYPED,
        rule=3,
        lasting=timedelta(days=7),
        note='third "time" – Ö',
    )
    assert made[0].until == made[1].until == AT + timedelta(days=7)
    assert (made[1].amends, made[1].verdict.rule, made[1].verdict.door) == (1, 4, Door.SLASH)
    assert (made[2].verdict.by, made[2].second, made[2].until) == (ANA, BEN, None)
    assert (made[3].verdict.by, made[3].reverses) == (SAM, 3)
    assert (made[4].verdict.rule, made[4].verdict.note) == (None, None)


async def test_the_same_decisions_get_the_same_seals_today(store):
    made = await store.read(lambda tx: list(tx.decisions.after(0, limit=10)))
    before = GENESIS
    for one in made:
        bare = from_row(to_row(one) | {"previous": "", "digest": ""})
        assert seal(bare, before) == one
        before = one.digest


async def test_what_is_written_is_what_was_written_before(store, tmp_path):
    made = await store.read(lambda tx: list(tx.decisions.after(0, limit=10)))
    path = new_desk(tmp_path / "other.db")
    fill(path)
    with closing(sqlite3.connect(path)) as file:
        kept = file.execute(f"SELECT {NAMES} FROM decisions ORDER BY id").fetchall()  # noqa: S608 - our own names
    for one, row in zip(made, kept, strict=True):
        flat = to_row(one) | {"at": stored(one.at), "until": stored(one.until)}
        assert tuple(flat[name] for name in NAMES.split(", ")) == row


async def test_a_proposal_of_before_still_waits_for_the_same(store):
    waiting = await store.read(lambda tx: tx.proposals.get(3))
    assert waiting.verdict == Verdict(
        action=Action.BAN,
        by=BEN,
        door=Door.BUTTON,
        rule=5,
        lasting=timedelta(days=7, microseconds=1),
        note="waits",
        reason="Names a person.",
    )
    assert (waiting.revision, waiting.braked) == (1, True)
    assert waiting.at == moment(PROPOSAL[9])
    await store.write(lambda tx: tx.proposals.put(waiting))
    assert await store.read(lambda tx: tx.proposals.get(3)) == waiting


@pytest.mark.parametrize(
    ("columns", "sealed"),
    [
        (
            {"action": "ban", "rule": 3, "note": "third “time”", "by_id": 2**53 + 1}
            | {"by_name": "Ana Ö", "door": "slash", "revision": 2, "amends": 56, "second_id": 2}
            | {"until": AT + timedelta(days=7, microseconds=1), "second_name": "Ben"}
            | {"reason": "Names a person.", "id": 57, "case_id": 1042, "comment_id": "c-77"}
            | {"author_id": "u-9", "previous": "a" * 64},
            "37c9b05cf5fbe2073a6672ec70ee530d5c4696bc1798447cfb8094c351b699fc",
        ),
        (
            {"action": "keep", "previous": GENESIS},
            "c04886df1e6824da719b203f1a102eea1f6cac7ed3005f99d8618910a7461588",
        ),
        (
            {"id": 2, "action": "reopen", "rule": 4, "reverses": 1, "door": "typed"}
            | {"previous": "b" * 64},
            "d92967c052b29d2249130a008fa6c4b2fccc0771993abddf8ac8d43ce0345a63",
        ),
    ],
)
def test_a_seal_is_over_the_columns_and_not_over_what_holds_them(columns, sealed):
    made = from_row(
        {"id": 1, "case_id": 1, "site": "courier", "comment_id": "c1", "author_id": "a1"}
        | {"by_id": 1, "by_name": "Ana", "door": "button", "revision": 1, "at": AT}
        | columns
    )
    assert seal(made, made.previous).digest == sealed


@pytest.mark.parametrize("column", sorted({*COLUMNS} - {"digest"}))
@pytest.mark.parametrize("number", range(len(ROWS)))
def test_whatever_column_somebody_edits_it_shows(of_before, number, column):
    made = [*of_before]
    row = to_row(made[number])
    others = {
        "action": "hide",
        "door": "run",
        "at": row["at"] + timedelta(microseconds=1),
        "until": (row["until"] or row["at"]) + timedelta(microseconds=1),
    }
    wrong = others.get(column, 77 if isinstance(row[column], int) else "another")
    made[number] = from_row(row | {column: wrong})
    broken = first_broken(made)
    assert broken is not None
    assert broken.id in (wrong, made[number].id)
