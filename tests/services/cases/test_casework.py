"""Notes, escalations, assignments, snoozes: each is shown, and each checks who asks."""

from datetime import timedelta

import pytest

from bot.domain.cases import CaseState
from bot.domain.decisions import Action
from bot.domain.effects import EffectKind
from bot.domain.errors import AlreadyClaimed, NoChange, NotAllowed, NotUnderstood, WithEditors
from bot.domain.ids import RuleNumber
from bot.domain.sayings import StaffMessage, StaffMessageKind
from bot.services.cases import lookup
from bot.services.cases.claim import assign, claim
from bot.services.cases.escalate import escalate, take_back
from bot.services.cases.lookup import look
from bot.services.cases.notes import add_note, ask_thread, begun, look_in
from bot.services.cases.snooze import bring_back, snooze, wake
from bot.store.deliveries import staff_message_from
from tests.services.desks import ANA, BEN, OLLY, SAM, Bench

HOUR = timedelta(hours=1)


async def errands(bench: Bench) -> list[StaffMessage]:
    now = bench.clock.now
    due = await bench.store.read(lambda tx: tx.outbox.due(EffectKind.STAFF, now, limit=50))
    return [staff_message_from(one.payload) for one in due]


async def queued(bench: Bench) -> list[int]:
    page = await lookup.queue(bench.desk, ANA, limit=10)
    assert page.total == len(page.views)
    return [view.case.id for view in page.views]


async def test_staff_notes_stay_with_the_case_and_outlive_its_decision(bench: Bench):
    case_id = await bench.take()
    for number in range(7):
        await add_note(bench.desk, case_id, ANA, f" note {number} ")
    await bench.decide(case_id)
    await add_note(bench.desk, case_id, BEN, "afterwards")

    work = (await look(bench.desk, case_id)).work
    assert work.notes_total == 8
    assert [note.text for note in work.notes][-2:] == ["note 6", "afterwards"]
    assert len(work.notes) == 5


@pytest.mark.parametrize("text", ["", "  \n", "x" * 501])
async def test_a_note_of_nothing_or_of_too_much_is_refused(bench: Bench, text: str):
    case_id = await bench.take()
    with pytest.raises(NotUnderstood):
        await add_note(bench.desk, case_id, ANA, text)


async def test_whoever_opens_the_details_learns_who_did_a_moment_ago(bench: Bench):
    case_id = await bench.take()
    assert await look_in(bench.desk, case_id, ANA) == ()
    before = (await look(bench.desk, case_id)).case.touched
    bench.clock.pass_by(seconds=100)
    assert [one.by_name for one in await look_in(bench.desk, case_id, BEN)] == ["Ana"]
    bench.clock.pass_by(seconds=30)
    assert [one.by_name for one in await look_in(bench.desk, case_id, SAM)] == ["Ben"]
    assert (await look(bench.desk, case_id)).case.touched == before, "no card is redrawn for it"


async def test_an_escalated_case_calls_the_editors_once_and_waits_for_a_senior(bench: Bench):
    case_id = await bench.take()
    await claim(bench.desk, case_id, ANA)
    await escalate(bench.desk, case_id, ANA, " legal? ")

    [message] = await errands(bench)
    assert (message.kind, message.cases, message.note) == (
        StaffMessageKind.ESCALATED,
        (case_id,),
        "legal?",
    )
    view = await look(bench.desk, case_id)
    assert (view.case.state, view.work.claim) == (CaseState.ESCALATED, None)
    with pytest.raises(NoChange):
        await escalate(bench.desk, case_id, BEN)
    for refused in (bench.decide(case_id, by=BEN), claim(bench.desk, case_id, BEN)):
        with pytest.raises(WithEditors):
            await refused
    await bench.decide(case_id, Action.KEEP, by=SAM)
    assert (await look(bench.desk, case_id)).work.escalation is None
    assert len(await errands(bench)) == 1


async def test_an_escalation_is_taken_back_by_any_moderator(bench: Bench):
    case_id = await bench.take()
    await escalate(bench.desk, case_id, ANA)
    await take_back(bench.desk, case_id, BEN)
    assert (await look(bench.desk, case_id)).case.state is CaseState.OPEN
    with pytest.raises(NoChange):
        await take_back(bench.desk, case_id, BEN)


