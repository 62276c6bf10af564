"""What each part of the detector begins with, and what is usual after a few reports."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from itertools import product
from typing import Any, cast

from bot.domain.detection import evidence
from bot.domain.detection.baselines import Commenters, Share, Stories, Table
from bot.domain.detection.detector import Detector
from bot.domain.detection.events import ReportEvent, Tier
from bot.domain.detection.incident_merging import SITE
from bot.domain.detection.recent_reports import KEPT, RecentReports
from bot.domain.detection.reporter_overlap import APART, RING, Readers
from bot.domain.detection.season import DAY, HOUR, LONGEST_WALK, Season
from bot.domain.detection.surge import SAMPLE, Surge
from bot.domain.detection.thresholds import Budget, Estimate, Tail
from bot.domain.detection.watch import Watch

MONDAY = 4 * DAY  # of 1970, so that moments are short
MINUTE = 60.0
Sums = Iterator[tuple[str, Any]]


def report(at: float, number: int = 0, **more: Any) -> ReportEvent:
    """Return one of some readers' reports on some comments."""
    usual = ReportEvent(
        at=at,
        story=f"s{number % 3}",
        published=MONDAY - HOUR * (number % 5),
        comment=f"c{number % 7}",
        author=f"a{number % 4}",
        reader=f"r{number}",
        reason=("hate", "insult", "")[number % 3],
        note=("", "Vote it down now", "no")[number % 3],
        referrer=("", "forum.example")[number % 2],
        rejected=number % 4,
        decided=4,
    )
    return replace(usual, **more)


PARTS = (
    Season, Surge, Tail, Table, Share, Stories, Commenters, Readers, RecentReports, Detector,
    evidence.KeyTier,
)  # fmt: skip
MOST_IN_A_LIST = 40


def state(thing: Any) -> Any:
    """Return what a part holds; of parts in it, what these hold, and of long lists what is in them."""
    if isinstance(thing, PARTS):
        return {name: state(one) for name, one in vars(thing).items() if name != "_season"}
    if isinstance(thing, list):
        some = cast("list[Any]", thing)
        return dict(_filled(some)) if len(some) > MOST_IN_A_LIST else some
    if isinstance(thing, dict):
        return {key: state(one) for key, one in cast("dict[Any, Any]", thing).items()}
    return "a function" if callable(thing) else thing


def _filled(some: list[Any]) -> Iterator[tuple[int, Any]]:
    return ((place, one) for place, one in enumerate(some) if one)


def beginnings() -> Sums:
    """Yield what each part begins with."""
    track = evidence.Track(at=1.0, phi=2.0, born=3.0)
    yield "a track begins", track.pack()
    season = Season(18.0)
    for part in (
        season,
        Surge(season),
        evidence.KeyTier(alpha=0.7, pull=0.9, memory=40.0, forget=9.0, most=2),
        Tail(width=0.5, slope=1.0, trust=2.0, span=3.3),
        Table(3, keep=0.5, start=7.0),
        RecentReports(),
        Detector(Budget()),
        Detector(Budget(a_week=2.0), hourly=7.0),
    ):
        yield f"{type(part).__name__} begins", state(part)
    watch = Watch(Budget())
    yield "a watch begins", [watch.record(MONDAY), watch.usual(Tier.SITE, "", MONDAY)]


