"""How like two accounts are: in name, in turns of phrase, in whom they go after.

Everything here is a reason to look, never one to act. The thresholds are such that of pairs of
different people hardly one in a thousand reaches them by name or by phrase alone; see
`tests/unit/test_account_similarity.py`, which measures that.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from bot.domain.comments import AuthorKey
from bot.domain.ids import CaseId, SiteId


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorRef:
    """Which account of which site."""

    site: SiteId
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Why an account may belong to somebody who is banned; a hint for people, never more.

    `reasons` are few words each, likest first. `case_id` is the other account's newest case.
    `until` is when the ban ends, `None` never.
    """

    other: AuthorRef
    name: str
    case_id: CaseId
    strength: float
    reasons: tuple[str, ...]
    until: datetime | None = None


Profile = Mapping[str, float]
"""What somebody writes: groups of letters with how often, as a vector of length 1."""

_GRAM: Final = 4
_KEPT: Final = 400
"""Groups of letters kept of a profile: those that set it apart most."""
_ENOUGH: Final = 400
"""Letters below which turns of phrase say nothing."""
_ALIKE: Final = 0.33
"""Cosine from which two profiles count as alike, and below from which as much alike."""
_MUCH_ALIKE: Final = 0.45
_ALIKE_NAME: Final = 0.62
_SAME_NAME: Final = 0.86
_SHORTEST_NAME: Final = 4
_FEW_TARGETS: Final = 2
_SHOWN_TARGETS: Final = 3

WORTH_A_HINT: Final = 1.0
"""Strength from which a moderator is told."""

