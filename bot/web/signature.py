"""Who sent a request: Standard Webhooks signatures.

Written beside the ``standardwebhooks`` library rather than with it, because the library takes
the time from the machine's clock, holds one secret, and raises plain errors on hostile headers.
A test compares the two.
"""

import base64
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from multidict import istr

from bot.domain.ids import SiteId
from bot.domain.making import maker_of
from bot.domain.site import SiteKeys, signing_key
from bot.web.problems import Problem, our_clock_is_wrong, unsigned

ID = istr("webhook-id")
TIMESTAMP = istr("webhook-timestamp")
SIGNATURE = istr("webhook-signature")

_DIGEST = 16
"""Bytes of a body's digest; no two bodies that one site sends have the same."""

TOLERANCE_SECONDS = 300
"""How far a timestamp may be off, either way; the figure the libraries of the scheme use."""

# The scheme forbids a full stop in an id; a slash would look like a report's place in a batch.
_ID = re.compile(r"[!-\-0-~]{1,128}")
_SECONDS = re.compile(r"[0-9]{1,12}")

_MISSING = (
    "The request is not signed. Send the headers webhook-id, webhook-timestamp and "
    "webhook-signature of the Standard Webhooks scheme."
)
_BAD_ID = (
    "The webhook-id cannot be used. Send 1 to 128 printable ASCII characters without a full "
    "stop, slash or space, the same ones when you repeat the request."
)
_BAD_TIME = "The webhook-timestamp is not a time. Send whole seconds since 1970, as digits."
_TOO_OLD = (
    "The webhook-timestamp is more than 5 minutes old. Check the clock of the sending machine, "
    "and sign anew at every attempt."
)
_TOO_NEW = (
    "The webhook-timestamp is more than 5 minutes ahead. Check the clock of the sending machine."
)
NO_MATCH = (
    "No secret of this site matches the webhook-signature. Sign id.timestamp.body, byte for "
    "byte as sent, with the secret that was agreed, and check that the site is right."
)


_IN_HEX = (
    "The webhook-signature is in hexadecimal digits. Send v1, and the base64 of the same 32 bytes."
)
_BAD_FORM = (
    "The webhook-signature is not of the form that is read here. Send v1, and behind it the "
    "standard base64 of the 32 bytes of HMAC-SHA256: 44 characters, the last of them =."
)
_HEX = re.compile(r"(?:v1,)?(?:sha256=)?[0-9A-Fa-f]{64}")
_WELL_FORMED = re.compile(r"v1,[0-9A-Za-z+/]{43}=")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The site that signed a request, the id it gave it, and a digest of the body."""

    site: SiteId
    delivery: str
    digest: bytes | None = None


_make_sender = maker_of(Sender)


def _never() -> bool:
    return False


class Signatures:
    """Every site's signing keys.

    The body is not read before its signature matched: it says which site it is from, but that
    is only believed if it is the site whose secret matched.
    """

    def __init__(
        self,
        sites: Mapping[SiteId, SiteKeys],
        clock_is_wrong: Callable[[], bool] = _never,
    ) -> None:
        self._clock_is_wrong = clock_is_wrong
        owners: dict[bytes, SiteId] = {}
        self._keyed: list[tuple[hmac.HMAC, SiteId]] = []
        for site, keys in sites.items():
            for secret in keys.secrets:
                key = _named(site, secret)
                if owners.setdefault(key, site) != site:
                    raise ValueError(f"sites {owners[key]} and {site} share a signing secret")
                self._keyed.append((hmac.new(key, digestmod="sha256"), site))

    def check(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Sender:
        """Return who signed the body.

        Raises:
            Problem: Nobody did, or not in the last 5 minutes; where the desk's own clock is known
                to be wrong, that is no reason to refuse for ever.
        """
        delivery, stamp = headers.get(ID), headers.get(TIMESTAMP)
        signatures = headers.get(SIGNATURE)
        if not (delivery and stamp and signatures):
            raise unsigned(_MISSING)
        if not _ID.fullmatch(delivery):
            raise unsigned(_BAD_ID)
        wrong = _wrong_time(stamp, now)
        if wrong is not None and not self._clock_is_wrong():
            raise wrong
        sender = self._sender(delivery, stamp, signatures, body)
        if wrong is not None:
            raise our_clock_is_wrong()
        return sender

    def _sender(self, delivery: str, stamp: str, signatures: str, body: bytes) -> Sender:
        offered = _versioned(signatures)
        signed = f"{delivery}.{stamp}.".encode() + body
        for keyed, site in self._keyed:
            mac = keyed.copy()
            mac.update(signed)
            wanted = base64.b64encode(mac.digest())
            for signature in offered:
                if hmac.compare_digest(wanted, signature):
                    return _make_sender(site=site, delivery=delivery, digest=digest_of(body))
        raise unsigned(_unlike(signatures))


def _unlike(signatures: str) -> str:
    """Return what is told of signatures of which none matched, going by their form alone."""
    each = signatures.split(" ")
    if any(map(_WELL_FORMED.fullmatch, each)):
        return NO_MATCH
    return _IN_HEX if any(map(_HEX.fullmatch, each)) else _BAD_FORM


def digest_of(body: bytes) -> bytes:
    """Return what tells a body from any other, byte for byte."""
    return sha256(body).digest()[:_DIGEST]


def _named(site: SiteId, secret: str) -> bytes:
    try:
        return signing_key(secret)
    except ValueError as trouble:
        raise ValueError(f"site {site}: {trouble}") from None


def _wrong_time(stamp: str, now: datetime) -> Problem | None:
    """Return the refusal of a time that is not now; one that is no time at all is refused.

    Raises:
        Problem: It is no time.
    """
    if not _SECONDS.fullmatch(stamp):
        raise unsigned(_BAD_TIME)
    age = now.timestamp() - int(stamp)
    if abs(age) <= TOLERANCE_SECONDS:
        return None
    return unsigned(_TOO_OLD if age > 0 else _TOO_NEW)


def _versioned(signatures: str) -> list[bytes]:
    """Return the signatures of the version we know; others are for other receivers."""
    return [
        one[3:].encode("utf-8", "surrogateescape")
        for one in signatures.split(" ")
        if one.startswith("v1,")
    ]
