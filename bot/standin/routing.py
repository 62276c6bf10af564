"""Routes: which function answers which request, and what it is told of it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from bot.standin.interactions import Interactions
from bot.standin.wire import Json
from bot.standin.world import Upload, World

_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, parsed.

    Attributes:
        world: What it is about.
        interactions: Those that still live.
        path: What the names in the route's path stand for.
        query: The query string.
        body: The JSON body, an empty object if there was none.
        uploads: Files by the index they were sent under.
    """

    world: World
    interactions: Interactions
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    uploads: Mapping[str, Upload]

    @property
    def bot(self) -> str:
        """The bot's id."""
        return self.world.bot_id

    @property
    def channel(self) -> str:
        """The channel's id in the path."""
        return self.path["channel_id"]

    @property
    def message(self) -> Json:
        """The stored message that the path names.

        Raises:
            ApiError: 10003 or 10008; an ephemeral message is unknown here.
        """
        return self.world.message(self.channel, self.path["message_id"])


Answering = Callable[[Call], Any]
"""Carries a request out and returns the JSON to answer with; None becomes 204."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method and path.

    Attributes:
        method: The HTTP method.
        template: The path with `{names}`; a name that ends in `_id` stands for digits.
        answer: The function.
        token: Whether the bot's token must be sent.
        status: The status of an answer with a body.
    """

    method: str
    template: str
    answer: Answering
    token: bool = True
    status: HTTPStatus = HTTPStatus.OK

    def pattern(self) -> re.Pattern[str]:
        """Return what matches the path."""
        return re.compile(_NAME.sub(_group, self.template))


def _group(found: re.Match[str]) -> str:
    name = found[1]
    return rf"(?P<{name}>\d+)" if name.endswith("_id") else rf"(?P<{name}>[^/]+)"


class Routes:
    """A topic's routes, gathered by decorator."""

    def __init__(self) -> None:
        self.all: list[Route] = []

    def add(
        self, method: str, template: str, *, token: bool = True, status: HTTPStatus = HTTPStatus.OK
    ) -> Callable[[Answering], Answering]:
        """Return a decorator that makes a function answer a route."""

        def register(answer: Answering) -> Answering:
            self.all.append(
                Route(method=method, template=template, answer=answer, token=token, status=status)
            )
            return answer

        return register


class Router:
    """Finds the route of a request; the first that fits wins."""

    def __init__(self, topics: Iterable[Routes]) -> None:
        self._by_method: dict[str, list[tuple[re.Pattern[str], Route]]] = {}
        for topic in topics:
            for route in topic.all:
                self._by_method.setdefault(route.method, []).append((route.pattern(), route))

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """Return the route and what the names in its path stand for, or None.

        Args:
            method: The HTTP method.
            path: The path, each step percent-decoded.
        """
        for pattern, route in self._by_method.get(method, []):
            found = pattern.fullmatch(path)
            if found:
                return route, found.groupdict()
        return None


def decoded(path: str) -> str:
    """Return a path with each step percent-decoded; a slash within a step stays encoded."""
    return "/".join(unquote(step).replace("/", "%2F") for step in path.split("/"))