_LOOKALIKES: Final = str.maketrans("013457@$!|", "oieastasil")
_NOT_LETTERS: Final = re.compile(r"[\W\d_]+")
_AGAIN: Final = re.compile(r"(.)\1+")
_NOBODYS: Final = frozenset(
    ("anon", "anonymous", "comenter", "guest", "member", "name", "reader", "user", "visitor")
)
"""Skeletons of names that sites give out, with a number to tell them apart."""
_SPACES: Final = re.compile(r"[^\w']+|[\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """An account with its newest texts, whom they answered, and its keys."""

    ref: AuthorRef
    name: str
    texts: tuple[str, ...]
    targets: frozenset[str] = frozenset()
    keys: tuple[AuthorKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BannedAccount:
    """Somebody banned, with what a new account is compared with.

    `shared_keys` are the kinds of the keys, and `shared_targets` the people, that they have in
    common with the account in question. `until` is when the ban ends.
    """

    ref: AuthorRef
    name: str
    case_id: CaseId
    until: datetime | None
    skeleton: str
    profile: Profile
    shared_keys: tuple[str, ...] = ()
    shared_targets: tuple[str, ...] = ()

    def is_banned_at(self, now: datetime) -> bool:
        """Whether the ban goes on."""
        return self.until is None or self.until > now


@dataclass(frozen=True, slots=True, kw_only=True)
class Similarity:
    """How much speaks for two accounts being one person's, and what, likest first."""

    strength: float
    reasons: tuple[str, ...]


@lru_cache(maxsize=4096)
def skeleton(name: str) -> str:
    """Return what stays of a name when it is disguised: `S4lty__Dogg99` is `saltydog`."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    # Digits at the end tell accounts apart, those within stand for letters.
    letters = re.sub(r"[\W\d_]+$", "", plain).translate(_LOOKALIKES)
    bones = _AGAIN.sub(r"\1", _NOT_LETTERS.sub("", letters))
    return "" if bones in _NOBODYS else bones


def name_grams(bones: str) -> frozenset[str]:
    """Return the groups of three letters by which names like this one are found."""
    return frozenset(_grams(f" {bones} ", 3))


def name_similarity(one: str, other: str) -> float:
    """Return from 0 to 1 how like two skeletons are; 0 where one is too short to tell."""
    if min(len(one), len(other)) < _SHORTEST_NAME:
        return 0.0
    ours, theirs = Counter(_grams(f" {one} ", 3)), Counter(_grams(f" {other} ", 3))
    common = (ours & theirs).total()
    return 2 * common / (ours.total() + theirs.total())


def usual(texts: Iterable[str]) -> Mapping[str, float]:
    """Return how telling each group of letters is, from texts of many people.

    The rarer, the more; what is in none of them is as telling as what is in one.
    """
    seen: Counter[str] = Counter()
    number = 0
    for text in texts:
        seen.update(set(_letters(text)))
        number += 1
    return {gram: math.log((number + 1) / (count + 0.5)) for gram, count in seen.items()}


def profile(texts: Sequence[str], telling: Mapping[str, float]) -> Profile:
    """Return how somebody writes, empty if there is too little of it to tell."""
    letters = [gram for text in texts for gram in _letters(text)]
    if len(letters) < _ENOUGH:
        return {}
    weights = _weights(letters, telling)
    kept = sorted(weights, key=lambda gram: (-weights[gram], gram))[:_KEPT]
    length = math.sqrt(sum(weights[gram] ** 2 for gram in kept))
    return {gram: weights[gram] / length for gram in kept} if length else {}


def phrase_similarity(one: Profile, other: Profile) -> float:
    """Return from 0 to 1 how like two profiles are."""
    fewer, more = (one, other) if len(one) < len(other) else (other, one)
    return sum(weight * more.get(gram, 0.0) for gram, weight in fewer.items())


def similarity(newcomer: NewAccount, written: Profile, other: BannedAccount) -> Similarity:
    """Return what speaks for an account being that of somebody banned."""
    found = [
        *_by_keys(other.shared_keys),
        *_by_name(name_similarity(skeleton(newcomer.name), other.skeleton)),
        *_by_phrase(phrase_similarity(written, other.profile)),
        *_by_targets(other.shared_targets),
    ]
    found.sort(key=lambda reason: -reason[0])
    return Similarity(
        strength=sum(strength for strength, _ in found),
        reasons=tuple(words for _, words in found),
    )


def target(name: str) -> str:
    """Return the form in which somebody who was answered is compared."""
    return " ".join(name.casefold().split())[:100]


def _by_keys(kinds: Collection[str]) -> list[tuple[float, str]]:
    if not kinds:
        return []
    named = " and ".join(f"{kind} key" if kind else "key" for kind in dict.fromkeys(kinds))
    return [(1.5 + 0.5 * (len(kinds) - 1), f"same {named}")]


def _by_name(alike: float) -> list[tuple[float, str]]:
    if alike >= _SAME_NAME:
        return [(1.0, "nearly the same name")]
    return [(0.6, "similar name")] if alike >= _ALIKE_NAME else []


def _by_phrase(alike: float) -> list[tuple[float, str]]:
    if alike >= _MUCH_ALIKE:
        return [(1.0, "the same turns of phrase")]
    return [(0.5, "similar turns of phrase")] if alike >= _ALIKE else []


def _by_targets(shared: Sequence[str]) -> list[tuple[float, str]]:
    if len(shared) < _FEW_TARGETS:
        return []
    shown = ", ".join(shared[:_SHOWN_TARGETS])
    return [(0.5 if len(shared) == _FEW_TARGETS else 0.7, f"answers the same people ({shown})")]


def _weights(letters: Iterable[str], telling: Mapping[str, float]) -> Mapping[str, float]:
    most = max(telling.values(), default=1.0)
    return {
        gram: (1 + math.log(count)) * telling.get(gram, most)
        for gram, count in Counter(letters).items()
        # Once is chance; what somebody writes again and again is theirs.
        if count > 1
    }


def _letters(text: str) -> Iterable[str]:
    tidy = _SPACES.sub(" ", text.casefold()).strip()
    return _grams(f" {tidy} ", _GRAM)


def _grams(text: str, size: int) -> Iterable[str]:
    return (text[place : place + size] for place in range(len(text) - size + 1))
