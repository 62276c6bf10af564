"""A few who come with copied words, and the many readers who come after them."""

from bot.domain.alerts import Alert
from bot.domain.comments import Story
from bot.domain.detection.brigades import Suspicion
from bot.domain.ids import CaseId
from bot.services.cases.lookup import look
from tests.services.newsdesk import Newsdesk

TARGET = Story(external_id="target", title="The target", url="https://c.example")


async def complain(newsdesk: Newsdesk, note: str | None) -> CaseId:
    newsdesk.bench.clock.pass_by(seconds=10)
    return await newsdesk.bench.take(comment="target", author="target", story=TARGET, note=note)


async def told(newsdesk: Newsdesk) -> Alert:
    return next(one for one in await newsdesk.alerts() if one.told)


async def test_a_few_with_copied_words_do_not_silence_the_many_who_follow(newsdesk: Newsdesk):
    case_id = await complain(newsdesk, "please take this one down")
    for _ in range(7):
        await complain(newsdesk, "please take this one down")
    await newsdesk.settle()
    first = (await told(newsdesk)).brigade
    assert first is not None
    assert first.suspicion is Suspicion.LIKELY
    assert (await look(newsdesk.bench.desk, case_id)).case.weight == 1.0

    for number in range(60):
        await complain(newsdesk, f"This is the worst that I have read, says {number}.")
    await newsdesk.settle()

    assert (await told(newsdesk)).brigade is None
    view = await look(newsdesk.bench.desk, case_id)
    assert view.brigade is None
    assert view.case.reporters == 68
    assert view.case.weight >= 60
