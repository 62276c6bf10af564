"""A desk's store in a process of its own, which says what was acknowledged until it is killed."""

import asyncio
import sys
from itertools import count
from pathlib import Path

from bot.domain.decisions import Action
from bot.store.sqlite import open_store
from tests.contract.store.makers import decide, make_case, make_report

WRITERS = 40


def opening_and_hiding(comment_id):
    report = make_report(comment_id)

    def work(tx):
        case = tx.cases.open(report, make_case(report))
        tx.reports.add(case.id, report)
        decide(tx, case, Action.HIDE)

    return work


async def main(path: Path) -> None:
    async with open_store(path) as store:

        async def write(writer: int) -> None:
            for number in count():
                comment_id = f"c-{writer}-{number}"
                await store.write(opening_and_hiding(comment_id))
                sys.stdout.write(f"{comment_id}\n")
                sys.stdout.flush()

        async with asyncio.TaskGroup() as tasks:
            for writer in range(WRITERS):
                tasks.create_task(write(writer))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
