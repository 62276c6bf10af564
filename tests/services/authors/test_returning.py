"""New accounts and somebody banned: hints, never more."""

from dataclasses import asdict, replace
from datetime import timedelta

import pytest

from bot.domain.comments import Author, AuthorKey
from bot.domain.decisions import Action, Door
from bot.domain.ids import SiteId
from bot.services.authors.ban_evasion import Usual, deny, look_once
from bot.services.cases.receive import receive
from bot.services.cases.reverse import reverse
from tests.services.desks import ANA, Bench

WEEK = timedelta(days=7)
KEY = AuthorKey(kind="network", digest=b"k" * 16)


async def look(bench: Bench) -> None:
    known = Usual()
    while await look_once(bench.desk, known):
        pass


async def banned(bench: Bench, **author) -> None:
    account = Author(**{"external_id": "a1", "name": "salty_dog", **author})
    case = await report(bench, "c1", **asdict(account) | {"keys": account.keys})
    await bench.decide(case, Action.BAN, lasting=WEEK)
    await look(bench)


async def report(bench: Bench, comment: str, **author):
    told = replace(bench.report(comment=comment), author=Author(**author))
    [receipt] = await receive(bench.desk, [told])
    return receipt.case_id


async def hints(bench: Bench, case_id):
    view = await bench.store.read(
        lambda tx: tx.cases.view(case_id, strikes_since=bench.desk.strikes_since())
    )
    return view.hints


async def test_a_shared_key_is_told_on_the_card_and_bans_nobody(bench: Bench):
    await banned(bench, keys=(KEY,))
    case = await report(bench, "c2", external_id="a2", name="harmless", keys=(KEY,))
    before = await bench.store.read(lambda tx: tx.cases.get(case))
    await look(bench)

    [hint] = await hints(bench, case)
    assert (hint.name, hint.reasons) == ("salty_dog", ("same network key",))
    after = await bench.store.read(lambda tx: tx.cases.get(case))
    assert after.touched == before.touched + 1, "the card is drawn again"
    decisions = await bench.store.read(lambda tx: tx.decisions.after(0, limit=9))
    assert [made.author_id for made in decisions] == ["a1"]


async def test_a_key_that_everybody_shares_says_nothing(bench: Bench):
    await banned(bench, keys=(KEY,))
    for number in range(30):
        await report(
            bench, f"l{number}", external_id=f"l{number}", name=f"{number} in library", keys=(KEY,)
        )
    case = await report(bench, "c2", external_id="a2", name="harmless", keys=(KEY,))
    await look(bench)
    assert await hints(bench, case) == ()


async def test_who_is_not_banned_any_more_is_nobody_to_return(bench: Bench):
    first = await report(bench, "c1", external_id="a1", name="salty_dog")
    await bench.decide(first, Action.BAN, lasting=WEEK)
    case = await report(bench, "c2", external_id="a2", name="SaltyDog2")
    await look(bench)
    assert [hint.name for hint in await hints(bench, case)] == ["salty_dog"]

    await reverse(bench.desk, first, by=ANA, door=Door.BUTTON)
    assert await hints(bench, case) == ()


@pytest.mark.parametrize(("before", "hinted"), [(7, ["salty_dog"]), (8, [])])
async def test_an_account_known_for_long_is_left_alone(
    bench: Bench, before: int, hinted: list[str]
):
    for number in range(before):
        await report(bench, f"o{number}", external_id="a2", name="SaltyDog2")
    await look(bench)
    await banned(bench)
    case = await report(bench, "last", external_id="a2", name="SaltyDog2")
    await look(bench)
    assert [hint.name for hint in await hints(bench, case)] == hinted


async def test_a_denied_hint_does_not_come_back(bench: Bench):
    await banned(bench)
    case = await report(bench, "c2", external_id="a2", name="SaltyDog2")
    await look(bench)
    assert await deny(bench.desk, case, ANA) == 1
    again = await report(bench, "c3", external_id="a2", name="SaltyDog2")
    await look(bench)
    assert await hints(bench, again) == ()


async def upto(bench: Bench) -> tuple[int, int]:
    return await bench.store.read(
        lambda tx: (tx.ban_evasion.upto("bans"), tx.ban_evasion.upto("cases"))
    )


async def test_looking_goes_on_where_it_stopped(bench: Bench):
    await banned(bench)
    assert not await look_once(bench.desk, Usual())
    assert await upto(bench) == (1, 1)


async def test_what_says_nothing_is_looked_at_once_too(bench: Bench):
    case = await report(bench, "c1", external_id="a1", name="salty_dog")
    assert await look_once(bench.desk, Usual())
    assert await upto(bench) == (0, 1), "a case without any ban"
    await bench.decide(case, Action.HIDE)
    assert await look_once(bench.desk, Usual())
    assert await upto(bench) == (1, 1), "a decision that bans nobody"
    assert not await look_once(bench.desk, Usual())


async def test_what_is_usual_at_a_site_is_counted_anew_after_six_hours(bench: Bench):
    known, courier = Usual(), SiteId("courier")
    assert dict(await known.at(bench.desk, courier)) == {}
    for number in range(9):
        await bench.take(comment=f"c{number}", author=f"a{number}")
    bench.clock.pass_by(hours=6)
    assert dict(await known.at(bench.desk, courier)) == {}
    bench.clock.pass_by(seconds=1)
    counted = await known.at(bench.desk, courier)
    assert counted
    bench.clock.pass_by(hours=6)
    assert await known.at(bench.desk, courier) is counted
