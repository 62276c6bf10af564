"""What the desk does by itself, for ever: a few turns of each, and how long it waits between them."""

import asyncio
from collections.abc import Awaitable, Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from bot.domain.alerts import Reach
from bot.domain.decisions import Action
from bot.domain.errors import BoardDown
from bot.domain.ids import CaseId, RuleNumber, SiteId
from bot.domain.staff import Trouble
from bot.services import backups, upkeep
from bot.services.alerts import digest, spike_worker
from bot.services.authors import bans
from bot.services.cases import archive, backlog, two_person
from bot.services.cases.anchoring import Anchoring, keep_anchoring
from bot.services.deliver import card_lane
from bot.services.outbox_worker import turn
from bot.services.privacy import retention
from bot.services.staff import overview, refused, shift_timers
from bot.store.anchors import AnchorFile
from bot.store.backups import Backups
from tests.services.days.people import how_said, takes
from tests.services.days.told import Day, plain
from tests.services.desks import ANA, Bench
from tests.services.outside import Channel, Phone

BOTH = Reach(channel=True, roads=True)
COURIER = SiteId("courier")
LOG = 55


class _Enough(BaseException):
    """Ends what goes on for ever."""


def desk(bench: Bench) -> Bench:
    """Return the desk of this day."""
    return bench


async def some_turns(day: Day, name: str, work: Coroutine[Any, Any, None], turns: int) -> None:
    """Let something that goes on for ever wait so many times, by the desk's clock alone."""
    waited, really = list[float](), asyncio.sleep
    own: list[asyncio.Task[None]] = []

    async def sleep(seconds: float) -> None:
        if asyncio.current_task() not in own:
            return await really(seconds)
        waited.append(seconds)
        if len(waited) == turns:
            raise _Enough
        day.bench.clock.pass_by(seconds=seconds)
        return await really(0)

    async def done() -> None:
        own.append(asyncio.current_task())  # type: ignore[arg-type]
        with suppress(_Enough):
            await work

    with patch("asyncio.sleep", sleep):
        await day.do(name, asyncio.create_task(done()))
    day.lines.append(f"waits {waited}")


async def told(day: Day) -> None:
    """Go through the day."""
    board, phone = day.board(), Phone()
    for number in (1, 2, 3, 4):
        await takes(day, number, author=f"a{number}", rule=RuleNumber(number))
    await _kept_up(day)
    await _shown(day, board)
    await _troubles(day, board, phone)
    await _clock(day)


async def _kept_up(day: Day) -> None:
    at = day.bench.desk
    day_long = timedelta(days=1)
    await day.do("Ana bans 1", day.bench.decide(CaseId(1), Action.BAN, lasting=day_long))
    await day.do("Ana proposes", day.bench.decide(CaseId(2), Action.BAN))
    day.bench.clock.pass_by(days=2)
    await some_turns(day, "old receipts", upkeep.keep_pruning(at), 2)
    day.bench.clock.pass_by(days=13)
    await some_turns(day, "older receipts", upkeep.keep_pruning(at), 1)
    await some_turns(day, "the file is there", upkeep.watch_file(at), 2)
    await some_turns(day, "the server is there", upkeep.watch_server(at), 2)
    await some_turns(day, "proposals expire", two_person.keep_expiring(at), 2)
    await some_turns(day, "bans end", bans.end_bans(at, COURIER), 2)
    await some_turns(day, "shifts", shift_timers.run_shift_timers(at), 9)
    await some_turns(day, "alerts", spike_worker.watch(at, BOTH), 3)
    await some_turns(day, "digests", digest.digests(at, BOTH), 3)
    wrong = retention.keep_forgetting(at, lambda: True)
    await some_turns(day, "nothing is forgotten by a wrong clock", wrong, 3)
    await some_turns(day, "what is old", retention.keep_forgetting(at, lambda: False), 3)
    with TemporaryDirectory() as folder:
        place, hourly = Path(folder), timedelta(hours=1)
        for name, every in (("copies", hourly), ("no copies", timedelta())):
            copies = Backups(day.path, place / "copies", keep=2, every=every)
            await some_turns(day, name, backups.keep_copying(at, copies), 61)
            day.lines.append(f"copies {len(copies.all())}")
        (place / "file").touch()
        nowhere = Backups(day.path, place / "file" / "copies", keep=2, every=hourly)
        await some_turns(day, "copies that fail", backups.keep_copying(at, nowhere), 3)
        day.lines.append(f"troubles {plain(at.troubles.current)}".replace(folder, "…"))
        at.troubles.over(backups.BACKUP)
        file = AnchorFile(place / "anchors")
        anchored = Anchoring(
            file=file, public=lambda: "aa", sign=lambda what: what.hex()[:8], tells_editors=True
        )
        for wrong in (True, False):
            work = keep_anchoring(at, anchored, lambda wrong=wrong: wrong)
            await some_turns(day, f"anchors by a wrong clock: {wrong}", work, 3)
        day.lines.append(f"anchors {[(one.at.isoformat(), one.decisions) for one in file.all()]}")


