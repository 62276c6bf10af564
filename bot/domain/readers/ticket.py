"""A comment as the site itself vouches for it, so that a reader's browser can hand it on.

A report from a browser names a comment; what that comment says, and who wrote it, must not be
up to whoever reports. So the site puts both into a ticket on its page, with a signature by the
secret that it shares with the desk. A ticket gives no right to anything but to report the
comment that it describes, and may be public and cached: an older text never takes a newer one's
place, as `as_of` says when the site wrote it.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from bot.domain.errors import DeskError
from bot.domain.site import signing_key

LONGEST = 64 * 1024
"""Characters of a ticket: a comment of 20,000 characters, most of which take two bytes."""

_PURPOSE = b"comment ticket\n"
"""Signed with the content, so that no other signature of the site is ever one of a ticket."""


class BadTicket(DeskError):
    """A ticket is cut off, or nobody who has the site's secret signed it."""


def write_ticket(content: Mapping[str, Any], secret: str) -> str:
    """Return a ticket: base64url of the content as JSON, a full stop, base64url of its HMAC."""
    payload = _written(json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode())
    return f"{payload}.{_written(_mac(payload, secret))}"


def read_ticket(ticket: str, secrets: Sequence[str]) -> dict[str, Any]:
    """Return what a ticket says.

    Raises:
        BadTicket: It is none, or no secret of the site signed it.
    """
    payload, stop, signature = ticket.partition(".")
    if not stop or len(ticket) > LONGEST or not ticket.isascii():
        raise BadTicket("The report does not say which comment it is about.")
    try:
        given = _read(signature)
        # All are compared, so that the time taken does not tell which secret is which.
        good = [hmac.compare_digest(_mac(payload, secret), given) for secret in secrets]
        content: Any = json.loads(_read(payload)) if any(good) else None
    except (ValueError, binascii.Error, RecursionError) as error:
        raise BadTicket("The report does not say which comment it is about.") from error
    if not isinstance(content, dict):
        raise BadTicket("The comment that is named is not one of this site.")
    return cast("dict[str, Any]", content)


def _mac(payload: str, secret: str) -> bytes:
    return hmac.digest(signing_key(secret), _PURPOSE + payload.encode(), "sha256")


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    padded = text + "=" * (-len(text) % 4)
    return base64.b64decode(padded, altchars=b"-_", validate=True)
