"""Every way to editors besides Discord, through apprise: e-mail, Slack, Teams, a telephone."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import SecretStr

from bot.domain.errors import PagerDown
from bot.domain.sayings import Paged

log = logging.getLogger(__name__)

_PATIENCE = 60.0


class ApprisePager:
    """The `Pager` port over apprise's addresses; `in_words` makes a title and a text."""

    def __init__(
        self, urls: Sequence[SecretStr], in_words: Callable[[Paged], tuple[str, str]]
    ) -> None:
        self._urls = urls
        self._in_words = in_words
        self._apprise: Any = None

    async def send(self, what: Paged) -> None:
        """Send it as a plain text along all of them.

        Raises:
            PagerDown: One or more did not take it; all are tried again.
        """
        try:
            async with asyncio.timeout(_PATIENCE):
                sent = await asyncio.to_thread(self._send, *self._in_words(what))
        except TimeoutError as error:
            raise PagerDown("An alert by another road took too long.") from error
        if not sent:
            raise PagerDown("An alert by another road was not taken.")

    def _send(self, title: str, body: str) -> bool:
        if self._apprise is None:
            self._apprise = _opened(self._urls)
        return bool(
            # Said to be text, it is escaped where a road sends HTML.
            self._apprise.notify(title=inert(title), body=inert(body), body_format="text")
        )


def inert(text: str) -> str:
    """Return a text in which nothing calls people or becomes a tag on the roads there are.

    Slack and Discord are told by apprise to call whom `<!channel>` or `@everyone` names, and a
    commenter may be called so.
    """
    return text.replace("@", "@\u200b").replace("<", "\u2039").replace(">", "\u203a")


def understood(url: SecretStr) -> bool:
    """Whether an address is one that apprise can send to."""
    return len(_opened([url])) == 1


def _opened(urls: Sequence[SecretStr]) -> Any:
    # Loading apprise takes most of a second, and few newsrooms use it.
    import apprise  # noqa: PLC0415

    # Its own log lines may hold addresses, and those hold passwords.
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    found: Any = apprise.Apprise()
    for url in urls:
        found.add(url.get_secret_value())
    return found
