"""Further guilds that the same bot is in: each a world of its own, behind the same server."""

import re
from collections.abc import Sequence
from functools import partial

from aiohttp import web

from bot.standin.actions import Actions
from bot.standin.gateway import Gateway
from bot.standin.interactions import Interactions
from bot.standin.openapi import OpenApi
from bot.standin.rest import PREFIX, Rest
from bot.standin.world import World

_PLACE = re.compile(r"/(?:channels|guilds)/(\d+)|/(?:interactions|webhooks)/\d+/([^/?]+)")
"""What of a path says which guild it is about: an id of it or in it, or an interaction's token."""


class Neighbour:
    """One further guild.

    Args:
        world: The guild and its people; its bot must be the first world's.
        gateway: What sends its events.
        first: The first world's REST, where all that is wrong is noted.
        openapi: Discord's description, to check against, or None.

    Attributes:
        world: The state.
        interactions: Presses and commands.
        actions: What people do.
        rest: REST, for requests about this guild.
    """

    def __init__(
        self, world: World, gateway: Gateway, first: Rest, openapi: OpenApi | None
    ) -> None:
        self.world = world
        self.interactions = Interactions(world, partial(gateway.dispatch_of, world))
        self.actions = Actions(world, self.interactions)
        self.rest = Rest(world, self.interactions, openapi=openapi)
        self.rest.crashes, self.rest.violations = first.crashes, first.violations
        self.rest.unknown_routes = first.unknown_routes

    def has(self, path: str) -> bool:
        """Whether a request is about this guild, what is in it, or what was done in it."""
        for found in _PLACE.finditer(path):
            place, token = found.groups()
            if place == self.world.guild_id or place in self.world.channels:
                return True
            if token and self.interactions.knows(token):
                return True
        return False


class Shared:
    """Hands each request to the guild that it is about, and to the first if it is about none."""

    def __init__(self, first: Rest, neighbours: Sequence[Neighbour]) -> None:
        self._first = first
        self._neighbours = neighbours

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one request."""
        path = request.raw_path.removeprefix(PREFIX)
        found = (one.rest for one in self._neighbours if one.has(path))
        return await next(found, self._first).handle(request)
