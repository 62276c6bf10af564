"""What those who built a readers' side before got wrong, and readers complained of, tried here.

Each test names the complaint: reporters told of a contest that was another's, reporters of a
comment under contest told nothing, one mail for two answers, an answer that no history shows, and a
contest from a mailed link that no queue has.
"""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.domain.cases import Answer
from bot.domain.decisions import Action
from bot.domain.effects import EffectKind
from bot.domain.ids import CaseId, RuleNumber
from bot.domain.sayings import ReminderKind
from bot.services.cases.lookup import look
from bot.services.readers.contest import answer_contest
from bot.services.readers.contest_view import waiting_contests
from bot.store.deliveries import reminder_from
from tests.contract.public.mailboxes import Mailboxes
from tests.contract.public.mailing import carry, confirmed, links, open_mailing, report
from tests.contract.public.readers import Readers
from tests.services.desks import BEN, SAM

CASE = CaseId(1)
ABUSE = RuleNumber(5)


@pytest.fixture
async def readers(tmp_path: Path) -> AsyncGenerator[Readers]:
    async with open_mailing(tmp_path) as readers:
        yield readers


async def page(http: ClientSession, url: str) -> str:
    async with http.get(url) as answer:
        assert answer.status == 200
        return await answer.text()


async def contest(http: ClientSession, receipt: str) -> None:
    async with http.post(f"{receipt}/contest", data={"why": "It is abuse."}) as answer:
        assert answer.status == 200


async def answered(readers: Readers, boxes: Mailboxes, answer: Answer) -> None:
    rule = ABUSE if answer is Answer.OVERTURNED else None
    await answer_contest(readers.bench.desk, 1, answer, by=BEN, reasons="As I say.", rule=rule)
    readers.bench.clock.pass_by(hours=1)
    await carry(readers, boxes)


def told(boxes: Mailboxes, email: str) -> list[str]:
    return [mail.get_content() for _, [to], mail in boxes.sent if to == email]


async def kept_for_two(readers: Readers, boxes: Mailboxes, http: ClientSession) -> tuple[str, str]:
    """Let two readers report a comment that is kept, and be written to; return their pages."""
    receipts: list[str] = []
    for name in ("ada", "bob"):
        receipt = await report(readers, http, name)
        await confirmed(readers, boxes, http, receipt, f"{name}@example.org")
        receipts.append(receipt)
    await readers.bench.decide(CASE, Action.KEEP)
    readers.bench.clock.pass_by(hours=1)
    await carry(readers, boxes)
    boxes.sent.clear()
    return receipts[0], receipts[1]


@pytest.mark.parametrize("answer", [Answer.UPHELD, Answer.OVERTURNED])
async def test_nobody_else_is_told_of_a_contest(
    readers: Readers, boxes: Mailboxes, http: ClientSession, answer: Answer
):
    """Mozilla told all reporters of "your appeal" when one of them had made it."""
    mine, other = await kept_for_two(readers, boxes, http)
    await contest(http, mine)
    assert "contested" not in await page(http, other)
    await answered(readers, boxes, answer)

    [to_me] = told(boxes, "ada@example.org")
    assert "looked at it again" in to_me
    to_other = told(boxes, "bob@example.org")
    assert len(to_other) == (1 if answer is Answer.OVERTURNED else 0), "only of what was decided"
    for said in (*to_other, await page(http, other)):
        assert "again and" not in said
        assert "looked at it again" not in said
        assert "You contested" not in said


async def test_whoever_reports_while_somebody_contests_is_told_what_comes_of_it(
    readers: Readers, boxes: Mailboxes, http: ClientSession
):
    """Mozilla never told those who reported under an appeal."""
    mine, _ = await kept_for_two(readers, boxes, http)
    await contest(http, mine)
    late = await report(readers, http, "eve")
    await confirmed(readers, boxes, http, late, "eve@example.org")
    boxes.sent.clear()
    await answered(readers, boxes, Answer.OVERTURNED)

    [said] = told(boxes, "eve@example.org")
    assert "removed it. It broke this rule: Abusive language" in said
    assert "removed it" in await page(http, late)


