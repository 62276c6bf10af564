"""How long the desk waits for a sender, who may be slow by accident or on purpose."""

from dataclasses import dataclass

from aiohttp import web

from bot.web.door import DoorRunner, room


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds.

    `head` is how long a connection may go without a request whose head is complete: from when it
    was made, and again from each answer. It is a little more than the minute for which proxies
    keep an idle connection, so that none sends into one that was just closed. `body` is how long
    a body may take after its head; `linger` how long what is left of a refused one is read and
    thrown away, so that its sender gets to see the refusal.
    """

    head: float = 65.0
    body: float = 20.0
    linger: float = 5.0


def runner_of(
    app: web.Application, patience: Patience, *, most: int | None = None
) -> web.AppRunner:
    """Return what serves an application, and lets go of those who do not finish a request.

    `most` is how many connections there may be; as many as the system has room for if left out.
    """
    # The server counts a head that is under way as none at all, so this limits slow heads too;
    # by itself it would wait for an hour.
    return DoorRunner(
        app,
        most=room() if most is None else most,
        access_log=None,
        keepalive_timeout=patience.head,
        lingering_time=patience.linger,
    )
