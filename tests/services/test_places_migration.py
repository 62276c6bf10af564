"""Where messages stood, and how far things were read, is known after an update of the desk."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.cases import CardRef
from bot.domain.ids import MessageKind, MessageRef, SiteId
from bot.domain.legal import Consent
from bot.domain.sayings import Bulletin, LegalCard, LogLines, PinnedOverview
from bot.domain.site import PollCursor
from bot.domain.staff import Overview
from bot.services.alerts.delivery import alert_lane
from bot.services.cases import archive
from bot.services.deliver import card_lane
from bot.services.outbox_worker import turn
from bot.services.staff import overview
from bot.services.staff.reminders import reminder_lane
from bot.store.engine.migrate import migrate, migrations
from bot.store.sqlite import open_store
from bot.store.times import stored
from tests.services.desks import NOON, Bench
from tests.services.outside import CHANNEL, EDITORS, Channel, Shown
from tests.unit.store.test_holds_migration import asked, record, write_old

COURIER = SiteId("courier")
LOG = 701
BEFORE = next(n for n, sql in migrations().items() if "CREATE TABLE messages" in sql) - 1
AT = stored(NOON)

CARD, OVERVIEW, BACKLOG, DIGEST, LEGAL = range(501, 506)
WRITTEN = f"""
INSERT INTO cards (case_id, channel_id, message_id, revision, touched)
VALUES (1, {CHANNEL}, {CARD}, 1, 0);
INSERT INTO said (message_id, case_id) VALUES ({CARD}, 1);
INSERT INTO fixtures (name, channel_id, message_id) VALUES ('overview', {CHANNEL}, {OVERVIEW});
INSERT INTO digests (channel_id, message_id) VALUES ({CHANNEL}, {BACKLOG}), (999, 1);
INSERT INTO bulletins (name, body, channel_id, message_id) VALUES
    ('held:1', '{{"alerts": [], "overnight": false}}', {EDITORS}, {DIGEST}),
    ('held:2', '{{"alerts": [], "overnight": false}}', NULL, NULL);
INSERT INTO legal_notices (id, case_id, name, email, meaning, falsity, unknown, consents, stage,
    received_at, stage_at, act_by, by_name, channel_id, message_id) VALUES
    (7, 1, 'Jane', 'j@example.org', 'm', 'f', 1, 1, 'received', {AT}, {AT}, {AT}, 'Sam',
     {EDITORS}, {LEGAL}),
    (8, 1, 'Joe', 'j@example.org', 'm', 'f', 1, 1, 'received', {AT}, {AT}, {AT}, 'Sam', NULL, NULL);
