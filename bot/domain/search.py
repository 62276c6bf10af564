"""What is searched for, read forgivingly: ``author:salty rule:3 by:ana after:2026-11-01 words``.

    line    = {part}
    part    = [-] word | [-] "some words in a row" | filter
    filter  = key: value             a space after the colon does no harm
    key     = author story rule by after before on is site case

Words and the values of author and story match beginnings of words, in any order. What looks like
a filter and is none is searched for as words, and the answer says so; a date or a rule that cannot
be read is refused, as a list that leaves it out would mislead.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

from bot.domain import days
from bot.domain.errors import NotUnderstood
from bot.domain.folding import folded, searchable
from bot.domain.ids import CaseId, RuleNumber
from bot.domain.lines import Words, match_rule
from bot.domain.policy import Policy

LONGEST: Final = 80
"""Characters of a query, so that it fits on the button to the next page."""

EXAMPLE: Final = "author:salty rule:3 by:ana after:1/11 stolen bike"


class Stand(StrEnum):
    """How a case must stand to be found."""

    OPEN = "open"
    DECIDED = "decided"
    KEPT = "kept"
    HIDDEN = "hidden"
    BANNED = "banned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for; whatever is empty does not matter.

    `words`, `author` and `story` hold words, or several that must follow one another. `after` is
    the first moment that counts and `before` the first that does not. `remarks` are sentences
    about what was made of the line.
    """

    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    story: tuple[str, ...] = ()
    rule: RuleNumber | None = None
    by: str | None = None
    after: datetime | None = None
    before: datetime | None = None
    stand: Stand | None = None
    site: str | None = None
    case_id: CaseId | None = None
    remarks: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing in particular."""
        return self == Query()


_KEYS: Final = {
    "author": "author",
    "from": "author",
    "user": "author",
    "name": "author",
    "story": "story",
    "title": "story",
    "rule": "rule",
    "reason": "rule",
    "by": "by",
    "mod": "by",
    "moderator": "by",
    "after": "after",
    "since": "after",
    "before": "before",
    "until": "before",
    "on": "on",
    "is": "is",
    "state": "is",
    "status": "is",
    "site": "site",
    "case": "case",
}
_TRY: Final = f"Try: {EXAMPLE}"
_OFFERED: Final = "author: story: rule: by: after: before: on: is: site: case:"
_STANDS: Final = {
    **{stand.value: stand for stand in Stand},
    "keep": Stand.KEPT,
    "hide": Stand.HIDDEN,
    "removed": Stand.HIDDEN,
    "ban": Stand.BANNED,
    "closed": Stand.DECIDED,
    "waiting": Stand.OPEN,
}
_QUOTES: Final = str.maketrans("“”„«»", '"' * 5)
_PART: Final = re.compile(
    rf"""(?P<minus>-)?
    (?:(?P<key>{"|".join(_KEYS)}):\s*|(?P<odd>[a-z]{{2,12}}):(?=[^\s/]))?
    (?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))""",
    re.VERBOSE | re.IGNORECASE,
)


def parse(line: str, policy: Policy, now: datetime) -> Query:
    """Return what a line asks for; days are those of the newsroom's clock.

    Raises:
        NotUnderstood: A filter's value cannot be read; the sentence says which and gives one.
    """
    reader = _Reader(policy, now)
    for match in _PART.finditer(line.translate(_QUOTES)):
        reader.take(match)
    return reader.query


def excerpt(text: str, query: Query, length: int) -> str:
    """Return the part of a text in which the first of the words stands, on one line."""
    flat = " ".join(text.split())
    found = min(_places(flat, query.words), default=0)
    if found < length * 2 // 3:
        return flat
    start = flat.rfind(" ", 0, max(1, found - length // 3)) + 1
    return f"…{flat[start:]}"


def _places(flat: str, words: Iterable[str]) -> Iterator[int]:
    """Return where words begin in a text, whatever the case, accents and unseen letters in it."""
    letters = [(place, letter) for place, one in enumerate(flat) for letter in folded(one)]
    run = "".join(letter for _, letter in letters)
    for word in words:
        found = run.find(word.replace(" ", ""))
        if 0 <= found < len(letters):
            yield letters[found][0]


class _Reader:
    """Reads part after part into a query."""

    def __init__(self, policy: Policy, now: datetime) -> None:
        self._policy = policy
        self._now = now
        self.query = Query()

    def take(self, match: re.Match[str]) -> None:
        value = match["phrase"] if match["phrase"] is not None else match["word"]
        key = self._key(match)
        if key is None:
            self._take_words(value, minus=bool(match["minus"]))
        elif match["minus"]:
            raise NotUnderstood(
                f"-{key}: cannot be left out like that; a minus works before words only, "
                "such as -bike."
            )
        elif not value.strip():
            raise NotUnderstood(f"There is nothing after {key}: to look for. {_TRY}")
        else:
            self._filter(key, value.strip())

    def _key(self, match: re.Match[str]) -> str | None:
        odd = match["odd"]
        if odd is None:
            return _KEYS[match["key"].lower()] if match["key"] else None
        close = get_close_matches(odd.lower(), _KEYS, n=1, cutoff=0.75)
        if close:
            self._remark(f"{odd}: is read as {_KEYS[close[0]]}:.")
            return _KEYS[close[0]]
        self._remark(f"{odd}: is no filter, so it is looked for as a word. There are {_OFFERED}")
        self._take_words(odd, minus=False)
        return None

    def _take_words(self, value: str, *, minus: bool) -> None:
        number = re.fullmatch(r"#(\d{1,15})", value)
        if number and not minus:
            self.query = replace(self.query, case_id=CaseId(int(number[1])))
            return
        if value.endswith(":") and value[:-1].lower() in _KEYS:
            raise NotUnderstood(f"There is nothing after {value} to look for. {_TRY}")
        words = _searchable(value)
        if not words:
            return
        if minus:
            self.query = replace(self.query, without=(*self.query.without, words))
        else:
            self.query = replace(self.query, words=(*self.query.words, words))

    def _filter(self, key: str, value: str) -> None:
        query = self.query
        match key:
            case "author" | "story":
                before: tuple[str, ...] = getattr(query, key)
                query = replace(query, **{key: (*before, *_some(key, value))})
            case "rule":
                query = replace(query, rule=self._rule(value))
            case "by":
                query = replace(query, by=value.lstrip("@"))
            case "after":
                query = replace(query, after=self._moment(key, value))
            case "before":
                query = replace(query, before=self._moment(key, value))
            case "on":
                start = self._moment(key, value).replace(hour=0, minute=0, second=0, microsecond=0)
                query = replace(query, after=start, before=start + timedelta(days=1))
            case "is":
                query = replace(query, stand=_stand(value))
            case "site":
                query = replace(query, site=value)
            case _:
                query = replace(query, case_id=_case(value))
        self.query = query

    def _rule(self, value: str) -> RuleNumber:
        if value.isdecimal() and int(value) in self._policy.by_number:
            return RuleNumber(int(value))
        if value in self._policy.by_code:
            return self._policy.by_code[value].number
        found = match_rule(Words.of(value.replace("-", " ")), self._policy)
        if found is None:
            known = ", ".join(f"{rule.number} {rule.name}" for rule in self._policy.rules)
            raise NotUnderstood(f"“{value}” is no house rule. There are {known}.")
        return found.number

    def _moment(self, key: str, value: str) -> datetime:
        found = days.moment(value, self._now, self._policy.alerts.zone)
        if found is None:
            raise NotUnderstood(
                f"“{value}” after {key}: is no day that I know. Write {key}:2026-11-01, "
                f"{key}:1/11, {key}:12dec, {key}:yesterday, {key}:monday, or {key}:7d for seven "
                "days ago."
            )
        return found

    def _remark(self, words: str) -> None:
        self.query = replace(self.query, remarks=(*self.query.remarks, words))


def _searchable(value: str) -> str:
    """Return a value's words, so far as there is a letter or a digit in them."""
    return " ".join(re.findall(r"\w+", searchable(value.replace("_", " "))))


def _some(key: str, value: str) -> Sequence[str]:
    words = _searchable(value)
    if not words:
        raise NotUnderstood(
            f"There is no letter or digit after {key}: to look for. Write a word right after it."
        )
    return (words,)


def _stand(value: str) -> Stand:
    found = _STANDS.get(value.lower())
    if found is None:
        known = ", ".join(f"is:{stand}" for stand in Stand)
        raise NotUnderstood(f"is:{value} is not a way a case can stand. There are {known}.")
    return found


def _case(value: str) -> CaseId:
    number = value.lstrip("#")
    if not re.fullmatch(r"\d{1,15}", number):
        raise NotUnderstood(f"“{value}” is no case's number. Write case:1042 or #1042.")
    return CaseId(int(number))
