"""A typed line: who wrote it and where, its words in order, and the rule some of them name."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Final, Self

from bot.domain.errors import NotUnderstood
from bot.domain.ids import CaseId, DecisionId, PersonId
from bot.domain.policy import Policy, Rule
from bot.domain.staff import Person

_LEADING: Final = re.compile(r"(?:\s*<@[!&]?[0-9]+>)+")
# A comma within a number is a decimal one: 1,5d is no rule 1 and five days.
_WORD: Final = re.compile(r"(?:[^\s,;]|(?<=[0-9]),(?=[0-9]))+")
_GLUED: Final = re.compile(r"(keep|hide|ban|undo|claim|[khbuc])((?:#[0-9]+|[0-9]+[a-z]*)+)")
_GLUED_PART: Final = re.compile(r"#[0-9]+|(?:[0-9]+[a-z]+)+|[0-9]+")
_QUOTES: Final = "\"'`*_()[]~|\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a"
_MARKS: Final = frozenset(".!…:")
_KEYCAP: Final = "\N{COMBINING ENCLOSING KEYCAP}"
_SHOWN: Final = 40
_SHORTEST_NAME: Final = 3
_CLOSE_ENOUGH: Final = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """One word; `apart` says that more than a space, or nothing at all, parts it from the last."""

    text: str
    raw: str
    start: int
    apart: bool

    @property
    def end(self) -> int:
        """Where it ends in the line."""
        return self.start + len(self.raw)


class Words:
    """A line read from left to right, in lower case, without the punctuation around words."""

    def __init__(self, line: str, words: list[_Word]) -> None:
        self._line = line
        self._words = words
        self._next = 0

    @classmethod
    def of(cls, line: str) -> Self:
        """Return the words of a line without the mentions before it; ``b7d5`` is ``b 7d 5``."""
        plain = _LEADING.sub(" ", plainly(line), count=1) if _LEADING.match(line) else plainly(line)
        words: list[_Word] = []
        for match in _WORD.finditer(plain):
            apart = bool(words) and plain[words[-1].end : match.start()].strip(" \t") != ""
            words += _split(match, apart=apart)
        return cls(plain, words)

    @property
    def more(self) -> bool:
        """Whether any words are left."""
        return self._next < len(self._words)

    @property
    def here(self) -> str:
        """The next word, empty at the end."""
        return self.at(0)

    @property
    def after(self) -> str:
        """The word after the next, empty at the end."""
        return self.at(1)

    @property
    def raw(self) -> str:
        """The next word as it was written, cut if very long."""
        return self._words[self._next].raw[:_SHOWN] if self.more else ""

    def at(self, distance: int) -> str:
        """Return the word so far ahead, empty past the end."""
        place = self._next + distance
        return self._words[place].text if place < len(self._words) else ""

    def follows(self, distance: int) -> bool:
        """Whether nothing but a space stands between that word and the one before it."""
        place = self._next + distance
        return 0 < place < len(self._words) and not self._words[place].apart

    def advance(self, count: int = 1) -> None:
        """Go on by so many words."""
        self._next += count

    def rest(self) -> str:
        """Return what is left of the line, as it was written."""
        return self._line[self._words[self._next].start :] if self.more else ""


def plainly(line: str) -> str:
    """Return a line as a plain keyboard writes it.

    Full-width letters and the digits of any script become ASCII; what is not seen, such as a
    zero-width space, goes.
    """
    return "".join(map(_plain, line))


def _plain(char: str) -> str:
    if char.isascii():
        return char
    kind = unicodedata.category(char)
    if kind == "Nd":
        return str(unicodedata.decimal(char))
    if kind == "Cf" or char == _KEYCAP or "\N{VARIATION SELECTOR-1}" <= char <= "\ufe0f":
        return ""
    # Only the full-width forms: the compatibility form of a raised 2 is a 2 as well.
    return unicodedata.normalize("NFKC", char) if "\uff01" <= char <= "\uff5e" else char


def _split(match: re.Match[str], *, apart: bool) -> list[_Word]:
    raw, start = match[0], match.start()
    text = raw.lower().strip(_QUOTES).rstrip(".!:") or raw
    if _MARKS.issuperset(raw):
        return []
    glued = _GLUED.fullmatch(text)
    parts = [glued[1], *_GLUED_PART.findall(glued[2])] if glued else [text]
    apart = apart or glued is not None
    return [_Word(text=part, raw=raw, start=start, apart=apart) for part in parts]


def match_rule(words: Words, policy: Policy) -> Rule | None:
    """Take the rule that the next words name, `None` if they name none and are left.

    Raises:
        NotUnderstood: They fit several rules, or are nearly one's name.
    """
    count, fitting = _begun(words, policy)
    if count == 0:
        _refuse_near_miss(words, policy)
        return None
    said = _said(words, count)
    exact = [rule for rule in fitting if rule.name.lower() == said]
    if len(fitting) > 1 and not exact:
        raise NotUnderstood(f'"{said}" fits {_named(fitting)}. Write the number.')
    words.advance(count)
    return (exact or fitting)[0]


def _begun(words: Words, policy: Policy) -> tuple[int, list[Rule]]:
    """Return how many of the next words begin a rule's name, and which rules'."""
    count, fitting = 0, list(policy.rules)
    while words.at(count):
        begun = _said(words, count + 1)
        still = [rule for rule in fitting if rule.name.lower().startswith(begun)]
        if not still or len(begun) < _SHORTEST_NAME:
            break
        count, fitting = count + 1, still
    return count, fitting


def _said(words: Words, count: int) -> str:
    return " ".join(words.at(place) for place in range(count))


def _refuse_near_miss(words: Words, policy: Policy) -> None:
    """Rather ask than take a misspelt rule for a note, and cite another rule than was meant."""
    names = {
        spelling: rule
        for rule in policy.rules
        for spelling in (rule.name.lower(), rule.name.lower().split()[0])
    }
    near = get_close_matches(words.here, names, n=1, cutoff=_CLOSE_ENOUGH)
    if near:
        rule = names[near[0]]
        raise NotUnderstood(
            f'I do not know "{words.raw}". If you mean {rule.name}, write {rule.number}.'
        )


def _named(rules: list[Rule]) -> str:
    return " and ".join(f"{rule.name} ({rule.number})" for rule in rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedLine:
    """One message that is meant for the desk.

    `at` is when it was written, by Discord's clock, and `then` by the desk's. `answers` is the message that it replies to;
    a reply whose message is gone answers 0. `late` says that it was not picked up at once.
    """

    message_id: int
    channel_id: int
    by: Person
    at: datetime
    then: datetime
    answers: int | None = None
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOrder:
    """What the record keeps of one order of a line that was carried out."""

    case_id: CaseId
    decision_id: DecisionId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLine:
    """A line that was carried out."""

    message_id: int
    channel_id: int
    by_id: PersonId
    orders: tuple[KeptOrder, ...] = ()
    answered: bool = False


_LONGEST = 15
"""Digits; a desk that takes a million cases a second needs thirty years for more."""


def count(number: int, one: str, many: str | None = None) -> str:
    """Return ``1 reader`` or ``7 readers``; thousands are set apart by a comma."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def case_number(words: str) -> CaseId | None:
    """Return the case meant by ``#1042`` or ``1042``, `None` if the words are no number.

    Raises:
        NotUnderstood: The number is longer than any case's.
    """
    digits = words.strip().lstrip("#")
    if not digits.isdecimal():
        return None
    if len(digits) > _LONGEST:
        raise NotUnderstood(
            f"No case has a number of {len(digits)} digits. A case's number stands on its card, "
            "such as #1042."
        )
    return CaseId(int(digits))
