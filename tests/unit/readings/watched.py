"""What a watch says and keeps as spikes come, cool, end and come again, and what editors say."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.domain.detection.detector import JUMP, SAME_THREAD, Detector
from bot.domain.detection.events import ReportEvent, Tier
from bot.domain.detection.incidents import CLOSE_AFTER, COOL_AFTER, REOPEN_WITHIN, Notice
from bot.domain.detection.season import DAY, HOUR
from bot.domain.detection.thresholds import Budget
from bot.domain.detection.watch import Watch
from tests.unit.readings.usuals import MONDAY, Sums, report

QUIET_HOURS = 30 * 24
NOON = MONDAY + QUIET_HOURS * HOUR


def crowd(at: float, many: int, first: int = 0, **more: Any) -> Iterator[ReportEvent]:
    """Yield reports that come in the same moment, each of another reader."""
    for number in range(first, first + many):
        yield report(at, number, **{"author": f"w{number}", "comment": f"w{number}", **more})


def exact_moments() -> Sums:
    """Yield what a detector does with what comes just when something ends."""
    detector = Detector(Budget(), hourly=2.0)
    for place, at in enumerate((0.0, SAME_THREAD, 2 * SAME_THREAD - 1.0, 12 * HOUR - JUMP - 1.0)):
        weighed = detector.observe(report(MONDAY + at, place, comment="one"))
        yield f"just then {place}", [weighed, detector.snapshot()["_follows"]]
    back = detector.season.now - JUMP
    for place, at in enumerate((back, back - 1.0)):
        weighed = detector.observe(report(at, 9 + place))
        yield f"just back {place}", [weighed, detector.season.shift]
    detector = Detector(Budget(), hourly=2.0)
    for hour in range(8 * 24):
        at = MONDAY + hour * HOUR
        detector.observe(report(at, 90 + hour, comment=f"h{hour}", story=f"h{hour % 20}"))
        if hour % 24 == 0:
            yield f"hour {hour}", [detector.threshold(tier) for tier in Tier]
        if hour in (71, 72):
            for number, seen in enumerate(crowd(at, 7, 100 * hour, story=f"burst{hour}")):
                yield f"few at {hour} {number}", detector.observe(seen).signals
            for number, seen in enumerate(crowd(at, 25, 200 * hour)):
                found = detector.observe(seen)
                yield f"many at {hour} {number}", [found.signals, found.hot]


def watched() -> Sums:
    """Yield what is said of spikes, and kept of them."""
    watch = Watch(Budget(a_week=2.0))
    for hour in range(QUIET_HOURS):
        at = MONDAY + hour * HOUR
        usual = report(at, 5000 + hour % 50, comment=f"h{hour}", story=f"h{hour % 70}", author="")
        watch.observe(usual)

    def told(name: str, reports: Iterator[ReportEvent]) -> Sums:
        for number, seen in enumerate(reports):
            said = watch.observe(seen)
            if said:
                yield f"{name} {number}", _said(said)

    yield from told("burst", crowd(NOON, 26, story="hot"))
    yield from told("of one author", crowd(NOON + 60.0, 20, 30, story="hot", author="loud"))
    for after in (COOL_AFTER - 1.0, COOL_AFTER, COOL_AFTER + 1.0):
        yield f"cools {after}", _said(watch.tick(NOON + 60.0 + after))
    yield from told("goes on", crowd(NOON + HOUR, 3, 60, story="hot"))
    ends = NOON + HOUR + CLOSE_AFTER[Tier.STORY]
    yield "judged", [watch.judge(n, real=real) for n, real in ((1, False), (1, False), (99, True))]
    yield "false alarms", watch.snapshot()["detector"]["tiers"]["story"]["tail"][1]
    for after in (-1.0, 0.0, 1.0):
        yield f"ends {after}", _said(watch.tick(ends + after))
    yield "judged again", [watch.judge(1, real=True), watch.judge(1, real=False)]
    again = ends + REOPEN_WITHIN
    yield from told("again", crowd(again, 30, 70, story="hot"))
    yield "ends again", _said(watch.tick(again + DAY))
    yield from told("too late", crowd(again + 2 * DAY, 30, 170, story="hot"))
    # An earlier time on the wall's clock: from here on it runs behind.
    late = again + 2 * DAY - 3 * HOUR
    yield from told("clock back", crowd(late, 1, 300, story="hot"))
    watch.mute(Tier.STORY, "loud", late + HOUR)
    watch.mute(Tier.STORY, "hot", late + 9 * HOUR)
    watch.mute(Tier.COMMENTER, "x", late + 2 * HOUR)
    watch.unmute(Tier.COMMENTER, "x")
    yield "mutes", watch.mutes()
    yield from told("muted", crowd(late + HOUR - 1.0, 20, 400, story="loud"))
    yield from told("goes on muted", crowd(late + HOUR, 30, 500, story="loud"))
    yield "mutes later", watch.mutes()
    wide = (seen for part in range(9) for seen in crowd(late + 2 * HOUR, 9, 1000 + 9 * part))
    yield from told("wide", wide)
    yield from told("of it", crowd(late + 2 * HOUR + 1.0, 70, 2000, story="part"))
    yield "ends apart", _said(watch.tick(late + 4.5 * HOUR))
    yield "all end", _said(watch.tick(late + DAY))
    yield "incidents", [[one.number, one.stage, one.reports] for one in watch.incidents()]
    yield "record", [watch.record(late + days * DAY) for days in (1, 40, 70)]
    yield "usual", [watch.usual(Tier.SITE, "", late + hour * HOUR) for hour in (0, 5, 11)]
    state = watch.snapshot()
    yield "numbered", [state["number"], state["mutes"]]
    other = Watch(Budget())
    other.restore(state)
    yield "numbered on", [_said(other.observe(seen)) for seen in crowd(late + 2 * DAY, 30, 3000)]


def _said(notices: Sequence[Notice]) -> list[Any]:
    return [[one.kind, one.at, one.aloud, one.facts] for one in notices]
