"""Addresses: where a message stands in Discord, and which of a site's may be linked to."""

import re
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from bot.domain.cases import CardRef
from bot.domain.ids import MessageRef

_LONGEST: Final = 600
"""Characters of a link: a hundred Cyrillic letters take as many."""
_SAFE: Final = "/?&=#%+;,~$:!'"


def jump(guild_id: int, ref: CardRef) -> str:
    """Return the address of a card's message, as Discord's own apps open it."""
    return message(guild_id, ref.at)


def message(guild_id: int, at: MessageRef) -> str:
    """Return the address of any message, as Discord's own apps open it."""
    return f"https://discord.com/channels/{guild_id}/{at.channel_id}/{at.message_id}"


def linkable(url: str | None) -> str | None:
    """Return a site's address made safe to stand in a masked link, `None` if it cannot be.

    Only http and https with a host, which is written in ASCII as browsers do; whatever could end
    the link early is percent-encoded.
    """
    if not url or re.search(r"\s", url):
        return None
    try:
        parts = urlsplit(url)
        host = _in_ascii(parts.netloc) if parts.hostname else ""
    except ValueError:  # of which a host that has no ASCII form is one
        return None
    if parts.scheme not in {"http", "https"} or not re.fullmatch(r"[A-Za-z0-9._:\[\]-]+", host):
        return None
    rest = url[url.index("//") + 2 + len(parts.netloc) :]
    linked = f"{parts.scheme}://{host}{quote(rest, safe=_SAFE)}"
    return linked if len(linked) <= _LONGEST else None


def _in_ascii(netloc: str) -> str:
    """Return a host and port in ASCII; a host was once stored percent-encoded.

    Raises:
        ValueError: It has no such form.
    """
    written = unquote(netloc) if "%" in netloc else netloc
    return written if written.isascii() else written.encode("idna").decode()


def address(url: str) -> str:
    """Return an address without its scheme, to be read rather than followed."""
    return re.sub(r"^https?://(www\.)?", "", url, flags=re.IGNORECASE).rstrip("/")
