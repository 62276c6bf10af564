"""Addresses: where a message stands in Discord, and which of a site's may be linked to."""

import re
import unicodedata
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from bot.cards import escape
from bot.domain import foreign
from bot.domain.cases import CardRef
from bot.domain.ids import MessageRef

ALONE: Final = 2_400
"""Characters of a link that has a card to itself: an address of 2,000, and room for what is encoded."""
AMONG_OTHERS: Final = 600
"""Characters of any other: a hundred Cyrillic letters take as many."""
_SAFE: Final = "/?&=#%+;,~$:!'"
_ENCODED: Final = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")


def jump(guild_id: int, ref: CardRef) -> str:
    """Return the address of a card's message, as Discord's own apps open it."""
    return message(guild_id, ref.at)


def message(guild_id: int, at: MessageRef) -> str:
    """Return the address of any message, as Discord's own apps open it."""
    return f"https://discord.com/channels/{guild_id}/{at.channel_id}/{at.message_id}"


def linkable(url: str | None, most: int = AMONG_OTHERS) -> str | None:
    """Return a site's address made safe to stand in a masked link, `None` if it cannot be.

    Only http and https with a host, which is written in ASCII as browsers do; whatever could end
    the link early is percent-encoded, as are all but ASCII letters where there is room for it.
    `most` is how long it may be.
    """
    linked = _encoded(url) if url and not re.search(r"\s", url) else None
    if linked is None:
        return None
    if len(linked) > AMONG_OTHERS:
        linked = _ENCODED.sub(_as_written, linked)
    return linked if escape.units(linked) <= most else None


def _encoded(url: str) -> str | None:
    """Return a web address in ASCII, `None` if it is none."""
    try:
        parts = urlsplit(url)
        host = _in_ascii(parts.netloc) if parts.hostname else ""
    except ValueError:  # of which a host that has no ASCII form is one
        return None
    if parts.scheme not in {"http", "https"} or not re.fullmatch(r"[A-Za-z0-9._:\[\]-]+", host):
        return None
    rest = url[url.index("//") + 2 + len(parts.netloc) :]
    return f"{parts.scheme}://{host}{quote(rest, safe=_SAFE)}"


def beside(link: str) -> int:
    """Return how long another link beside this one may be."""
    return AMONG_OTHERS if len(link) <= AMONG_OTHERS else 0


def _as_written(encoded: re.Match[str]) -> str:
    """Return what was percent-encoded as it is, if it can be seen; browsers encode it to the same."""
    try:
        written = unquote(encoded[0], errors="strict")
    except UnicodeDecodeError:
        return encoded[0]
    return "".join(quote(one) if unicodedata.category(one)[0] in "CZ" else one for one in written)


def _in_ascii(netloc: str) -> str:
    """Return a host and port in ASCII.

    Raises:
        ValueError: It has no such form.
    """
    if netloc.isascii() and "%" not in netloc:
        return netloc
    host, colon, port = netloc.partition(":")
    return foreign.host_in_ascii(host) + colon + port


def address(url: str) -> str:
    """Return an address without its scheme, to be read rather than followed."""
    return re.sub(r"^https?://(www\.)?", "", url, flags=re.IGNORECASE).rstrip("/")
