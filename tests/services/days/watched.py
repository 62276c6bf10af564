"""What the desk asks sites for, replays, sums up and tries again by itself."""

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.domain.alerts import AlertId, Reach
from bot.domain.comments import Parent, Story
from bot.domain.decisions import Action, Door
from bot.domain.effects import EffectKind
from bot.domain.errors import SiteDown
from bot.domain.ids import ReporterKey, RuleNumber, SiteId
from bot.domain.rehearsal import Recording
from bot.domain.reporters import UnfoundedRules
from bot.domain.sayings import Reminder, ReminderKind
from bot.domain.site import Seen
from bot.services.alerts import delivery, digest
from bot.services.alerts.notifications import HELD
from bot.services.alerts.spike_worker import restore
from bot.services.cases import rehearse
from bot.services.cases.receive import receive
from bot.services.cases.reverse import amend, reverse
from bot.services.outbox_worker import turn
from bot.services.readers import report as readers_report
from bot.services.sites.poll import ask, watch_site
from bot.services.staff.reminders import reminder_lane
from bot.services.stories import story
from bot.store.sqlite import open_store
from bot.store.tx import Tx
from tests.services.days.hours import some_turns
from tests.services.days.people import AUTHORITY, drawn, how_said, report, takes
from tests.services.days.told import Day, plain
from tests.services.desks import ANA, BEN, SAM, Bench
from tests.services.newsdesk import BOTH, Newsdesk
from tests.services.outside import Phone
from tests.services.sites.test_poll import Platform, watch
from tests.support.fresh import new_desk

COURIER = SiteId("courier")
ALERTS = (
    EffectKind.ALERT,
    EffectKind.REPLY,
    EffectKind.THREAD,
    EffectKind.BULLETIN,
    EffectKind.ROAD,
)


class Newsroom(Bench):
    """A desk with an editor, that counts unfounded reports."""

    @property
    def desk(self):
        return replace(super().desk, authority=AUTHORITY)


def desk(bench: Bench) -> Bench:
    """Return the desk of this day."""
    usual = bench.policy
    unfounded = UnfoundedRules(warned=1, last=2, more=1, days=3)
    alerts = replace(usual.alerts, most_an_hour=1, digest_at=time(8))
    changed = replace(usual, unfounded=unfounded, alerts=alerts)
    return Newsroom(bench.store, bench.clock, changed)


async def told(day: Day) -> None:
    """Go through the day."""
    await _polled(day)
    await _uncounted(day)
    await _alarmed(day)
    await _gone(day)
    await _spikes(day)
    await _replayed(day)


async def _polled(day: Day) -> None:
    at, bench = day.bench.desk, day.bench
    site = Platform(had=[report(bench, number, author=f"a{number}") for number in range(1, 6)])
    poller = watch(site)
    await day.do("the site is asked", ask(at, poller))
    await day.do("and again", ask(at, poller))
    site.had += [report(bench, 5, author="a5"), report(bench, 6, author="a6", reader=12)]
    site.unread = frozenset({"one", "x" * 300, "half \ud800"})
    await day.do("some cannot be read", ask(at, poller))
    day.lines.append(f"state {poller.state!r}, asked {site.asked}")
    seen = Seen(comment_id="c1", visible=False, by="Pat", at=bench.clock.now)
    edited = replace(report(bench, 3, author="a3", revision="r2", text="Edited.").comment)
    site.seen = [
        seen,
        replace(seen, comment_id="c2", visible=True, by=None),
        replace(seen, comment_id="c3", visible=None, comment=edited),
        replace(seen, comment_id="c4", unwritten=True),
    ]
    day.bench.clock.pass_by(minutes=7)
    await day.do("what was done there is followed", ask(at, poller))
    await day.do("it is known", ask(at, poller))
    for name, down, breaks in (
        ("it is down", SiteDown("It answered 503."), None),
        ("it wants to be left alone", SiteDown("Later.", timedelta(seconds=99)), None),
        ("its answer is nonsense", None, ValueError("No.")),
        ("it is there", None, None),
    ):
        site.down, site.breaks = down, breaks
        poller.ping.set()
        await some_turns(day, name, watch_site(at, poller), 1)
        day.lines.append(f"state {poller.state!r}")


