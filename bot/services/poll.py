"""Ask a site for its reports, again and again, and for what was decided there."""

import asyncio
import logging
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.domain.effect import wait_before
from bot.domain.errors import SiteDown
from bot.domain.ids import CaseId, SiteId
from bot.domain.site import Found, Mark
from bot.ports import PolledSite, WatchedSite
from bot.services.desk import Desk
from bot.services.follow import follow
from bot.services.receive import receive

log = logging.getLogger(__name__)

_LAPSES = 3
"""Turns that may be missed before what is found counts as reported while nobody listened."""

_LEAST_LAPSE = timedelta(minutes=5)
_MOST_PAGES = 200
"""Pages read in one turn; the next turn goes on from there."""

_LOOKED_AT = 25
_LOOKS = 4
"""Batches of open cases that are looked at in one turn; the next turn goes on from there."""

_START = CaseId(0)


@dataclass(slots=True, kw_only=True)
class Watch:
    """One site that is asked, every so often and when it knocks; `trouble` says why it is not."""

    name: SiteId
    site: PolledSite
    every: timedelta
    breath: timedelta = timedelta(seconds=1)
    """Between two turns at least, however often the site knocks."""
    knock: asyncio.Event = field(default_factory=asyncio.Event)
    trouble: str = ""
    place: CaseId = _START
    """The case up to which the site was looked at in this round."""


async def watch_site(desk: Desk, watch: Watch) -> None:
    """Ask one site for ever: at once, then every so often, sooner when it knocks."""
    failures = 0
    while True:
        watch.knock.clear()
        pause, alone = watch.every, watch.breath
        try:
            await ask(desk, watch)
        except SiteDown as down:
            failures += 1
            pause = max(watch.every, wait_before(failures + 1, jitter=0.0))
            # However much it knocks: a site that asked to be left alone is.
            alone = max(alone, down.after or alone)
            _note(watch, str(down))
        else:
            failures = 0
            _note(watch, "")
        await asyncio.sleep(alone.total_seconds())
        await _knocked(watch.knock, max(pause - alone, timedelta()))


async def ask(desk: Desk, watch: Watch) -> None:
    """Take everything the site has for us now.

    Reports are kept before the mark that says they were read, so that a stop in between costs
    nothing: what is found twice has the same delivery twice.

    Raises:
        SiteDown: Try later; what was read until then is kept.
    """
    mark = await desk.store.read(lambda tx: tx.marks.get(watch.name))
    late = mark is None or desk.clock() - mark.at > max(_LEAST_LAPSE, watch.every * _LAPSES)
    for _ in range(_MOST_PAGES):
        found = await watch.site.look_for_reports(mark.text if mark else None)
        await _take(desk, found, missed=late)
        mark = Mark(text=found.mark, at=desk.clock())
        await _keep(desk, watch.name, mark)
        if not found.more:
            break
    if isinstance(watch.site, WatchedSite):
        await _look_round(desk, watch, watch.site)


async def _take(desk: Desk, found: Found, *, missed: bool) -> None:
    reports = (
        [replace(report, missed=True) for report in found.reports] if missed else found.reports
    )
    if reports:
        await receive(desk, reports)


async def _keep(desk: Desk, name: SiteId, mark: Mark) -> None:
    await desk.store.write(lambda tx: tx.marks.put(name, mark))


async def _look_round(desk: Desk, watch: Watch, site: WatchedSite) -> None:
    """See whether some of the open cases were decided or edited at the site meanwhile."""
    for _ in range(_LOOKS):
        cases = await desk.store.read(
            lambda tx: tx.cases.open_at(watch.name, after=watch.place, limit=_LOOKED_AT)
        )
        watch.place = cases[-1].id if len(cases) == _LOOKED_AT else _START
        if cases:
            for seen in await site.look_at([case.comment_id for case in cases]):
                await follow(desk, watch.name, seen)
        if watch.place == _START:
            return


def _note(watch: Watch, trouble: str) -> None:
    if trouble != watch.trouble:
        log.warning("site %s: %s", watch.name, trouble or "answers again")
    watch.trouble = trouble


async def _knocked(knock: asyncio.Event, within: timedelta) -> None:
    try:
        async with asyncio.timeout(within.total_seconds()):
            await knock.wait()
    except TimeoutError:
        return
