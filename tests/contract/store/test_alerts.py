from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alerts import Alert, AlertId, AlertState, Asked, Mute, Opinion, Sensitivity
from bot.domain.decisions import Action
from bot.domain.detection.brigades import Clue, Coordination, Sign, Suspicion
from bot.domain.detection.events import Tier
from bot.domain.effects import EffectKind
from bot.domain.ids import MessageRef, SiteId
from tests.services.desks import NOON, Bench
from tests.support.databases import sqlite_only

SITE = SiteId("courier")
LATER = NOON + timedelta(hours=1)


def alert(**changes):
    made = Alert(
        id=AlertId(0),
        site=SITE,
        incident=1,
        tier=Tier.STORY,
        key="s1",
        state=AlertState.OPEN,
        since=NOON,
        opened_at=NOON,
        last_at=NOON,
        usual=0.5,
        chance_weeks=40.0,
        reports=12,
        readers=9,
    )
    return replace(made, **changes)


async def test_an_alert_comes_back_as_it_was_kept(store):
    full = alert(
        urgent=True,
        joined=((Tier.COMMENTER, "a1"),),
        brigade=Coordination(
            suspicion=Suspicion.LIKELY,
            score=6.5,
            readers=9,
            clues=(Clue(sign=Sign.OVERLAP, weight=6.0, readers=7, of=9),),
        ),
        opinion=Opinion.FALSE,
        opinion_by="Ed",
        told=2,
        muted=True,
        raised_by="Ed",
        raised_at=LATER,
        held="held:2026-11-24T13:00",
        closed_at=LATER,
        state=AlertState.CLOSED,
    )
    kept = await store.write(lambda tx: tx.alerts.open(full))
    assert kept == replace(full, id=kept.id, token=kept.token)
    assert await store.read(lambda tx: tx.alerts.get(kept.id)) == kept
    assert await store.read(lambda tx: tx.alerts.of_incident(SITE, 1)) == kept
    assert await store.read(lambda tx: tx.alerts.live()) == []


async def test_saving_an_alert_leaves_its_message_where_it_stands(store):
    kept = await store.write(lambda tx: tx.alerts.open(alert()))
    message = MessageRef(channel_id=5, message_id=6)
    await store.write(lambda tx: tx.alerts.posted(kept.id, message))
    await store.write(lambda tx: tx.alerts.save(replace(kept, touched=7)))
    found = await store.read(lambda tx: tx.alerts.get(kept.id))
    assert (found.message, found.touched) == (message, 7)


async def test_an_incident_has_one_alert(store):
    await store.write(lambda tx: tx.alerts.open(alert()))
    with pytest.raises(Exception, match=r"(?i)unique"):
        await store.write(lambda tx: tx.alerts.open(alert()))


async def test_a_card_that_waits_is_asked_for_once_and_can_only_become_due_earlier(store):
    kept = await store.write(lambda tx: tx.alerts.open(alert()))

    def want(due, **more):
        return lambda tx: tx.outbox.want_alert(
            EffectKind.ALERT, alert_id=kept.id, due_at=due, now=NOON, **more
        )

    await store.write(want(LATER))
    await store.write(want(NOON, loud=True))
    await store.write(want(LATER))
    kind = EffectKind.ALERT
    [due] = await store.read(lambda tx: tx.outbox.due(kind, NOON, limit=9))
    assert due.alert_id == kept.id
    assert await store.read(lambda tx: tx.deliveries.loud_since(NOON - timedelta(hours=1))) == 1
    await store.write(lambda tx: tx.outbox.done(due, NOON))
    assert await store.read(lambda tx: tx.outbox.due(kind, LATER, limit=9)) == []


async def test_what_waits_to_go_by_road_is_one_and_can_only_become_due_earlier(store):
    kept = await store.write(lambda tx: tx.alerts.open(alert()))

    def want(due, body):
        return lambda tx: tx.outbox.want_alert(
            EffectKind.ROAD, alert_id=kept.id, due_at=due, now=NOON, body=body
        )

    await store.write(want(LATER, "opened"))
    await store.write(want(LATER + timedelta(hours=1), "closed"))
    kind = EffectKind.ROAD
    assert await store.read(lambda tx: tx.outbox.due(kind, NOON, limit=9)) == []
    [due] = await store.read(lambda tx: tx.outbox.due(kind, LATER, limit=9))
    assert due.payload == "opened"
    await store.write(want(NOON, "doubled"))
    [due] = await store.read(lambda tx: tx.outbox.due(kind, NOON, limit=9))
    await store.write(lambda tx: tx.outbox.done(due, NOON))
    await store.write(want(NOON, "closed"))
    [due] = await store.read(lambda tx: tx.outbox.due(kind, NOON, limit=9))
    assert due.payload == "closed"


async def test_a_thread_is_asked_for_once_and_again_only_if_that_failed(store):
    kept = await store.write(lambda tx: tx.alerts.open(alert()))
    kind = EffectKind.THREAD

    async def ask(name):
        await store.write(
            lambda tx: tx.outbox.want_alert(
                EffectKind.THREAD, alert_id=kept.id, due_at=NOON, now=NOON, body=name
            )
        )
        return await store.read(lambda tx: tx.outbox.due(kind, NOON, limit=9))

    async def asked():
        return await store.read(lambda tx: tx.deliveries.thread_asked(kept.id))

    assert await asked() is None
    await ask("Ed")
    [due] = await ask("Sam")
    assert await asked() == Asked(by_name="Ed")
    await store.write(lambda tx: tx.outbox.fail(due, NOON, "No."))
    assert await asked() == Asked(by_name="Ed", trouble="No.")
    [due] = await ask("Sam")
    assert await asked() == Asked(by_name="Sam")
    await store.write(lambda tx: tx.outbox.done(due, NOON))
    assert await ask("Ed") == []
    assert await asked() is None


