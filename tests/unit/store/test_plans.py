"""How SQLite means to run what is asked often: by an index, never through a whole table."""

import pytest

from bot.store import (
    alerts,
    cases,
    decisions,
    deliveries,
    due_times,
    gauges,
    lines,
    messages,
    names,
    outbox,
    prune,
    readers,
    reports,
    staff,
    stories,
    triage,
    views,
)
from bot.store import messages as cards

WIDE = [
    reports._ANSWERED,
    reports._OTHER_BATCHES,
    reports._GIVEN,
    reports._COUNTED,
    cases._FIND_ALL,
    cases._STRIKES_AT,
    names._AUTHORS,
    names._STORIES,
    readers._READERS_GET,
    readers._STANDING,
    stories._GET,
    alerts._BRIGADE_OF,
]
INTAKE = [
    *(statement for wide in WIDE for statement in wide.values()),
    cases._FIND,
    cases._SAVE,
    cases._COUNT,
    cases._GET,
]
DESK = [
    reports._NOTES,
    cases._OPEN_OF_AUTHOR,
    views.STRIKES,
    views._BAN,
    views._BAN_UNTIL,
    views._REPORTED,
    views._AUTHOR,
    views._STORY,
    views._TEXT,
    views._NOTES,
    decisions._GET,
    decisions._AFTER,
    decisions._OF_CASE,
    gauges._DECIDED,
    gauges._WAITED,
    outbox._DUE_ORDERS,
    outbox._ORDER,
    outbox._DONE,
    outbox._OVERTAKEN,
    outbox._RETRY,
    outbox._FAIL,
    outbox._REVIVE,
    deliveries._DELIVERY,
    cards._GET,
    cards._AT,
    cards._SEEN_OPEN,
    cards._DECIDED_LAST,
    cards._TURNED,
    lines._CASES_OF,
    lines._ORDERS,
    lines._SINCE,
    triage._GET,
    triage._SETTLE,
    triage._UNCALL,
    triage._NOTES,
    triage._COUNT_NOTES,
    triage._EXPIRED,
    triage._SNOOZED,
    staff._COUNT_SNOOZED,
    triage._LOOKERS,
    outbox._DUE,
    messages._AT,
    staff._CLAIMED,
    staff._LAST_CALL,
    staff._DECIDED_BY,
    staff._TIMES,
    stories._OF_CASE,
    stories._CHANGES,
    stories._STORY,
    stories._BY_TITLE,
    stories._BY_URL,
    stories._OPEN,
    deliveries._CLOSING,
    deliveries._THREAD,
    deliveries._ASKED,
    deliveries._LEFT_HIDDEN,
    deliveries._WAS_DONE,
    cards._NEXT,
    deliveries._TOLD_OF_AUTHOR,
    *due_times._BRING_NEAR[1:],
    *due_times._HURRY[1:],
    cases._OPEN_AFTER,
    prune._NEXT_RECEIPT,
    prune._FORGET_RECEIPTS,
    prune._FORGET_EFFECTS,
]
# These read all open cases, or all waiting cards, through an index that holds nothing else.
OPEN = {
    cases._QUEUE: "SCAN cases USING INDEX cases_open",
    lines._UNANSWERED: "SCAN lines USING INDEX lines_unanswered",
    cards._OPEN_ONES: "SCAN cases USING INDEX cases_waiting",
    staff._UNCALLED: "SCAN cases USING INDEX cases_open",
    gauges._OPEN: "SCAN cases USING INDEX cases_waiting",
    gauges._WAITING[0]: "SCAN outbox USING INDEX outbox_card",
    gauges._WAITING[1]: "SCAN outbox USING INDEX outbox_due",
    outbox._DUE_CARDS: "SCAN outbox USING INDEX outbox_card",
    cards._ALL_DUE: "SCAN outbox USING INDEX outbox_card",
    cards._HELD_DUE: "SCAN outbox USING INDEX outbox_card",
    due_times._BRING_FORWARD[1]: "SCAN outbox USING INDEX outbox_due",
}

# These look at a row or two for each way a case can stand, and at what somebody has or put off.
KEPT = {
    cases._COUNT_OPEN: ["SCAN CONSTANT ROW", "SCAN case_counts"],
    cards._COUNT_OPEN: ["SCAN drawn"],
    staff._COUNT_WAITING: ["SCAN CONSTANT ROW", "SCAN case_counts", "SCAN taken"],
    staff._COUNTS: ["SCAN case_counts"],
    # The first that fits ends it.
    staff._OLDEST: [
        "SCAN cases USING INDEX cases_waiting",
        "SCAN first",
        "SCAN reopened",
        "SCAN again",
    ],
}


@pytest.fixture
async def plan_of(store):
    async def plan(statement):
        def explain(connection):
            values = (None,) * statement.count("?")
            return connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()

        return [row[3] for row in await store._reading.database.run(explain)]

    return plan


@pytest.mark.parametrize("statement", INTAKE + DESK)
async def test_what_is_asked_often_reads_no_table_through(plan_of, statement):
    plan = await plan_of(statement)
    assert plan
    assert [step for step in plan if step.startswith("SCAN")] == []


@pytest.mark.parametrize("statement", INTAKE)
async def test_intake_sorts_nothing(plan_of, statement):
    assert [step for step in await plan_of(statement) if "B-TREE" in step] == []


@pytest.mark.parametrize("statement", OPEN)
async def test_what_looks_through_the_queue_reads_only_what_is_open(plan_of, statement):
    scans = [step for step in await plan_of(statement) if step.startswith("SCAN")]
    assert scans == [OPEN[statement]]


@pytest.mark.parametrize("statement", KEPT)
async def test_what_stands_above_the_queue_does_not_look_through_it(plan_of, statement):
    assert [step for step in await plan_of(statement) if step.startswith("SCAN")] == KEPT[statement]


async def test_notes_are_counted_without_reading_the_reports_that_have_none(plan_of):
    plan = await plan_of(views._NOTES)
    assert plan == ["SEARCH reports USING INDEX reports_noted (case_id=? AND at>?)"]


async def test_how_many_cards_show_an_open_case_is_read_from_those_cards(plan_of):
    first = (await plan_of(cards._COUNT_OPEN))[1]
    assert first.startswith("SEARCH cards USING COVERING INDEX cards_open")
