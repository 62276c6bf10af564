"""How well crowds that agreed to report are told from those that did not, on made-up readers.

Run as ``python tests/bench/spikes/brigades.py [--crowds 150] [--seed 1]``. The readers are made
after the study of coordinated reporting that the signals come from: blatant brigades (70 % new
accounts, 80 % from one place, 50 % one text), organised ones (60 aged accounts that acted
together five times before, 60 % of them each time), stealthy ones (150 accounts, three times,
35 %, no note and ordinary referrers), and organic pile-ons, which bring 33 % first-time reporters
and one dominant referrer too. Everything runs through the code that the desk runs.
"""

import argparse
import itertools
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.detection.brigades import Coordination, Sign, Suspicion
from bot.domain.detection.events import ReportEvent, Tier
from bot.domain.detection.recent_reports import RecentReports

SIZES = (5, 10, 20, 40)
SECTIONS, READERS = 8, 12_000
BACKGROUND = 15_000
"""Reports before the crowds come: about two weeks at 50 an hour."""
LESSONS = 30
"""Organic crowds that the site has had before."""
USUAL = {
    "": 0.45,
    "google.com": 0.2,
    "facebook.com": 0.12,
    "t.co": 0.08,
    "news.google.com": 0.07,
    "reddit.com": 0.05,
    "bing.com": 0.03,
}
ELSEWHERE = ("blog.example", "forum.example", "chat.example", "club.example")
STOCK = ("this is just disgusting", "please remove this comment", "ban him for good")
_STEP = 72.0
_GRADES = tuple(Suspicion)


class Level(StrEnum):
    """How a crowd came about."""

    ORGANIC = "organic"
    BLATANT = "blatant"
    ORGANISED = "organised"
    STEALTHY = "stealthy"


@dataclass(slots=True)
class Reader:
    """One reader; `quality` is the share of their reports that were in vain."""

    name: str
    section: int
    quality: float
    decided: int
    met: bool = False


@dataclass(slots=True)
class Town:
    """A site's readers and what they report; `newcomers` is the share of first-time reporters."""

    seed: int
    newcomers: float = 0.1
    targets: int = 3_000
    fame: float = 0.6
    dice: random.Random = field(init=False)
    readers: list[list[Reader]] = field(init=False)
    weights: list[list[float]] = field(init=False)
    names: Iterator[int] = field(default_factory=itertools.count)
    now: float = 1.7e9

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311 - a repeatable town, not a secret
        self.readers = [[] for _ in range(SECTIONS)]
        for number in range(READERS):
            self.readers[number % SECTIONS].append(self.reader(aged=True))
        self.weights = [
            list(itertools.accumulate(self.dice.paretovariate(1.5) for _ in section))
            for section in self.readers
        ]

    def reader(self, *, aged: bool, section: int = 0, poor: float = 0.44) -> Reader:
        """Return somebody new to the town."""
        quality = self.dice.betavariate(8 * poor, 8 * (1 - poor))
        decided = min(30, int(self.dice.expovariate(1 / 5))) if aged else 0
        return Reader(f"r{next(self.names)}", section, quality, decided)

    def regular(self, section: int) -> Reader:
        """Return one of a section's readers, the busy ones more often."""
        return self.dice.choices(self.readers[section], cum_weights=self.weights[section])[0]

    def aged(self, section: int) -> Reader:
        """Return one of a section's readers who has reported something before."""
        while not (who := self.regular(section)).met:
            pass
        return who

    def target(self, section: int) -> str:
        """Return a commenter of a section, the notorious ones more often."""
        rank = int(self.targets * self.dice.random() ** (1.0 / (1.0 - self.fame)))
        return f"t{section}-{rank}"

    def referrer(self) -> str:
        """Return where somebody came from."""
        return self.dice.choices(list(USUAL), weights=list(USUAL.values()))[0]

    def note(self) -> str:
        """Return what somebody wrote, mostly nothing."""
        draw = self.dice.random()
        if draw < 0.01:
            return self.dice.choice(STOCK)
        return f"words of my own {next(self.names)}" if draw < 0.2 else ""

    def report(
        self, who: Reader, target: str, *, referrer: str | None = None, note: str | None = None
    ) -> ReportEvent:
        """Return a report, a while after the last."""
        who.met = True
        self.now += self.dice.expovariate(1 / _STEP)
        rejected = sum(self.dice.random() < who.quality for _ in range(who.decided))
        return ReportEvent(
            at=self.now,
            story=f"s{int(self.now // 86_400)}",
            published=None,
            comment=f"c-{target}-{int(self.now // 3_600)}",
            author=target,
            reader=who.name,
            note=self.note() if note is None else note,
            referrer=self.referrer() if referrer is None else referrer,
            rejected=rejected,
            decided=who.decided,
        )

    def ordinary(self) -> ReportEvent:
        """Return a report that is part of no crowd."""
        section = self.dice.randrange(SECTIONS)
        if self.dice.random() < self.newcomers:
            who = self.reader(aged=False, section=section)
        else:
            who = self.regular(section)
        return self.report(who, self.target(section))


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """What a crowd did before, and its reports on the day."""

    target: str
    before: Sequence[ReportEvent]
    reports: Sequence[ReportEvent]


