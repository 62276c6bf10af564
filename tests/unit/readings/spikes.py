"""What a detector finds in reports, what incidents keep and tell of it, and which are one."""

import json
from dataclasses import replace
from itertools import product
from typing import Any

from bot.domain.detection import incidents, settings
from bot.domain.detection.detector import JUMP, SAME_THREAD, Detector
from bot.domain.detection.events import Signal, Tier
from bot.domain.detection.incident_merging import SITE, IncidentMerging, Part
from bot.domain.detection.recent_reports import RecentReports, Seen
from bot.domain.detection.season import DAY, HOUR
from bot.domain.detection.thresholds import Budget
from tests.unit.readings.usuals import MONDAY, Sums, report

MINUTE = 60.0


def detected() -> Sums:
    """Yield what a detector finds in reports by crowds, late ones, and by a clock that is set."""
    detector = Detector(Budget(a_week=2.0), hourly=6.0)
    yield "not started", [detector.started(7.0), detector.now(5.0)]
    at = MONDAY
    for number in range(700):
        at += (HOUR, 11 * MINUTE, SAME_THREAD / 6, 30.0)[number % 4] if number % 90 < 60 else 9.0
        late = {200: JUMP, 210: JUMP + 1.0, 211: -JUMP, 300: 9 * HOUR}.get(number, 0.0)
        published = None if number % 11 == 0 else MONDAY + number * MINUTE
        seen = report(at - late, number, reader=f"r{number % 300}", published=published)
        weighed = detector.observe(seen, told=number % 13 == 0)
        if weighed.signals or number % 45 == 0 or late:
            yield (
                f"detected {number}",
                [
                    weighed.counted,
                    weighed.at - MONDAY,
                    weighed.signals,
                    weighed.hot,
                    [detector.threshold(tier) for tier in Tier],
                ],
            )
        for signal in weighed.signals:
            detector.alert(signal.tier, signal.key)
            if number % 2:
                detector.settle(signal.tier, signal.key)
                detector.false_alarm(signal.tier)
        if number == 500:
            detector.set_budget(Budget(a_week=0.3))
            yield "another budget", [detector.threshold(tier) for tier in Tier]
    for tier, key in (
        (Tier.STORY, "s1"),
        (Tier.COMMENTER, "a2"),
        (Tier.SITE, ""),
        (Tier.STORY, "x"),
    ):
        yield f"usual on {tier} {key}", [detector.usual(tier, key, at + h * HOUR) for h in (0, 9)]
    yield "started", [detector.started(7.0) - MONDAY, detector.now(at) - at]
    state = json.loads(json.dumps(detector.snapshot()))
    del state["_part"]
    again = Detector(Budget())
    again.restore(state)
    yield "an old detector", again.snapshot()["_part"]


def spikes() -> Sums:
    """Yield what incidents keep and tell, and which are one."""
    one = incidents.Incident(
        number=4,
        tier=Tier.STORY,
        key="s1",
        began=MONDAY,
        opened=MONDAY + 60.0,
        last=MONDAY + 90.0,
        usual=0.5,
        evidence=9.0,
        chance_weeks=3.0,
    )
    yield "an incident", one
    for number in range(90):
        at, hot = MONDAY + 90.0 + number, number in (3, 20, 21)
        if number == 20:
            one.stage = incidents.Stage.COOLING
        names = {"story": f"s{number % 67}", "comment": f"c{number * number % 80}"}
        one.add(report(at, number, **names), at - 7.0 * (number == 21), hot=hot)
        if number in (0, 1, 20, 21, 89):
            yield f"incident after {number}", [one.facts(30.0), one.readers(), one.closes - MONDAY]
    one.tell()
    yield "told", [one.told_reports, one.told_readers, one.shown_reports]
    yield "names", [len(one.stories), len(one.comments), one.reasons]
    packed = json.loads(json.dumps(one.pack()))
    yield "packed", packed
    yield "the same again", incidents.Incident.unpack(packed) == one
    for tier in Tier:
        yield f"closes {tier}", replace(one, tier=tier).closes - one.last
    lasting = [
        replace(one, opened=MONDAY + DAY * n, real=(None, True, False)[n % 3], hushed=n % 5 == 0)
        for n in range(-60, 9)
    ]
    lasting.append(replace(one, told_reports=0))
    for started, now in product((-58 * DAY, -DAY, 8 * DAY), (7 * DAY, 8 * DAY)):
        yield (
            f"record {started} {now}",
            settings.measure(lasting, started=MONDAY + started, now=MONDAY + now, budget=1.5),
        )
    mutes = settings.Mutes()
    for place, key in enumerate("abca"):
        mutes.put((Tier.STORY, key), 10.0 + place)
    yield "mutes", [*mutes]
    mutes.drop((Tier.STORY, "z"))
    mutes.expire(12.0)
    yield "mutes expired", [[*mutes], [(Tier.STORY, key) in mutes for key in "abc"]]