def seasons() -> Sums:
    """Yield how a site's rate follows reports, nights, outages and clocks that are set."""

    def offset(at: float) -> float:
        return 5.5 * HOUR if at < MONDAY + 2 * DAY else 4.5 * HOUR

    season = Season(12.0, offset)
    steps: list[tuple[float, int]] = [(600.0 * n, n % 4) for n in range(-2, 30, 3)]
    steps += [(6 * HOUR + 1200.0 * n, 1 + n % 2) for n in range(220)]
    steps += [(80 * HOUR, 900), (81 * HOUR, 0), (83 * HOUR - 1.0, 0), (85 * HOUR, 0)]
    steps += [(89 * HOUR, 3), (89 * HOUR, 2), (88 * HOUR, 1), (95 * HOUR, 1), (5 * DAY, 0)]
    steps += [(5 * DAY + 1200.0 * n, n % 3) for n in range(80)]
    for place, (after, count) in enumerate(steps):
        season.advance(MONDAY + after)
        for number in range(count):
            season.count(*([0.5] if number == 1 else []))
        if place % 12 == 0 or after > 79 * HOUR:
            kept = season.snapshot()
            told = {name: kept[name] for name in kept if not isinstance(kept[name], list)}
            yield f"season {place}", told
    yield "cells", state(season)
    season.set_back(HOUR)
    yield "set back", [season.usual(season.now + ahead * HOUR) for ahead in range(0, 168, 7)]
    yield "it is", [season.weekly(), season.average(), season.fano(), season.shift]
    for level, hours in product((0.5, 1.0, 2.0), (0.0, 1.99, 2.0, 2.01, 3.0, 4.0, 7.0, 12.0, 25.0)):
        season.level = level
        later = deepcopy(season)
        later.advance(season.now + hours * HOUR)
        yield f"silent {level} {hours}", [later.hours, later.level, later.phi, later.plain]
    for prior, hour, hours in product((0.8, 16.0, 25.0, 60.0), (0, 9, 12), (1.99, 2.0, 3.0, 4.0)):
        young = Season(prior)
        young.advance(MONDAY + hour * HOUR)
        young.advance(MONDAY + (hour + hours) * HOUR)
        yield f"silent at first {prior} {hour} {hours}", [young.hours, young.plain, young.spread]
    crowded, quiet = Season(4.0), Season(0.0)
    for hour in range(78):
        for one in (crowded, quiet):
            one.advance(MONDAY + hour * HOUR)
        crowded.count(90.0 if hour > 69 else 3.0)
        yield f"crowded {hour}", [crowded.hours, crowded.average(), crowded.level, crowded.spread]
    yield "nobody expected", [quiet.hours, quiet.phi, quiet.rate, quiet.average()]
    for by in (-1.0, 0.0, 1.0):
        dead = Season(0.001)
        dead.advance(MONDAY)
        dead.advance(MONDAY + LONGEST_WALK + by)
        yield f"longest walk {by}", [dead.hours, dead.phi, dead.plain]


def tails() -> Sums:
    """Yield the thresholds that peaks, labels and budgets ask for."""
    tail = Tail(width=0.25, slope=0.75, trust=12.0, span=2.5)
    for step in range(1, 9):
        for number in range(9 * step):
            tail.move(None, number * 0.61 % 13.0)
        tail.move(3.0, 3.3)
        tail.move(1e9, None)
        tail.move(-2.0, 99.0)
        tail.age((0.5, 0.5, 1.0, 3.0)[step % 4])
        if step in (4, 6):
            tail.label()
        limits = (0.3, 6.0, 11.9, 12.0, 50.0)
        yield f"tail {step}", [tail.threshold(0.45, one) for one in limits]
    for many, at, rest in product((9, 10, 39, 40, 2000), (9.6, 9.5, 9.0), (0, 30)):
        tail = Tail(width=0.25, slope=0.75, trust=12.0, span=2.5)
        tail.age(1.0)
        for number in range(many + rest):
            tail.move(None, at if number < many else 4.0 + number % 20 / 10.0)
        yield f"tail of {many} at {at} and {rest}", tail.threshold(0.45, 12.0)
    yield "same bin", [tail.same_bin(3.0, other) for other in (2.99, 3.0, 3.2, 3.25, -1.0)]
    yield "tail", tail.snapshot()
    estimates = (
        Estimate(value=60.0, peaks=90.0, labelled=30.0),
        None,
        *(
            Estimate(value=v, peaks=p, labelled=n)
            for v, p, n in ((9.0, 25.0, 0.0), (15.0, 80.0, 2.0))
        ),
        Estimate(value=2.6, peaks=9.0, labelled=30.0),
    )
    for tier, hourly, a_week in product(Tier, (0.1, 4.0, 6.0, 30.0, 90.0), (0.5, 1.0, 3.0)):
        budget = Budget(a_week=a_week)
        limits = [
            budget.threshold(tier, weekly=168 * hourly, measured=one, new=new)
            for one in estimates
            for new in (False, True)
        ]
        share = budget.share(tier, 168 * hourly)
        yield f"{tier} of {hourly} an hour for {a_week}", [share, *limits]


