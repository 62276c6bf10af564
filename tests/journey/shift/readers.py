"""What readers report on a busy day: ordinary complaints, a brigade, edits, and repeats."""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

REASONS = ("harassment", "abuse", "hate", "spam", "libel", "threats", "graphic")
_COMMONNESS = (30, 30, 12, 14, 8, 3, 3)
_STORIES = 24
_AFTERMATH = 25.0
"""Minutes within which, on average, others follow the first report of a comment."""

BRIGADE_STORY = "ring-road"
_BRIGADE_TARGETS = 12
_BRIGADE_PEOPLE = 40
_BRIGADE_LASTS = 25.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One report as the site sends it, and in which minute of the shift.

    `key` is the delivery's: a site that was not answered sends the same one again.
    """

    minute: float
    key: str
    comment: str
    text: str
    revision: str
    author: str
    story: str
    reader: str
    reason: str


def real_texts(path: Path) -> list[str]:
    """Return readers' comments from a table of them."""
    with path.open(encoding="utf-8", newline="") as file:
        return [row["comment"] for row in csv.DictReader(file) if row["comment"].strip()]


def day(texts: list[str], *, reports: int, minutes: float, seed: int = 7) -> list[Complaint]:
    """Return so many reports over so many minutes, in their order.

    A seventh comes from a brigade against one story. Of the others, one in fifty tells of an
    edited text, and one in a hundred is a reader's who has given that reason before.
    """
    chance = random.Random(seed)  # noqa: S311 - the same day every time
    brigade = reports // 7
    ordinary = [*_ordinary(chance, texts, reports - brigade, minutes)]
    together = [*_brigade(chance, texts, brigade, minutes * 0.35)]
    return sorted([*ordinary, *together], key=lambda one: one.minute)


def _ordinary(
    chance: random.Random, texts: list[str], reports: int, minutes: float
) -> Iterator[Complaint]:
    made = 0
    for number in range(reports):
        if made == reports:
            return
        first = Complaint(
            minute=chance.uniform(0, minutes),
            key=f"first-{number}",
            comment=f"c{number}",
            text=texts[number % len(texts)],
            revision="1",
            author=f"a{int(chance.paretovariate(0.8)) % max(8, reports // 4)}",
            story=f"s{int(chance.paretovariate(0.7)) % _STORIES}",
            reader=f"r{chance.randrange(reports)}",
            reason=chance.choices(REASONS, _COMMONNESS)[0],
        )
        said = [first, *_followers(chance, first, minutes)][: reports - made]
        made += len(said)
        yield from said


def _followers(chance: random.Random, first: Complaint, minutes: float) -> Iterator[Complaint]:
    """Yield what others say of a comment that was reported; most are reported once or twice."""
    revision = 1
    for number in range(min(int(chance.paretovariate(1.3)) - 1, 30)):
        edited = chance.random() < 0.02
        revision += edited
        again = chance.random() < 0.01
        yield replace(
            first,
            minute=min(first.minute + chance.expovariate(1 / _AFTERMATH), minutes),
            key=f"{first.key}-{number}",
            reader=first.reader if again else f"{first.reader}-{number}",
            reason=first.reason if again or chance.random() < 0.8 else chance.choice(REASONS),
            text=first.text if revision == 1 else f"{first.text} (put more kindly, {revision})",
            revision=str(revision),
        )


def _brigade(
    chance: random.Random, texts: list[str], reports: int, begins: float
) -> Iterator[Complaint]:
    """Yield the reports of people who agreed to silence one side under one story."""
    pairs = [(who, what) for who in range(_BRIGADE_PEOPLE) for what in range(_BRIGADE_TARGETS)]
    for number, (who, what) in enumerate(chance.sample(pairs, min(reports, len(pairs)))):
        yield Complaint(
            minute=begins + chance.uniform(0, _BRIGADE_LASTS),
            key=f"brigade-{number}",
            comment=f"b{what}",
            text=texts[-1 - what % len(texts)],
            revision="1",
            author=f"councillor-{what % 4}",
            story=BRIGADE_STORY,
            reader=f"brigade-{who}",
            reason="spam",
        )
