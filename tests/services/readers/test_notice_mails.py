"""What whoever gave a notice is written by mail, as far as it still is so when the mail goes."""

from dataclasses import replace

import pytest

from bot.domain import effects
from bot.domain.legal import Stage
from bot.domain.readers.mail import Letter, MailEvent
from bot.domain.readers.notice import NoticeText, Outcome
from bot.services.cases import legal
from bot.services.outbox_worker import Lane, turn
from bot.services.readers import notice
from bot.services.readers.mail import confirm_mail, mail_lane
from bot.services.readers.notice_case import seek
from tests.services.desks import SAM, Bench
from tests.services.readers.test_notices import LEGAL, reported

LACKING = replace(LEGAL, falsity="")


async def mailed(bench: Bench, said: NoticeText) -> tuple[notice.Taken, list[str], Lane]:
    """Take a notice whose giver wants mail; what they are written goes into the list."""
    desk, events, links = replace(bench.desk, writes_mail=True), list[str](), list[str]()

    async def send(letter: Letter) -> effects.Outcome:
        events.append(letter.event)
        links.append(letter.secret)
        return effects.Outcome(verb=effects.Verb.DONE)

    lane = mail_lane(desk, send)
    taken = await notice.take_notice(desk, said, "en")
    assert await turn(lane)
    assert await confirm_mail(desk, links.pop())
    events.clear()
    return taken, events, lane


@pytest.mark.parametrize(
    ("said", "steps", "written"),
    [
        (LEGAL, [Stage.POSTER_TOLD], [MailEvent.FORWARDED]),
        (LEGAL, [Stage.POSTER_TOLD, Stage.REMOVED], [MailEvent.DECIDED]),
        (LACKING, [Stage.ANSWERED], [MailEvent.LACKING]),
    ],
)
async def test_a_mail_that_waited_says_how_far_a_notice_has_got(
    bench: Bench, said: NoticeText, steps: list[Stage], written: list[MailEvent]
):
    await reported(bench)
    _, events, lane = await mailed(bench, said)
    await seek(bench.desk, {})
    for step in steps:
        await legal.step(bench.desk, 1, step, by=SAM)
    while await turn(lane):
        pass
    assert events == written


async def test_what_was_answered_already_is_not_said_to_lack_anything(bench: Bench):
    case = await reported(bench, address="https://courier.example/s2#comment-c1")
    taken, events, lane = await mailed(bench, LACKING)
    number = taken.notice.id
    await notice.answer_notice(bench.desk, number, Outcome.DECLINED, "It is true.", by=SAM)
    assert await turn(lane)
    await notice.tie_notice(bench.desk, number, case, by=SAM)
    await legal.step(bench.desk, 1, Stage.ANSWERED, by=SAM)
    assert await turn(lane)
    assert events == [MailEvent.DECIDED]