async def test_an_assignment_calls_the_colleague_and_is_met_by_claiming(bench: Bench):
    case_id = await bench.take()
    await assign(bench.desk, case_id, BEN, ANA)
    [message] = await errands(bench)
    assert (message.kind, message.people) == (StaffMessageKind.ASSIGNED, (BEN.id,))
    assert (await look(bench.desk, case_id)).work.assigned is not None

    await claim(bench.desk, case_id, BEN)
    assert (await look(bench.desk, case_id)).work.assigned is None


async def test_nobody_is_called_for_what_they_take_themselves(bench: Bench):
    case_id = await bench.take()
    await assign(bench.desk, case_id, ANA, ANA)
    await assign(bench.desk, case_id, None, ANA)
    assert await errands(bench) == []
    assert (await look(bench.desk, case_id)).work.assigned is None


async def test_a_case_is_not_assigned_to_who_could_not_decide_it(bench: Bench):
    case_id = await bench.take()
    with pytest.raises(NotUnderstood, match="Olly is no moderator"):
        await assign(bench.desk, case_id, OLLY, ANA)


async def test_a_snoozed_case_leaves_the_queue_and_comes_back_by_itself(bench: Bench):
    case_id, other = await bench.take(), await bench.take(comment="c2")
    await snooze(bench.desk, case_id, ANA, bench.clock.now + HOUR)
    assert await queued(bench) == [other]
    assert await bring_back(bench.desk) == 0

    bench.clock.pass_by(hours=1)
    assert await bring_back(bench.desk) == 1
    assert sorted(await queued(bench)) == [case_id, other]
    [message] = await errands(bench)
    assert (message.kind, message.people) == (StaffMessageKind.BACK, (ANA.id,))


@pytest.mark.parametrize(
    "news", [{"rule": RuleNumber(1)}, {"revision": "r2", "text": "worse"}], ids=["reason", "edit"]
)
async def test_news_of_a_snoozed_case_brings_it_back_early(bench: Bench, news):
    case_id = await bench.take()
    await snooze(bench.desk, case_id, ANA, bench.clock.now + HOUR)
    await bench.take()
    assert await bring_back(bench.desk) == 0, "more of the same is no news"
    await bench.take(**news)
    assert await bring_back(bench.desk) == 1


async def test_a_case_is_woken_by_hand(bench: Bench):
    case_id = await bench.take()
    await snooze(bench.desk, case_id, ANA, bench.clock.now + HOUR)
    await wake(bench.desk, case_id, BEN)
    assert await queued(bench) == [case_id]
    with pytest.raises(NoChange):
        await wake(bench.desk, case_id, BEN)


async def test_a_case_is_put_off_within_reason_and_not_from_under_a_colleague(bench: Bench):
    case_id = await bench.take()
    for until in (bench.clock.now, bench.clock.now + timedelta(days=8)):
        with pytest.raises(NotUnderstood):
            await snooze(bench.desk, case_id, ANA, until)
    await claim(bench.desk, case_id, BEN)
    with pytest.raises(AlreadyClaimed):
        await snooze(bench.desk, case_id, ANA, bench.clock.now + HOUR)


async def test_a_case_has_one_thread(bench: Bench):
    case_id = await bench.take()
    await ask_thread(bench.desk, case_id, ANA)
    [message] = await errands(bench)
    assert message.kind is StaffMessageKind.THREAD
    await bench.store.write(lambda tx: begun(case_id, 77, bench.clock.now, tx))
    with pytest.raises(NoChange, match="<#77>"):
        await ask_thread(bench.desk, case_id, BEN)


async def test_a_stranger_does_none_of_it(bench: Bench):
    case_id = await bench.take()
    tries = (
        add_note(bench.desk, case_id, OLLY, "x"),
        look_in(bench.desk, case_id, OLLY),
        escalate(bench.desk, case_id, OLLY),
        take_back(bench.desk, case_id, OLLY),
        assign(bench.desk, case_id, ANA, OLLY),
        snooze(bench.desk, case_id, OLLY, bench.clock.now + HOUR),
        wake(bench.desk, case_id, OLLY),
        ask_thread(bench.desk, case_id, OLLY),
    )
    for attempt in tries:
        with pytest.raises(NotAllowed):
            await attempt
