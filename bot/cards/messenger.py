"""The one way from the desk into its channels: everything it does there of its own accord.

What a message says is drawn here from the facts of the moment, by `bot.cards.drawing`; that it is
asked for is kept in the store until it stands. Four things could go wrong with it.

*Twice.* The answer to a post may be lost, or the desk may end before it can keep where the
message stands; then it is asked for again. So the store keeps when a post was first tried, before
it is tried. A later try under the same name looks through the desk's own messages since then,
and finds the one that bears its mark: a number of a part of the message that nobody sees and that
Discord keeps as it is. Only what was not found is posted. Cards are looked for by the names in
their buttons instead, which a desk that goes on from a backup finds too. Where Discord itself
says no, nothing stands there, and nothing is looked for the next time.

*Not at all.* Nothing is given up here: whoever asks is told to come again later, by `BoardDown`,
and keeps it waiting. A channel whose history may not be read is taken for barred and not for
empty, as Discord would have it.

*Refused.* What somebody can mend (a right, a channel, the token) waits, and staff are told of it
once; `bot.cards.refusals` alone knows which refusal is which. What Discord refuses to show is said
`plainly`, with nothing in it that a reader wrote. So no filter of a server's silences a card.

*Deleted meanwhile.* An edit of a message that is gone raises `CardGone`, and whoever asked knows
whether it is wanted back. A thread whose message has one already is that thread. To delete what
is deleted is done.
"""

import logging
import zlib
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, Final

import discord

from bot.cards.attempts import Attempts, Presence
from bot.cards.drawing import Drawn, Studio, shows, thread_of
from bot.cards.members import still_staff
from bot.cards.refusals import Deed
from bot.domain.alerts import Alert, AlertView
from bot.domain.cases import Case
from bot.domain.errors import BoardBarred, BoardDown, BoardRefused, CardGone
from bot.domain.ids import MessageRef, PersonId, Places
from bot.domain.sayings import Saying, StaffMessage
from bot.domain.staff import Trouble
from bot.ports import Posted
from bot.services.desk import Desk
from bot.services.messages import first_tried, not_sent

log = logging.getLogger(__name__)

_CLOCKS_DIFFER: Final = timedelta(hours=1)
"""How much earlier than an attempt Discord may say it was: its clock is not ours."""

_NONCE: Final = 25
"""Characters of a nonce, at most."""

_HAS_THREAD: Final = 160004
"""Discord's code for a message that has a thread already."""

_MARKED: Final = 1 << 30
"""Marks are above it, and the numbers that Discord gives to the parts of a message are below."""

_HELPS: Final = (BoardDown, BoardRefused, CardGone)


