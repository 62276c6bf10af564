"""What a person reads of a comment that a site keeps as HTML, as lines of plain text.

What carries meaning stays in words that need no formatting, as the card shows none: a quotation
has ``>`` before each line, struck text says that it is struck, a small raised 2 is a ``²``, a
picture or a film is named, a link shows where it leads wherever its words do not. Blocks never
glue words together, and the lines of preformatted text stay as they are.
"""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Final

import nh3

from bot.domain.foreign import tidy

MOST_TAGS: Final = 2_000
"""Deeply nested tags take time that grows with their square: 13,000 took 330 ms, 2,000 take 8."""

_PARAGRAPHS: Final = frozenset(
    {"p", "ul", "ol", "dl", "blockquote", "pre", "table", "hr", "details", "fieldset", "form"}
    | {f"h{number}" for number in range(1, 7)}
)
_LINES: Final = frozenset(
    {"div", "li", "tr", "section", "article", "aside", "header", "footer", "main", "nav", "figure"}
    | {"figcaption", "dt", "dd", "summary", "caption", "address", "center", "legend", "option"}
    | {"dialog", "search"}
)
_CELLS: Final = frozenset({"td", "th"})
_STRUCK: Final = frozenset({"s", "del", "strike"})
_HIGH: Final = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOW: Final = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_RAISED: Final[Mapping[str, tuple[Mapping[int, int], str]]] = {
    "sup": (_HIGH, "^"),
    "sub": (_LOW, "_"),
}
"""The letters that there are of each, and the sign for what has none."""
_EMBEDS: Final[Mapping[str, str]] = {
    "iframe": "embedded page",
    "embed": "embedded page",
    "object": "embedded page",
    "video": "film",
    "audio": "sound",
}
_SOURCES: Final = ("src", "data", "data-src", "href")
_INLINE: Final = frozenset(
    {"a", "br", "img", "tbody", "thead", "tfoot", "q", "rp", "rt", "ruby", "source"}
)
_KEPT: Final = (
    _PARAGRAPHS | _LINES | _CELLS | _STRUCK | _INLINE | frozenset(_RAISED) | frozenset(_EMBEDS)
)
_VANISH: Final = frozenset(
    {"script", "style", "template", "noscript", "title", "textarea", "select", "datalist"}
)

# What nh3 gives back is well formed, so that an iframe can be cut out of it by its shape; its
# content is raw text, which the parser here would take for markup.
_IFRAME: Final = re.compile(
    r"""<iframe((?:[^">]|"[^"]*")*)>.*?</iframe>""", re.IGNORECASE | re.DOTALL
)

_SPACES: Final = re.compile(r"\s+")
_SPACES_AGAIN: Final = re.compile(r" {2,}")
_AROUND_BREAKS: Final = re.compile(r"[ \v]*\n[ \v]*")
_SOFT_BREAKS: Final = re.compile(r" *\v[ \v]*")
_MANY_BREAKS: Final = re.compile(r"\n{3,}")

_BREAKS_IN_ADDRESS: Final = re.compile(r"[\t\r\n]")
_ON_THE_SITE: Final = re.compile(r"/(?![/\\])")

_ORDINALS: Final = frozenset({"st", "nd", "rd", "th", "er", "re", "e", "o", "a", "™", "®"})
_SHORTCODE: Final = re.compile(r":[\w+-]{1,60}:")
_LONGEST_EMOJI: Final = 24

# Stand-ins for what must outlive the tidying of white space: one blank or line break of
# preformatted text. They are noncharacters, which no text can hold, and are taken out first.
_KEPT_BLANK: Final = "\ufdd0"
_KEPT_BREAK: Final = "\ufdd1"
_OURS: Final = re.compile(f"[{_KEPT_BLANK}{_KEPT_BREAK}\v]")


