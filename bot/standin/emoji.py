"""Telling an emoji from other text, as Discord does before it lets one be used."""

import re
import unicodedata

_CUSTOM = re.compile(r"\w{2,32}:\d+")
_KEYCAP = re.compile(r"[0-9#*]\ufe0f?\u20e3")
_SYMBOLS = frozenset({"So", "Sm", "Sk", "Po"})
_JOINERS = frozenset({"Mn", "Me", "Cf", "So", "Sm", "Sk"})
_FIRST_EMOJI = "\u00a9"
_LONGEST = 40


def is_emoji(text: str) -> bool:
    """Return whether a reaction or a button could carry this.

    Args:
        text: A Unicode emoji, or `name:id` of a custom one.
    """
    if _CUSTOM.fullmatch(text) or _KEYCAP.fullmatch(text):
        return True
    if not text or len(text) > _LONGEST or text[0] < _FIRST_EMOJI:
        return False
    kinds = [unicodedata.category(letter) for letter in text]
    return kinds[0] in _SYMBOLS and all(kind in _JOINERS for kind in kinds[1:])