def merged() -> Sums:
    """Yield which spikes are one."""
    detector = Detector(Budget(), hourly=30.0)
    recent = RecentReports()
    for number in range(90):
        at = MONDAY + 20.0 * number
        # Of the last quarter most are on one story, and half of those by one author.
        late: dict[str, Any] = {"story": "s9", "author": f"b{number % 2}"} if number > 59 else {}
        seen = report(at, number, **late)
        recent.keep(seen, detector.observe(seen).at)
    merging = IncidentMerging(detector, recent)
    now = MONDAY + 20.0 * 90
    usual = replace(_incident(Tier.STORY, "s9", MONDAY), stage=incidents.Stage.OPEN)
    keys = [(Tier.STORY, "s9"), (Tier.STORY, "s1"), (Tier.COMMENTER, "b0"), (Tier.COMMENTER, "a2")]
    for (tier, key), back in product([*keys, SITE], (200.0, 599.0, 700.0, 1800.0)):
        signal = Signal(
            tier=tier, key=key, at=now, since=now - back, evidence=9.0, chance_weeks=2.0
        )
        open_ones = {
            pair: replace(usual, tier=pair[0], key=pair[1], opened=now - opened)
            for pair, opened in zip(keys, (0.0, 7 * HOUR, 6 * HOUR, 100.0), strict=True)
        }
        yield f"host of {tier} {key} {back}", _part(merging.host(signal, open_ones))
        site = _incident(Tier.SITE, "", now)
        for stage in incidents.Stage:
            going = {SITE: replace(site, stage=stage)}
            part = merging.host(signal, going)
            yield f"host of {tier} {key} {back} as it is {stage}", _part(part)
        for host in (SITE, keys[0]):
            found: list[Any] = []
            for here, away in product((0, 3, 4, 7, 8), (0, 1, 2, 4)):
                part = Part(host, signal, here, away)
                late_one = Seen(now, report(now, 1, story="s9"), new=False)
                found.append([here, away, merging.outgrown(part, late_one), part.here, part.away])
            yield f"outgrown {tier} {key} {back} {host[0]}", found
    for story, author in product((4, 5, 6), (4, 5, 6)):
        some = RecentReports()
        for number in range(10):
            names = {"story": "s9"} if number < story else {"story": f"x{number}"}
            names |= {"author": "b9"} if number >= 10 - author else {"author": f"y{number}"}
            some.keep(report(now, number, **names), now - 130.0 * number)
        asked = Signal(tier=Tier.SITE, key="", at=now, since=0, evidence=9.0, chance_weeks=2.0)
        one = IncidentMerging(detector, some).is_one_key(asked)
        yield f"one key of {story} and {author}", one
    for (tier, key), ahead in product([*keys, SITE], (6 * HOUR - 1.0, 6 * HOUR)):
        fresh = merging.is_fresh(_incident(tier, key, now), now + ahead)
        yield f"fresh {tier} {key} {ahead}", [fresh, merging.is_the_site((tier, key), now)]


def _part(part: Part | None) -> Any:
    return part and [*part.host, part.here, part.away]


def _incident(tier: Tier, key: str, opened: float) -> incidents.Incident:
    return incidents.Incident(
        number=1,
        tier=tier,
        key=key,
        began=opened,
        opened=opened,
        last=opened,
        usual=1.0,
        evidence=9.0,
        chance_weeks=2.0,
    )
