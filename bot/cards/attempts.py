"""What is done in channels, one at a time: whether it may be tried now, and what came of it."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp
import discord

from bot.cards.refusals import TOKEN, Attempt, Deed, in_our_words
from bot.domain.errors import BoardBarred, BoardDown
from bot.domain.staff import Trouble
from bot.services.counts import SLOW, Times
from bot.services.desk import Troubles

_LONGEST_HOLD = 3600.0
"""Seconds: whatever Discord says, it is asked again after an hour."""


class Hold:
    """Until when Discord takes no request of the whole bot.

    It outlives the client: Discord counts by bot and address, not by connection.
    """

    def __init__(self) -> None:
        self._until = 0.0

    @property
    def left(self) -> float:
        """Seconds for which nothing is to be asked, 0 if anything may be."""
        return max(0.0, self._until - time.monotonic())

    def extend(self, seconds: float) -> None:
        """Ask nothing for at least so long from now."""
        self._until = max(self._until, time.monotonic() + min(seconds, _LONGEST_HOLD))

    async def over(self) -> None:
        """Return when something may be asked."""
        while (left := self.left) > 0:  # noqa: ASYNC110 - a time, which may be put off meanwhile
            await asyncio.sleep(left)


HearTime = Callable[[str | None], None]
HearAnswer = Callable[[int, float], None]


class Presence:
    """Whether Discord can be spoken to, and through which client.

    `hear_time` is told what time Discord says it is, with each of its answers. Newsrooms of the
    same bot share a `hold`.
    """

    def __init__(self, hear_time: HearTime = lambda _date: None, hold: Hold | None = None) -> None:
        self.hear_time = hear_time
        self._client: discord.Client | None = None
        self._here = asyncio.Event()
        self.hold = hold or Hold()
        self.answers = Counter[int]()
        self.took = Times(SLOW)

    def answered(self, status: int, seconds: float) -> None:
        """Count an answer of Discord's, and how long it took."""
        self.answers[status] += 1
        self.took.note(seconds)

    @property
    def latency(self) -> float | None:
        """Seconds that the gateway's last heartbeat took; `None` while that is not known."""
        found = self._client.latency if self._client is not None else math.nan
        return found if math.isfinite(found) else None

    @property
    def is_here(self) -> bool:
        """Whether a client is connected."""
        return self._here.is_set()

    def arrive(self, client: discord.Client) -> None:
        """A client has connected and knows its guild."""
        self._client = client
        self._here.set()

    def leave(self) -> None:
        """The client is gone; who waits, waits for the next one."""
        self._client = None
        self._here.clear()

    @property
    def current(self) -> discord.Client | None:
        """The connected client, `None` if there is none now."""
        return self._client

    async def client(self) -> discord.Client:
        """Return the connected client, waiting for one if need be."""
        while self._client is None:
            await self._here.wait()
        return self._client


class Attempts:
    """Lets a refusal mean the same for all who do something, and is kept from asking in vain.

    Args:
        presence: The connection.
        troubles: What is refused for now.
        sources: The channels that the settings and the policy name now, each with the setting.
    """

    def __init__(
        self, presence: Presence, troubles: Troubles, sources: Callable[[], Mapping[int, str]]
    ) -> None:
        self._presence = presence
        self._troubles = troubles
        self._sources = sources
        self._holds: dict[str, Hold] = {}

    @asynccontextmanager
    async def doing(
        self, deed: Deed, channel_id: int, *, files: bool = False, noted: bool = True
    ) -> AsyncGenerator[discord.Client]:
        """Do something in a channel, unless it was refused a moment ago; note what comes of it.

        Raises:
            BoardDown: Try later; `BoardBarred` where somebody can mend it.
            BoardRefused: Discord refuses what it says.
            CardGone: The message is gone.
        """
        client = await self._presence.client()
        attempt = self._attempt(client, deed, channel_id, files=files)
        self._leave_alone(attempt.name)
        try:
            yield client
        except discord.RateLimited as error:
            self._holds.setdefault(attempt.name, Hold()).extend(error.retry_after)
            raise _too_fast(error.retry_after) from error
        except discord.HTTPException as error:
            raise self._met(in_our_words(error, attempt), noted=noted) from error
        except BoardBarred as barred:
            raise self._met(barred, noted=noted) from None
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise BoardDown(f"Discord cannot be reached: {type(error).__name__}.") from error
        self._troubles.over(TOKEN, attempt.name)

    def require_sight(self, client: discord.Client, deed: Deed, channel_id: int) -> None:
        """Return if the bot is not known to lack a right that Discord would say nothing of.

        Raises:
            BoardBarred: It lacks one.
        """
        attempt = self._attempt(client, deed, channel_id)
        if attempt.missing:
            raise BoardBarred(attempt.unseen())

    def is_mended(self, trouble: Trouble) -> bool:
        """Whether all rights are there, as far as is known, that a trouble was about."""
        client, deed = self._presence.current, trouble.name.rpartition(" ")[0]
        if client is None or trouble.channel_id is None or deed not in list(Deed):
            return False
        attempt = self._attempt(client, Deed(deed), trouble.channel_id)
        return attempt.place is not None and not attempt.missing

    def _leave_alone(self, name: str) -> None:
        hold = self._holds.get(name)
        if hold is not None and hold.left:
            raise _too_fast(hold.left)
        for one in (TOKEN, name):
            found = self._troubles.leave_alone(one)
            if found is not None:
                raise BoardBarred(*found)

    def _met(self, error: Exception, *, noted: bool) -> Exception:
        if noted and isinstance(error, BoardBarred):
            error.after = self._troubles.met(error.trouble)
        return error

    def _attempt(
        self, client: discord.Client, deed: Deed, channel_id: int, *, files: bool = False
    ) -> Attempt:
        place, sources = client.get_channel(channel_id), self._sources()
        parent = place.parent_id if isinstance(place, discord.Thread) else None
        return Attempt(
            deed=deed,
            channel_id=channel_id,
            place=place if isinstance(place, discord.abc.GuildChannel | discord.Thread) else None,
            source=sources.get(channel_id) or (sources.get(parent) if parent else None),
            files=files,
        )


def _too_fast(seconds: float) -> BoardDown:
    return BoardDown("Discord asks for fewer requests.", timedelta(seconds=seconds))