def crowd(town: Town, level: Level, size: int) -> Crowd:
    """Return a crowd of distinct readers."""
    make = {
        Level.ORGANIC: _organic,
        Level.BLATANT: _blatant,
        Level.ORGANISED: _organised,
        Level.STEALTHY: _stealthy,
    }
    return make[level](town, size)


def _organic(town: Town, size: int) -> Crowd:
    dice, section = town.dice, town.dice.randrange(SECTIONS)
    target = town.target(section)
    hosts = [host for host in USUAL if host]
    shares = [USUAL[host] for host in hosts]
    link = dice.choices(hosts, shares)[0] if dice.random() < 0.7 else dice.choice(ELSEWHERE)
    drawn = 0.4 + 0.3 * dice.random()
    newcomers = max(town.newcomers, 1 / 3)
    members: dict[str, Reader] = {}
    while len(members) < size:
        new = dice.random() < newcomers
        who = town.reader(aged=False) if new else town.aged(section)
        members[who.name] = who
    return Crowd(
        target=target,
        before=(),
        reports=[
            town.report(who, target, referrer=link if dice.random() < drawn else None)
            for who in members.values()
        ],
    )


def _blatant(town: Town, size: int) -> Crowd:
    dice, section = town.dice, town.dice.randrange(SECTIONS)
    target, link = town.target(section), dice.choice(ELSEWHERE)
    text = f"he breaks every rule {next(town.names)}"
    members: dict[str, Reader] = {}
    while len(members) < size:
        new = dice.random() < 0.7
        who = town.reader(aged=False) if new else town.aged(section)
        members[who.name] = who
    return Crowd(
        target=target,
        before=(),
        reports=[
            town.report(
                who,
                target,
                referrer=link if dice.random() < 0.8 else None,
                note=text if dice.random() < 0.5 else None,
            )
            for who in members.values()
        ],
    )


def _organised(town: Town, size: int) -> Crowd:
    dice = town.dice
    text, link = f"he must be gone now {next(town.names)}", dice.choice(ELSEWHERE)
    ring = [town.reader(aged=True, poor=0.6) for _ in range(60)]
    target = town.target(dice.randrange(SECTIONS))
    return Crowd(
        target=target,
        before=_past(town, ring, operations=5, turnout=0.6),
        reports=[
            town.report(
                who,
                target,
                referrer=link if dice.random() < 0.2 else None,
                note=text if dice.random() < 0.2 else None,
            )
            for who in dice.sample(ring, size)
        ],
    )


def _stealthy(town: Town, size: int) -> Crowd:
    ring = [town.reader(aged=True, poor=0.52) for _ in range(150)]
    target = town.target(town.dice.randrange(SECTIONS))
    return Crowd(
        target=target,
        before=_past(town, ring, operations=3, turnout=0.35),
        reports=[town.report(who, target, note="") for who in town.dice.sample(ring, size)],
    )


def _past(
    town: Town, ring: Sequence[Reader], *, operations: int, turnout: float
) -> list[ReportEvent]:
    """Return what a ring's accounts did before: each for itself, and now and then together."""
    dice = town.dice
    reports = [
        town.report(who, town.target(dice.randrange(SECTIONS)))
        for who in ring
        for _ in range(dice.randint(2, 8))
    ]
    for number in range(operations):
        victim = f"victim{next(town.names)}-{number}"
        reports += [town.report(who, victim) for who in ring if dice.random() < turnout]
    return reports


# -- judging


def settled(town: Town, reports: int = BACKGROUND, lessons: int = LESSONS) -> RecentReports:
    """Return what a site remembers that took so many reports and had so many organic crowds."""
    recent = RecentReports()
    for _ in range(reports):
        one = town.ordinary()
        recent.keep(one, one.at)
    for _ in range(lessons):
        lesson = crowd(town, Level.ORGANIC, town.dice.choice(SIZES))
        judged(recent, lesson, (), over=True)
    return recent


