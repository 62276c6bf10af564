"""What a comment platform can do, and what is found there."""

import base64
import binascii
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.comments import Author, AuthorKey, Comment, Report, Story
from bot.domain.decisions import Action
from bot.domain.ids import ReporterKey


class Ability(StrEnum):
    """One thing a platform can do through its adapter."""

    PUSH = "push"
    """It sends reports by itself."""
    POLL = "poll"
    """It can be asked for reports."""
    HIDE = "hide"
    UNHIDE = "unhide"
    BAN = "ban"
    TIMED_BAN = "timed ban"
    """It ends a ban by itself; where it cannot, the desk lifts it."""
    UNBAN = "unban"
    CLOSE_STORY = "close story"
    HISTORY = "history"
    """It can tell what else an author wrote."""
    STAFF_CHECK = "staff check"
    """It can tell whether an author is of the staff, who are never hidden or banned."""
    FIND = "find"
    """It can tell of a comment by the address where it is read."""


ALL_ABILITIES = frozenset(Ability)

_NEEDED = {
    Action.HIDE: {Ability.HIDE},
    Action.UNHIDE: {Ability.UNHIDE},
    Action.BAN: {Ability.HIDE, Ability.BAN},
    Action.UNBAN: {Ability.UNBAN},
    # What could not be shown again would be a verdict.
    Action.HOLD: {Ability.HIDE, Ability.UNHIDE},
}


def actions_of(abilities: frozenset[Ability]) -> frozenset[Action]:
    """Return the actions that a platform of these abilities can carry out.

    Keeping, and taking a keep back, ask nothing of a platform that it must be able to do.
    """
    return frozenset(action for action in Action if _NEEDED.get(action, set()) <= abilities)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollCursor:
    """How far a platform was read, in its own notion, and when it last answered."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How a comment stands at its platform now.

    `visible` says what somebody there decided, `None` that nobody has since it was reported;
    `by` is their name, if the platform tells. `comment` is the text as it now is. `unwritten` says
    that its author has deleted it.
    """

    comment_id: str
    visible: bool | None = None
    by: str | None = None
    at: datetime | None = None
    comment: Comment | None = None
    unwritten: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A comment with its author and its story, as the platform tells of them."""

    comment: Comment
    author: Author
    story: Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What asking a platform for reports brought: some of them, and where to go on from.

    `mark` is the platform's own notion of how far it was read; `more` says that it is worth
    asking again at once. A report found twice has the same `delivery` both times. `unread` has a
    name for each thing that could not be read, the same whenever it is found again.
    """

    reports: Sequence[Report]
    mark: str
    more: bool = False
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at; `mend` says what to do, step by step, where it is wrong."""

    name: str
    good: bool
    words: str
    mend: Sequence[str] = field(default=())


_PREFIX = "whsec_"
_SHORTEST = 24
"""Bytes of a secret at least, as the Standard Webhooks specification asks."""
_KEY_BYTES = 16
_KINDS = frozenset({"device", "email", "network"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteKeys:
    """The secrets of one site.

    `secrets` are written ``whsec_`` and base64; while one is being replaced, both stand here.
    `salt` makes the readers' keys; once reports are stored it must not change, or every reader
    counts as a new one.
    """

    secrets: tuple[str, ...] = field(repr=False)
    salt: bytes = field(repr=False)
    _salted: hmac.HMAC = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_salted", hmac.new(self.salt, digestmod="sha256"))

    def reporter(self, name: str) -> ReporterKey:
        """Return the key that stands for a reader, so that the name need not be kept."""
        return ReporterKey(self._hashed(name))

    def author_key(self, sent: str) -> AuthorKey:
        """Return what is kept of a key by which an author may be known again."""
        kind, colon, _ = sent.partition(":")
        known = kind if colon and kind in _KINDS else ""
        # So that a reader's name and an author's key never come out alike.
        return AuthorKey(kind=known, digest=self._hashed(f"author\0{sent}"))

    def _hashed(self, words: str) -> bytes:
        salted = self._salted.copy()  # a third cheaper than keying it anew
        salted.update(words.encode())
        return salted.digest()[:_KEY_BYTES]


@dataclass(frozen=True, slots=True, kw_only=True)
class PingKeys:
    """How a platform signs that something happened, where it does so by its own scheme.

    `header` holds ``sha256=`` and the hex HMAC-SHA256 of the body, several with commas between
    while a secret is being replaced. The key is the secret as it is written, in UTF-8: one that
    begins with ``whsec_`` is not base64 here.
    """

    header: str
    secrets: Sequence[str] = field(repr=False)


def signing_key(secret: str) -> bytes:
    """Return the bytes that a written secret stands for.

    Raises:
        ValueError: It is not base64, or too short; the message does not quote it.
    """
    written = secret.strip().removeprefix(_PREFIX)
    padding = "=" * (-len(written) % 4)
    try:
        key = base64.b64decode(written + padding, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a signing secret is whsec_ followed by base64") from None
    if len(key) < _SHORTEST:
        raise ValueError(f"a signing secret needs at least {_SHORTEST} bytes, this has {len(key)}")
    return key
