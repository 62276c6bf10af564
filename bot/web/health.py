"""Whether the process lives, and whether it can take reports."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from bot.domain.errors import DeskError

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
