"""What a reader wrote, made into text that Discord only shows.

Two layers, so that neither has to be perfect in every one of Discord's apps:

- a backslash before each character that formats, as Discord documents it, invisible to people;
- a zero-width space inside everything that is looked for by shape rather than parsed in order:
  mentions (``<@``, ``@everyone``, ``<#``, ``</``, ``<t:``, ``<:``, ``<id:``), addresses
  (``http://``) and bare hosts (``discord.gg``). They read as written and lead nowhere; copied,
  they lead nowhere either until somebody mends them, which is a choice and not a slip.

Before that the text is cleaned of what would break a card for everybody: controls that reorder
the line, marks stacked without end, characters that take no room, pages of empty lines.
"""

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum, auto
from functools import lru_cache
from typing import Final

ELLIPSIS: Final = "…"

_GAP: Final = "\u200b"
_ISOLATE: Final = "\u2068"
_END_ISOLATE: Final = "\u2069"

_MOST_MARKS: Final = 4
"""Combining marks kept on one letter; pointed Hebrew and stacked Tibetan need that many."""
_MOST_TAGS: Final = 8
"""Tag characters kept after a black flag; the flags of England, Scotland and Wales need six."""

_JOINERS: Final = "\u200c\u200d"
_DIRECTIONS: Final = "\u200e\u200f\u061c"
_SIGNS: Final = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2"
_BLACK_FLAG: Final = "\U0001f3f4"

_BREAK: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANK: Final = re.compile(
    "[ \t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000\u2800\u3164\u115f\u1160\uffa0]+"
)
_ROUND_BREAK: Final = re.compile(r" ?\n ?")
_MANY_BREAKS: Final = re.compile(r"\n{3,}")
_INVISIBLE_RUN: Final = re.compile(f"([{_JOINERS}{_DIRECTIONS}])[{_JOINERS}{_DIRECTIONS}]+")
_LOOSE_JOINER: Final = re.compile(rf"(?<!\S)[{_JOINERS}]|[{_JOINERS}](?!\S)")

_FORMATTING: Final = re.compile(r"[\\*_~|`\[\]()#>:]")
_LINE_START: Final = re.compile(r"^(?:([-+=])|(\d+)([.)]))", re.MULTILINE)
_HOST_DOT: Final = re.compile(r"(?<=[^\W_])\.(?=[^\W\d_])")

_LOOKED_AT: Final = 50
"""How many characters are looked at for each one to show; cleaning costs time by the character."""
_NEAR: Final = 40
"""How far back a cut looks for a better place, in characters."""


class _Fate(Enum):
    KEEP = auto()
    MARK = auto()
    TAG = auto()
    JOIN = auto()
    DROP = auto()


def clean(text: str) -> str:
    """Return the text with nothing in it that hides, reorders, stacks or sprawls.

    Line breaks are kept, at most one empty line in a row; other white space becomes one space.
    """
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()  # a lone surrogate cannot be sent
    unified = _BLANK.sub(" ", _BREAK.sub("\n", text))
    ordinary = all(_fate(character) is _Fate.KEEP for character in set(unified))
    kept = unicodedata.normalize("NFC", unified if ordinary else "".join(_kept(unified)))
    joined = _LOOSE_JOINER.sub("", _INVISIBLE_RUN.sub(r"\1", kept))
    lines = _ROUND_BREAK.sub("\n", _BLANK.sub(" ", joined))
    return _MANY_BREAKS.sub("\n\n", lines).strip()


def _kept(text: str) -> Iterator[str]:
    marks = tags = 0
    for character in text:
        match _fate(character):
            case _Fate.KEEP:
                marks = 0
                tags = _MOST_TAGS if character == _BLACK_FLAG else 0
                yield character
            case _Fate.MARK if marks < _MOST_MARKS:
                marks += 1
                yield character
            case _Fate.TAG if tags:
                tags -= 1
                yield character
            case _Fate.JOIN:
                yield character
            case _:
                pass


@lru_cache(maxsize=4096)
def _fate(character: str) -> _Fate:
    category = unicodedata.category(character)
    if "\U000e0020" <= character <= "\U000e007f":
        return _Fate.TAG
    if category in {"Mn", "Me"}:
        return _Fate.MARK
    if character in _JOINERS + _DIRECTIONS:
        return _Fate.JOIN
    if category in {"Cc", "Cf"} and character not in _SIGNS and character != "\n":
        return _Fate.DROP
    return _Fate.DROP if _is_noncharacter(ord(character)) else _Fate.KEEP


def _is_noncharacter(code: int) -> bool:
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF  # noqa: PLR2004 - Unicode's own


def cut(text: str, length: int) -> str:
    """Return clean text of at most `length` characters, with an ellipsis if it was shortened.

    `length` is at least 2. Cuts between words where one ends near, and never inside what is seen
    as one character.
    """
    if len(text) <= length:
        return text
    end = place_to_cut(text, length - len(ELLIPSIS))
    return text[:end].rstrip() + ELLIPSIS


