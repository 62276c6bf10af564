"""What a site said, read with suspicion: every value may be missing, or of another kind."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from bot.domain import foreign, markup

_LONGEST = 2_000
"""Characters of a text that is no comment."""
LONGEST_TEXT = 20_000
"""Characters of a comment, as at the intake."""
_LONGEST_HTML = 100_000
_MOST_ID = 200


class JsonValue:
    """A value out of parsed JSON, of which nothing is known."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value: object = value

    def __bool__(self) -> bool:
        return self.value is not None

    def __getitem__(self, path: str) -> "JsonValue":
        """Return what stands at a dotted path; where nothing stands, something empty."""
        value = self.value
        for name in path.split("."):
            if not isinstance(value, dict):
                return JsonValue(None)
            value = cast("Mapping[str, Any]", value).get(name)
        return JsonValue(value)

    def __iter__(self) -> Iterator["JsonValue"]:
        value = self.value
        for one in cast("list[object]", value) if isinstance(value, list) else ():
            yield JsonValue(one)

    @property
    def is_list(self) -> bool:
        """Whether it is a list, so that nothing in it means that there is nothing."""
        return isinstance(self.value, list)

    def first(self) -> "JsonValue":
        """Return the first of a list, or something empty."""
        return next(iter(self), JsonValue(None))

    def members(self) -> Iterator["JsonValue"]:
        """Yield what stands under each name."""
        value = self.value
        yield from map(
            JsonValue, cast("dict[str, object]", value).values() if isinstance(value, dict) else ()
        )

    def only(self) -> "JsonValue":
        """Return what stands under the one name there is, or something empty."""
        return next(self.members(), JsonValue(None))

    def text(self, most: int = _LONGEST) -> str:
        """Return a text, tidied and cut; empty if it is none."""
        return foreign.tidy(self.value[:most]) if isinstance(self.value, str) else ""

    def line(self, most: int = 500) -> str:
        """Return a text on one line; a name may hold what looks like HTML and is none."""
        return foreign.one_line(self.text(most))

    def title(self) -> str:
        """Return a title on one line, its entities and tags read as the platforms mean them."""
        text = self.text(500)
        return foreign.one_line(markup.from_html(text) if "<" in text or "&" in text else text)

    def prose(self) -> str:
        """Return a comment's HTML as plain text; what is too long is cut, and says so."""
        if not isinstance(self.value, str):
            return ""
        html = self.value[:_LONGEST_HTML]
        tags = html.split("<", markup.MOST_TAGS + 1)
        cut = len(html) < len(self.value) or len(tags) > markup.MOST_TAGS
        text = markup.from_html("<".join(tags[: markup.MOST_TAGS]))
        if len(text) > LONGEST_TEXT:
            cut, text = True, text[: LONGEST_TEXT - 2]
        return f"{text} …" if cut else text

    def key(self) -> str:
        """Return an id, whether it was written as text or as a number; empty if it is none."""
        if isinstance(self.value, bool) or not isinstance(self.value, str | int):
            return ""
        return str(self.value)[:_MOST_ID] if str(self.value).isprintable() else ""

    def any_key(self, *paths: str) -> str:
        """Return the first id among several places; empty if there is none."""
        return next(filter(None, (self[path].key() for path in paths)), "")

    def number(self) -> int:
        """Return a whole number; 0 if it is none."""
        is_number = isinstance(self.value, int) and not isinstance(self.value, bool)
        return int(cast("int", self.value)) if is_number else 0

    def flag(self) -> bool | None:
        """Return a truth value, `None` if it is none."""
        return self.value if isinstance(self.value, bool) else None

    def address(self) -> str | None:
        """Return a web address, `None` if it is none."""
        text = self.text()
        if not text.lower().startswith(("https://", "http://")) or any(c.isspace() for c in text):
            return None
        return foreign.address(text)

    def time(self) -> datetime | None:
        """Return a moment written in ISO 8601; without a zone it is in UTC, as sites mean it."""
        try:
            time = datetime.fromisoformat(self.text(40))
            return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
        except (ValueError, OverflowError):
            return None
