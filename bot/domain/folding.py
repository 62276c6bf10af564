"""Names and texts as they are compared: what a person takes for the same is the same here.

Case, accents, compatibility forms (full width, ligatures, styled letters) and everything that
takes no room make no difference. Marks that make another letter of one, as the vowel signs of
Indian scripts and the voicing of Japanese do, stay.
"""

# ruff: noqa: RUF001 - letters that look alike are what this is about

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, TypeVar

T = TypeVar("T")

_ALIKE: Final = str.maketrans(
    {
        "ı": "i",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ŧ": "t",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ĸ": "k",
        "ŋ": "n",
        # The same letter in Arabic and in Persian or Urdu.
        "ی": "ي",
        "ى": "ي",
        "ک": "ك",
        # Letters that are dressed up and that Unicode has no plain form of.
        **dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True)),
        **{
            chr(first + place): chr(ord("a") + place)
            for first in (0x1F150, 0x1F170)
            for place in range(26)
        },
        **dict.fromkeys("’‘‛ʼʻ`´′＇", "'"),
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        # They are letters to Unicode and blank to people.
        **dict.fromkeys("\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufffc\u2800\u0640", None),
    }
)
"""Letters that no decomposition makes plain, and signs that keyboards write in several ways."""

_ACCENTS: Final = frozenset([*range(10, 37), *range(200, 255)])
"""The canonical combining classes of accents and points. Those below are overlays, nuktas, the
voicing of kana and viramas, those between the vowels and tones of Telugu, Thai, Lao and Tibetan,
and 0 other vowel signs: letters in their own right."""

_SELECTOR: Final = re.compile("[\ufe00-\ufe0f\u180b-\u180f\U000e0100-\U000e01ef\u034f]")
"""What chooses between forms of the letter before it, and the joiner of graphemes."""

_RUN_TOGETHER: Final = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
)
"""Scripts that put no spaces between words."""


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """Return a name or a few words on one line, so that what people take for the same is equal."""
    if text.isascii():
        return " ".join(_without_controls(text).lower().replace("`", "'").split())
    # Some signs that people type for an apostrophe would be decomposed to a space and an accent.
    plain = unicodedata.normalize("NFKD", text.translate(_ALIKE)).casefold()
    # Folding case can bring marks apart again, as the dot of a Turkish capital.
    plain = unicodedata.normalize("NFKD", plain.translate(_ALIKE))
    kept = "".join(letter for letter in plain if not _is_unseen(letter))
    return " ".join(unicodedata.normalize("NFC", kept.translate(_ALIKE)).split())


def searchable(text: str) -> str:
    """Return a text's words as they are indexed and looked for, each folded.

    Where a script puts no spaces, each letter stands alone, so that a word is found within a line.
    """
    return _RUN_TOGETHER.sub(r" \1 ", folded(text)) if not text.isascii() else folded(text)


def called_so(words: str, found: Sequence[T], name: Callable[[T], str]) -> Sequence[T]:
    """Return those of what was found by a beginning that are called just so, all if none is."""
    wanted = folded(words)
    return [one for one in found if folded(name(one)) == wanted] or found


def begins(beginning: str, name: str) -> bool:
    """Whether a name, or a word in it, begins so."""
    wanted, known = folded(beginning), folded(name)
    return known.startswith(wanted) or any(word.startswith(wanted) for word in known.split())


def _without_controls(text: str) -> str:
    return text if text.isprintable() else re.sub("[\x00-\x08\x0e-\x1f\x7f]", "", text)


@lru_cache(maxsize=8192)
def _is_unseen(letter: str) -> bool:
    """Whether a letter takes no room, or is an accent."""
    category = unicodedata.category(letter)
    if category in {"Cf", "Cs", "Co", "Cn"} or (category == "Cc" and not letter.isspace()):
        return True
    if category == "Me" or unicodedata.combining(letter) in _ACCENTS:
        return True
    return _SELECTOR.match(letter) is not None
