"""A desk's store in a process of its own, which says that it runs until it is killed."""

import asyncio
import sys

from bot.domain.decisions import Action
from bot.store.engine.postgresql import PostgresqlServer
from bot.store.opening import open_alone
from tests.services.desks import Bench


async def main(url: str) -> None:
    async with open_alone(PostgresqlServer(url=url), stands_by=True) as store:
        bench = Bench(store)
        for number in range(10_000):
            await bench.decide(await bench.take(comment=f"c{number}"), Action.HIDE)
            sys.stdout.write(f"{number + 1}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
