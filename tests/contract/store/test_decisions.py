from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.chain import seal
from bot.domain.decisions import Action, Door
from bot.domain.errors import DeskError
from bot.domain.ids import DecisionId
from tests.support.chains import first_broken
from tests.support.decisions import changed

from .makers import NOW, ON_DISK, decide, opening


async def test_an_empty_record_has_no_last_decision(store):
    assert await store.read(lambda tx: tx.decisions.last()) is None
    assert await store.read(lambda tx: tx.decisions.get(DecisionId(1))) is None


async def test_decisions_come_back_whole_and_in_order(store):
    case, other = [await store.write(opening(name)) for name in "ab"]

    def work(tx):
        banned = decide(tx, case, Action.BAN, until=NOW + timedelta(days=7), note="“again”")
        unbanned = decide(tx, case, Action.UNBAN, reverses=banned.id, door=Door.TYPED)
        hidden = decide(tx, other, Action.HIDE, rule=None)
        return [banned, unbanned, hidden, decide(tx, other, Action.HIDE, amends=hidden.id)]

    made = await store.write(work)
    assert await store.read(lambda tx: list(tx.decisions.after(0, limit=10))) == made
    assert await store.read(lambda tx: list(tx.decisions.after(1, limit=2))) == made[1:3]
    assert await store.read(lambda tx: list(tx.decisions.of_case(case.id))) == made[:2]
    assert await store.read(lambda tx: tx.decisions.last()) == made[-1]
    assert await store.read(lambda tx: tx.decisions.get(made[1].id)) == made[1]


@pytest.mark.parametrize("number", [1, 2, 4, 0, -1])
async def test_only_the_next_number_is_taken(store, number):
    case = await store.write(opening())
    newest = await store.write(lambda tx: [decide(tx, case, Action.KEEP) for _ in "ab"][-1])
    wrong = seal(replace(newest, id=DecisionId(number)), newest.digest)
    with pytest.raises(DeskError):
        await store.write(lambda tx: tx.decisions.append(wrong))
    assert await store.read(lambda tx: tx.decisions.last()) == newest


async def test_a_decision_that_does_not_name_the_one_before_is_refused(store):
    case = await store.write(opening())
    first = await store.write(lambda tx: decide(tx, case, Action.KEEP))
    loose = seal(replace(first, id=DecisionId(2)), "0" * 64)
    with pytest.raises(DeskError):
        await store.write(lambda tx: tx.decisions.append(loose))


async def test_an_unsealed_decision_is_refused(store):
    case = await store.write(opening())
    first = await store.write(lambda tx: decide(tx, case, Action.KEEP))
    forged = changed(seal(replace(first, id=DecisionId(2)), first.digest), note="forged")
    with pytest.raises(ValueError, match="not sealed"):
        await store.write(lambda tx: tx.decisions.append(forged))


async def test_a_decision_dated_elsewhere_than_in_utc_is_refused(store):
    # It would come back in UTC, and its digest is over the words of its time.
    case = await store.write(opening())
    there = NOW.astimezone(timezone(timedelta(hours=2)))
    with pytest.raises(ValueError, match="UTC"):
        await store.write(lambda tx: decide(tx, case, Action.KEEP, at=there))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@ON_DISK
@given(
    note=st.none() | TEXTS,
    name=TEXTS,
    action=st.sampled_from(Action),
    door=st.sampled_from(Door),
    moment=st.datetimes(),
    until=st.none() | st.datetimes(),
)
async def test_whatever_is_recorded_keeps_its_seal(store, note, name, action, door, moment, until):
    at = moment.replace(tzinfo=NOW.tzinfo)
    ends = until.replace(tzinfo=NOW.tzinfo) if until else None

    def work(tx):
        case = tx.cases.find("courier", "c-1") or opening()(tx)
        return decide(
            tx, case, action, note=note, by_name=name, door=door, at=at, until=ends, rule=None
        )

    made = await store.write(work)
    assert await store.read(lambda tx: tx.decisions.get(made.id)) == made
    assert first_broken(await store.read(lambda tx: tx.decisions.after(0, limit=1000))) is None
