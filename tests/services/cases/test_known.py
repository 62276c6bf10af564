"""A press counts only if this record drew what was pressed."""

from dataclasses import replace

import pytest

from bot.domain.cases import CardRef
from bot.domain.errors import ForeignCard, NotAllowed
from bot.domain.ids import CaseId, MessageKind, MessageRef
from bot.domain.legal import Consent
from bot.services import known
from bot.services.cases import legal
from bot.services.deliver import card_lane
from bot.services.outbox_worker import turn
from tests.services.desks import ANA, OLLY, SAM, Bench
from tests.services.newsdesk import Newsdesk
from tests.services.outside import Channel
from tests.support.complaints import complaint

CARD, ELSEWHERE = 500, 999


async def carded(bench: Bench) -> CaseId:
    case = await bench.take()
    ref = CardRef(case_id=case, channel_id=7, message_id=CARD, revision=1)
    now = bench.clock.now
    await bench.store.write(lambda tx: tx.cards.drawn(ref, touched=99, at=now))
    return case


async def token_of(bench: Bench, case_id: CaseId) -> str:
    case = await bench.store.read(lambda tx: tx.cases.get(case_id))
    assert case is not None
    return case.token


async def foreign(check) -> None:
    with pytest.raises(ForeignCard):
        await check


async def test_a_cases_token_lets_a_press_pass_wherever_it_was_made(bench: Bench):
    case = await carded(bench)
    token = await token_of(bench, case)

    await known.require_case(bench.desk, case, token, by=ANA, message_id=ELSEWHERE)
    await foreign(known.require_case(bench.desk, case, "other", by=ANA, message_id=CARD))
    await foreign(known.require_case(bench.desk, CaseId(77), token, by=ANA, message_id=CARD))


async def test_without_a_token_only_the_cases_own_message_counts(bench: Bench):
    case = await carded(bench)

    await known.require_case(bench.desk, case, "", by=ANA, message_id=CARD)
    await foreign(known.require_case(bench.desk, case, "", by=ANA, message_id=ELSEWHERE))
    await foreign(known.require_case(bench.desk, CaseId(77), "", by=ANA, message_id=CARD))


async def test_a_number_that_no_record_can_give_is_foreign(bench: Bench):
    case = await carded(bench)
    token = await token_of(bench, case)

    for number in (2**63, 2**70):
        await foreign(
            known.require_case(bench.desk, CaseId(number), token, by=ANA, message_id=CARD)
        )
    await foreign(known.require_case(bench.desk, CaseId(2**63 - 1), token, by=ANA, message_id=CARD))


async def test_a_card_of_ours_with_foreign_buttons_is_drawn_anew(bench: Bench):
    channel = Channel(bench.clock)
    case = await bench.take()
    await turn(card_lane(bench.desk, channel))
    ref = await bench.store.read(lambda tx: tx.cards.get(case))
    assert ref is not None
    message = ref.message_id

    await foreign(known.require_case(bench.desk, case, "x", by=ANA, message_id=ELSEWHERE))
    assert not await turn(card_lane(bench.desk, channel))
    await foreign(known.require_case(bench.desk, case, "x", by=ANA, message_id=message))
    assert await turn(card_lane(bench.desk, channel))


async def test_a_decision_is_known_by_the_beginning_of_its_digest(bench: Bench):
    case = await carded(bench)
    made = await bench.decide(case)
    other = await bench.take(comment="c2")

    async def check(case_id: CaseId, decision: int, token: str, message_id: int = ELSEWHERE):
        await known.require_decision(
            bench.desk, case_id, decision, token, by=ANA, message_id=message_id
        )

    await check(case, made.id, made.digest[:8])
    await foreign(check(case, made.id, made.digest[1:9]))
    await foreign(check(other, made.id, made.digest[:8]))
    await foreign(check(case, made.id + 1, made.digest[:8]))
    await foreign(check(case, 2**63, made.digest[:8]))
    await check(case, made.id, "", CARD)
    await foreign(check(case, made.id, ""))


async def test_a_notice_is_known_by_its_case(bench: Bench):
    case = await carded(bench)
    token = await token_of(bench, case)
    said = complaint(case, consent=Consent.GIVEN)
    notice = await legal.take_in(bench.desk, said, by=SAM)
    other = await bench.take(comment="c2")
    second = await legal.take_in(bench.desk, replace(said, case_id=other), by=SAM)
    at = MessageRef(channel_id=8, message_id=600)
    await bench.store.write(lambda tx: tx.messages.place(MessageKind.LEGAL, at, notice.id))

    async def check(number: int, token: str, message_id: int):
        await known.require_legal(bench.desk, case, number, token, by=SAM, message_id=message_id)

    await check(notice.id, token, ELSEWHERE)
    await check(notice.id, "", 600)
    await foreign(check(notice.id, "", ELSEWHERE))
    await foreign(check(second.id, token, ELSEWHERE))
    await foreign(check(99, token, ELSEWHERE))


async def test_an_alert_is_known_by_its_token_or_its_own_message(newsdesk: Newsdesk):
    await newsdesk.burst()
    await newsdesk.settle()
    [alert] = await newsdesk.alerts()
    assert alert.message is not None

    async def check(number: int, token: str, message_id: int = ELSEWHERE):
        await known.require_alert(newsdesk.bench.desk, number, token, by=SAM, message_id=message_id)

    await check(alert.id, alert.token)
    await check(alert.id, "", alert.message.message_id)
    await foreign(check(alert.id, ""))
    await foreign(check(alert.id, "other", alert.message.message_id))
    await foreign(check(alert.id + 1, alert.token))


async def test_a_run_that_the_record_does_not_know_is_foreign(bench: Bench):
    await foreign(known.require_run(bench.desk, 1, "token", by=ANA, message_id=CARD))


async def test_whoever_is_no_moderator_passes_nowhere(bench: Bench):
    case = await carded(bench)
    token, desk = await token_of(bench, case), bench.desk
    for check in (
        known.require_case(desk, case, token, by=OLLY, message_id=CARD),
        known.require_decision(desk, case, 1, token, by=OLLY, message_id=CARD),
        known.require_run(desk, 1, token, by=OLLY, message_id=CARD),
        known.require_legal(desk, case, 1, token, by=OLLY, message_id=CARD),
        known.require_alert(desk, 1, token, by=ANA, message_id=CARD),
    ):
        with pytest.raises(NotAllowed):
            await check