def tracks() -> Sums:
    """Yield how the evidence on keys climbs, fades and is told."""
    tier = evidence.KeyTier(alpha=0.4, pull=0.8, memory=3.0, forget=2 * HOUR, most=2)
    track = tier.begin("k", at=MONDAY, phi=1.0, born=MONDAY - HOUR)
    at, phi = MONDAY, 1.0
    gaps = [300.0, 60.0, 0.0, 5.0, 5.0, 5.0, HOUR, 20.0, 3 * HOUR, *[4.0] * 30, 9 * HOUR, 70.0]
    for place, gap in enumerate([*gaps, HOUR + 1.0, 40.0, *[3.0] * 9, DAY, 8.0, 8.0]):
        at, phi = at + gap, phi + gap / 400.0
        arrival = evidence.Arrival(at, phi, 0.003, 0.25, place % 5 == 1, place * place % 29)
        yield f"weighed {place}", [tier.weigh(track, arrival, 0.05), *track.pack()]
        if place in (20, 35, 48):
            tier.alert(track)
        if place in (38, 50):
            tier.settle("k")
            yield f"settled {place}", track.pack()
        if place == 41:
            tier.rescale(0.5)
            yield "scaled", track.pack()
    never = evidence.Arrival(at, phi, 0.0, 0.25, False, 1)
    yield "where nothing is expected", [tier.weigh(track, never, 0.0), *track.pack()]
    yield "liking", tier.liking(track)
    tier.settle("nobody")
    yield "born", tier.rejuvenate(5.0)
    yield "peaks", [[at, count] for at, count in enumerate(_peaks(tier)) if count]
    for key in ("l", "k", "m"):
        found = tier.find(key) or tier.begin(key, at=at, phi=phi, born=at)
        yield f"after {key}", [len(tier), found.since, [one for one, _ in _tracks(tier)]]
    old = evidence.Track.unpack(track.pack()[:14])
    yield "an old track", old.pack()


def _peaks(tier: evidence.KeyTier) -> list[float]:
    kept: Any = tier.snapshot()["tail"]
    return kept[2]


def _tracks(tier: evidence.KeyTier) -> list[Any]:
    kept: Any = tier.snapshot()["tracks"]
    return kept


def surges() -> Sums:
    """Yield how a site's evidence follows its reports."""
    for hourly in (3.0, 40.0, 900.0):
        season = Season(hourly)
        season.first = 0.8
        surge = Surge(season)
        at = MONDAY
        for step in range(260):
            at += (HOUR, HOUR, SAMPLE, 3.0, 1.0)[step % 5] if step % 60 < 45 else 2.0
            season.advance(at)
            season.count()
            one = surge.weigh(at, reader=step % 256, echo=step % 3 == 1)
            if step == 50:
                one = surge.weigh(at, weight=3.0)
            if step in (58, 190):
                surge.alert()
            if step in (70, 200):
                surge.settle()
            if step in (110, 111):
                surge.excuse()
            if step == 120:
                surge.distrust()
            if step % 12 == 0 or step in (51, 59, 71, 112, 121, 191, 201):
                kept = surge.snapshot()
                peaks = [[at, count] for at, count in enumerate(kept.pop("tail")[2]) if count]
                yield f"surge {hourly} {step}", [one, surge.wanted(), surge.beyond, kept, peaks]