INSERT INTO marks (site, mark, at) VALUES ('courier', 'page=7', {AT}), ('log:1', '', {AT});
INSERT INTO logged (channel_id, decision_id) VALUES ({LOG}, 6);
INSERT INTO cursors (channel_id, message_id) VALUES ({CHANNEL}, 9007199254740993);
INSERT INTO outbox (kind, case_id, due_at) VALUES ('card', 1, {AT});
INSERT INTO outbox (kind, key, due_at) VALUES ('bulletin', 'held:1', {AT});
INSERT INTO outbox (kind, key, payload, due_at)
VALUES ('reminder', 'legal:7', '{{"kind": "legal card", "legal_id": 7}}', {AT});
"""  # noqa: S608 - our own numbers


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.db"
    write_old(path, record())
    with closing(sqlite3.connect(path, isolation_level=None)) as before:
        known = migrations()
        migrate(before, {number: known[number] for number in range(1, BEFORE + 1)})
        before.execute("DELETE FROM outbox")
        before.executescript(WRITTEN)
    return path


@pytest.fixture
async def bench(old: Path):
    async with open_store(old) as store:
        yield Bench(store)


@pytest.fixture
def channel(bench: Bench) -> Channel:
    """Channels in which all that was posted before stands."""
    room = Channel(bench.clock)
    places = {CARD: CHANNEL, OVERVIEW: CHANNEL, BACKLOG: CHANNEL, DIGEST: EDITORS, LEGAL: EDITORS}
    before = Bulletin(name="of before", body="{}")
    room.messages = {
        number: Shown(channel_id=place, what=before, posted=NOON)
        for number, place in places.items()
    }
    return room


async def test_each_place_is_found_again(bench: Bench):
    at = {
        (kind, key): await bench.store.read(lambda tx, k=kind, n=key: tx.messages.at(k, n))
        for kind, key in [
            (MessageKind.OVERVIEW, ""),
            (MessageKind.BACKLOG, CHANNEL),
            (MessageKind.BACKLOG, 999),
            (MessageKind.BULLETIN, "held:1"),
            (MessageKind.BULLETIN, "held:2"),
            (MessageKind.LEGAL, 7),
            (MessageKind.LEGAL, 8),
        ]
    }
    assert {where: (ref.channel_id, ref.message_id) for where, ref in at.items() if ref} == {
        (MessageKind.OVERVIEW, ""): (CHANNEL, OVERVIEW),
        (MessageKind.BACKLOG, CHANNEL): (CHANNEL, BACKLOG),
        (MessageKind.BACKLOG, 999): (999, 1),
        (MessageKind.BULLETIN, "held:1"): (EDITORS, DIGEST),
        (MessageKind.LEGAL, 7): (EDITORS, LEGAL),
    }
    notices = await bench.store.read(lambda tx: tx.legal.of_case(1))
    placed = MessageRef(channel_id=EDITORS, message_id=LEGAL)
    assert [(one.id, one.at) for one in notices] == [(8, None), (7, placed)]
    assert notices[1].consent is [*Consent][1]


async def test_a_card_that_stands_is_answered_and_edited(bench: Bench, channel: Channel):
    ref = await bench.store.read(lambda tx: tx.cards.at(CARD))
    assert ref == CardRef(case_id=1, channel_id=CHANNEL, message_id=CARD, revision=1)
    assert list(await bench.store.read(lambda tx: tx.lines.cases_of(CARD))) == [1]

    assert await turn(card_lane(bench.desk, channel))
    assert channel.said == []
    assert channel.messages[CARD].case_id == 1


async def test_what_stands_is_edited_and_not_posted_anew(bench: Bench, channel: Channel):
    assert isinstance(await overview.refresh(bench.desk, channel, None), Overview)
    assert await turn(alert_lane(bench.desk, channel))
    assert await turn(reminder_lane(bench.desk, channel, None))

    assert channel.said == []
    kinds = {number: type(shown.what) for number, shown in channel.messages.items()}
    assert (kinds[OVERVIEW], kinds[DIGEST], kinds[LEGAL]) == (PinnedOverview, Bulletin, LegalCard)
    assert channel.messages[DIGEST].what != Bulletin(name="of before", body="{}")


async def test_the_log_goes_on_after_what_it_told_last(bench: Bench, channel: Channel):
    while await archive.log_next(bench.desk, channel, LOG):
        pass

    told = [one.what for one in channel.said if isinstance(one.what, LogLines)]
    made = [one.id for lines in told for one in lines.decisions]
    assert made[0] == 7
    assert made == sorted(made)


async def test_polls_and_typed_lines_go_on_from_where_they_were(bench: Bench):
    mark = await bench.store.read(lambda tx: tx.cursors.site(COURIER))
    assert mark == PollCursor(text="page=7", at=NOON)
    odd = await bench.store.read(lambda tx: tx.cursors.site(SiteId("log:1")))
    assert odd == PollCursor(text="", at=NOON)
    assert await bench.store.read(lambda tx: tx.cursors.logged(1)) is None
    assert await bench.store.read(lambda tx: tx.cursors.typed(CHANNEL)) == 9007199254740993
    assert await bench.store.read(lambda tx: tx.cursors.typed(LOG)) is None


async def test_the_old_tables_are_gone_and_the_file_is_whole(old: Path):
    async with open_store(old):
        pass

    left = {name for (name,) in asked(old, "SELECT name FROM sqlite_master")}
    assert not {"fixtures", "digests", "marks", "logged", "typed"} & left
    assert asked(old, "PRAGMA foreign_key_check") == []
    assert asked(old, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("far", [8, 9, 10, 11, 100, 9007199254740993])
async def test_what_was_read_is_never_unread(bench: Bench, far: int):
    await bench.store.write(lambda tx: tx.cursors.read_typed(5, far))
    for other in (0, 7, far - 1):
        await bench.store.write(lambda tx, n=other: tx.cursors.read_typed(5, n))
    assert await bench.store.read(lambda tx: tx.cursors.typed(5)) == far
    await bench.store.write(lambda tx: tx.cursors.read_typed(5, far + 1))
    assert await bench.store.read(lambda tx: tx.cursors.typed(5)) == far + 1
