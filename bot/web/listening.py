"""Opens the address at which reports are taken, and closes it in good order."""

import gc
import logging
import os
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web

from bot.domain.errors import DeskError
from bot.web.door import Timeouts, runner_of
from bot.web.kept_sockets import sockets_at

log = logging.getLogger(__name__)

_YOUNG = 50_000
"""Objects made and not yet freed before the collector looks at them; some 1,500 reports' worth."""


LETS_FINISH = 1.0
"""Seconds that requests under way have at the end; a commit takes some milliseconds. A sender who
is slower sends again, as who had no answer must."""


class CannotListen(DeskError):
    """The address that reports are sent to cannot be opened."""


@asynccontextmanager
async def listening(
    app: web.Application, host: str, port: int, *, group: str = "WEB"
) -> AsyncGenerator[str]:
    """Serve the application; yields the address, as the port may have been left to the system.

    `group` is that of the settings which say where.

    Raises:
        CannotListen: Something else is there; the sentence says what to do.
    """
    runner = runner_of(app, Timeouts(), at_the_end=LETS_FINISH)
    await runner.setup()
    try:
        await _open(runner, host, port, group)
        opened, number = runner.addresses[0][:2]
        yield f"http://{f'[{opened}]' if ':' in opened else opened}:{number}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def telling_health(
    app: web.Application, place: tuple[str, int], *, insists: bool
) -> AsyncGenerator[str]:
    """Serve what says how the desk is; yields the address.

    Unless the settings `insist` on the place, a desk that cannot have it goes on without, and yields
    nothing: reports are worth more.

    Raises:
        CannotListen: As `listening`, if they do.
    """
    async with AsyncExitStack() as stack:
        try:
            health = listening(app, *place, group="HEALTH")
            address = await stack.enter_async_context(health)
        except CannotListen as trouble:
            if insists:
                raise
            log.warning("%s Until then /healthz, /readyz and /metrics answer nowhere.", trouble)
            address = ""
        yield address


_WHAT_FAILS = {
    "HEALTH": "How the desk is cannot be said",
    "PUBLIC": "Readers' pages cannot be opened",
}


async def _open(runner: web.AppRunner, host: str, port: int, group: str) -> None:
    try:
        kept = sockets_at(host, port)
        for one in kept or ():
            await web.SockSite(runner, one).start()
        if kept is None:
            await web.TCPSite(runner, host, port).start()
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        what = _WHAT_FAILS.get(group.rpartition("__")[2], "Reports cannot be taken")
        raise CannotListen(
            f"{what} at {host}, port {port}: {why}. Is the "
            f"desk running already? Otherwise change DESK_{group}__HOST or DESK_{group}__PORT."
        ) from error


def spare_collector() -> None:
    """Let the garbage collector go easy on the intake, for the rest of the process.

    At Python's own settings it looks through everything that reports under way hold, again and
    again, and finds nothing: a tenth of the time, and the longest waits of the loop. What was
    made at the start stays anyway.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)