async def _uncounted(day: Day) -> None:
    """Let a reader report in vain until their reports do not count any more."""
    at, bench = day.bench.desk, day.bench
    reader = ReporterKey(b"in vain".ljust(16, b"."))
    for number in range(20, 26):
        about = replace(report(bench, number, author=f"b{number}"), reporter=reader)
        about = replace(about, rule=RuleNumber(1 + number % 3), note="Bad.")
        filed = await day.do(f"they report {number}", readers_report.file_report(at, about, "en"))
        assert filed
        await takes(day, number, author=f"b{number}", reader=number)
        again = replace(about, delivery=f"again-{number}", rule=RuleNumber(9))
        await day.do("and for another reason", receive(at, [again]))
        case = await day.bench.store.read(lambda tx, n=number: tx.cases.find(COURIER, f"c{n}"))
        assert case
        await day.do(f"Ana keeps {number}", bench.decide(case.id, Action.KEEP))
        await day.do("what they are told", readers_report.look_up(at, filed.secret))
        bench.clock.pass_by(hours=1)
        if number == 23:
            undone = reverse(at, case.id, by=ANA, door=Door.BUTTON)
            await day.do("Ana was mistaken", undone)
            await day.do("Ben hides it", bench.decide(case.id, Action.HIDE, by=BEN))
            await day.do(
                "by another rule", amend(at, case.id, RuleNumber(7), by=BEN, door=Door.SLASH)
            )
            await day.do("what they are told", readers_report.look_up(at, filed.secret))
            await day.do("they take it back", readers_report.withdraw(at, filed.secret))
    state = story.StateChange(site=COURIER, story_id="s1", state=story.StoryState.PROTECTED)
    await day.do("the story is protected", story.mark(at, state, by=SAM))
    secrets = list[str]()
    for number, by, rule in ((50, 1, 3), (51, 1, 3), (51, 2, 3), (51, 3, 2)):
        said = report(bench, number, author="w", reader=by, rule=RuleNumber(rule))
        filed = await day.do(
            f"reader {by} reports {number}", readers_report.file_report(at, said, "en")
        )
        assert filed
        secrets.append(filed.secret)
    for secret in secrets:
        await day.do("a report is taken back", readers_report.withdraw(at, secret))
    await takes(day, 50, author="w", reader=9, again="50 is reported anew")
    bench.clock.pass_by(days=4)
    late = replace(report(bench, 30, author="b30"), reporter=reader)
    await day.do("it counts again", receive(at, [late]))
    await day.do("how it was settled", rehearse.settled(bench.store))


async def _alarmed(day: Day) -> None:
    """Let a threat to a life be reported, of which editors hear by every road."""
    at, board, phone = day.bench.desk, day.board(), Phone()
    parent = Parent(author="Mary", text="Where?")
    threat = report(day.bench, 40, author="t", text="I know where you live.", reader=70)
    threat = replace(
        threat,
        rule=RuleNumber(1),
        note="A threat.",
        comment=replace(threat.comment, parent=parent),
        story=replace(threat.story, section="Crime", published=day.bench.clock.now),
    )
    await takes(day, 40, what=threat, again="a threat")
    await drawn(day, board)
    for _ in range(3):
        await day.do("editors are called", turn(reminder_lane(at, board, phone)))
    bare = replace(threat, comment=replace(threat.comment, external_id="c41"), delivery="m41")
    await takes(day, 41, what=bare, again="another, whose card is late")
    await some_turns(day, "its card is waited for", _turns(day, board, phone), 4)
    day.lines += [f"called {how_said(one)}" for one in board.said]
    day.lines += [f"sent {plain(one)}" for one in phone.sent]


async def _gone(day: Day) -> None:
    """Say and draw what is about something that is not there any more."""
    at, board, phone, now = day.bench.desk, day.board(), Phone(), day.bench.clock.now
    for kind in ReminderKind:
        about = Reminder(name=f"{kind}:99", kind=kind, due_at=now)
        missing: dict[str, Any] = {"site": COURIER, "story_id": "s99"}
        numbers = ("legal_id", "run_id", "contest_id", "notice_id", "set_up_id")
        gone = replace(about, name=f"{kind}:98", **missing, **dict.fromkeys(numbers, 98))

        def want(tx: Tx, some: tuple[Reminder, ...] = (about, gone)) -> None:
            for one in some:
                tx.outbox.want_reminder(one)

        await day.do(f"{kind} of nothing", at.store.write(want))
        await day.do("is said", turn(reminder_lane(at, board, phone)))
        await day.do("and without other roads", turn(reminder_lane(at, board, None)))
    for kind in ALERTS:
        for alert_id, name in (
            (AlertId(99), None),
            (None, "digest:2020-01-01"),
            (None, f"{HELD}9"),
        ):

            def ask_for(tx: Tx, kind=kind, alert_id=alert_id, name=name) -> None:
                tx.outbox.want_alert(kind, due_at=now, now=now, alert_id=alert_id, name=name)

            await day.do(f"{kind} of {alert_id or name}", at.store.write(ask_for))
            await day.do("is shown", turn(delivery.alert_lane(at, board)))
            await day.do("is sent", turn(delivery.road_lane(at, phone)))
    day.lines += [f"said {how_said(one)}" for one in board.said]
    day.lines += [f"sent {plain(one)}" for one in phone.sent]


