"""What somebody decided at the site is taken over once, if it is newer than what the desk knows."""

from datetime import timedelta

import pytest

from bot.domain.decisions import Action, Door, Verdict
from bot.domain.ids import CaseId, PersonId
from bot.domain.site import Seen
from bot.domain.staff import Person
from bot.services.cases.lookup import look
from bot.services.cases.reverse import reverse
from bot.services.sites.site_sync import follow
from tests.services.desks import ANA, Bench
from tests.services.newsdesk import SITE

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("visible", "by", "action", "rule", "name"),
    [
        (True, "Jo", Action.KEEP, None, "Jo"),
        (False, "Jo", Action.HIDE, 3, "Jo"),
        (False, None, Action.HIDE, 3, "somebody at the site"),
    ],
)
async def test_it_is_recorded_as_done_there_and_by_whom(
    bench: Bench, visible: bool, by: str | None, action: Action, rule: int | None, name: str
):
    case_id = await bench.take()
    seen = Seen(comment_id="c1", visible=visible, by=by, at=bench.clock.now)
    assert await follow(bench.desk, SITE, seen)
    decision = (await look(bench.desk, case_id)).decision
    assert decision is not None
    assert decision.verdict == Verdict(
        action=action,
        by=Person(id=PersonId(0), name=name),
        door=Door.SITE,
        rule=rule,  # type: ignore[arg-type]
    )
    assert (
        await bench.store.read(lambda tx: tx.outbox.due_orders(SITE, bench.clock.now, limit=9))
        == []
    )


@pytest.mark.parametrize(("later", "news"), [(-1, False), (0, True), (1, True)])
async def test_what_is_older_than_the_case_is_no_news(bench: Bench, later: int, news: bool):
    await bench.take()
    seen = Seen(comment_id="c1", visible=False, at=bench.clock.now + later * SECOND)
    assert await follow(bench.desk, SITE, seen) is news


@pytest.mark.parametrize(("later", "news"), [(-1, False), (0, False), (1, True), (None, False)])
async def test_what_was_undone_here_is_not_taken_over_from_there(
    bench: Bench, later: int | None, news: bool
):
    made = await bench.decide(await bench.take())
    bench.clock.pass_by(minutes=1)
    await reverse(bench.desk, made.case_id, by=ANA, door=Door.BUTTON)
    at = None if later is None else bench.clock.now + later * SECOND
    assert await follow(bench.desk, SITE, Seen(comment_id="c1", visible=False, at=at)) is news


async def test_of_a_site_that_says_no_time_only_the_first_word_counts(bench: Bench):
    case_id = await bench.take()
    assert not await follow(bench.desk, SITE, Seen(comment_id="c1", visible=None))
    assert not await follow(bench.desk, SITE, Seen(comment_id="another", visible=False))
    assert await follow(bench.desk, SITE, Seen(comment_id="c1", visible=False))
    assert not await follow(bench.desk, SITE, Seen(comment_id="c1", visible=True))
    assert case_id == CaseId(1)