async def _shown(day: Day, board: Channel) -> None:
    at = day.bench.desk
    while await turn(card_lane(at, board)):
        day.note()
    await some_turns(day, "the overview", overview.keep_overview(at, board), 3)
    fewer = replace(day.bench.policy.channel, backlog_digest=2)
    day.bench.policy = replace(day.bench.policy, channel=fewer)
    every = timedelta(seconds=7)
    at = day.bench.desk
    await some_turns(day, "the backlog", backlog.keep_digest(at, board, every=every), 2)
    await day.do("the log begins", archive.log_next(at, board, LOG))
    await day.do("Ana keeps 4", day.bench.decide(CaseId(4), Action.KEEP))
    board.down = BoardDown("Discord answered 503.")
    await some_turns(day, "the backlog later", backlog.keep_digest(at, board, every=every), 2)
    await some_turns(day, "the log later", archive.keep_log(at, board, LOG), 4)
    await some_turns(day, "the overview later", overview.keep_overview(at, board), 2)
    board.down = None
    day.lines += [f"shown {how_said(one)}" for one in board.said]


async def _troubles(day: Day, board: Channel, phone: Phone) -> None:
    at = day.bench.desk
    trouble = Trouble(name="post 700", words="No.", over="Yes.", mend="Do.", channel_id=700)
    grave = replace(trouble, name="all", channel_id=None, grave=True)
    now = day.bench.clock.now

    def met(tx: Any) -> None:
        tx.channels.met(trouble, now)
        tx.channels.met(grave, now)

    await day.do("two troubles", at.store.write(met))
    for name, here, seconds in (
        ("at once", True, 0),
        ("in a while", True, 300),
        ("told", True, 0),
        ("Discord is away", False, 0),
    ):
        day.bench.clock.pass_by(seconds=seconds)
        work = refused.keep_telling(at, board, phone, lambda here=here: here)
        await some_turns(day, f"troubles are told: {name}", work, 2)
    over = at.store.write(lambda tx: tx.channels.over("all", day.bench.clock.now))
    await day.do("one is over", over)
    phone.down, board.down = True, BoardDown("No.")
    away = refused.keep_telling(at, board, phone, lambda: True)
    await some_turns(day, "nobody can be told", away, 2)
    phone.down, board.down = False, None
    both = refused.keep_telling(at, board, phone, lambda: True)
    await some_turns(day, "both can be told", both, 2)
    day.lines += [f"sent {plain(one)}" for one in phone.sent]
    day.lines += [f"channel {how_said(one)}" for one in board.said[-4:]]
    await some_turns(day, "presence", refused.watch_presence(at, lambda: True), 2)
    for seconds in (0.0, 119.0, 120.0, 1e6, 1.0, 0.0):
        refused.note_absence(at, seconds)
        day.lines.append(f"away {seconds:g} {plain(at.troubles.current)}")
    await day.do("cards that lack", _answer(refused.compare(at, (700,))))


async def _answer(work: Awaitable[Any]) -> Any:
    return await work


async def _clock(day: Day) -> None:
    at, steady = day.bench.desk, [0.0]

    def steadily() -> float:
        return steady[0]

    watch = upkeep.ClockWatch(day.bench.clock, steadily)
    for who, date in (
        ("courier", "Tue, 24 Nov 2026 12:00:00 GMT"),
        ("other", "Tue, 24 Nov 2026 12:03:00 GMT"),
        ("third", "nonsense"),
        ("fourth", "Tue, 24 Nov 2026 12:00:00 -0000"),
        ("Discord", "Wed, 09 Dec 2026 13:00:00 GMT"),
    ):
        watch.hear(who, date)
        day.lines.append(f"heard {who}: {watch.ahead} {watch.is_wrong} {watch.words}")
    day.bench.clock.now = day.bench.clock.now.replace(day=9, hour=13, minute=2, second=0)
    for seconds in (0, 1, 5999, 3600 * 47, 3600 * 24 * 9, -3600 * 24 * 9, -200):
        day.bench.clock.pass_by(seconds=seconds)
        day.lines.append(f"{seconds}: {watch.ahead} {watch.is_wrong} {watch.words}")
    behind = upkeep.ClockWatch(day.bench.clock, steadily)
    for who, date in (("courier", "11"), ("other", "11"), ("Discord", "10")):
        behind.hear(who, f"Fri, {date} Dec 2026 12:00:00 GMT")
        day.lines.append(f"heard of {date} from {who}: {behind.ahead} {behind.words}")
    await some_turns(day, "the clock is wrong", upkeep.watch_clock(at, watch, steadily), 2)
    day.lines.append(plain(at.troubles.current))
    await day.do("set back", _answer(upkeep.set_back(at, timedelta(minutes=3))))
    await day.do("Ana decides", day.bench.decide(CaseId(3), by=ANA))
