"""Every way to editors besides Discord, through apprise: e-mail, Slack, Teams, a telephone."""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import Any, TypeVar

from pydantic import SecretStr

from bot.domain.errors import PagerDown, apart
from bot.domain.sayings import Paged

T = TypeVar("T")

log = logging.getLogger(__name__)

_PATIENCE = 60.0


class ApprisePager:
    """The `Pager` port over apprise's addresses; `in_words` makes a title and a text."""

    def __init__(
        self, urls: Sequence[SecretStr], in_words: Callable[[Paged], tuple[str, str]]
    ) -> None:
        self._urls = urls
        self._in_words = in_words
        self._roads: Sequence[Any] | None = None

    async def send(self, what: Paged) -> None:
        """Send it as a plain text along all of them, side by side.

        Raises:
            PagerDown: One or more did not take it; all are tried again.
        """
        title, body = self._in_words(what)
        try:
            async with asyncio.timeout(_PATIENCE):
                if self._roads is None:
                    self._roads = await _left_alone(partial(_opened, self._urls))
                asked = [_left_alone(partial(_send, one, title, body)) for one in self._roads]
                sent = await asyncio.gather(*asked)
        except TimeoutError as error:
            raise PagerDown("An alert by another road took too long.") from error
        if not sent or not all(sent):
            raise PagerDown("An alert by another road was not taken.")


async def _left_alone(work: Callable[[], T]) -> T:
    """Run in a thread that nobody waits for at the end of the process.

    Python waits for those of `asyncio.to_thread`: a road that never answers would keep a desk that
    is told to end.
    """
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, fault: BaseException | None) -> None:
        if ended.done():
            return  # nobody asks any more
        if fault is not None:
            ended.set_exception(fault)
        else:
            ended.set_result(result)  # type: ignore[arg-type] - there is one if there is no fault

    def run() -> None:
        result = None
        with apart() as part:  # raised where it is waited for
            result = work()
        with suppress(RuntimeError):  # the loop is over
            loop.call_soon_threadsafe(settle, result, part.fault)

    within = copy_context()  # so that what is logged there names the newsroom
    threading.Thread(
        target=within.run, args=(run,), name="a road beside Discord", daemon=True
    ).start()
    return await ended


def _send(road: Any, title: str, body: str) -> bool:
    # Said to be text, it is escaped where a road sends HTML.
    return bool(road.notify(title=inert(title), body=inert(body), body_format="text"))


def inert(text: str) -> str:
    """Return a text in which nothing calls people or becomes a tag on the roads there are.

    Slack and Discord are told by apprise to call whom `<!channel>` or `@everyone` names, and a
    commenter may be called so.
    """
    return text.replace("@", "@\u200b").replace("<", "\u2039").replace(">", "\u203a")


def understood(url: SecretStr) -> bool:
    """Whether an address is one that apprise can send to."""
    return len(_opened([url])) == 1


def _opened(urls: Sequence[SecretStr]) -> Sequence[Any]:
    """Return each road by itself: for several together apprise has threads that are waited for."""
    # Loading apprise takes most of a second, and few newsrooms use it.
    import apprise  # noqa: PLC0415

    # Its own log lines may hold addresses, and those hold passwords.
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    found: list[Any] = []
    for url in urls:
        named: Any = apprise.Apprise(url.get_secret_value() or None)
        for server in named:
            road: Any = apprise.Apprise()
            road.add(server)
            found.append(road)
    return found
