"""A legal notice: its clock, its next steps, and when editors hear of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.effects import EffectKind
from bot.domain.errors import NoSuchCase, NotAllowed, NotUnderstood
from bot.domain.legal import FOLLOWING, Consent, LegalNotice, Stage, act_by
from bot.domain.sayings import Reminder, ReminderKind
from bot.services.cases import legal
from bot.store.deliveries import reminder_from
from tests.services.desks import ANA, NOON, SAM, Bench
from tests.support.complaints import complaint

IN_48_HOURS = NOON + timedelta(hours=48)
"""It is a Tuesday."""
MIDNIGHT_AFTER_FIVE_DAYS = datetime(2026, 11, 30, tzinfo=UTC)
LATER = timedelta(days=99)


async def taken_in(bench: Bench, **changes: object) -> LegalNotice:
    case = await bench.take()
    return await legal.take_in(bench.desk, complaint(case, **changes), by=SAM)


async def of_stage(bench: Bench, notice: LegalNotice) -> dict[ReminderKind, Reminder]:
    """Return the reminders of the notice's present stage, whenever they are due."""
    found = await bench.store.read(
        lambda tx: tx.outbox.due(EffectKind.REMINDER, NOON + LATER, limit=99)
    )
    reminders = [reminder_from(one.payload, name=one.key or "", due_at=one.due_at) for one in found]
    return {one.kind: one for one in reminders if one.name.endswith(f":{notice.id}:{notice.stage}")}


async def test_a_whole_notice_has_48_hours_and_keeps_all_that_it_says(bench: Bench):
    notice = await taken_in(bench)

    assert notice == replace(
        LegalNotice(
            case_id=notice.case_id,
            name="Jane Doe",
            email="jane@example.org",
            meaning="It says that I take bribes.",
            falsity="I never took one.",
            unknown=True,
            consent=Consent.REFUSED,
            stage=Stage.RECEIVED,
            received_at=NOON,
            stage_at=NOON,
            act_by=IN_48_HOURS,
            by_name="Sam",
            id=notice.id,
        ),
        token=notice.token,
    )
    assert await legal.get(bench.desk, notice.id, SAM) == notice
    assert await legal.running(bench.desk, SAM) == (notice,)
    assert not await bench.store.write(
        lambda tx: tx.legal_holds.keep(notice.case_id, "again", bench.clock.now)
    ), "it was kept already"


@pytest.mark.parametrize(
    ("left_out", "asked"),
    [
        ({"name": ""}, "the complainant's name"),
        ({"email": "jane"}, "their e-mail address"),
        ({"meaning": ""}, "what the statement means, and why that is defamatory"),
        ({"falsity": ""}, "what in it is untrue, or is opinion without a basis in fact"),
        ({"unknown": False}, "that they do not know enough about the poster to sue them"),
        ({"consent": Consent.UNSAID}, "whether the poster may be told who complains"),
    ],
)
async def test_a_notice_that_leaves_something_out_is_defective_and_has_a_clock_too(
    bench: Bench, left_out: dict[str, object], asked: str
):
    notice = await taken_in(bench, **left_out)

    assert notice.stage is Stage.DEFECTIVE
    assert notice.defects == (asked,)
    assert notice.act_by == IN_48_HOURS


async def test_editors_are_told_at_once_six_hours_before_the_end_and_at_the_end(bench: Bench):
    notice = await taken_in(bench)

    assert {kind: one.due_at for kind, one in (await of_stage(bench, notice)).items()} == {
        ReminderKind.LEGAL_CARD: NOON,
        ReminderKind.LEGAL_SOON: IN_48_HOURS - timedelta(hours=6),
        ReminderKind.LEGAL_OVER: IN_48_HOURS,
    }


async def test_nobody_is_called_before_the_posters_five_days_are_over(bench: Bench):
    notice = await taken_in(bench)
    bench.clock.pass_by(hours=1)

    told = await legal.step(bench.desk, notice.id, Stage.POSTER_TOLD, by=SAM)

    assert told.act_by == MIDNIGHT_AFTER_FIVE_DAYS
    assert told.stage_at == bench.clock.now
    assert {kind: one.due_at for kind, one in (await of_stage(bench, told)).items()} == {
        ReminderKind.LEGAL_CARD: bench.clock.now,
        ReminderKind.LEGAL_OVER: MIDNIGHT_AFTER_FIVE_DAYS,
    }


async def test_at_its_end_a_notice_has_no_clock_and_only_its_card_is_drawn(bench: Bench):
    notice = await taken_in(bench)

    gone = await legal.step(bench.desk, notice.id, Stage.REMOVED, by=SAM)

    assert gone.act_by is None
    assert set(await of_stage(bench, gone)) == {ReminderKind.LEGAL_CARD}
    assert await legal.running(bench.desk, SAM) == ()