def judged(
    recent: RecentReports, seen: Crowd, sizes: Sequence[int], *, over: bool = False
) -> list[Coordination]:
    """Return the verdicts as a crowd grows."""
    for one in seen.before:
        recent.keep(one, one.at)
    verdicts: list[Coordination] = []
    pair, since = (Tier.COMMENTER, seen.target), seen.reports[0].at
    for number, one in enumerate(seen.reports, start=1):
        recent.keep(one, one.at)
        if number in sizes:
            found = recent.assess(pair, since, over=False)
            assert found is not None
            verdicts.append(found)
    if over:
        recent.assess(pair, since, over=True)
    return verdicts


Verdicts = dict[Level, list[list[Coordination]]]


def judge(town: Town, recent: RecentReports, crowds: int) -> Verdicts:
    """Return the verdicts on so many crowds of each level, each met by the same memory.

    Of organic ones there are four times as many, as what is wanted of them is in parts of 100.
    """
    memory = recent.snapshot()
    verdicts: Verdicts = {level: [] for level in Level}
    for level in Level:
        for _ in range(4 * crowds if level is Level.ORGANIC else crowds):
            recent.restore(memory)
            verdicts[level].append(judged(recent, crowd(town, level, SIZES[-1]), SIZES))
    return verdicts


def part(found: Sequence[Coordination], least: Suspicion) -> float:
    """Return the part of verdicts that are at least so."""
    return sum(_grade(one) >= _GRADES.index(least) for one in found) / len(found)


def above(crowds: Sequence[float], organic: Sequence[float]) -> float:
    """Return the AUC: how often a brigade's figure is above an organic crowd's."""
    wins = sum((one > other) + 0.5 * (one == other) for one in crowds for other in organic)
    return wins / (len(crowds) * len(organic))


def _grade(found: Coordination) -> int:
    return _GRADES.index(found.suspicion)


def _weight(found: Coordination, sign: Sign) -> float:
    return next((clue.weight for clue in found.clues if clue.sign is sign), 0.0)


def rows(verdicts: Verdicts) -> Iterator[str]:
    """Give a table of what was found, a line a size and level; the last, in any of the looks.

    The signals' columns are the AUC of what an editor is told, which begins at a weight of 1.
    """
    yield "| n | level | AUC of the sum | " + " | ".join(Sign) + " | possible | likely |"
    yield "|---" * (5 + len(Sign)) + "|"
    for place, size in enumerate(SIZES):
        organic = [found[place] for found in verdicts[Level.ORGANIC]]
        for level in Level:
            here = [found[place] for found in verdicts[level]]
            sums = ["", *("" for _ in Sign)]
            if level is not Level.ORGANIC:
                sums = [f"{above([f.score for f in here], [f.score for f in organic]):.2f}"]
                sums += [
                    f"{above([_weight(f, s) for f in here], [_weight(f, s) for f in organic]):.2f}"
                    for s in Sign
                ]
            shares = (part(here, Suspicion.POSSIBLE), part(here, Suspicion.LIKELY))
            cells = [str(size), level, *sums, *(f"{share:.1%}" for share in shares)]
            yield f"| {' | '.join(cells)} |"
    for level in Level:
        gravest = [max(found, key=_grade) for found in verdicts[level]]
        shares = (part(gravest, Suspicion.POSSIBLE), part(gravest, Suspicion.LIKELY))
        blanks = ["" for _ in Sign]
        cells = ["ever", level, "", *blanks, *(f"{share:.1%}" for share in shares)]
        yield f"| {' | '.join(cells)} |"


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--crowds", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    start = time.perf_counter()
    seed = given.seed
    for name, town, reports, lessons in (
        ("A site in its third week", Town(seed), BACKGROUND, LESSONS),
        ("A desk on its first day", Town(seed), 300, 0),
        ("A site where most have no account", Town(seed, newcomers=0.8), BACKGROUND, LESSONS),
        ("A small town, where few are reported", Town(seed, fame=0.8), BACKGROUND, LESSONS),
    ):
        recent = settled(town, reports, lessons)
        _say(f"\n{name}, {given.crowds} crowds a level\n")
        for row in rows(judge(town, recent, given.crowds)):
            _say(row)
    _say(f"\n{time.perf_counter() - start:.0f} s")
    return 0


def _say(line: str) -> None:
    print(line)  # noqa: T201 - a bench's result


if __name__ == "__main__":
    sys.exit(main())
