"""Keep trying what Discord refuses, tell staff where they can still see it, and miss nothing."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterable
from datetime import timedelta

from bot.domain.errors import BoardDown, PagerDown
from bot.domain.sayings import TroubleNews
from bot.domain.staff import KeptTrouble, Trouble
from bot.ports import Messenger, Pager
from bot.services.desk import LONGEST_WAIT, Desk
from bot.store.tx import Tx

log = logging.getLogger(__name__)

COMPARE_EVERY = 180.0
"""Seconds between comparisons of what should stand in the channels with what does."""

_IDLE = LONGEST_WAIT + 15
"""Seconds: when nothing was refused for so long, though all that waits was tried, the rights that
are known say whether it is over."""

_TURN = 10.0
_LOOK_EVERY = 2.0
_ALL_SHUT = 30.0
"""Seconds between turns, between looks for news, and before a channel is looked for again."""

_TOLD_AFTER = timedelta(seconds=5)
"""How long a trouble stands before staff hear of it, as many are over in a moment."""

_AWAY_AFTER = 300.0
"""Seconds without Discord before that is told; most of its outages are over by then."""
_AWAY = Trouble(
    name="away",
    words="The desk cannot reach Discord, so no card comes and nobody can decide there. Reports are "
    "taken and kept.",
    mend="Look at discordstatus.com; the desk connects again by itself.",
    over="The desk can reach Discord again; what waited is on its way.",
    grave=True,
)

_A_FEW = 3
_ALL = 100_000
_COMPARED = 500


async def keep_trying(
    desk: Desk, named: Callable[[], Collection[int]], is_mended: Callable[[Trouble], bool]
) -> None:
    """Make due what was refused: a little every minute, all of it when a right is back, for ever.

    At the start and every few minutes cases without a card in a channel that is `named` get one.
    """
    await _recall(desk)
    await _hurry(desk, _ALL)
    hurried = time.monotonic()
    compared = hurried - COMPARE_EVERY - 1
    while True:
        if time.monotonic() - compared > COMPARE_EVERY:
            compared = time.monotonic()
            await compare(desk, named())
        _see_end(desk.troubles.idle(_IDLE), desk, is_mended)
        ended = await _keep(desk)
        reopened = await desk.troubles.news(within=_TURN)
        if reopened:
            # Nothing waits for what is a help only, so nothing else would find out.
            helps = [trouble for trouble in desk.troubles.current if not trouble.grave]
            _see_end(helps, desk, is_mended)
        if reopened or ended:
            await _hurry(desk, _ALL)
        elif desk.troubles.current and time.monotonic() - hurried > LONGEST_WAIT:
            hurried = time.monotonic()
            await _hurry(desk, _A_FEW)


def _see_end(troubles: Iterable[Trouble], desk: Desk, is_mended: Callable[[Trouble], bool]) -> None:
    for trouble in troubles:
        if is_mended(trouble):
            desk.troubles.over(trouble.name)


async def compare(desk: Desk, named: Collection[int]) -> int:
    """Ask for the cards that should stand and do not; return how many."""
    astray = await desk.store.read(lambda tx: tx.channels.astray(named, limit=_COMPARED))
    if astray:
        now = desk.clock()

        def work(tx: Tx) -> None:
            for case_id in astray:
                tx.outbox.want_card(case_id, now)

        await desk.store.write(work)
        log.info("%s cases had no card where it should stand and get one", len(astray))
    return len(astray)


async def _recall(desk: Desk) -> None:
    """Take up the troubles of before this start, so that nobody is told of them twice."""
    for kept in await desk.store.read(lambda tx: tx.channels.troubles()):
        if kept.over_at is None:
            desk.troubles.remember(kept.trouble)


async def _keep(desk: Desk) -> bool:
    """Keep what stands as it stands; true if something is over."""
    current = {trouble.name: trouble for trouble in desk.troubles.current}
    known = {
        kept.trouble.name: kept.trouble
        for kept in await desk.store.read(lambda tx: tx.channels.troubles())
        if kept.over_at is None
    }
    ended = known.keys() - current.keys()
    if current == known:
        return False
    now = desk.clock()

    def work(tx: Tx) -> None:
        for name in ended:
            tx.channels.over(name, now)
        for trouble in current.values():
            tx.channels.met(trouble, now)

    await desk.store.write(work)
    return bool(ended)


async def _hurry(desk: Desk, limit: int) -> None:
    now = desk.clock()
    await desk.store.write(lambda tx: tx.due_times.hurry(now, limit=limit))


async def watch_presence(desk: Desk, is_here: Callable[[], bool]) -> None:
    """Notice, for ever, that Discord is not there for minutes: no card comes and nobody can decide."""
    heard = time.monotonic()
    while True:
        now = time.monotonic()
        heard = now if is_here() else heard
        note_absence(desk, now - heard)
        await asyncio.sleep(_LOOK_EVERY)


def note_absence(desk: Desk, seconds: float) -> None:
    """Note for how long Discord has not been there; a short absence is nothing to tell of."""
    if seconds >= _AWAY_AFTER:
        desk.troubles.met(_AWAY)
    elif not seconds:
        desk.troubles.over(_AWAY.name)


async def keep_telling(
    desk: Desk, messenger: Messenger, pager: Pager | None, is_here: Callable[[], bool]
) -> None:
    """Tell staff of each trouble once, and once that it is over, for ever."""
    while True:
        kept = await desk.store.read(lambda tx: tx.channels.troubles())
        there = messenger if is_here() else None
        taken = [await _settle(desk, there, pager, one) for one in kept]
        await asyncio.sleep(_LOOK_EVERY if all(taken) else _ALL_SHUT)


async def _settle(
    desk: Desk, messenger: Messenger | None, pager: Pager | None, kept: KeptTrouble
) -> bool:
    """Tell staff what they have not been told of a trouble; false if nobody could be.

    Without a `messenger` Discord is not there, and who waits for it would wait as long as that.
    """
    name, now = kept.trouble.name, desk.clock()
    if kept.over_at is None and (kept.told_at is not None or now - kept.since < _TOLD_AFTER):
        return True
    if not await _tell(messenger, pager, kept):
        return False
    if kept.over_at is not None:
        await desk.store.write(lambda tx: tx.channels.forget(name))
    else:
        await desk.store.write(lambda tx: tx.channels.told(name, now))
    return True


async def _tell(messenger: Messenger | None, pager: Pager | None, kept: KeptTrouble) -> bool:
    """Say it in a channel and along the roads; false if neither took it, as all are shut."""
    news = TroubleNews(trouble=kept.trouble, over=kept.over_at is not None)
    nonce = f"trouble-{(kept.over_at or kept.since).timestamp():.3f}"
    said = messenger is not None and await _tell_in_channel(messenger, news, nonce)
    if pager is not None and kept.trouble.grave:
        try:
            await pager.send(news)
            said = True
        except PagerDown as down:
            log.info("no road takes the news of a trouble: %s", down)
    return said


async def _tell_in_channel(messenger: Messenger, news: TroubleNews, nonce: str) -> bool:
    """Say it in the first channel that takes it; false if none does.

    The channel that it is about comes last: most often nothing can be posted there.
    """
    about = news.trouble.channel_id
    for channel_id in sorted(messenger.places.all, key=lambda place: place == about):
        try:
            await messenger.post(channel_id, news, nonce=f"{nonce}-{channel_id}", noted=False)
        except BoardDown as down:
            log.info("a channel does not take the news of a trouble: %s", down)
        else:
            return True
    return False
