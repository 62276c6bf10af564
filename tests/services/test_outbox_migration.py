"""What five earlier lists held is in the one outbox, and what waited is then carried out."""

import json
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.alerts import AlertId, Asked
from bot.domain.effects import EffectKind, EffectState, Outcome, Verb
from bot.domain.ids import CaseId, SiteId
from bot.domain.sayings import (
    AlertNews,
    AlertOpening,
    Bulletin,
    Reminder,
    ReminderKind,
    Saying,
    StaffCall,
    StaffMessageKind,
    ThreadOpening,
)
from bot.domain.site import Ability
from bot.services.alerts.delivery import alert_lane, road_lane
from bot.services.deliver import card_lane, order_lane
from bot.services.outbox_worker import Lane, turn
from bot.services.staff.reminders import reminder_lane
from bot.services.staff.staff_messages import message_lane
from bot.services.stories.story import closing_lane
from bot.store.deliveries import order_from, order_text, reminder_from, staff_message_from
from bot.store.engine.migrate import migrate, migrations
from bot.store.sqlite import open_store
from bot.store.times import stored
from tests.services.desks import NOON, Bench
from tests.services.outside import Channel
from tests.unit.store.test_holds_migration import asked, order, record, write_old

COURIER = SiteId("courier")
BEFORE = next(n for n, sql in migrations().items() if "CREATE TABLE outbox" in sql) - 1
DUE, LATER, DONE_AT = stored(NOON), stored(NOON + timedelta(minutes=5)), stored(NOON)
STATES = ("waiting", "done", "failed")
WORDS = {"waiting": "Not now.", "done": None, "failed": "No."}
ATTEMPTS = {"waiting": 3, "done": 1, "failed": 80}

_ALERT = """
INSERT INTO alerts (id, site, incident, tier, key, state, since, opened_at, last_at, usual,
    chance_weeks, reports, readers, told) VALUES (?, 'courier', ?, 'story', ?, 'open', ?, ?, ?, 0.5,
    40.0, 12, 9, 1)
"""
_EFFECT = """
INSERT INTO effects (id, kind, state, case_id, due_at, attempts, site, decision_id, order_key,
    order_json, done_at, trouble, dropped) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_TOLD = """
INSERT INTO alert_effects (id, kind, state, alert_id, name, body, loud, asked_at, due_at, attempts,
    done_at, trouble) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_ERRAND = """
INSERT INTO errands (id, kind, state, facts, asked_at, due_at, attempts, done_at, trouble)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_REMINDER = """
INSERT INTO reminders (id, name, kind, state, case_id, site, story_id, legal_id, run_id, due_at,
    attempts, done_at, trouble) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_CLOSING = """
INSERT INTO closings (site, story_id, closed, state, due_at, attempts, trouble)
VALUES ('courier', ?, ?, ?, ?, ?, ?)
"""


def _end(state: str) -> tuple[int | None, str | None]:
    return None if state == "waiting" else DONE_AT, WORDS[state]


def _fill_effects(old: sqlite3.Connection) -> None:
    for number, (state, case) in enumerate(zip(STATES, (1, 2, 3), strict=True), 11):
        row = (number, "card", state, case, DUE, ATTEMPTS[state])
        old.execute(_EFFECT, (*row, None, None, None, None, *_end(state), 0))
    orders = ((40, "waiting", 8, 0), (41, "done", 2, 0), (42, "failed", 4, 0), (43, "failed", 5, 1))
    for number, state, decision, dropped in orders:
        asked_for = order(decision)
        row = (number, "site", state, asked_for.case_id, DUE, ATTEMPTS[state], "courier", decision)
        text = order_text(asked_for)
        old.execute(_EFFECT, (*row, asked_for.key, text, *_end(state), dropped))


def _fill_alerts(old: sqlite3.Connection) -> None:
    for number in (1, 2, 3):
        old.execute(_ALERT, (number, number, f"s{number}", DUE, DUE, DUE))
    numbers = iter(range(1, 99))
    for state, alert in zip(STATES, (1, 2, 3), strict=True):
        for kind, body in (("alert", None), ("reply", "doubled"), ("road", "opened")):
            row = (next(numbers), kind, state, alert, None, body, kind != "road", DUE, DUE)
            old.execute(_TOLD, (*row, ATTEMPTS[state], *_end(state)))
        row = (next(numbers), "thread", state, alert, None, f"Ed {state}", 0, DUE, DUE)
        old.execute(_TOLD, (*row, ATTEMPTS[state], *_end(state)))
        row = (next(numbers), "bulletin", state, None, f"digest:{state}", None, 0, DUE, DUE)
        old.execute(_TOLD, (*row, ATTEMPTS[state], *_end(state)))
        old.execute("INSERT INTO bulletins (name, body) VALUES (?, ?)", (f"digest:{state}", state))
    summary = (next(numbers), "road", "waiting", None, None, "The summary.", 0, DUE, DUE, 0)
    old.execute(_TOLD, (*summary, None, None))


