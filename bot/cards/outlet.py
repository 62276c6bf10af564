"""The one way from the desk into its channels: everything it posts and edits of its own accord."""

import logging
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import aiohttp
import discord

from bot.cards.presence import Hold, Presence
from bot.cards.refusals import TOKEN, Attempt, Deed, in_our_words
from bot.domain.errors import BoardBarred, BoardDown, BoardRefused
from bot.domain.trouble import Trouble
from bot.services.desk import Desk
from bot.services.once import first_tried, not_sent

log = logging.getLogger(__name__)

QUIET: Final = discord.AllowedMentions.none()

_CLOCKS_DIFFER: Final = timedelta(hours=1)
"""How much earlier than an attempt Discord may say it was: its clock is not ours."""

_NONCE: Final = 25
"""Characters of a nonce, at most."""

_HAS_THREAD: Final = 160004
"""Discord's code for a message that has a thread already."""

_MARKED: Final = 1 << 30
"""Marks are above it, and the numbers that Discord gives to the parts of a message are below."""

Kept = Literal[60, 1440, 4320, 10080]
"""Minutes without a word after which Discord puts a thread away."""


class Outlet:
    """Posts, edits and reads, so that a refusal means the same for all who do.

    Args:
        presence: The connection.
        desk: Where it is kept what was tried, and what is refused.
        sources: The channels that the settings and the policy name now, each with the setting.
    """

    def __init__(
        self, presence: Presence, desk: Desk, sources: Callable[[], Mapping[int, str]]
    ) -> None:
        self._presence = presence
        self._desk = desk
        self._sources = sources
        self._holds: dict[str, Hold] = {}

    async def ready(self) -> None:
        """Return when Discord can be spoken to."""
        await self._presence.client()

    async def post(
        self,
        channel_id: int,
        view: discord.ui.LayoutView,
        *,
        nonce: str,
        plainly: discord.ui.LayoutView | None,
        looked: bool = False,
        noted: bool = True,
        file: discord.File | None = None,
        **how: Any,
    ) -> int:
        """Post a message once, however often it is tried; return its id.

        An earlier try under the same `nonce` whose end is not known may have posted it; then it is
        looked for first, unless whoever asks has `looked`. `plainly` is posted instead, if there
        is such, where Discord refuses the message for what it says. A refusal of what need not
        come is not `noted`.
        `how` is passed on to discord.py.

        Raises:
            BoardDown: Try later.
            BoardRefused: Discord refuses what it says, and there is nothing to say `plainly`.
        """
        name, tried_before = nonce, False
        if not looked:
            since, tried_before = await first_tried(self._desk, name)
            # A record that goes on from a backup uses numbers again, but not at the same moment.
            nonce = f"{nonce}-{int(since.timestamp() * 1_000_000):x}"
            found = await self._found(channel_id, nonce, since) if tried_before else None
            if found is not None:
                return found
        try:
            try:
                return await self._send(channel_id, view, nonce, file=file, noted=noted, **how)
            except BoardRefused as refused:
                if plainly is None:
                    raise
                log.warning("a message is put plainly: %s", refused)
            return await self._send(channel_id, plainly, nonce, file=None, noted=noted, **how)
        except BoardRefused as refused:
            if plainly is None:
                raise
            raise BoardDown(str(refused)) from refused
        except BoardBarred:
            # It is known that nothing stands there, so nothing need be looked for next time.
            if not looked and not tried_before:
                await not_sent(self._desk, name)
            raise

    async def _send(
        self,
        channel_id: int,
        view: discord.ui.LayoutView,
        nonce: str,
        *,
        file: discord.File | None,
        noted: bool,
        **how: Any,
    ) -> int:
        nonce = _short(nonce)
        view.children[0].id = _mark(nonce)
        more: dict[str, Any] = {"allowed_mentions": QUIET, **how}
        if file is not None:
            more["file"] = file
        doing = self.doing(Deed.POST, channel_id, files=file is not None, noted=noted)
        async with doing as client:
            channel = client.get_partial_messageable(channel_id)
            sent = await channel.send(view=view, nonce=nonce, **more)
        return sent.id

    async def edit(
        self,
        channel_id: int,
        message_id: int,
        view: discord.ui.LayoutView,
        *,
        plainly: discord.ui.LayoutView,
        file: discord.File | None = None,
    ) -> bool:
        """Edit a message of ours; say it `plainly` if Discord refuses what it would say.

        Returns whether it says what it was to say.

        Raises:
            BoardDown: Try later.
            CardGone: It was deleted, or stands where the settings name no channel any more.
        """
        files = [file] if file is not None else []
        try:
            await self._edit(channel_id, message_id, view, files)
        except BoardRefused as refused:
            log.warning("a message is put plainly: %s", refused)
        else:
            return True
        try:
            await self._edit(channel_id, message_id, plainly, ())
        except BoardRefused as refused:
            raise BoardDown(str(refused)) from refused
        return False

    async def _edit(
        self,
        channel_id: int,
        message_id: int,
        view: discord.ui.LayoutView,
        files: Sequence[discord.File],
    ) -> None:
        async with self.doing(Deed.EDIT, channel_id, files=bool(files)) as client:
            message = client.get_partial_messageable(channel_id).get_partial_message(message_id)
            await message.edit(view=view, attachments=files, allowed_mentions=QUIET)

    async def begin_thread(
        self, channel_id: int, message_id: int, *, name: str, kept: Kept, guild_id: int
    ) -> int:
        """Begin a thread at a message, or find the one that is there; return its id.

        Discord gives a thread the id of the message it begins at, and refuses a second one.
        `kept` is after how many minutes without a word it is put away.

        Raises:
            BoardDown: Try later.
            CardGone: There is no such message.
        """
        async with self.doing(Deed.THREAD, channel_id) as client:
            channel = client.get_partial_messageable(channel_id, guild_id=guild_id)
            message = channel.get_partial_message(message_id)
            try:
                await message.create_thread(name=name, auto_archive_duration=kept)
            except discord.HTTPException as error:
                if error.code != _HAS_THREAD:
                    raise
        return message_id

    async def ours_since(self, channel_id: int, since: datetime) -> AsyncIterator[discord.Message]:
        """Yield the desk's own messages in a channel since then, however many came, oldest first.

        Raises:
            BoardDown: Try later.
        """
        async with self.doing(Deed.READ, channel_id) as client:
            attempt = self._attempt(client, Deed.READ, channel_id)
            if attempt.missing:
                # Discord would say that there are no messages, and that is taken for the truth.
                raise BoardBarred(attempt.unseen())
            mine = client.user.id if client.user else None
            channel = client.get_partial_messageable(channel_id)
            async for message in channel.history(limit=None, after=since - _CLOCKS_DIFFER):
                if message.author.id == mine:
                    yield message

    async def _found(self, channel_id: int, nonce: str, since: datetime) -> int | None:
        mark = _mark(_short(nonce))
        async for message in self.ours_since(channel_id, since):
            if any(getattr(part, "id", None) == mark for part in message.components):
                return message.id
        return None

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
        self._desk.troubles.over(TOKEN, attempt.name)

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
            found = self._desk.troubles.leave_alone(one)
            if found is not None:
                raise BoardBarred(*found)

    def _met(self, error: Exception, *, noted: bool) -> Exception:
        if noted and isinstance(error, BoardBarred):
            error.after = self._desk.troubles.met(error.trouble)
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


def under(channel_id: int, message_id: int) -> discord.MessageReference:
    """Return what makes a message answer another one, and stand alone if that is deleted."""
    return discord.MessageReference(
        message_id=message_id, channel_id=channel_id, fail_if_not_exists=False
    )


def _short(nonce: str) -> str:
    """Return a nonce as it is, or what stands for it where Discord would find it too long."""
    return nonce if len(nonce) <= _NONCE else f"{zlib.crc32(nonce.encode()):08x}-{nonce[-16:]}"


def _mark(nonce: str) -> int:
    """Return the number that a message bears for as long as it stands, so that it is found."""
    return _MARKED | zlib.crc32(nonce.encode()) % _MARKED
