"""A small reading of Discord's markdown, to tell what in a text would do something."""

import re
from collections import Counter

_ESCAPED = re.compile(r"\\[^0-9A-Za-z\s]")
_SILENT = "\ue000"

_SHAPES = {
    "mention": re.compile(r"<@[!&]?\d+>|<#\d+>|@(?:everyone|here)"),
    "command": re.compile(r"</[^:>]*:\d+>"),
    "time": re.compile(r"<t:-?\d+(?::\w)?>"),
    "emoji": re.compile(r"<a?:\w+:\d+>"),
    "guide": re.compile(r"<id:\w+>"),
    "angle link": re.compile(r"<(?:(?!t:|id:|a?:)\w+:|\+\d)[^>\s]+>"),
    "address": re.compile(r"\b\w+://[^\s<]"),
    "host": re.compile(
        r"\b[\w-]+\.(?:com|gg|org|net|ca|uk|example|co|ru|me|gift)\b", re.IGNORECASE
    ),
}
_PARSED = {
    "masked link": re.compile(r"\[[^\[\]]+\]\([^()\s]+\)"),
    "bold": re.compile(r"\*\*(?=\S)[\s\S]+?\*\*"),
    "italic": re.compile(r"(?<!\*)\*(?=[^\s*])[^*]+\*(?!\*)|\b_[^_]+_\b"),
    "underline": re.compile(r"__[\s\S]+?__"),
    "struck": re.compile(r"~~[\s\S]+?~~"),
    "spoiler": re.compile(r"\|\|[\s\S]+?\|\|"),
    "code": re.compile(r"`[^`]+`|```[\s\S]+?```"),
    "shortcode": re.compile(r":[^\s:]+:"),
    "heading": re.compile(r"^ *#{1,3} +\S", re.MULTILINE),
    "small": re.compile(r"^ *-# +\S", re.MULTILINE),
    "list": re.compile(r"^ *(?:[*+-]|\d+[.)]) +\S", re.MULTILINE),
    "quote": re.compile(r"^ *>{1,3}(?: |$)", re.MULTILINE),
    "loose end": re.compile(r"\\(?![\s\S])"),
}


def active(text: str) -> Counter[str]:
    """Return how many of each thing a text does, found in three ways.

    By shape in the raw text, as Discord's server looks for mentions; in order, with escapes
    honoured, as the apps read; and by shape in what is then shown, as a careless app may.
    """
    silenced = _ESCAPED.sub(_SILENT, text)
    shown = _ESCAPED.sub(lambda match: match[0][1], text)
    found = Counter({name: len(shape.findall(silenced)) for name, shape in _PARSED.items()})
    for name, shape in _SHAPES.items():
        found[name] = max(len(shape.findall(text)), len(shape.findall(shown)))
    return +found
