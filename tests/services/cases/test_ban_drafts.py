"""A ban is filled in, looked over and sent off once, and nothing that was written is lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.bans import BanDraft
from bot.domain.decisions import Action, Decision
from bot.domain.errors import (
    AlreadyClaimed,
    AlreadyDecided,
    CommentEdited,
    DeskError,
    NoChange,
    NotAllowed,
    NotUnderstood,
    TextUnseen,
)
from bot.domain.ids import CaseId, RuleNumber
from bot.domain.staff import Person
from bot.services.cases.ban_draft import draft_of, draft_shown, drop_draft, keep_draft, send_draft
from bot.services.cases.claim import claim
from bot.services.cases.two_person import Proposal
from tests.services.desks import ANA, BEN, OLLY, Bench

WEEK = timedelta(days=7)


def draft(bench: Bench, case_id: CaseId, by: Person = ANA, **changes: object) -> BanDraft:
    usual = BanDraft(
        case_id=case_id,
        by_id=by.id,
        at=bench.clock.now,
        seen=1,
        rule=RuleNumber(3),
        lasting=WEEK,
        note="third time",
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


async def filled_in(bench: Bench, by: Person = ANA, **changes: object) -> BanDraft:
    made = draft(bench, await bench.take(), by, **changes)
    await keep_draft(bench.desk, made, by)
    return made


async def decisions(bench: Bench) -> list[Decision]:
    return list(await bench.store.read(lambda tx: tx.decisions.after(0, limit=9)))


async def test_filling_in_decides_nothing_and_is_kept_as_it_was(bench: Bench):
    made = await filled_in(bench)
    assert await decisions(bench) == []
    assert await draft_of(bench.desk, made.case_id, ANA) == made
    assert await draft_of(bench.desk, made.case_id, BEN) is None
    forever = draft(bench, made.case_id, lasting=None, note=None)
    await keep_draft(bench.desk, forever, ANA)
    assert await draft_of(bench.desk, made.case_id, ANA) == forever


async def test_what_was_looked_over_is_sent_once(bench: Bench):
    made = await filled_in(bench)
    sent = await send_draft(bench.desk, made.case_id, ANA, made.number)
    assert isinstance(sent, Decision)
    assert (sent.action, sent.verdict.note) == (Action.BAN, "third time")
    assert sent.until == bench.clock.now + WEEK
    with pytest.raises(AlreadyDecided):
        await send_draft(bench.desk, made.case_id, ANA, made.number)
    assert len(await decisions(bench)) == 1
    assert await draft_of(bench.desk, made.case_id, ANA) is None


async def test_what_takes_two_is_proposed_once(bench: Bench):
    made = await filled_in(bench, lasting=None)
    assert isinstance(await send_draft(bench.desk, made.case_id, ANA, made.number), Proposal)
    with pytest.raises(NoChange):
        await send_draft(bench.desk, made.case_id, ANA, made.number)


async def test_an_older_form_does_not_send_what_was_filled_in_since(bench: Bench):
    older = await filled_in(bench)
    bench.clock.pass_by(seconds=1)
    newer = draft(bench, older.case_id, lasting=timedelta(days=30))
    await keep_draft(bench.desk, newer, ANA)
    for use in (send_draft, draft_shown):
        with pytest.raises(NoChange, match="not kept any more"):
            await use(bench.desk, older.case_id, ANA, older.number)
    assert await draft_shown(bench.desk, older.case_id, ANA, newer.number) == newer
    assert await decisions(bench) == []


async def test_nobody_sends_what_somebody_else_filled_in(bench: Bench):
    made = await filled_in(bench)
    for by, error in ((BEN, NoChange), (OLLY, NotAllowed)):
        with pytest.raises(error):
            await send_draft(bench.desk, made.case_id, by, made.number)


async def test_what_was_cancelled_is_not_sent(bench: Bench):
    made = await filled_in(bench)
    await drop_draft(bench.desk, made.case_id, ANA)
    with pytest.raises(NoChange):
        await send_draft(bench.desk, made.case_id, ANA, made.number)


async def test_after_a_day_it_is_over(bench: Bench):
    made = await filled_in(bench)
    bench.clock.pass_by(hours=25)
    assert await draft_of(bench.desk, made.case_id, ANA) is None
    other = await bench.take(comment="c2")
    await keep_draft(bench.desk, draft(bench, other), ANA)
    assert await bench.store.read(lambda tx: tx.ban_drafts.get(made.case_id, ANA.id)) is None


async def test_a_refusal_loses_nothing_that_was_written(bench: Bench):
    made = await filled_in(bench)
    await claim(bench.desk, made.case_id, BEN)
    with pytest.raises(AlreadyClaimed):
        await send_draft(bench.desk, made.case_id, ANA, made.number)
    await bench.take(text="Now another text.", revision="r2")
    await claim(bench.desk, made.case_id, ANA, take_over=True)
    with pytest.raises(CommentEdited):
        await send_draft(bench.desk, made.case_id, ANA, made.number)
    with pytest.raises(CommentEdited):
        await keep_draft(bench.desk, made, ANA)
    assert await draft_of(bench.desk, made.case_id, ANA) == made


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"rule": RuleNumber(99)}, NotUnderstood),
        ({"lasting": timedelta(days=4000)}, NotUnderstood),
        ({"seen": 0}, TextUnseen),
        ({"case_id": CaseId(99)}, DeskError),
    ],
)
async def test_what_could_not_be_sent_is_said_when_it_is_filled_in(
    bench: Bench, changes: dict[str, object], error: type[DeskError]
):
    made = replace(draft(bench, await bench.take()), **changes)  # type: ignore[arg-type]
    with pytest.raises(error):
        await keep_draft(bench.desk, made, ANA)


async def test_what_is_decided_meanwhile_is_said(bench: Bench):
    made = await filled_in(bench)
    await bench.decide(made.case_id, Action.KEEP, by=BEN)
    with pytest.raises(AlreadyDecided):
        await send_draft(bench.desk, made.case_id, ANA, made.number)
    with pytest.raises(AlreadyDecided):
        await keep_draft(bench.desk, made, ANA)


async def test_a_sentence_of_another_rule_is_left_out(bench: Bench):
    first, *others = bench.policy.rules
    rules = (replace(first, reasons=("It is the first.",)), *others)
    bench.policy = replace(bench.policy, rules=rules)
    made = await filled_in(bench, reason="It is the first.")
    sent = await send_draft(bench.desk, made.case_id, ANA, made.number)
    assert isinstance(sent, Decision)
    assert sent.verdict.reason is None
