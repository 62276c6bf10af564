"""What a refusal of Discord's means: wait for a right, wait a while, post anew, or say it plainly.

This is the one place that knows. "Refused now" is everything that somebody can mend: a right, a
channel that is not there, a closed thread, a token. It waits for as long as that takes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final

import discord

from bot.cards.text import troubles as trouble_text
from bot.domain.errors import BoardBarred, BoardDown, BoardRefused, CardGone, DeskError
from bot.domain.staff import Trouble

TOKEN: Final = "token"  # noqa: S105 - the name of a trouble, no secret
"""The name of the trouble that Discord does not take the bot's token."""

Place = discord.abc.GuildChannel | discord.Thread


class Deed(StrEnum):
    """What is done in a channel; each can be refused while the others are not."""

    POST = "post"
    EDIT = "edit"
    READ = "read"
    THREAD = "open threads"
    REACT = "add reactions"
    UNREACT = "take reactions off"
    PIN = "pin"
    PEOPLE = "look people up"


_NEEDED: Final = {
    Deed.POST: ("view_channel", "send_messages"),
    Deed.EDIT: ("view_channel",),
    Deed.READ: ("view_channel", "read_message_history"),
    Deed.THREAD: ("view_channel", "create_public_threads", "send_messages_in_threads"),
    Deed.REACT: ("view_channel", "read_message_history", "add_reactions"),
    Deed.UNREACT: ("view_channel", "manage_messages"),
    Deed.PEOPLE: ("view_channel",),
    Deed.PIN: ("view_channel", "read_message_history", "pin_messages"),
}
_WAITS: Final = {
    Deed.POST: trouble_text.POST_WAITS,
    Deed.EDIT: trouble_text.EDIT_WAITS,
    Deed.READ: trouble_text.READ_WAITS,
    Deed.THREAD: trouble_text.THREAD_WAITS,
    Deed.REACT: trouble_text.NO_REACTIONS,
    Deed.UNREACT: trouble_text.REACTIONS_STAY,
    Deed.PEOPLE: trouble_text.CALLS_WAIT,
    Deed.PIN: trouble_text.NOT_PINNED,
}
_GRAVE: Final = frozenset({Deed.POST, Deed.READ})

_UNKNOWN_CHANNEL: Final = 10003
_UNKNOWN_MESSAGE: Final = 10008
_OF_ANOTHER: Final = 50005
"""The message is another bot's: the application was changed, and its cards with it."""
_MISSING_ACCESS: Final = 50001
_EDITED_TOO_OFTEN: Final = 30046
"""Messages older than an hour were edited too often; Discord does not say until when."""
_CLOSED: Final = frozenset({50083, 160005})
_CONTENT: Final = frozenset({50035, 50006, 50109, 50068, 40005, 20009, 200000, 200001, 240000})
"""An invalid form, an empty or too large message, one that a filter of the server stops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What was asked of Discord.

    Attributes:
        deed: What was to be done.
        channel_id: Where.
        place: What is known of the channel, `None` if it is not seen.
        source: The setting that names the channel, `None` if none does any more.
        files: Whether a picture goes with it.
    """

    deed: Deed
    channel_id: int
    place: Place | None = None
    source: str | None = None
    files: bool = False

    @property
    def name(self) -> str:
        """What a trouble with it is called."""
        return f"{self.deed} {self.channel_id}"

    @property
    def where(self) -> str:
        """The channel, as a person would call it."""
        return f"#{self.place.name}" if self.place is not None else f"channel {self.channel_id}"

    @property
    def missing(self) -> Sequence[str]:
        """The rights that the bot is known to lack for it."""
        if self.place is None:
            return ()
        have = self.place.permissions_for(self.place.guild.me)
        return tuple(
            trouble_text.RIGHTS[right] for right in self._needed if not getattr(have, right)
        )

    def is_of_gone(self, code: int) -> bool:
        """Whether an error's code says that the message is gone, or is not the bot's to edit."""
        return code == _UNKNOWN_MESSAGE or (code == _OF_ANOTHER and self.deed is Deed.EDIT)

    def unseen(self) -> Trouble:
        """Return the trouble that Discord would not say: it leaves out what may not be read."""
        return self.trouble(*self.lacking(", ".join(self.missing)))

    def lacking(self, rights: str) -> tuple[str, str]:
        """Return that the bot lacks rights, and what to do about it."""
        return (
            trouble_text.lacks(rights),
            trouble_text.allow(self.where, rights),
        )

    def trouble(self, why: str, mend: str) -> Trouble:
        """Return the trouble that it is refused."""
        words = trouble_text.cannot(self.deed, self.where, why, _WAITS[self.deed])
        return Trouble(
            name=self.name,
            words=words,
            over=trouble_text.can_again(self.deed, self.where),
            mend=mend,
            channel_id=self.channel_id,
            grave=self.deed in _GRAVE,
        )

    @property
    def _needed(self) -> Sequence[str]:
        needed = _NEEDED[self.deed] + (("attach_files",) if self.files else ())
        if not isinstance(self.place, discord.Thread):
            return needed
        return tuple(
            "send_messages_in_threads" if one == "send_messages" else one for one in needed
        )