def first_surges() -> Sums:
    """Yield what of a site's evidence depends on when its first and its next reports come."""
    for hourly, before, pause in product((3.0, 90.0), (0.0, 11 * HOUR - 0.5), (1799.0, 1800.0)):
        season = Season(hourly)
        season.advance(MONDAY)
        surge = Surge(season)
        at = MONDAY + before
        for step in range(70):
            season.advance(at)
            one = surge.weigh(at, reader=step)
            kept = surge.snapshot()
            if step < 4 or step > 58:
                told = [kept[name] for name in ("_due", "_came", "since", "reports", "readers")]
                yield f"first surge {hourly} {before} {pause} {step}", [one, *told]
            at += pause if step == 60 else 1.0 if step < 4 else 0.25


def what_is_usual() -> Sums:
    """Yield what is usual of stories, commenters, referrers and notes."""
    stories = Stories()
    for step in range(6):
        stories.advance(MONDAY + step * 5 * HOUR)
        for number in range(step):
            stories.add(MONDAY + number * 9 * HOUR)
        at = MONDAY + 30 * HOUR
        yield f"stories {step}", [*stories.snapshot(), stories.share(MONDAY, at)]
    stories.rejuvenate([MONDAY, MONDAY + 9 * HOUR], MONDAY + 8 * HOUR)
    yield "stories again", stories.snapshot()
    commenters = Commenters()
    for number in range(1200):
        commenters.add(f"a{number % 1000}")
        if number in (0, 1, 9, 99, 400, 640, 700, 1199):
            yield f"commenters {number}", [commenters.known(), commenters.share()]
    yield "registers", commenters.snapshot()
    share = Share(1.0, 4.0, keep=0.9)
    for hit in (1.0, 0.0, 0.5, 1.0):
        share.learn(hit)
        yield f"share of {hit}", [share.mean, share.snapshot()]
    for keep, most in product((0.5, 1e-30), (1, 3)):
        table = Table(most, keep=keep, start=2.0)
        for place, name in enumerate(["a", "b", "a", "", "c", "d", "a", "e", "e"]):
            table.add(name)
            yield f"table {keep} {most} {place}", [table.share("a"), table.snapshot()]


def pasts() -> Sums:
    """Yield how the pasts of readers overlap, and what brigades are seen in reports."""
    readers = Readers()
    at = 0.0
    for number in range(150):
        at += (APART / 9, APART, APART + 1.0)[number % 3]
        new = readers.add(f"r{number % 9}", f"t{number * number % 23}", at)
        if number % 10 == 0:
            kept = readers.snapshot()
            yield f"pasts {number}", [new, kept["pairs"], kept["last"][-3:], kept["degrees"][-3:]]
    for number in range(RING + 4):
        readers.add("busy", f"u{number}", at)
    for some, without in product((0, 1, 2, 5, 9), ((), ("t0", "t1"))):
        crowd = [f"r{number}" for number in range(some)]
        yield f"bond {some} {without}", readers.bond([*crowd, "busy", "nobody"], without)
    yield "pasts", readers.snapshot()
    kept = readers.snapshot()
    again = Readers()
    again.restore({"targets": kept["targets"], "degrees": kept["degrees"]})
    yield "old pasts", again.snapshot()
    recent = RecentReports()
    for number in range(120):
        recent.keep(report(MONDAY, number % 50), MONDAY + 9.0 * number)
    pairs = [SITE, *((tier, key) for tier, key in ((Tier.STORY, "s1"), (Tier.COMMENTER, "a2")))]
    for pair, since, over in product(pairs, (0.0, 500.0, 1071.0, 1072.0), (False, True)):
        found = recent.assess(pair, MONDAY + since, over=over)
        yield f"assessed {pair} {since} {over}", found
        yield f"of {pair} {since}", [one.at - MONDAY for one in recent.of(pair, MONDAY + since)[:3]]
    yield "usual", recent.snapshot()["usual"]
    yield "kept", recent.snapshot()["recent"][-3:]
    first = recent.snapshot()["recent"][0][0]
    for by in (0.0, 9.0):
        recent.keep(report(first, 3, decided=0), first + KEPT + by)
        yield f"kept {by}", [len(recent.snapshot()["recent"]), recent.snapshot()["usual"]]
    old = RecentReports()
    old.restore({name: recent.snapshot()[name] for name in ("readers", "recent")})
    yield "old reports", old.snapshot()["usual"]
