from datetime import timedelta

from bot.domain.cases import AuthorRecord
from bot.domain.decisions import Action
from bot.domain.ids import SiteId

from .makers import LONG_AGO, NOW, SITE, decide, opening


async def record_of(store, case, since=LONG_AGO):
    view = await store.read(lambda tx: tx.cases.view(case.id, strikes_since=since))
    strikes = await store.read(lambda tx: tx.cases.strikes(SITE, case.author_id, since=since))
    assert view.record.strikes == strikes
    return view.record


async def test_hides_and_bans_are_strikes_and_keeps_are_not(store):
    cases = [await store.write(opening(name)) for name in "abc"]

    def work(tx):
        for case, action in zip(cases, (Action.KEEP, Action.HIDE, Action.BAN), strict=True):
            decide(tx, case, action)

    await store.write(work)
    assert await record_of(store, cases[0]) == AuthorRecord(
        reported=3, hidden=2, strikes=2, banned=True
    )


async def test_a_strike_counts_from_its_time_on_and_expires(store):
    case = await store.write(opening())
    await store.write(lambda tx: decide(tx, case, Action.HIDE))
    assert (await record_of(store, case, since=NOW)).strikes == 1
    assert (await record_of(store, case, since=NOW + timedelta(microseconds=1))).strikes == 0


async def test_what_was_undone_is_no_strike_and_no_ban(store):
    case = await store.write(opening())

    def work(tx):
        banned = decide(tx, case, Action.BAN)
        decide(tx, case, Action.UNBAN, reverses=banned.id)

    await store.write(work)
    assert await record_of(store, case) == AuthorRecord(reported=1, hidden=0, strikes=0)


async def test_an_amended_decision_counts_once(store):
    case = await store.write(opening())

    def work(tx):
        first = decide(tx, case, Action.HIDE)
        second = decide(tx, case, Action.HIDE, amends=first.id, rule=4)
        return decide(tx, case, Action.HIDE, amends=second.id, rule=5)

    last = await store.write(work)
    assert await record_of(store, case) == AuthorRecord(reported=1, hidden=1, strikes=1)
    await store.write(lambda tx: decide(tx, case, Action.UNHIDE, reverses=last.id))
    assert await record_of(store, case) == AuthorRecord(reported=1, hidden=0, strikes=0)


async def test_strikes_are_the_authors_own_at_that_site(store):
    mine = await store.write(opening("a"))
    other = await store.write(opening("b", author_id="u-2"))
    await store.write(lambda tx: decide(tx, other, Action.HIDE))
    await store.write(lambda tx: decide(tx, mine, Action.HIDE, site=SiteId("echo")))
    assert (await record_of(store, mine)).strikes == 0


async def test_the_latest_ban_that_stands_says_until_when(store):
    first, second = [await store.write(opening(name)) for name in "ab"]
    week, month = NOW + timedelta(days=7), NOW + timedelta(days=30)
    await store.write(lambda tx: decide(tx, first, Action.BAN, until=week))
    later = await store.write(lambda tx: decide(tx, second, Action.BAN, until=month))
    assert (await record_of(store, first)).banned_until == month
    await store.write(lambda tx: decide(tx, second, Action.UNBAN, reverses=later.id))
    record = await record_of(store, first)
    assert (record.banned, record.banned_until) == (True, week)