def _is_down(status: int) -> bool:
    return status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def in_our_words(error: discord.HTTPException, attempt: Attempt) -> DeskError:
    """Return what a refusal means for what was attempted."""
    code, status = error.code, error.status
    if code == _EDITED_TOO_OFTEN:
        return BoardDown("Discord takes no more edits of old messages for a while.")
    if _is_down(status):
        return BoardDown(f"Discord answered {status}.")
    if attempt.is_of_gone(code):
        return CardGone("The message is gone, or not ours to change.")
    if code in _CONTENT or status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return BoardRefused(f"Discord refuses what it says: {_first_line(error)}")
    return _barred(error, attempt)


def _barred(error: discord.HTTPException, attempt: Attempt) -> DeskError:
    """Return what waits for somebody to mend it, unless the settings have left that channel."""
    if error.status == HTTPStatus.UNAUTHORIZED:
        return BoardBarred(token_refused())
    if attempt.source is None:
        return CardGone(f"The settings do not name {attempt.where} any more.")
    return BoardBarred(attempt.trouble(*_why(error, attempt)))


def token_refused() -> Trouble:
    """Return the trouble that the bot's token is not taken."""
    return Trouble(
        name=TOKEN,
        words=trouble_text.LOGIN_REFUSED,
        mend=trouble_text.LOGIN_MEND,
        over=trouble_text.LOGIN_AGAIN,
        grave=True,
    )


def _why(error: discord.HTTPException, attempt: Attempt) -> tuple[str, str]:
    """Return what is the matter, and what to do."""
    if error.code == _UNKNOWN_CHANNEL or error.status == HTTPStatus.NOT_FOUND:
        source = attempt.source or ""
        return trouble_text.no_channel(source), trouble_text.no_channel_mend(source)
    if error.code in _CLOSED:
        return trouble_text.CLOSED, trouble_text.CLOSED_MEND
    if error.status == HTTPStatus.FORBIDDEN:
        return attempt.lacking(", ".join(attempt.missing) or _likely(error, attempt))
    return trouble_text.discord_says(_first_line(error)), trouble_text.ASKED_AGAIN


def _likely(error: discord.HTTPException, attempt: Attempt) -> str:
    """Return the right that is most likely missing where the library sees none that is."""
    if error.code == _MISSING_ACCESS:
        return trouble_text.RIGHTS["view_channel"]
    return trouble_text.RIGHTS[_NEEDED[attempt.deed][-1]]


def _first_line(error: discord.HTTPException) -> str:
    said = error.text.strip().splitlines()
    return said[0][:200] if said and not said[0].startswith("<") else str(error.status)