def from_html(html: str) -> str:
    """Return what a reader saw, as lines of text; scripts and styles vanish."""
    clean = nh3.clean(
        _OURS.sub("", html),
        tags=set(_KEPT),
        clean_content_tags=set(_VANISH),
        attributes={
            "a": {"href"},
            "img": {"alt", "class", "src"},
            "ol": {"start"},
            "li": {"value"},
            **{tag: set(_SOURCES) for tag in [*_EMBEDS, "source"]},
        },
        link_rel=None,
    )
    seen = _Seen()
    seen.feed(_IFRAME.sub(r"<embed\1>", clean))
    seen.close()
    return seen.text()


class _Seen(HTMLParser):
    """Gathers the text of clean HTML; entities are decoded by the parser."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[_Span] = [_Span("")]
        self._lists: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._space(tag)
        if tag in _SPANS:
            self._open.append(_Span(tag, _address_in(given)))
        elif tag == "source":
            self._open[-1].href = self._open[-1].href or given.get("src", "")
        elif tag in {"ul", "ol"}:
            counting = _counting(given.get("start", ""), 1) if tag == "ol" else None
            self._lists.append(counting)
        else:
            self._add(self._said(tag, given))

    def _said(self, tag: str, given: Mapping[str, str]) -> str:
        """Return what stands for a tag that holds nothing, or before what another holds."""
        match tag:
            case "br":
                return _KEPT_BREAK if self._preformatted else "\n"
            case "img":
                return _picture(given)
            case "li":
                return self._bullet(given.get("value", ""))
            case "q":
                return "“"
            case "embed":
                return _embedded("embed", _address_in(given), "")
            case _:
                return ""

    def handle_endtag(self, tag: str) -> None:
        if tag in _SPANS and any(span.tag == tag for span in self._open[1:]):
            self._close(tag)
        elif tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        elif tag == "q":
            self._add("”")
        self._space(tag)

    def _close(self, tag: str) -> None:
        """Close what is open, from the inside out, up to the tag that ends here."""
        while self._open[-1].tag != tag:
            self._add(_said_of(self._open.pop()))
        self._add(_said_of(self._open.pop()))

    def handle_data(self, data: str) -> None:
        if self._preformatted:
            data = data.replace("\r\n", "\n").replace("\n", _KEPT_BREAK)
            self._add(re.sub(r"[ \t]", _KEPT_BLANK, data))
        else:
            self._add(_SPACES.sub(" ", data))

    def text(self) -> str:
        """Return what was gathered."""
        while len(self._open) > 1:
            self._add(_said_of(self._open.pop()))
        lines = _laid_out("".join(self._open[0].parts))
        # The first line of preformatted text may be set in, as the others may.
        return tidy(lines.replace(_KEPT_BREAK, "\n")).replace(_KEPT_BLANK, " ").rstrip()

    @property
    def _preformatted(self) -> bool:
        return any(span.tag == "pre" for span in self._open)

    def _add(self, words: str) -> None:
        self._open[-1].parts.append(words)

    def _bullet(self, value: str) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "- "
        number = _counting(value, number)
        self._lists[-1] = number + 1
        return f"{number}. "

    def _space(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self._add("\n\n")
        elif tag in _LINES:
            self._add("\v")  # only breaks a line that has begun
        elif tag in _CELLS:
            self._add(" ")


class _Span:
    """An open tag whose text is looked at as a whole when it ends."""

    __slots__ = ("href", "parts", "tag")

    def __init__(self, tag: str, href: str = "") -> None:
        self.tag = tag
        self.href = href
        self.parts: list[str] = []


_WHOLE: Final = re.compile(r"\s*([+-]?[0-9]{1,6})")


def _counting(said: str, otherwise: int) -> int:
    """Return the number that a list is told to count from."""
    found = _WHOLE.match(said)
    return int(found[1]) if found else otherwise


_SPANS: Final = frozenset(
    {"a", "pre", "blockquote", "video", "audio", "object"} | _STRUCK | frozenset(_RAISED)
)


def _said_of(span: _Span) -> str:
    inner = "".join(span.parts)
    if span.tag == "a":
        return _link(inner, span.href)
    if span.tag == "blockquote":
        return _quotation(inner)
    if span.tag in _STRUCK:
        return _marked("struck out", inner)
    if span.tag in _RAISED:
        return _raised(inner, *_RAISED[span.tag])
    if span.tag in _EMBEDS:
        return _embedded(span.tag, span.href, inner)
    return inner


def _laid_out(gathered: str) -> str:
    lines = _AROUND_BREAKS.sub("\n", gathered)
    lines = _SOFT_BREAKS.sub("\n", lines)
    return _MANY_BREAKS.sub("\n\n", _SPACES_AGAIN.sub(" ", lines)).strip(" \n")


def _quotation(inner: str) -> str:
    """Return the text with a mark before each line, an empty one among them too."""
    laid = _laid_out(inner).replace(_KEPT_BREAK, "\n").strip("\n")
    return "\n".join(f"> {line}".rstrip() for line in laid.split("\n")) if laid else ""


def _marked(what: str, inner: str) -> str:
    """Return words with what they are before them, and the white space round them outside."""
    words = inner.strip()
    if not words:
        return inner
    before, _, after = inner.partition(words)
    return f"{before}[{what}: {words}]{after}"


def _raised(inner: str, table: Mapping[int, int], sign: str) -> str:
    words = inner.strip()
    if not words or words.lower() in _ORDINALS:
        return inner
    if all(ord(letter) in table for letter in words):
        return words.translate(table)
    return f"{sign}{words}" if len(words) == 1 else f"{sign}({words})"


def _picture(given: Mapping[str, str]) -> str:
    described = given.get("alt", "").strip()
    if described and (_is_emoji(described) or _is_classed_emoji(given)):
        return described
    return f"[picture: {described or 'not described'}]"


def _is_classed_emoji(given: Mapping[str, str]) -> bool:
    kinds = given.get("class", "").lower().split()
    return any("emoji" in kind or kind == "wp-smiley" for kind in kinds)


def _is_emoji(words: str) -> bool:
    """Whether a picture stands for an emoji: its description is one, or a short code."""
    if _SHORTCODE.fullmatch(words):
        return True
    return len(words) <= _LONGEST_EMOJI and not any(
        letter.isascii() or letter.isalnum() or letter.isspace() for letter in words
    )


def _address_in(given: Mapping[str, str]) -> str:
    # Browsers pass over line ends and tabs within an address.
    found = (_BREAKS_IN_ADDRESS.sub("", given.get(name, "")).strip() for name in _SOURCES)
    return next(filter(None, found), "")


def _embedded(tag: str, where: str, inner: str) -> str:
    words = " ".join(inner.split())
    said = ", ".join(filter(None, [where, words]))
    return f" [{_EMBEDS[tag]}: {said or 'not described'}] "


def _link(inner: str, href: str) -> str:
    words = _OURS.sub(" ", inner).strip()
    if not href or not _leads_elsewhere(words, href):
        return inner
    return f"{inner.rstrip()} ({href}){' ' if inner != inner.rstrip() else ''}" if words else href


def _leads_elsewhere(words: str, href: str) -> bool:
    """Whether a link's address says more than its words do; the page of ``@somebody`` does not.

    Nor does a place within the page that the comment stands on.
    """
    if href.startswith("#") or (words[:1] in {"@", "#"} and _ON_THE_SITE.match(href)):
        return False
    return _bare(words) != _bare(href)


def _bare(address: str) -> str:
    """Return an address as two ways of writing the same one have it in common."""
    rest = re.sub(r"^(?:https?:)?//|^mailto:|^tel:", "", address.strip(), flags=re.IGNORECASE)
    host, slash, path = rest.partition("/")
    return host.lower().removeprefix("www.") + (slash + path).rstrip("/")