def _fill_rest(old: sqlite3.Connection) -> None:
    numbers = iter(range(1, 99))
    for state in STATES:
        for kind in (StaffMessageKind.ASSIGNED, StaffMessageKind.THREAD):
            # As the version before wrote it: the kind stood in a column of its own.
            facts = {"cases": [1], "total": 1, "people": [7], "by_name": "Ana", "note": state}
            facts |= {"rule": "Spam", "since": DUE, "quiet": False}
            row = (next(numbers), kind, state, json.dumps(facts), DUE, DUE, ATTEMPTS[state])
            old.execute(_ERRAND, (*row, *_end(state)))
        for kind in (ReminderKind.LIFE, ReminderKind.LIFE_ROADS):
            row = (next(numbers), f"{kind}:{state}", kind, state, 1, "courier", "s1", 5, 6, DUE)
            old.execute(_REMINDER, (*row, ATTEMPTS[state], *_end(state)))
        story, closed = f"s/{state}", int(state != "done")
        old.execute(_CLOSING, (story, closed, state, DUE, ATTEMPTS[state], WORDS[state]))


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.db"
    write_old(path, record())
    with closing(sqlite3.connect(path, isolation_level=None)) as before:
        known = migrations()
        migrate(before, {number: known[number] for number in range(1, BEFORE + 1)})
        before.execute("DELETE FROM effects")
        _fill_effects(before)
        _fill_alerts(before)
        _fill_rest(before)
    return path


@pytest.fixture
async def store(old: Path):
    async with open_store(old) as opened:
        yield opened


async def test_every_row_is_there_once_and_the_old_lists_are_gone(old: Path):
    async with open_store(old):
        pass

    found = Counter(asked(old, "SELECT kind, state FROM outbox"))
    kinds = set(EffectKind) - {EffectKind.MAIL, EffectKind.FORGET}  # which came later
    expected = Counter((kind, state) for kind in kinds for state in STATES)
    expected += Counter([("site", "failed"), ("road", "waiting")])
    expected += Counter((kind, state) for kind in ("staff", "reminder") for state in STATES)
    assert found == expected
    gone = ("effects", "alert_effects", "errands", "reminders", "closings")
    left = {name for (name,) in asked(old, "SELECT name FROM sqlite_master")}
    assert not {*gone} & left
    assert asked(old, "PRAGMA foreign_key_check") == []
    assert asked(old, "PRAGMA integrity_check") == [("ok",)]


async def test_cards_and_orders_keep_their_numbers_and_what_cards_say_of_them(store):
    numbers = {one: await store.read(lambda tx, n=one: tx.outbox.order(n)) for one in (40, 41, 42)}
    assert numbers == {40: order(8), 41: order(2), 42: order(4)}
    said = [await store.read(lambda tx, n=n: tx.deliveries.delivery(n)) for n in (1, 2, 3, 4)]
    waits, done, failed, dropped = said
    assert (waits.effect_id, waits.attempts, waits.due_at) == (40, 3, NOON)
    assert (done.state, done.done_at) == (EffectState.DONE, NOON)
    assert (failed.state, failed.trouble) == (EffectState.FAILED, "No.")
    assert dropped is None, "it says nothing about its case any more"
    assert await store.write(lambda tx: tx.outbox.revive(CaseId(3), NOON))
    assert not await store.write(lambda tx: tx.outbox.revive(CaseId(4), NOON))


async def test_what_is_asked_once_is_not_asked_again(store):
    for state in STATES:
        reminder = Reminder(
            name=f"{ReminderKind.LIFE}:{state}", kind=ReminderKind.LIFE, due_at=NOON
        )
        before = await store.read(lambda tx: tx.outbox.due(EffectKind.REMINDER, NOON, limit=99))
        await store.write(lambda tx, one=reminder: tx.outbox.want_reminder(one))
        after = await store.read(lambda tx: tx.outbox.due(EffectKind.REMINDER, NOON, limit=99))
        assert before == after
    with pytest.raises(Exception, match="UNIQUE"):
        await store.write(lambda tx: tx.outbox.want_order(order(2)))


