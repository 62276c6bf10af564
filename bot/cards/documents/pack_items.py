"""What a pack is made of: sections with items, of which page and JSON say the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.cards.text import pack as pack_text
from bot.domain.readers.pack import Pack

Field = tuple[str, str]
"""A label, and what is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing on record. `texts` are what people wrote, each with whose words they are."""

    title: str
    at: datetime | None = None
    fields: tuple[Field, ...] = ()
    texts: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a pack; `lines` stand before its items."""

    name: str
    title: str
    items: tuple[Item, ...] = ()
    lines: tuple[str, ...] = ()


def told(*said: tuple[str, object]) -> tuple[Field, ...]:
    """Return the fields that say something."""
    return tuple((label, str(value)) for label, value in said if value not in (None, ""))


def words(pack: Pack, *said: tuple[str, str | None]) -> tuple[Field, ...]:
    """Return what people wrote, or in its place that it is left out."""
    written: Iterable[tuple[str, str]] = ((label, text) for label, text in said if text)
    return tuple((label, pack_text.LEFT_OUT if pack.withheld else text) for label, text in written)


def moment(pack: Pack, at: datetime | None) -> str | None:
    """Return a moment as the pack says it."""
    return None if at is None else pack_text.both(at, pack.zone)