async def _turns(day: Day, board, phone: Phone) -> None:
    while await turn(reminder_lane(day.bench.desk, board, phone)):
        pass


async def _spikes(day: Day) -> None:
    """Let more happen at once than editors want to hear of in an hour."""
    at, bench = day.bench.desk, day.bench
    room = Newsdesk(bench, await restore(at, BOTH))
    await room.settle()
    for name in ("x1", "x2", "x3"):
        about = Story(external_id=name, title=f"Story {name}", url=f"https://c.example/{name}")
        for reader in range(16):
            bench.clock.pass_by(seconds=3)
            number = 100 + 10 * int(name[1]) + reader % 4
            made = report(bench, number, author=f"{name}{reader % 4}", reader=reader, story=about)
            await receive(at, [made])
        day.lines += ["", f"== many report {name}"]
        day.note()
        await day.do("it is told, or held", room.settle(seconds=20))
    change = story.StateChange(site=COURIER, story_id="x1", state=story.StoryState.WATCH)
    await day.do("x1 is watched", story.mark(at, change, by=SAM))
    never = replace(bench.policy, alerts=replace(bench.policy.alerts, digest_at=None))
    undigested = replace(at, policy=lambda: never)
    bench.clock.now = bench.clock.now.replace(hour=8, minute=30) + timedelta(days=1)
    await day.do("no digest is wanted", digest.digest_if_due(undigested, BOTH))
    nobody = Reach(channel=False, roads=False)
    await day.do("there is nobody to tell", digest.digest_if_due(at, nobody))
    for reach in (Reach(channel=False, roads=True), Reach(channel=True, roads=False)):
        await day.do(f"by roads {reach.roads}", digest.digest_if_due(at, reach))
        bench.clock.pass_by(days=1)
    await day.do("all of them later", room.settle(hours=2))
    now = bench.clock.now
    for days, hour in ((0, 23), (1, 7), (1, 8), (1, 8), (2, 13), (8, 9), (9, 9)):
        bench.clock.now = now.replace(hour=hour, minute=5) + timedelta(days=days)
        await day.do(f"a digest on day {days} at {hour}", digest.digest_if_due(at, BOTH))
        await day.do("it is told", room.settle(seconds=3))
    day.lines += [f"said {how_said(one)}" for one in room.board.said]
    day.lines += [f"edited {name}: {text}" for name, text in sorted(room.board.bulletins.items())]
    day.lines += [f"road {one}" for one in room.roads.texts]


async def _replayed(day: Day) -> None:
    bench = day.bench
    reports = [
        replace(report(bench, number, author=f"r{number}", reader=reader), at=bench.clock.now)
        for number, reader in ((300, 1), (301, 2), (300, 3), (302, 4), (300, 5))
    ]
    recording = Recording(reports=reports, settled=await rehearse.settled(bench.store))
    day.lines.append(f"texts {plain(recording.texts)}")
    changed = replace(bench.policy, rules=bench.policy.rules[::-1])
    with TemporaryDirectory() as folder:
        paths = [new_desk(Path(folder) / name / "desk.db") for name in ("a", "b")]
        async with open_store(paths[0]) as one, open_store(paths[1]) as other:
            moved = rehearse.moved_by((one, other), bench.policy, changed, recording)
            await day.do("what would stand elsewhere", moved)
    slept = list[float]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        bench.clock.pass_by(seconds=seconds)

    spread = [replace(one, at=one.at + timedelta(seconds=50 * n)) for n, one in enumerate(reports)]
    await day.do("they are fed", rehearse.feed(bench.desk, spread, speed=10.0, sleep=sleep))
    day.lines.append(f"slept {slept}")
