"""Where a platform's mails go."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator

from tests.contract.public.mailboxes import Mailboxes, open_mailboxes


@contextlib.contextmanager
def mailboxes() -> Iterator[Mailboxes]:
    """Take mails in a thread, as whoever sends them may be started and stopped from another."""
    opened: list[Mailboxes] = []
    loop, ready = asyncio.new_event_loop(), threading.Event()
    done = asyncio.Event()

    async def serve() -> None:
        async with open_mailboxes() as boxes:
            opened.append(boxes)
            ready.set()
            await done.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(10), "no mailboxes"
        yield opened[0]
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()
