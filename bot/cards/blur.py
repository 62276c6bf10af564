"""Words that a newsroom would rather not make its moderators read, put behind a click."""

import re
from functools import lru_cache


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
