"""Jobs that run for as long as the desk does: a fault in one ends neither it nor the others."""

import asyncio
import logging
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Generator,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager, contextmanager

from bot.domain.errors import apart
from bot.services.about import in_newsroom

log = logging.getLogger(__name__)

Job = Callable[[], Awaitable[None]]

_AFTER_A_FAULT = 5.0
"""Seconds before a job that failed is started again."""
_STOPPED_AGAIN_AFTER = 3.0
"""Seconds that a stopping job has to leave things in order before it is told once more."""


@asynccontextmanager
async def background(jobs: Mapping[str, Sequence[Job]]) -> AsyncGenerator[None]:
    """Run the jobs for as long as the context lasts.

    They are given by the newsroom that they work for, so that what they log names it; those under
    the empty name work for all.
    """
    # The jobs raise nothing, so what a group ends with is what ended the context.
    with unwrapped():
        async with asyncio.TaskGroup() as group:
            tasks: list[asyncio.Task[None]] = []
            for newsroom, its_own in jobs.items():
                with in_newsroom(newsroom):  # a task has what stands here when it is made
                    tasks += [group.create_task(_kept_up(job)) for job in its_own]
            try:
                yield
            finally:
                await _stop(tasks)


@contextmanager
def unwrapped() -> Generator[None]:
    """Raise what ended a group of tasks as it was raised."""
    try:
        yield
    except BaseExceptionGroup as trouble:
        raise trouble.exceptions[0] from None


async def _stop(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Stop the tasks, those again that did not hear it.

    `asyncio.wait_for` forgets that it was cancelled if what it waits for comes in the same moment
    (until Python 3.12), and libraries are built on it: a job would go on for ever, and the desk
    never stop.
    """
    running = set(tasks)
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=_STOPPED_AGAIN_AFTER)


async def _kept_up(job: Job) -> None:
    while True:
        with apart() as part:  # reports must be taken whatever else fails
            await job()
        # What failed at being stopped, as a store that is gone lets it, took the place of the
        # cancellation: to start again would be to go on for ever.
        if part.fault is None or _is_stopping():
            return
        log.error("a part of the desk failed and is started again", exc_info=part.fault)
        await asyncio.sleep(_AFTER_A_FAULT)


def _is_stopping() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
