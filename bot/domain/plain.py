"""Plain text out of what sites send and answer."""

import re
from urllib.parse import quote

_BREAKS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def tidy(text: str) -> str:
    """Return the text with its line ends as newlines and without control characters."""
    if text.isprintable():
        return text.strip()
    lines = _BREAKS.sub("\n", text).replace("\t", " ")
    return _CONTROLS.sub("", lines).strip()


def one_line(text: str) -> str:
    """Return the text on one line, for names and titles."""
    return " ".join(tidy(text).split())


def address(url: str) -> str:
    """Return a web address with everything but plain ASCII percent-encoded."""
    return url if url.isascii() else quote(url, safe="".join(map(chr, range(0x21, 0x7F))))