async def test_mutes_end_by_themselves_and_can_be_replaced(store):
    mute = Mute(site=SITE, tier=Tier.STORY, key="s1", until=LATER, by_name="Ed")
    await store.write(lambda tx: tx.alerts.mute(mute))
    longer = replace(mute, until=LATER + timedelta(hours=1))
    await store.write(lambda tx: tx.alerts.mute(longer))
    assert await store.read(lambda tx: tx.alerts.mutes(LATER)) == [longer]
    assert await store.read(lambda tx: tx.alerts.mutes(longer.until)) == []


async def test_what_an_editor_chose_is_kept(store):
    chosen = Sensitivity(a_week=3.0, by_name="Ed")
    await store.write(lambda tx: tx.alerts.choose(SITE, chosen, NOON))
    assert await store.read(lambda tx: tx.alerts.sensitivity(SITE)) == chosen


async def test_reports_are_counted_exactly_and_the_readers_once(store):
    bench = Bench(store)
    first = await bench.take(comment="c1")
    await bench.take(comment="c1")
    second = await bench.take(comment="c2", author="a2")
    await bench.decide(first, Action.HIDE)

    def tally(tier, key):
        return lambda tx: tx.tallies.tally(SITE, tier, key, NOON, LATER)

    for tier, key in ((Tier.STORY, "s1"), (Tier.SITE, "")):
        found = await store.read(tally(tier, key))
        assert (found.reports, found.readers, found.comments, found.authors) == (3, 3, 2, 2)
        assert found.reasons == {3: 3}
        assert found.decided == {Action.HIDE: 1}
        assert [(top.case_id, top.reports) for top in found.tops] == [(first, 2), (second, 1)]
    assert (await store.read(tally(Tier.COMMENTER, "a2"))).reports == 1
    assert await store.read(lambda tx: tx.tallies.decided(NOON, LATER)) == {Action.HIDE: 1}
    assert await store.read(lambda tx: tx.tallies.oldest_open()) == (second, NOON)
    busiest = await store.read(lambda tx: tx.tallies.busiest(SITE, NOON, LATER, limit=3))
    assert busiest == [("Raids", 3)]


async def test_sightings_are_read_in_order_and_old_ones_forgotten_but_the_newest(store):
    bench = Bench(store)
    for number in range(3):
        await bench.take(comment=f"c{number}", referrer="t.co" if number else None)
    seen = await store.read(lambda tx: tx.report_events.after(0, limit=9))
    assert [one.id for one in seen] == [1, 2, 3]
    assert [one.referrer for one in seen] == [None, "t.co", "t.co"]
    assert (seen[0].story, seen[0].author, seen[0].at) == ("s1", "a1", NOON)
    counts = await store.read(
        lambda tx: tx.report_events.counts(SITE, NOON - timedelta(hours=1), timedelta(hours=1), 2)
    )
    assert counts == {1: 3}
    await store.write(lambda tx: tx.report_events.forget(LATER, upto=3, limit=9))
    assert [one.id for one in await store.read(lambda tx: tx.report_events.after(0, limit=9))] == [
        3
    ]


QUERIES = [
    lambda tx: tx.tallies.tally(SITE, Tier.STORY, "s1", NOON, LATER),
    lambda tx: tx.tallies.tally(SITE, Tier.COMMENTER, "a1", NOON, LATER),
    lambda tx: tx.tallies.tally(SITE, Tier.SITE, "", NOON, LATER),
    lambda tx: tx.tallies.busiest(SITE, NOON, LATER, limit=3),
    lambda tx: tx.report_events.after(5, limit=9),
    lambda tx: tx.report_events.counts(SITE, NOON, timedelta(hours=1), 9),
    lambda tx: tx.alerts.live(),
    lambda tx: tx.alerts.between(NOON, LATER),
    lambda tx: tx.outbox.due(EffectKind.ALERT, NOON, limit=9),
    lambda tx: tx.deliveries.loud_since(NOON),
    lambda tx: tx.deliveries.thread_asked(1),
    lambda tx: tx.triage.raised_for(1),
    lambda tx: tx.triage.count_raised(),
]


@sqlite_only
@pytest.mark.parametrize("query", QUERIES)
async def test_no_question_reads_a_whole_table(store, query):
    asked: list[str] = []

    def explained(tx):
        tx.run("SELECT 1").connection.set_trace_callback(asked.append)
        try:
            query(tx)
        finally:
            tx.run("SELECT 1").connection.set_trace_callback(None)
        return [
            row[3]
            for sql in asked
            if sql.lstrip().startswith("SELECT") and sql != "SELECT 1"
            for row in tx.run(f"EXPLAIN QUERY PLAN {sql}").fetchall()
        ]

    plan = await store.read(explained)
    assert plan
    big = ("reports", "sightings", "cases", "alerts", "outbox", "seen", "casework")
    scans = [line for line in plan if line.startswith("SCAN") and line.split()[1] in big]
    assert [
        line for line in scans if not line.endswith(("INDEX alerts_live", "INDEX casework_raised"))
    ] == []
