"""What is shared with one site: secrets to sign with, and a salt for its readers."""

import base64
import binascii
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.comment import AuthorKey
from bot.domain.ids import ReporterKey

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