def place_to_cut(text: str, length: int) -> int:
    """Return where to cut clean text into at most `length` characters; at least 1."""
    end = max(1, min(length, len(text)))
    nearest = max(1, end - _NEAR)
    for place in range(end, nearest, -1):
        if text[place : place + 1].isspace() or text[place - 1].isspace():
            return place
    for place in range(end, nearest, -1):
        if not _is_inside(text, place):
            return place
    return end


def _is_inside(text: str, place: int) -> bool:
    """Whether the place lies within what is seen as one character."""
    if place >= len(text):
        return False
    if _belongs_together(text[place - 1], text[place]):
        return True
    flags = 0
    while flags < place and _is_flag_half(text[place - 1 - flags]):
        flags += 1
    return _is_flag_half(text[place]) and flags % 2 == 1


def _belongs_together(before: str, after: str) -> bool:
    """Whether two characters are seen as one whatever stands around them."""
    is_skin_tone = "\U0001f3fb" <= after <= "\U0001f3ff"
    is_mark = _fate(after) is not _Fate.KEEP or unicodedata.category(after) == "Mc"
    return is_mark or is_skin_tone or before == "\u200d"


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def inert(text: str) -> str:
    """Return clean text so written that Discord shows it and does nothing else with it.

    At most three times as long. Right-to-left lines are isolated, so that they cannot reorder
    what stands beside them.
    """
    escaped = _FORMATTING.sub(r"\\\g<0>", text)
    escaped = _LINE_START.sub(_escape_start, escaped)
    escaped = _HOST_DOT.sub("." + _GAP, escaped)
    escaped = escaped.replace("//", f"/{_GAP}/").replace("<", f"\\<{_GAP}").replace("@", f"@{_GAP}")
    return "\n".join(_isolated(line) for line in escaped.split("\n"))


def _escape_start(match: re.Match[str]) -> str:
    bullet, number, after = match.groups()
    return f"\\{bullet}" if bullet else f"{number}\\{after}"


def _isolated(line: str) -> str:
    if line.isascii() or not any(_is_leftward(character) for character in line):
        return line
    return f"{_ISOLATE}{line}{_END_ISOLATE}"


@lru_cache(maxsize=4096)
def _is_leftward(character: str) -> bool:
    return unicodedata.bidirectional(character) in {"R", "AL", "AN"}


def prose(text: str, length: int, *, lines: int = 12) -> str:
    """Return what a reader wrote as inert text: at most `length` characters as people count.

    Lines after the first `lines` run on, so that one comment cannot fill a screen with breaks.
    """
    tidy = clean(text[: length * _LOOKED_AT])
    first, rest = tidy.split("\n")[:lines], tidy.split("\n")[lines:]
    folded = "\n".join([*first[:-1], " ".join(filter(None, [first[-1], *rest]))])
    return inert(cut(folded, length))


def is_longer(text: str, length: int) -> bool:
    """Whether `prose` of that length leaves anything of the text out."""
    return len(text) > length * _LOOKED_AT or len(clean(text)) > length


def line(text: str, length: int) -> str:
    """Return what a reader wrote as inert text on one line, such as a name."""
    return prose(text, length, lines=1)


def bare(text: str, length: int) -> str:
    """Return what a reader wrote for roads besides Discord: clean, one line, leading nowhere.

    What such a road makes of marks is its own affair, so only addresses are broken here; what
    could call people there is broken for all of a text at once, where it is sent.
    """
    tidy = label(text, length)
    return _HOST_DOT.sub("." + _GAP, tidy).replace("//", f"/{_GAP}/").replace("](", f"]{_GAP}(")


def label(text: str, length: int) -> str:
    """Return text for where Discord formats nothing, as on buttons: clean, one line, cut."""
    return cut(clean(text[: length * _LOOKED_AT]).replace("\n", " "), length)


def units(text: str) -> int:
    """Return a text's length in UTF-16 units, the larger of the ways Discord may count."""
    return len(text) + sum(1 for character in text if character > "\uffff")


def pages(text: str, size: int) -> tuple[str, ...]:
    """Return what a reader wrote, all of it, as inert texts of at most `size` units each.

    At least one page, which is empty if there is nothing to see. `size` is at least 200.
    """
    rest, found = clean(text), list[str]()
    while rest:
        end = place_to_cut(rest, size) if len(rest) > size else len(rest)
        while units(page := inert(rest[:end].rstrip())) > size:
            end = place_to_cut(rest, end * 2 // 3)
        found.append(page)
        rest = rest[end:].lstrip()
    return tuple(found) or ("",)


def blur(inert: str, words: tuple[str, ...]) -> str:
    """Return an inert text with every listed word as a spoiler.

    A word ending in a star stands for all that begin so. Letters in either case are the same.
    """
    return _pattern(words).sub(r"||\g<0>||", inert) if words else inert


@lru_cache(maxsize=8)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    # The longest first, so that a word does not hide the end of a longer one outside its veil.
    ordered = sorted(words, key=len, reverse=True)
    one = "|".join(
        re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "") for word in ordered
    )
    return re.compile(rf"(?<!\w)(?:{one})(?!\w)", re.IGNORECASE)
