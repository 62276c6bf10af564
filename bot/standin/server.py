"""The stand-in as a whole: REST, gateway and attachments on one server on loopback."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.standin.actions import Actions
from bot.standin.buckets import RateLimits
from bot.standin.gateway import HEARTBEAT_SECONDS, Gateway
from bot.standin.interactions import Interactions
from bot.standin.membership import door
from bot.standin.neighbours import Neighbour, Shared
from bot.standin.openapi import load
from bot.standin.rest import PREFIX, Rest
from bot.standin.routes_guild import gateway_url
from bot.standin.statefile import StateFile
from bot.standin.world import World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HOST = "127.0.0.1"
_NAMES = frozenset({HOST, "localhost"})
_REQUEST_BYTES = 110 * 1024 * 1024  # ten files of ten MiB and their wrapping
_SHUTDOWN_SECONDS = 0.5
_AVATAR = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63484848000001c4009f2c1a2a3b0000000049454e44ae426082"
)
"""One grey pixel."""


class Sandbox:
    """A local Discord for one bot.

    Use it as an async context manager. Further routes may be added to `app` before it is entered.

    Args:
        world: Guild and people; an empty guild by default.
        port: Where to listen on 127.0.0.1; 0 for any free port.
        openapi: Discord's `openapi.json`, to check every request and answer against.
        rate_limits: Discord's rate limits; none by default.
        heartbeat_seconds: How often the client is asked for a sign of life.
        state_file: Where messages outlive a restart; nowhere by default.
        neighbours: Further guilds that the same bot is in; none by default.

    Attributes:
        world: The state.
        app: The aiohttp application.
        interactions: Presses and commands; `interactions.deadline` shortens their three seconds.
        actions: What people do.
        rest: REST, its faults and its log.
        gateway: The gateway and its faults.
        neighbours: The further guilds.
    """

    def __init__(
        self,
        world: World | None = None,
        *,
        port: int = 0,
        openapi: Path | None = None,
        rate_limits: RateLimits | None = None,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
        state_file: Path | None = None,
        neighbours: Sequence[World] = (),
    ) -> None:
        self.world = world or World()
        described = load(openapi) if openapi else None
        self.gateway = Gateway(
            self.world,
            heartbeat_seconds=heartbeat_seconds,
            openapi=described,
            neighbours=neighbours,
        )
        self.interactions = Interactions(self.world, self.gateway.dispatch)
        self.actions = Actions(self.world, self.interactions)
        self.rest = Rest(
            self.world,
            self.interactions,
            openapi=described,
            limits=rate_limits,
        )
        self.rest.crashes = self.gateway.crashes
        self.neighbours = [Neighbour(one, self.gateway, self.rest, described) for one in neighbours]
        self._port = port
        self._state = StateFile(state_file, self.world) if state_file else None
        self._runner: web.AppRunner | None = None
        self.app = web.Application(client_max_size=_REQUEST_BYTES, middlewares=[_only_loopback])
        self._add_routes()

    def _add_routes(self) -> None:
        add = self.app.router.add_route
        add("*", PREFIX + "/{rest:.*}", Shared(self.rest, self.neighbours).handle)
        add("GET", "/gateway{slash:/?}", self.gateway.handle)
        add("GET", "/attachments/{path:.+}", self._attachment)
        add("GET", "/embed/avatars/{name}", _avatar)
        self.app.router.add_routes([door(self.world)])

    async def start(self) -> None:
        """Listen, and restore what was kept.

        Raises:
            OSError: The port is taken.
            ValueError: What was kept is damaged.
        """
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        for world in self._worlds:
            world.base_url, world.ids = self.url, self.world.ids
        if self._state is not None:
            try:
                self._state.load()
            except ValueError:
                await self.close()
                raise

    async def close(self) -> None:
        """Hang up on everybody, stop listening, and keep what is to be kept."""
        for interactions in (self.interactions, *(one.interactions for one in self.neighbours)):
            interactions.close()
        await self.gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._state is not None:
            await self._state.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    @property
    def _worlds(self) -> list[World]:
        return [self.world, *(one.world for one in self.neighbours)]

    @property
    def url(self) -> str:
        """The server's address, without a slash at the end."""
        return f"http://{HOST}:{self._port}"

    @property
    def api_url(self) -> str:
        """Where REST begins: what a client's `Route.BASE` must be."""
        return self.url + PREFIX

    @property
    def gateway_url(self) -> str:
        """Where the gateway is: what a client's `DEFAULT_GATEWAY` must be."""
        return gateway_url(self.url)

    @property
    def violations(self) -> list[str]:
        """What Discord would refuse or ignore in the bot's requests."""
        return self.rest.violations

    @property
    def unknown_routes(self) -> list[str]:
        """Requests that this stand-in has no route for."""
        return self.rest.unknown_routes

    @property
    def crashes(self) -> list[str]:
        """Bugs of this stand-in."""
        return self.rest.crashes

    async def _attachment(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        found = next((one.files[path] for one in self._worlds if path in one.files), None)
        if found is None:
            raise web.HTTPNotFound
        media_type, data = found
        headers = {"Content-Type": media_type, "X-Content-Type-Options": "nosniff"}
        if not media_type.startswith("image/"):  # a page of ours must not run what was uploaded
            headers["Content-Disposition"] = "attachment"
        return web.Response(body=data, headers=headers)


async def _avatar(_request: web.Request) -> web.Response:
    return web.Response(body=_AVATAR, content_type="image/png")


@web.middleware
async def _only_loopback(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse requests for another name, which a web page elsewhere could point at this machine."""
    if request.host.rpartition(":")[0] not in _NAMES and request.host not in _NAMES:
        raise web.HTTPForbidden(text="This server answers to 127.0.0.1 and localhost only.")
    return await handler(request)