@pytest.mark.parametrize("stage", Stage)
async def test_only_what_follows_can_be_done(bench: Bench, stage: Stage):
    notice = await taken_in(bench)
    if stage in FOLLOWING[Stage.RECEIVED]:
        assert (await legal.step(bench.desk, notice.id, stage, by=SAM)).stage is stage
        return
    with pytest.raises(NotUnderstood, match=r"^The notice has got further since\. Look at its"):
        await legal.step(bench.desk, notice.id, stage, by=SAM)
    assert await legal.get(bench.desk, notice.id, SAM) == notice


async def test_after_its_end_nothing_follows(bench: Bench):
    notice = await taken_in(bench)
    await legal.step(bench.desk, notice.id, Stage.REMOVED, by=SAM)

    with pytest.raises(NotUnderstood, match="got further"):
        await legal.step(bench.desk, notice.id, Stage.POSTER_TOLD, by=SAM)


async def test_the_last_hours_are_called_out_only_while_they_last(bench: Bench):
    notice = await taken_in(bench)
    soon = (await of_stage(bench, notice))[ReminderKind.LEGAL_SOON]

    bench.clock.now = IN_48_HOURS - timedelta(seconds=1)
    assert await legal.due(bench.desk, soon) == notice
    bench.clock.now = IN_48_HOURS
    assert await legal.due(bench.desk, soon) is None


async def test_the_end_is_called_out_at_the_end(bench: Bench):
    notice = await taken_in(bench)
    over = (await of_stage(bench, notice))[ReminderKind.LEGAL_OVER]

    bench.clock.now = IN_48_HOURS
    assert await legal.due(bench.desk, over) == notice


async def test_a_reminder_of_a_stage_that_is_past_is_none(bench: Bench):
    notice = await taken_in(bench)
    before = await of_stage(bench, notice)
    await legal.step(bench.desk, notice.id, Stage.REMOVED, by=SAM)

    assert [await legal.due(bench.desk, one) for one in before.values()] == [None] * 3


async def test_a_reminder_of_no_notice_is_none(bench: Bench):
    notice = await taken_in(bench)
    card = (await of_stage(bench, notice))[ReminderKind.LEGAL_CARD]

    assert await legal.due(bench.desk, replace(card, legal_id=None)) is None
    assert await legal.due(bench.desk, replace(card, legal_id=999)) is None


async def test_a_poster_who_is_silent_starts_the_next_48_hours_when_the_five_days_end(
    bench: Bench,
):
    notice = await taken_in(bench)
    told = await legal.step(bench.desk, notice.id, Stage.POSTER_TOLD, by=SAM)
    over = (await of_stage(bench, told))[ReminderKind.LEGAL_OVER]

    bench.clock.now = MIDNIGHT_AFTER_FIVE_DAYS + timedelta(hours=3)
    silent = await legal.due(bench.desk, over)

    assert silent is not None
    assert silent.stage is Stage.POSTER_SILENT
    assert silent.stage_at == MIDNIGHT_AFTER_FIVE_DAYS
    assert silent.act_by == MIDNIGHT_AFTER_FIVE_DAYS + timedelta(hours=48)
    assert await legal.due(bench.desk, over) == silent, "it is told again if that was not heard"
    assert silent == await legal.get(bench.desk, notice.id, SAM)


async def test_nobody_says_by_hand_what_only_the_clock_says(bench: Bench):
    notice = await taken_in(bench)

    with pytest.raises(NotUnderstood):
        await legal.step(bench.desk, notice.id, Stage.POSTER_SILENT, by=SAM)


async def test_the_most_urgent_notice_comes_first(bench: Bench):
    first = await taken_in(bench)
    await legal.step(bench.desk, first.id, Stage.POSTER_TOLD, by=SAM)
    bench.clock.pass_by(hours=1)
    second = await taken_in(bench)

    assert [one.id for one in await legal.running(bench.desk, SAM)] == [second.id, first.id]


@pytest.mark.parametrize("stage", [Stage.REMOVED, Stage.ANSWERED, Stage.HANDED_ON])
def test_an_end_has_no_clock(stage: Stage):
    assert act_by(stage, NOON) is None


async def test_there_is_no_notice_on_no_case_and_none_of_no_number(bench: Bench):
    with pytest.raises(NoSuchCase):
        await legal.take_in(bench.desk, complaint(77), by=SAM)
    with pytest.raises(NotUnderstood, match=r"^There is no legal notice 5\. /legal list shows"):
        await legal.get(bench.desk, 5, SAM)


async def test_the_case_that_a_notice_is_to_be_about_can_be_looked_at(bench: Bench):
    case = await bench.take()

    assert (await legal.case_for(bench.desk, case, SAM)).case.id == case


async def test_only_senior_moderators_see_and_touch_notices(bench: Bench):
    notice = await taken_in(bench)
    for asked in (
        legal.take_in(bench.desk, complaint(), by=ANA),
        legal.step(bench.desk, notice.id, Stage.REMOVED, by=ANA),
        legal.get(bench.desk, notice.id, ANA),
        legal.running(bench.desk, ANA),
        legal.case_for(bench.desk, notice.case_id, ANA),
    ):
        with pytest.raises(NotAllowed):
            await asked