async def test_whoever_asks_for_mail_once_it_is_decided_is_told_that_it_is(
    readers: Readers, boxes: Mailboxes, http: ClientSession
):
    """Else a reader of a kept comment, which is not looked at anew, waits for a mail for ever."""
    await kept_for_two(readers, boxes, http)
    late = await report(readers, http, "eve")
    await confirmed(readers, boxes, http, late, "eve@example.org")
    await carry(readers, boxes)
    readers.bench.clock.pass_by(hours=1)
    await carry(readers, boxes)

    asked, said = told(boxes, "eve@example.org")
    assert "open this page and press the button" in asked
    assert "decided to keep it" in said
    async with http.post(f"{links(boxes, 0)[0]}/confirm") as answer:
        assert answer.status == 200
    await carry(readers, boxes)
    assert len(told(boxes, "eve@example.org")) == 2, "pressing twice brings no other"


async def test_what_was_granted_and_what_was_not_are_told_in_different_words(
    readers: Readers, boxes: Mailboxes, http: ClientSession
):
    """Mozilla sent the same mail for both."""
    said: dict[Answer, str] = {}
    for number, answer in enumerate((Answer.UPHELD, Answer.OVERTURNED), 1):
        receipt = await report(readers, http, f"r{number}")
        await confirmed(readers, boxes, http, receipt, f"r{number}@example.org")
        if number == 1:
            await readers.bench.decide(CASE, Action.KEEP)
            readers.bench.clock.pass_by(hours=1)
        await contest(http, receipt)
        rule = ABUSE if answer is Answer.OVERTURNED else None
        desk = readers.bench.desk
        await answer_contest(desk, number, answer, by=BEN, reasons="As I say.", rule=rule)
        readers.bench.clock.pass_by(hours=1)
        await carry(readers, boxes)
        said[answer] = told(boxes, f"r{number}@example.org")[-1].splitlines()[0]
        assert said[answer] in await page(http, receipt)
    assert len(set(said.values())) == 2


@pytest.mark.parametrize("answer", [Answer.UPHELD, Answer.OVERTURNED])
async def test_the_history_shows_what_came_of_a_contest(
    readers: Readers, boxes: Mailboxes, http: ClientSession, answer: Answer
):
    """Mozilla's moderators did not see that an appeal had been granted."""
    mine, _ = await kept_for_two(readers, boxes, http)
    await contest(http, mine)
    await answered(readers, boxes, answer)

    view = await look(readers.bench.desk, CASE)
    [made] = view.contests
    assert (made.answer, made.by_name) == (answer, "Ben")
    lines = await readers.bench.store.read(lambda tx: tx.decisions.of_case(CASE))
    assert len(lines) == (1 if answer is Answer.UPHELD else 3), "undone, and decided the other way"


async def test_a_contest_from_a_mailed_link_is_in_the_queue(
    readers: Readers, boxes: Mailboxes, http: ClientSession
):
    """Mozilla lost those that came by the link in a mail."""
    receipt = await report(readers, http)
    await confirmed(readers, boxes, http, receipt, "ada@example.org")
    await readers.bench.decide(CASE, Action.KEEP)
    readers.bench.clock.pass_by(hours=1)
    await carry(readers, boxes)
    mailed = links(boxes)[0]
    assert "/your-report/" in mailed
    assert mailed != receipt
    await contest(http, mailed)

    desk = readers.bench.desk
    [waiting] = await waiting_contests(desk, SAM)
    assert waiting.contest.text == "It is abuse."
    later = readers.bench.clock.now + timedelta(minutes=1)
    due = await readers.bench.store.read(
        lambda tx: tx.outbox.due(EffectKind.REMINDER, later, limit=9)
    )
    kinds = [reminder_from(one.payload, name="", due_at=one.due_at).kind for one in due]
    assert ReminderKind.CONTEST_CARD in kinds
    assert "You contested this" in await page(http, receipt), "it is the same report"
