"""Whether the process lives, and whether it can take reports."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from aiohttp import web

from bot.domain.errors import DeskError
from bot.services.clock_watch import CLOCK, ClockWatch
from bot.services.desk import Desk
from bot.services.poll import Watch
from bot.store.sqlite import Store

_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How one part of the desk is.

    Discord is not `needed`: reports are taken and kept while it is down.
    """

    name: str
    ok: bool
    needed: bool = True
    detail: str = ""


DeskReady = Callable[[], Awaitable[Sequence[Part]]]


async def alive(_request: web.Request) -> web.Response:
    """Answer that the process lives; it asks nothing of anybody else."""
    return web.json_response({"alive": True})


def ready(desk_ready: DeskReady) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return the handler that names each part's state: 200 if every needed one is well."""

    async def answer(_request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                parts = await desk_ready()
        except TimeoutError:
            parts = (Part(name="desk", ok=False, detail="did not answer within 5 seconds"),)
        except DeskError as trouble:
            parts = (Part(name="desk", ok=False, detail=str(trouble)),)
        well = all(part.ok for part in parts if part.needed)
        return web.json_response(
            {
                "ready": well,
                "parts": {
                    part.name: {"ok": part.ok, "needed": part.needed, "detail": part.detail}
                    for part in parts
                },
            },
            status=HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE,
        )

    return answer


async def parts_of(
    desk: Desk, clock: ClockWatch, watches: Sequence[Watch], discord: Part
) -> Sequence[Part]:
    """Return how each part of the desk is, the needed ones first."""
    return (
        await _store_part(desk.store),
        Part(name="clock", ok=not clock.is_wrong, detail=clock.words),
        discord,
        *map(_site_part, watches),
    )


def discord_part(desk: Desk, *, is_here: bool, held: float) -> Part:
    """Return how Discord is, with everything that it refuses for now.

    `held` is for how many more seconds it wants to hear nothing.
    """
    said = [trouble.said for trouble in desk.troubles.standing if trouble.name != CLOCK]
    if held:
        until = desk.clock() + timedelta(seconds=held)
        said.insert(0, f"Discord holds the desk back until {until:%H:%M:%S} UTC; cards wait.")
    if not is_here:
        said.insert(0, "not connected; cards are posted later")
    return Part(name="discord", ok=not said, needed=False, detail=" ".join(said))


async def _store_part(store: Store) -> Part:
    try:
        await store.require_well()
    except (DeskError, OSError) as trouble:
        return Part(name="store", ok=False, detail=str(trouble))
    return Part(name="store", ok=True)


def _site_part(watch: Watch) -> Part:
    return Part(
        name=f"site {watch.name}",
        ok=not watch.trouble and not watch.unread,
        needed=False,
        detail=watch.state,
    )
