"""One connection to Discord for several newsrooms, each of which hears its own server alone."""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from http import HTTPStatus
from itertools import chain
from types import SimpleNamespace
from typing import Any, Final, Self, cast

import discord
from discord.http import Route

from bot.cards.attempts import Hold
from bot.client import INTENTS, DeskClient
from bot.limits import LONGEST_SLEEP, Bucket, keep_to, limiter
from bot.services.about import in_newsroom

_EVERYBODYS: Final = frozenset({"READY", "RESUMED", "USER_UPDATE"})
"""What is about the connection or the bot itself. All else is of one server, or of nobody's."""

_IN_A_CHANNEL: Final = ("MESSAGE_", "INTERACTION_")
"""How the names of events begin that people make in one channel."""
_REFUSAL: Final = SimpleNamespace(status=HTTPStatus.FORBIDDEN.value, reason="Forbidden")
_NOT_THERE: Final = {"code": 50001, "message": "Missing Access"}


class Gateway(discord.Client):
    """Connects once, and hands each event on to the client of the server that it is of.

    So none of a newsroom's doors can be opened from another's server: its client never hears
    of what happens there. What is of no server, or of one that no newsroom works in, is dropped.
    """

    def __init__(self, clients: Sequence[DeskClient], hold: Hold, bucket: Bucket) -> None:
        super().__init__(
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            http_trace=limiter(hold, bucket=bucket),
            max_ratelimit_timeout=LONGEST_SLEEP,
        )
        keep_to(self.http, hold)
        self._clients = clients
        self._opened = AsyncExitStack()
        for one in clients:
            self._keep_home(one)
            one.is_anothers = partial(self._is_anothers, one)
        parsers = self._connection.parsers
        for event in tuple(parsers):
            parsers[event] = partial(self._hand_on, event)

    async def start(self, token: str, *, reconnect: bool = True) -> None:
        """Log every newsroom in, and connect for all of them."""
        for one in self._clients:
            with in_newsroom(one.newsroom):
                await self._opened.enter_async_context(one)
        await self.login(token)
        async with _Together() as together:
            for one in self._clients:
                with in_newsroom(one.newsroom):
                    together.start(one.login(token))
        await self.connect(reconnect=reconnect)

    async def close(self) -> None:
        """Leave, and let every newsroom's client leave."""
        for one in self._clients:
            one.presence.leave()
        await super().close()
        await self._opened.aclose()

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Let every newsroom know that the connection is lost; the rest it learns by itself."""
        super().dispatch(event, *args, **kwargs)
        if event == "disconnect":
            for one in self._clients:
                with in_newsroom(one.newsroom):
                    one.dispatch(event)

    def _keep_home(self, client: DeskClient) -> None:
        """Let a newsroom's client ask nothing of another's server, whatever its rules name.

        The one token reaches every server, so that a wrong channel in a policy would show a title's
        cases to another's moderators. It is refused as Discord refuses a bot that is not there.
        """
        ask = client.http.request

        async def request(route: Route, **more: Any) -> Any:
            if self._is_elsewhere(client, route):
                raise discord.Forbidden(cast("Any", _REFUSAL), dict(_NOT_THERE))
            return await ask(route, **more)

        setattr(client.http, "request", request)  # noqa: B010 - as `keep_to`

    def _is_elsewhere(self, client: DeskClient, route: Route) -> bool:
        if route.guild_id is not None and int(route.guild_id) != client.place.guild_id:
            return True
        channel_id = int(route.channel_id or 0)
        owner = self._owner(self._channel(channel_id) or channel_id)
        if owner is not None:
            return owner is not client
        others = (one for one in self._clients if one.place.guild_id != client.place.guild_id)
        return any(one.get_channel(channel_id) is not None for one in others)

    def _owner(self, channel_id: int) -> DeskClient | None:
        """Return whose channel it is: whose settings name it, or else whose rules do.

        What was picked by /setup counts after the files, which whoever runs the desk wrote.
        """
        of_file = (one for one in self._clients if channel_id in one.place.of_file)
        named = (one for one in self._clients if one.place.names(channel_id))
        routed = (one for one in self._clients if channel_id in one.routed())
        return next(chain(of_file, named, routed), None)

    def _is_anothers(self, client: DeskClient, channel_id: int) -> bool:
        return self._owner(channel_id) not in {None, client}

    def _channel(self, channel_id: int) -> int | None:
        """Return a channel that some newsroom sees, of a thread the one that it hangs from."""
        found = (one.get_channel(channel_id) for one in self._clients)
        place = next((one for one in found if one is not None), None)
        if isinstance(place, discord.Thread):
            return place.parent_id
        return None if place is None else channel_id

    def _hand_on(self, event: str, data: Any) -> None:
        for client, own in self._heard(event, data):
            client.hear(event, own)

    def _heard(self, event: str, data: Any) -> Iterator[tuple[DeskClient, Any]]:
        if event in _EVERYBODYS:
            for client in self._clients:
                client.ws = self.ws
                yield client, _only(data, client.place.guild_id)
            return
        there = [one for one in self._clients if one.place.guild_id == guild_of(event, data)]
        if len(there) > 1 and event.startswith(_IN_A_CHANNEL):
            there = self._meant(there, data)
        yield from ((client, data) for client in there)

    def _meant(self, there: list[DeskClient], data: Mapping[str, Any]) -> list[DeskClient]:
        """Return whom something means in a server that newsrooms share: whose channel it is in.

        In a channel that is nobody's it means the first of them, and in one that nobody sees none.
        """
        told: Mapping[str, Any] = data.get("channel") or {}
        seen = self._channel(int(data.get("channel_id") or 0))
        channel_id = seen or int(told.get("parent_id") or 0)
        owner = self._owner(channel_id)
        if owner is not None:
            return [one for one in there if one is owner]
        return there[:1] if seen is not None else []


def guild_of(event: str, data: Mapping[str, Any]) -> int:
    """Return the server that an event is of, 0 for none."""
    about_itself = event in {"GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"}
    return int(data.get("id" if about_itself else "guild_id") or 0)


def _only(data: Mapping[str, Any], guild_id: int) -> dict[str, Any]:
    """Return an event that is for everybody, with no server in it but the one."""
    guilds = [one for one in data.get("guilds", ()) if int(one["id"]) == guild_id]
    return {**data, "guilds": guilds}


class _Together:
    """Waits for several at once; the first that fails stops the others, and is raised as it is."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        try:
            await asyncio.gather(*self._tasks)
        finally:
            for task in self._tasks:
                task.cancel()
