"""The few behind the many: who and what most of a week's reports are about."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.domain.account_similarity import AuthorRef
from bot.domain.ids import CaseId, SiteId

K = TypeVar("K")

SHOWN = 5
"""How many of each kind are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One comment with how often it was reported in the time, and whom it answers."""

    case_id: CaseId
    reports: int
    author: AuthorRef
    name: str
    story: tuple[SiteId, str]
    title: str
    answers: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """An author or a story with what was reported of it. `case_id` is its most reported case."""

    name: str
    case_id: CaseId
    reports: int
    comments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarrel:
    """Two accounts of which one answers the other, in reported comments.

    `reports` are those on what each wrote to the other, the one who got more first.
    """

    names: tuple[str, str]
    reports: tuple[int, int]
    comments: int
    case_id: CaseId

    @property
    def total(self) -> int:
        """The reports on both."""
        return sum(self.reports)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotspots:
    """What most of the reports are about, the most reported first.

    `authors_in_all` and `stories_in_all` count all that were reported. Of more reports than can be
    looked at, which are `in_all`, it is made of `one_in` so many, spread over the time.
    """

    reports: int
    comments: int
    authors: Sequence[Spot]
    authors_in_all: int
    stories: Sequence[Spot]
    stories_in_all: int
    quarrels: Sequence[Quarrel]
    in_all: int
    one_in: int = 1

    def share(self, spots: Sequence[Spot]) -> int:
        """Return what percentage of all reports is on these, rounded."""
        return (
            round(100 * sum(spot.reports for spot in spots) / self.reports) if self.reports else 0
        )


def hotspots(
    reported: Sequence[Reported], *, in_all: int | None = None, one_in: int = 1
) -> Hotspots:
    """Return who and what is behind the reports, which are `one_in` so many of `in_all`."""
    looked_at = sum(one.reports for one in reported)
    authors = _spots(reported, lambda one: one.author, lambda one: one.name)
    stories = _spots(reported, lambda one: one.story, lambda one: one.title)
    return Hotspots(
        reports=looked_at,
        comments=len(reported),
        authors=authors[:SHOWN],
        authors_in_all=len(authors),
        stories=stories[:SHOWN],
        stories_in_all=len(stories),
        quarrels=_quarrels(reported)[:SHOWN],
        in_all=looked_at if in_all is None else in_all,
        one_in=one_in,
    )


def _spots(
    reported: Iterable[Reported], key: Callable[[Reported], K], name: Callable[[Reported], str]
) -> list[Spot]:
    groups: Mapping[K, list[Reported]] = _grouped(reported, key)
    spots = [
        Spot(
            name=name(max(group, key=lambda one: one.case_id)),
            case_id=_most(group),
            reports=sum(one.reports for one in group),
            comments=len(group),
        )
        for group in groups.values()
    ]
    return sorted(spots, key=lambda spot: (-spot.reports, -spot.comments, spot.name))


def _quarrels(reported: Iterable[Reported]) -> list[Quarrel]:
    """Return who goes at whom, if both are known by name; an answer to oneself is no quarrel."""
    answers = [
        one for one in reported if one.answers and one.answers.casefold() != one.name.casefold()
    ]

    def both(one: Reported) -> tuple[SiteId, tuple[str, ...]]:
        return one.author.site, tuple(sorted((one.name.casefold(), (one.answers or "").casefold())))

    found = [_quarrel(group) for group in _grouped(answers, both).values()]
    # Once may happen to anybody.
    again = [quarrel for quarrel in found if quarrel.comments > 1]
    return sorted(again, key=lambda one: (-one.total, -one.comments, one.names))


def _quarrel(group: Sequence[Reported]) -> Quarrel:
    written: Counter[str] = Counter()
    for one in group:
        written[one.name] += one.reports
    first = written.most_common(1)[0][0]
    others = [one.answers or "" for one in group if one.name == first]
    second = others[0]
    return Quarrel(
        names=(first, second),
        reports=(written[first], written.total() - written[first]),
        comments=len(group),
        case_id=_most(group),
    )


def _most(group: Sequence[Reported]) -> CaseId:
    return max(group, key=lambda one: (one.reports, one.case_id)).case_id


def _grouped(
    reported: Iterable[Reported], key: Callable[[Reported], K]
) -> Mapping[K, list[Reported]]:
    groups: defaultdict[K, list[Reported]] = defaultdict(list)
    for one in reported:
        groups[key(one)].append(one)
    return groups