class DiscordMessenger:
    """The `Messenger` port over Discord.

    Args:
        presence: The connection.
        desk: Where it is kept what was tried, and what is refused.
        places: Where the desk speaks.
        sources: The channels that the settings and the policy name now, each with the setting.
        mark: What stands above every message, so that none is taken for a real one.
    """

    def __init__(
        self,
        presence: Presence,
        desk: Desk,
        places: Places,
        sources: Callable[[], Mapping[int, str]],
        *,
        mark: str | None = None,
    ) -> None:
        self._presence = presence
        self._attempts = Attempts(presence, desk.troubles, sources)
        self._desk = desk
        self._places = places
        self._studio = Studio(places, desk.policy, desk.clock, desk.site_can, mark=mark)

    @property
    def places(self) -> Places:
        """Where the desk speaks."""
        return self._places

    async def ready(self) -> None:
        """Return when Discord can be spoken to."""
        await self._presence.client()

    async def post(
        self,
        channel_id: int,
        what: Saying,
        *,
        nonce: str,
        silent: bool = False,
        under: MessageRef | None = None,
        looked: bool = False,
        noted: bool = True,
    ) -> Posted:
        """Post a message once, however often that is tried under the same `nonce`.

        An earlier try whose end is not known may have posted it; then it is looked for first,
        unless whoever asks has `looked`.

        Raises:
            BoardDown: Try later.
        """
        drawn = await self._studio.draw(what)
        how: dict[str, Any] = {"silent": silent}
        if under is not None:
            how["reference"] = discord.MessageReference(
                message_id=under.message_id, channel_id=under.channel_id, fail_if_not_exists=False
            )
        if looked:
            return await self._send(channel_id, drawn, nonce, noted=noted, **how)
        since, tried_before = await first_tried(self._desk, nonce)
        # A record that goes on from a backup uses numbers again, but not at the same moment.
        dated = f"{nonce}-{int(since.timestamp() * 1_000_000):x}"
        found = await self._marked(channel_id, dated, since) if tried_before else None
        if found is not None:
            return Posted(at=found)
        try:
            return await self._send(channel_id, drawn, dated, noted=noted, **how)
        except BoardBarred:
            # It is known that nothing stands there, so nothing need be looked for next time.
            if not tried_before:
                await not_sent(self._desk, nonce)
            raise

    async def _send(
        self, channel_id: int, drawn: Drawn, nonce: str, *, noted: bool, **how: Any
    ) -> Posted:
        """Send it, plainly if Discord refuses what it says."""
        try:
            at = await self._send_as(drawn, channel_id, nonce, noted=noted, **how)
        except BoardRefused as refused:
            log.warning("a message is put plainly: %s", refused)
        else:
            return Posted(at=at)
        try:
            at = await self._send_as(drawn.plain, channel_id, nonce, noted=noted, **how)
        except BoardRefused as refused:
            raise BoardDown(str(refused)) from refused
        return Posted(at=at, whole=False)

    async def _send_as(
        self, drawn: Drawn, channel_id: int, nonce: str, *, noted: bool, **how: Any
    ) -> MessageRef:
        nonce = _short(nonce)
        drawn.view.children[0].id = _mark(nonce)
        if drawn.file is not None:
            how["file"] = drawn.file
        doing = self._attempts.doing
        async with doing(Deed.POST, channel_id, files="file" in how, noted=noted) as client:
            channel = client.get_partial_messageable(channel_id)
            sent = await channel.send(
                view=drawn.view, nonce=nonce, allowed_mentions=drawn.calls, **how
            )
        return MessageRef(channel_id=channel_id, message_id=sent.id)

    async def edit(self, at: MessageRef, what: Saying) -> bool:
        """Let a message say what it is to say now; plainly, and false, if Discord refuses that.

        Raises:
            BoardDown: Try later.
            CardGone: It was deleted, or stands where the settings name no channel any more.
        """
        posted = discord.utils.snowflake_time(at.message_id)
        drawn = await self._studio.draw(what, posted=posted)
        try:
            await self._edit_as(drawn, at)
        except BoardRefused as refused:
            log.warning("a message is put plainly: %s", refused)
        else:
            return True
        try:
            await self._edit_as(drawn.plain, at)
        except BoardRefused as refused:
            raise BoardDown(str(refused)) from refused
        return False

    async def _edit_as(self, drawn: Drawn, at: MessageRef) -> None:
        files = [drawn.file] if drawn.file is not None else []
        async with self._at(Deed.EDIT, at, files=bool(files)) as message:
            quiet = discord.AllowedMentions.none()
            await message.edit(view=drawn.view, attachments=files, allowed_mentions=quiet)

    async def find(self, channel_id: int, what: Case | Alert, since: datetime) -> MessageRef | None:
        """Look for the card of a case or an alert, by the names that its buttons have.

        Raises:
            BoardDown: Try later.
        """
        return await self._first(channel_id, since, lambda message: shows(message, what))

    async def _marked(self, channel_id: int, nonce: str, since: datetime) -> MessageRef | None:
        mark = _mark(_short(nonce))

        def bears_it(message: discord.Message) -> bool:
            return any(getattr(part, "id", None) == mark for part in message.components)

        return await self._first(channel_id, since, bears_it)

    async def _first(
        self, channel_id: int, since: datetime, is_it: Callable[[discord.Message], bool]
    ) -> MessageRef | None:
        """Return the first of the desk's own messages since then, however many came, that is it.

        Looked through to the end within the attempt, which only then is known to have succeeded.
        """
        async with self._attempts.doing(Deed.READ, channel_id) as client:
            # Discord would say that there are no messages, and that is taken for the truth.
            self._attempts.require_sight(client, Deed.READ, channel_id)
            mine = client.user.id if client.user else None
            channel = client.get_partial_messageable(channel_id)
            async for message in channel.history(limit=None, after=since - _CLOCKS_DIFFER):
                if message.author.id == mine and is_it(message):
                    return MessageRef(channel_id=channel_id, message_id=message.id)
        return None

    async def delete(self, at: MessageRef, *, noted: bool = True) -> None:
        """Take a message away; one that is gone already is no trouble.

        Raises:
            BoardDown: Try later.
        """
        with suppress(CardGone):
            async with self._at(Deed.EDIT, at, noted=noted) as message:
                with suppress(discord.NotFound):
                    await message.delete()

    async def pin(self, at: MessageRef) -> None:
        """Pin a message; where the bot may not, it is of use unpinned too."""
        try:
            async with self._at(Deed.PIN, at) as message:
                await message.pin()
        except _HELPS as trouble:
            log.warning("a message could not be pinned: %s", trouble)

    async def thread(self, at: MessageRef, about: StaffMessage | AlertView) -> int:
        """Begin a thread at a message, or find the one that is there; return its id.

        Discord gives a thread the id of the message it begins at, and refuses a second one.

        Raises:
            BoardDown: Try later.
            CardGone: There is no such message.
        """
        name, kept = thread_of(about)
        async with self._at(Deed.THREAD, at) as message:
            try:
                await message.create_thread(name=name, auto_archive_duration=kept)
            except discord.HTTPException as error:
                if error.code != _HAS_THREAD:
                    raise
        return at.message_id

    async def drop_thread(self, thread_id: int) -> None:
        """Take a thread away with all that is in it; one that is gone already is no trouble.

        Raises:
            BoardDown: Try later; `BoardBarred` where the desk may not.
        """
        with suppress(CardGone):
            async with self._attempts.doing(Deed.THREAD, thread_id, noted=False) as client:
                with suppress(discord.NotFound):
                    await client.http.delete_channel(thread_id)

    async def react(self, at: MessageRef, emoji: Sequence[str]) -> None:
        """Put reactions to press under a message."""
        try:
            async with self._at(Deed.REACT, at) as message:
                for one in emoji:
                    await message.add_reaction(one)
        except _HELPS as trouble:
            log.warning("the card has no reactions to press: %s", trouble)

    async def unreact(self, at: MessageRef) -> None:
        """Take all reactions off a message, in one request."""
        try:
            async with self._at(Deed.UNREACT, at) as message:
                await message.clear_reactions()
        except _HELPS as trouble:
            log.warning("the reactions stay on a card: %s", trouble)

    async def still_staff(self, people: Iterable[PersonId]) -> Sequence[PersonId]:
        """Return those who have not left, nor lost the role that makes them one of the staff.

        Raises:
            BoardDown: Try later.
        """
        doing = self._attempts.doing(Deed.PEOPLE, self._places.channel_id)
        async with doing as client:
            return await still_staff(client, self._places.guild_id, self._desk.authority, people)

    def is_mended(self, trouble: Trouble) -> bool:
        """Whether all rights are there, as far as is known, that a trouble was about."""
        return self._attempts.is_mended(trouble)

    @asynccontextmanager
    async def _at(
        self, deed: Deed, at: MessageRef, *, files: bool = False, noted: bool = True
    ) -> AsyncGenerator[discord.PartialMessage]:
        """Do something with a message; what it raises is as `Attempts` says."""
        guild = self._places.guild_id
        doing = self._attempts.doing
        async with doing(deed, at.channel_id, files=files, noted=noted) as client:
            channel = client.get_partial_messageable(at.channel_id, guild_id=guild)
            yield channel.get_partial_message(at.message_id)


def _short(nonce: str) -> str:
    """Return a nonce as it is, or what stands for it where Discord would find it too long."""
    return nonce if len(nonce) <= _NONCE else f"{zlib.crc32(nonce.encode()):08x}-{nonce[-16:]}"


def _mark(nonce: str) -> int:
    """Return the number that a message bears for as long as it stands, so that it is found."""
    return _MARKED | zlib.crc32(nonce.encode()) % _MARKED
