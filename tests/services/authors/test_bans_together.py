"""What is said and done of an author's ban is what all their bans come to, taken together."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.cards import authors
from bot.cards.cases import case_answers, case_card
from bot.cards.text import common as common_text
from bot.domain import bans as durations
from bot.domain.decisions import Action, Decision, Door
from bot.domain.effects import Order
from bot.domain.errors import NotUnderstood
from bot.domain.ids import SiteId
from bot.services.authors import author, bans
from bot.services.cases import bulk
from bot.services.cases.lookup import look
from bot.services.cases.reverse import after, reverse
from bot.services.deliver import order_lane
from bot.services.outbox_worker import turn
from tests.services.desks import ANA, NOON, SAM, Bench
from tests.services.outside import ObedientSite
from tests.unit.cards.reading import text

SITE = SiteId("courier")
LONDON = ZoneInfo("Europe/London")
LENGTHS = {"an hour": timedelta(hours=1), "a week": timedelta(days=7), "90 days": timedelta(90)}


async def ban(bench: Bench, comment: str, days: float) -> Decision:
    case_id = await bench.take(comment=comment)
    bench.clock.pass_by(minutes=1)
    return await bench.decide(case_id, Action.BAN, lasting=timedelta(days=days))


async def last_order(bench: Bench) -> Order:
    """Return the newest order, as if the earlier ones had been carried out."""

    def work(tx):
        found = []
        while due := tx.outbox.due_orders(SITE, bench.clock.now, limit=9):
            for effect in due:
                found.append(tx.outbox.order(effect.id))
                tx.outbox.done(effect, bench.clock.now)
        return max(found, key=lambda order: order.decision_id)

    return await bench.store.write(work)


async def said(bench: Bench, ruling) -> str:
    left = await after(bench.desk, ruling, ANA)
    return text(case_answers.ruled(ruling, bench.policy, after=left))


async def on_card(bench: Bench, case_id) -> str:
    view = await look(bench.desk, case_id)
    return text(case_card.render(view, bench.policy, now=bench.clock.now))


async def listed(bench: Bench) -> str:
    page = await bans.bans(bench.desk, ANA, limit=9)
    return text(authors.ban_list(page, bench.policy, now=bench.clock.now))


async def in_record(bench: Bench, case_id) -> str:
    sheet = await author.sheet(bench.desk, case_id, ANA)
    return text(authors.author_card(sheet, bench.policy, now=bench.clock.now, links={}))


@pytest.mark.parametrize(("first", "second"), [(90, 7), (7, 90)])
async def test_the_longer_of_two_bans_is_told_everywhere(bench: Bench, first: int, second: int):
    one, two = await ban(bench, "c1", first), await ban(bench, "c2", second)
    longer, shorter = (one, two) if first > second else (two, one)
    assert longer.until is not None
    end = f"until {common_text.day(longer.until)}"

    assert f"The author is banned {end}." in await said(bench, two)
    order = await last_order(bench)
    assert (order.banned, order.until) == (True, longer.until)
    assert f"{end}" in await on_card(bench, shorter.case_id)
    assert f"{end}" in await on_card(bench, await bench.take(comment="c3"))
    assert f"banned {end}" in await in_record(bench, one.case_id)
    found = await listed(bench)
    assert "1 author is banned" in found
    assert end in found

    undone = await reverse(bench.desk, shorter.case_id, by=SAM, door=Door.BUTTON)
    answer = await said(bench, undone)
    assert f"The author stays banned {end}, for #{longer.case_id}." in answer
    assert "No longer hidden:" in answer
    order = await last_order(bench)
    assert (order.action, order.banned, order.until) == (Action.UNBAN, True, longer.until)
    assert f"{end}" in await on_card(bench, shorter.case_id)

    undone = await reverse(bench.desk, longer.case_id, by=SAM, door=Door.BUTTON)
    assert "No longer hidden or banned:" in await said(bench, undone)
    order = await last_order(bench)
    assert (order.banned, order.until) == (False, None)
    assert await listed(bench) == "Nobody is banned."


async def test_the_cards_of_the_other_bans_follow_when_the_longest_goes(bench: Bench):
    short, long = await ban(bench, "c1", 7), await ban(bench, "c2", 90)
    assert common_text.day(long.until) in await on_card(bench, short.case_id)
    before = (await look(bench.desk, short.case_id)).case.touched
    await reverse(bench.desk, long.case_id, by=SAM, door=Door.BUTTON)

    assert (await look(bench.desk, short.case_id)).case.touched > before
    assert common_text.day(short.until) in await on_card(bench, short.case_id)


async def test_lifting_one_ban_says_that_another_goes_on(bench: Bench):
    long, short = await ban(bench, "c1", 90), await ban(bench, "c2", 7)
    lifted = await bans.lift(bench.desk, short.id, by=ANA)
    answer = text(case_answers.lifted(lifted, await after(bench.desk, lifted, ANA)))
    assert f"The author stays banned until {common_text.day(long.until)}" in answer
    lifted = await bans.lift(bench.desk, long.id, by=ANA)
    answer = text(case_answers.lifted(lifted, await after(bench.desk, lifted, ANA)))
    assert "stays banned" not in answer


async def test_another_authors_ban_changes_nothing(bench: Bench):
    await ban(bench, "c1", 7)
    other = await bench.take(comment="c9", author="a9")
    made = await bench.decide(other, Action.BAN, lasting=timedelta(days=90))
    await reverse(bench.desk, other, by=ANA, door=Door.BUTTON)
    assert (await last_order(bench)).author_id == made.author_id
    assert common_text.day(made.until) not in await listed(bench)


async def test_a_ban_that_ended_while_the_site_was_down_is_not_begun(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id, Action.BAN, lasting=timedelta(hours=1))
    bench.clock.pass_by(hours=8)
    site = ObedientSite()

    await turn(order_lane(bench.desk, SITE, site))

    assert site.hidden == {"c1"}
    assert site.banned == {}


@pytest.mark.parametrize("name", LENGTHS)
async def test_hours_are_told_as_times_and_days_as_dates(bench: Bench, name: str):
    case_id = await bench.take()
    made = await bench.decide(case_id, Action.BAN, lasting=LENGTHS[name])
    assert made.until is not None
    end = (
        common_text.date_and_clock(made.until) if name == "an hour" else common_text.day(made.until)
    )
    for told in (
        await said(bench, made),
        await on_card(bench, case_id),
        await on_card(bench, await bench.take(comment="c2")),
        await listed(bench),
        await in_record(bench, case_id),
    ):
        assert f"until {end}" in told


@pytest.mark.parametrize(
    ("lasting", "zone", "words"),
    [
        (timedelta(hours=1), "Europe/London", "until today 13:00"),
        (timedelta(hours=1), "Australia/Lord_Howe", "until tomorrow 00:00"),
        (timedelta(hours=13), "Europe/London", "until tomorrow 01:00"),
        (timedelta(hours=1), "Asia/Kolkata", "until today 18:30"),
        (timedelta(days=7), "Europe/London", "until 1 December 2026"),
        # Eleven at night in London is the next day already further east.
        (timedelta(days=7, hours=11), "Asia/Tokyo", "until 2 December 2026"),
        (None, "Europe/London", "for good"),
    ],
)
def test_in_plain_text_they_are_told_by_the_newsrooms_clock(lasting, zone: str, words: str):
    until = NOON + lasting if lasting else None
    assert common_text.ban_end(until, NOON, ZoneInfo(zone)) == words


FORGED = [
    timedelta(),
    timedelta(days=-1),
    durations.LONGEST_YEAR + timedelta(seconds=1),
    timedelta(days=9999),
]


@pytest.mark.parametrize("lasting", FORGED)
@pytest.mark.parametrize("by", [ANA, SAM])
async def test_a_forged_length_bans_nobody(bench: Bench, lasting: timedelta, by):
    case_id = await bench.take()
    with pytest.raises(NotUnderstood, match="Nobody was banned"):
        await bench.decide(case_id, Action.BAN, lasting=lasting, by=by)
    view = await look(bench.desk, case_id)
    assert (view.case.is_open, view.proposal, view.record.banned) == (True, None, False)


@pytest.mark.parametrize("action", [Action.KEEP, Action.HIDE])
async def test_a_length_bans_only_where_a_ban_was_asked_for(bench: Bench, action: Action):
    made = await bench.decide(await bench.take(), action, lasting=timedelta(days=3))
    assert made.until is None


@pytest.mark.parametrize("hours", [0, 169, 10**9])
async def test_a_forged_sweep_hides_nothing(bench: Bench, hours: int):
    case_id = await bench.take()
    with pytest.raises(NotUnderstood):
        await bulk.hide_all(bench.desk, case_id, timedelta(hours=hours), by=ANA, door=Door.BUTTON)
    assert (await look(bench.desk, case_id)).case.is_open
