import asyncio

import pytest

from bot.domain.decisions import Action
from bot.domain.errors import DeskError, NoSuchCase
from bot.domain.ids import CaseId

from .makers import NOW, decide, make_case, make_order, make_report, opening


def failing(tx):
    opening("c-bad")(tx)
    raise NoSuchCase(CaseId(7))


async def test_a_work_that_raises_keeps_nothing_and_says_why(store):
    with pytest.raises(NoSuchCase):
        await store.write(failing)
    assert await store.read(lambda tx: tx.cases.count_open()) == 0


async def test_one_bad_work_does_not_harm_those_beside_it(store):
    works = [failing if index % 7 == 3 else opening(f"c-{index}") for index in range(60)]
    results = await asyncio.gather(*map(store.write, works), return_exceptions=True)
    for index, result in enumerate(results):
        if index % 7 == 3:
            assert isinstance(result, NoSuchCase)
        else:
            assert result.comment_id == f"c-{index}"
    kept = await store.read(lambda tx: tx.cases.queue(limit=100))
    assert {case.comment_id for case in kept} == {
        f"c-{index}" for index in range(60) if index % 7 != 3
    }


async def test_a_work_that_the_store_itself_refuses_fails_alone(store):
    works = [opening("same"), opening("other"), opening("same"), opening("third")]
    results = await asyncio.gather(*map(store.write, works), return_exceptions=True)
    assert [isinstance(result, DeskError) for result in results] == [False, False, True, False]
    assert await store.read(lambda tx: tx.cases.count_open()) == 3


async def test_nothing_is_kept_about_a_case_that_is_not_there(store):
    with pytest.raises(DeskError):
        await store.write(lambda tx: tx.outbox.want_card(CaseId(99), NOW))
    with pytest.raises(DeskError):
        await store.write(lambda tx: tx.reports.add(CaseId(99), make_report()))


async def test_works_run_one_after_another_in_the_order_they_came(store):
    order = []
    await asyncio.gather(*(store.write(lambda _, i=i: order.append(i)) for i in range(200)))
    assert order == list(range(200))


async def test_a_work_sees_what_the_one_before_it_wrote(store):
    report = make_report()

    def find_or_open(tx):
        return tx.cases.find(report.site, "c-1") or tx.cases.open(report, make_case(report))

    cases = await asyncio.gather(*(store.write(find_or_open) for _ in range(50)))
    assert len({case.id for case in cases}) == 1


async def test_a_read_sees_every_answered_write(store):
    for number in range(30):
        await store.write(opening(f"c-{number}"))
        assert await store.read(lambda tx: tx.cases.count_open()) == number + 1


async def test_a_query_sees_one_state_from_its_first_look_to_its_last(store):
    loop = asyncio.get_running_loop()
    await store.write(opening("c-1"))

    def query(tx):
        before = tx.cases.count_open()
        # Another connection commits while this query is under way.
        asyncio.run_coroutine_threadsafe(store.write(opening("c-2")), loop).result()
        return before, tx.cases.count_open()

    assert await store.read(query) == (1, 1)
    assert await store.read(lambda tx: tx.cases.count_open()) == 2


async def test_a_query_cannot_write(store):
    with pytest.raises(DeskError):
        await store.read(opening())
    assert await store.read(lambda tx: tx.cases.count_open()) == 0
    assert (await store.write(opening())).id == 1


async def test_a_query_that_raises_leaves_the_next_one_unharmed(store):
    def query(tx):
        raise NoSuchCase(CaseId(tx.cases.count_open()))

    with pytest.raises(NoSuchCase):
        await store.read(query)
    assert await store.read(lambda tx: tx.cases.count_open()) == 0


async def test_callers_who_leave_do_not_harm_those_who_stay(store):
    tasks = [asyncio.create_task(store.write(opening(f"c-{index}"))) for index in range(100)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [case.comment_id for case in results[1::2]] == [f"c-{i}" for i in range(1, 100, 2)]
    assert all(isinstance(result, asyncio.CancelledError) for result in results[::2])
    assert (await store.write(opening("after"))).comment_id == "after"


async def test_a_wait_for_effects_ends_when_one_is_asked_for(store):
    case = await store.write(opening())
    seen = await store.changed(-1, within=0)
    waits = [asyncio.create_task(store.changed(seen, within=30)) for _ in "ab"]
    await asyncio.sleep(0)
    await store.write(lambda tx: tx.outbox.want_card(case.id, NOW))
    assert await asyncio.gather(*waits) == [seen + 1, seen + 1]


async def test_an_effect_asked_for_before_the_wait_is_not_missed(store):
    case = await store.write(opening())
    seen = await store.changed(-1, within=0)
    await store.write(lambda tx: tx.outbox.want_card(case.id, NOW))
    assert await store.changed(seen, within=30) == seen + 1


async def test_a_wait_for_effects_ends_when_one_is_made_due_again(store):
    def work(tx):
        case = opening()(tx)
        tx.outbox.want_order(make_order(decide(tx, case, Action.HIDE)))
        return case

    case = await store.write(work)
    seen = await store.changed(-1, within=0)
    await store.write(lambda tx: tx.outbox.revive(case.id, NOW))
    assert await store.changed(seen, within=30) > seen


async def test_what_was_not_kept_wakes_nobody(store):
    case = await store.write(opening())

    def work(tx):
        tx.outbox.want_card(case.id, NOW)
        raise NoSuchCase(case.id)

    def fine(tx):
        tx.cases.count_open()

    seen = await store.changed(-1, within=0)
    await asyncio.gather(store.write(fine), store.write(work), return_exceptions=True)
    assert await store.changed(seen, within=0) == seen


async def test_a_wait_for_effects_ends_after_its_time(store):
    seen = await store.changed(-1, within=0)
    assert await store.changed(seen, within=0.01) == seen


async def test_an_exception_that_no_coroutine_may_raise_reaches_its_caller_as_another(store):
    def work(_tx):
        return next(iter(()))

    with pytest.raises(RuntimeError, match="StopIteration"):
        await store.write(work)
    assert (await store.write(opening())).id == 1