async def test_how_loud_it_was_and_who_asked_for_threads_is_known(store):
    since = NOON - timedelta(seconds=1)
    assert await store.read(lambda tx: tx.deliveries.loud_since(since)) == 6
    assert await store.read(lambda tx: tx.deliveries.loud_since(since, AlertId(2))) == 2
    threads = [await store.read(lambda tx, n=n: tx.deliveries.thread_asked(n)) for n in (1, 2, 3)]
    assert threads == [
        Asked(by_name="Ed waiting", trouble="Not now."),
        None,
        Asked(by_name="Ed failed", trouble="No."),
    ]


async def test_how_far_each_story_was_closed_is_known(store):
    said = [
        await store.read(lambda tx, s=f"s/{state}": tx.deliveries.closing(COURIER, s))
        for state in STATES
    ]
    assert [(one.closed, one.is_done, one.trouble) for one in said] == [
        (True, False, "Not now."),
        (False, True, None),
        (True, False, "No."),
    ]


async def test_messages_and_reminders_say_what_they_said(store):
    due = await store.read(lambda tx: tx.outbox.due(EffectKind.STAFF, NOON, limit=9))
    errands = [staff_message_from(one.payload) for one in due]
    assert [(one.kind, one.cases, one.people, one.since, one.note) for one in errands] == [
        (StaffMessageKind.ASSIGNED, (1,), (7,), NOON, "waiting"),
        (StaffMessageKind.THREAD, (1,), (7,), NOON, "waiting"),
    ]
    [life, _] = await store.read(lambda tx: tx.outbox.due(EffectKind.REMINDER, NOON, limit=9))
    assert reminder_from(life.payload, name=life.key, due_at=life.due_at) == Reminder(
        name="life:waiting",
        kind=ReminderKind.LIFE,
        due_at=NOON,
        case_id=CaseId(1),
        site=COURIER,
        story_id="s1",
        legal_id=5,
        run_id=6,
    )


@dataclass
class Outside(Channel):
    """All that the desk speaks to; keeps what was done, and by which name it was posted."""

    abilities = frozenset[Ability]()

    def __post_init__(self) -> None:
        self.done: list[tuple[str, str]] = []

    async def post(self, channel_id, what, *, nonce, **more):
        self.done.append((_named(what), nonce))
        return await super().post(channel_id, what, nonce=nonce, **more)

    async def thread(self, at, about):
        del about
        return at.message_id

    async def send(self, what):
        self.done.append((_named(what), "sent"))

    async def carry_out(self, wanted):
        self.done.append((wanted.action, wanted.key))
        return Outcome(verb=Verb.DONE)

    async def close_story(self, story_id, *, closed):
        self.done.append((story_id, f"{closed}"))
        return Outcome(verb=Verb.DONE)


def _named(what: Saying) -> str:
    match what:
        case StaffCall() | ThreadOpening():
            return what.message.kind
        case AlertNews():
            return what.kind
        case AlertOpening():
            return what.asked_by
        case Bulletin():
            return f"{what.name} {what.body}".strip()
        case _:
            return type(what).__name__


async def test_what_waited_is_carried_out_under_the_name_that_it_had(store):
    bench = Bench(store)
    outside = Outside(bench.clock)
    desk, channel = bench.desk, Channel(bench.clock)

    async def through(lane: Lane) -> list[tuple[str, str]]:
        outside.done.clear()
        while await turn(lane):
            pass
        return list(outside.done)

    assert await through(order_lane(desk, COURIER, outside)) == [("hide", "decision-8")]
    await through(card_lane(desk, channel))
    assert {card.case_id for card in channel.messages.values()} == {1}
    assert await through(message_lane(desk, outside)) == [
        ("assigned", "errand-1"),
        ("thread", "errand-2"),
    ]
    assert await through(reminder_lane(desk, outside, outside)) == [
        ("LifeCall", "reminder-3"),
        ("LifeCall", "sent"),
    ]
    assert await through(closing_lane(desk, COURIER, outside)) == [("s/waiting", "True")]
    assert await through(alert_lane(desk, outside)) == [
        ("AlertView", f"alert-1-{int(NOON.timestamp())}"),
        ("doubled", "alert-reply-2"),
        ("Ed waiting", "alert-thread-4"),
        ("digest:waiting waiting", "bulletin-5"),
    ]
    roads = road_lane(desk, outside)
    assert await through(roads) == [("AlertView", "sent"), ("The summary.", "sent")]
    bench.clock.pass_by(minutes=1)
    await through(card_lane(desk, channel))
    left = "SELECT kind, state FROM outbox WHERE state = 'waiting'"
    assert await store.read(lambda tx: tx.run(left).fetchall()) == []
    [order_done] = await store.read(
        lambda tx: tx.run("SELECT payload FROM outbox WHERE id = 40 AND state = 'done'").fetchall()
    )
    assert order_from(order_done[0]) == order(8)
