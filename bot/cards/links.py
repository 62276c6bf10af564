"""Addresses: where a message stands in Discord, and which of a site's may be linked to."""

import re
from typing import Final
from urllib.parse import quote, urlsplit

from bot.domain.cases import CardRef
from bot.domain.ids import MessageRef

_LONGEST: Final = 300
_SAFE: Final = "/?&=#%+;,~$:!'"


def jump(guild_id: int, ref: CardRef) -> str:
    """Return the address of a card's message, as Discord's own apps open it."""
    return message(guild_id, ref.at)


def message(guild_id: int, at: MessageRef) -> str:
    """Return the address of any message, as Discord's own apps open it."""
    return f"https://discord.com/channels/{guild_id}/{at.channel_id}/{at.message_id}"


def linkable(url: str | None) -> str | None:
    """Return a site's address made safe to stand in a masked link, `None` if it cannot be.

    Only http and https with a host; whatever could end the link early is percent-encoded.
    """
    if not url or re.search(r"\s", url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return None
    if not re.fullmatch(r"[A-Za-z0-9.:\[\]-]+", parts.netloc):
        return None
    # Brackets belong to the host there, where no text could stand in them.
    safe = _SAFE + "[]" if "[" in parts.netloc else _SAFE
    linked = quote(url, safe=safe)
    return linked if len(linked) <= _LONGEST else None


def address(url: str) -> str:
    """Return an address without its scheme, to be read rather than followed."""
    return re.sub(r"^https?://(www\.)?", "", url, flags=re.IGNORECASE).rstrip("/")
