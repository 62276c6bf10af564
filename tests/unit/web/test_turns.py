"""A flood of readers is spread over turns of the loop, in which others get their turn as well."""

import asyncio

from bot.web.public.turns import Turns


async def test_so_many_begin_in_a_turn_of_the_loop_and_nobody_is_forgotten():
    turns, begun = Turns(most=3), list[int]()

    async def reader(number: int) -> None:
        await turns.wait()
        begun.append(number)

    async with asyncio.TaskGroup() as group:
        for number in range(10):
            group.create_task(reader(number))
        seen = 0
        while len(begun) < 10:
            await asyncio.sleep(0)  # one turn
            assert len(begun) - seen <= 3
            seen = len(begun)
    assert sorted(begun) == list(range(10))


async def test_whoever_comes_alone_does_not_wait():
    turns = Turns(most=1)
    for _ in range(3):
        await asyncio.wait_for(turns.wait(), 5)
        await asyncio.sleep(0)


async def test_one_who_leaves_while_waiting_takes_nobodys_turn():
    turns = Turns(most=1)
    await turns.wait()
    waiting = asyncio.ensure_future(turns.wait())
    waiting.cancel()
    await asyncio.wait({waiting})
    await turns.wait()
