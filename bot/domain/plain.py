"""Plain text out of what sites send and answer."""

import re
from html.parser import HTMLParser
from urllib.parse import quote

import nh3

_BREAKS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_SPACES = re.compile(r"\s+")
_SPACES_AGAIN = re.compile(r" {2,}")
_AROUND_BREAKS = re.compile(r"[ \v]*\n[ \v]*")
_SOFT_BREAKS = re.compile(r" *\v[ \v]*")
_MANY_BREAKS = re.compile(r"\n{3,}")

_PARAGRAPHS = {"p", "ul", "ol", "blockquote", "pre", "table", "hr"} | {f"h{n}" for n in range(1, 7)}
_LINES = {"div", "li", "tr", "section", "article", "figure", "dt", "dd"}
_CELLS = {"td", "th"}
_KEPT = _PARAGRAPHS | _LINES | _CELLS | {"a", "br", "img", "tbody", "thead"}
_VANISH = {"script", "style", "template", "noscript", "iframe", "title", "textarea"}

MOST_TAGS = 2_000
"""Deeply nested tags take time that grows with their square: 13,000 took 330 ms, 2,000 take 8."""


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


def from_html(html: str) -> str:
    """Return what a reader saw, as lines of text.

    Scripts and styles vanish, blocks become lines, a link keeps its address where that is not
    its text, and a picture leaves its description.
    """
    clean = nh3.clean(
        html,
        tags=_KEPT,
        clean_content_tags=_VANISH,
        attributes={"a": {"href"}, "img": {"alt"}},
        link_rel=None,
    )
    seen = _Seen()
    seen.feed(clean)
    seen.close()
    return seen.text()


class _Seen(HTMLParser):
    """Gathers the text of clean HTML; entities are decoded by the parser."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._links: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._space(tag)
        if tag == "br":
            self._parts.append("\n")
        elif tag == "a":
            self._links.append((len(self._parts), dict(attrs).get("href") or ""))
        elif tag == "img":
            self._parts.append(f"[picture: {dict(attrs).get('alt') or 'not described'}]")

    def handle_endtag(self, tag: str) -> None:
        self._space(tag)
        if tag == "a" and self._links:
            start, href = self._links.pop()
            if href and href not in "".join(self._parts[start:]):
                self._parts.append(f" ({href})")

    def handle_data(self, data: str) -> None:
        self._parts.append(_SPACES.sub(" ", data))

    def _space(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self._parts.append("\n\n")
        elif tag in _LINES:
            self._parts.append("\v")  # only breaks a line that has begun
        elif tag in _CELLS:
            self._parts.append(" ")

    def text(self) -> str:
        """Return what was gathered."""
        lines = _AROUND_BREAKS.sub("\n", "".join(self._parts))
        lines = _SOFT_BREAKS.sub("\n", lines)
        return tidy(_MANY_BREAKS.sub("\n\n", _SPACES_AGAIN.sub(" ", lines)))
