from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.comments import Note, Receipt
from bot.domain.errors import DeskError
from bot.domain.ids import CaseId, RuleNumber, SiteId

from .makers import NOW, ON_DISK, SITE, make_report, opening


async def test_a_delivery_is_answered_as_it_was_before(store):
    receipt = Receipt(case_id=CaseId(7), counted=True)
    await store.write(lambda tx: tx.reports.remember(SITE, "msg-1", receipt, NOW))
    assert await store.read(lambda tx: tx.reports.answered(SITE, "msg-1")) == receipt
    assert await store.read(lambda tx: tx.reports.answered(SITE, "msg-2")) is None
    assert await store.read(lambda tx: tx.reports.answered(SiteId("echo"), "msg-1")) is None


async def test_the_first_answer_to_a_delivery_stays(store):
    first = Receipt(case_id=CaseId(7), counted=False)
    await store.write(lambda tx: tx.reports.remember(SITE, "msg-1", first, NOW))
    other = Receipt(case_id=CaseId(8), counted=True)
    await store.write(lambda tx: tx.reports.remember(SITE, "msg-1", other, NOW))
    assert await store.read(lambda tx: tx.reports.answered(SITE, "msg-1")) == first


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30, 10**400])
async def test_a_number_that_the_database_has_no_room_for_is_refused_in_words(store, number):
    with pytest.raises(DeskError, match="nothing of that number"):
        await store.read(lambda tx: tx.cases.get(CaseId(number)))
    with pytest.raises(DeskError, match="nothing of that number"):
        await store.write(lambda tx: tx.cards.lost(CaseId(number)))
    assert await store.read(lambda tx: tx.cases.count_open()) == 0


async def test_a_reader_gives_a_reason_once_but_may_give_several(store):
    case = await store.write(opening())
    again = make_report(delivery="msg-again")
    other = make_report(rule=RuleNumber(5))
    assert not await store.write(lambda tx: tx.reports.add(case.id, again))
    assert await store.write(lambda tx: tx.reports.add(case.id, other))
    assert not await store.write(lambda tx: tx.reports.add(case.id, other))


async def test_notes_come_oldest_first_and_at_most_fifty(store):
    case = await store.write(opening())

    def work(tx):
        for reader in range(2, 62):
            at = NOW + timedelta(seconds=100 - reader)
            note = f"note {reader}" if reader % 30 else None
            tx.reports.add(case.id, make_report(reader=reader, note=note, at=at))

    await store.write(work)
    notes = await store.read(lambda tx: tx.reports.notes(case.id))
    expected = [reader for reader in range(61, 1, -1) if reader % 30][:50]
    assert [note.text for note in notes] == [f"note {reader}" for reader in expected]
    newest = NOW + timedelta(seconds=100 - expected[-1])
    assert notes[-1] == Note(rule=RuleNumber(3), text=f"note {expected[-1]}", at=newest)


# What a reader may type; surrogates cannot reach the store, as JSON over UTF-8 has none.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@ON_DISK
@given(note=TEXTS, comment=TEXTS, moment=st.datetimes())
async def test_what_people_wrote_comes_back_to_the_letter(store, note, comment, moment):
    at = moment.replace(tzinfo=NOW.tzinfo)
    text = {"text": comment, "revision": f"{note}|{comment}"}

    def work(tx):
        number = tx.cases.count_open() + 1
        case = opening(f"c-{number}")(tx)
        report = make_report(f"c-{number}", reader=9, note=note, at=at, comment=text)
        tx.reports.add(case.id, report)
        return case

    case = await store.write(work)
    (kept,) = await store.read(lambda tx: tx.reports.notes(case.id))
    assert (kept.text, kept.at) == (note, at)
