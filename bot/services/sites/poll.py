"""Ask a site for its reports, again and again, and for what was decided there.

What could go wrong, and why it does not:

Missed. The mark that says how far a site was read is kept after the reports that came before it, in
a transaction of its own. A stop between the two costs a page that is read twice; the other way round
it would cost the reports.

Counted twice. What is read again has the delivery it had, under which `receive` gives the receipt
of before and counts nothing. So does what two pages show because the queue moved up in between.

Held up. A report that cannot be kept fails by itself: a page goes in whole, and only where that
fails one by one. What cannot be read is passed over by a name that is the same each time, so that it
is told of once and the mark moves on. A site that is down raises `SiteDown`, and only its own task
waits; how long grows with its failures, and is at least what it asked for.

Late. A turn ends after so many pages and goes on from its mark at the next, so that a site with a
long past is followed meanwhile. What was found after a lapse is marked as missed, as readers who
reported it were heard by nobody.

Undone by ourselves. What the site says of a case is news only if it is newer than the case and than
what was decided here, for else an undo would be taken over from there again; see `follow`.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.domain.comments import Report
from bot.domain.effects import wait_before
from bot.domain.errors import DeskError, SiteDown, apart
from bot.domain.ids import CaseId, SiteId
from bot.domain.site import Found, PollCursor, Seen
from bot.ports import PolledSite, WatchedSite
from bot.services.cases.receive import receive
from bot.services.desk import Desk
from bot.services.sites.site_sync import follow
from bot.store.tx import Tx

log = logging.getLogger(__name__)

_LAPSES = 3
"""Turns that may be missed before what is found counts as reported while nobody listened."""

_LEAST_LAPSE = timedelta(minutes=5)
_MOST_PAGES = 200
"""Pages read in one turn; the next turn goes on from there."""

_LOOKED_AT = 25
_LOOKS = 4
"""Batches of open cases that are looked at in one turn; the next turn goes on from there."""

_A_PAGE = timedelta(seconds=1)
"""Of leaving a site alone for each page of an answer; some platforms allow 60 a minute."""

_REMEMBERED = timedelta(days=14)
"""How long it is told that something of a site could not be read."""

_LONGEST_NAME = 200

_START = CaseId(0)


@dataclass(slots=True, kw_only=True)
class SitePoller:
    """One site that is asked, every so often and when it pings; `trouble` says why it is not."""

    name: SiteId
    site: PolledSite
    every: timedelta
    breath: timedelta = timedelta(seconds=1)
    """Between two turns at least, however often the site pings."""
    ping: asyncio.Event = field(default_factory=asyncio.Event)
    trouble: str = ""
    place: CaseId = _START
    """The case up to which the site was looked at in this round."""
    unread: int = 0
    """How much of what it told in the last weeks could not be read."""

    @property
    def state(self) -> str:
        """What is wrong with it, in sentences; empty if nothing is."""
        reports = "1 report" if self.unread == 1 else f"{self.unread} reports"
        unread = f"{reports} of site {self.name} could not be read. Look for them there."
        return " ".join(filter(None, [self.trouble, unread if self.unread else ""]))


async def watch_site(desk: Desk, poller: SitePoller) -> None:
    """Ask one site for ever: at once, then every so often, sooner when it pings."""
    failures = 0
    while True:
        poller.ping.clear()
        pause, alone = poller.every, poller.breath
        failed, trouble = failures + 1, ""
        try:
            with apart(DeskError) as part:  # what is about the store is not the site's fault
                # Who answers in many pages is left alone for longer, and can answer others meanwhile.
                pause = max(pause, _A_PAGE * await ask(desk, poller))
            if part.fault is None:
                failed = 0
            else:
                kind = type(part.fault).__name__
                log.warning("site %s: its answer failed us: %s", poller.name, kind)
                trouble = "The site's answer cannot be read, so nothing new is taken from it."
        except SiteDown as down:
            pause = max(poller.every, wait_before(failed + 1, jitter=0.0))
            # However much it pings: a site that asked to be left alone is.
            alone = max(alone, down.after or alone)
            trouble = str(down)
        failures = failed
        _note(poller, trouble)
        await asyncio.sleep(alone.total_seconds())
        await _pinged(poller.ping, max(pause - alone, timedelta()))


async def ask(desk: Desk, poller: SitePoller) -> int:
    """Take everything the site has for us now; return in how many pages it came.

    Reports are kept before the mark that says they were read, so that a stop in between costs
    nothing: what is found twice has the same delivery twice.

    Raises:
        SiteDown: Try later; what was read until then is kept.
    """
    mark = await desk.store.read(lambda tx: tx.cursors.site(poller.name))
    late = mark is None or desk.clock() - mark.at > max(_LEAST_LAPSE, poller.every * _LAPSES)
    pages = 0
    more = True
    while more and pages < _MOST_PAGES:
        found = await poller.site.look_for_reports(mark.text if mark else None)
        unread = found.unread | await _take(desk, found, missed=late)
        mark = PollCursor(text=found.mark, at=desk.clock())
        _count(poller, await _keep(desk, poller.name, mark, unread))
        pages, more = pages + 1, found.more
    if isinstance(poller.site, WatchedSite):
        await _look_round(desk, poller, poller.site)
    return pages


async def _take(desk: Desk, found: Found, *, missed: bool) -> frozenset[str]:
    """Keep the reports; return a name for each that cannot be kept, so that the others are."""
    reports = (
        [replace(report, missed=True) for report in found.reports] if missed else found.reports
    )
    if not reports:
        return frozenset()
    if await _is_taken(desk, reports):
        return frozenset()
    return frozenset(
        [f"report {one.delivery}" for one in reports if not await _is_taken(desk, [one])]
    )


async def _is_taken(desk: Desk, reports: Sequence[Report]) -> bool:
    with apart(DeskError) as part:  # which is about the store, not about a report
        await receive(desk, reports, waits=True)
    if part.fault is not None and len(reports) == 1:
        # The text of the error may quote what was sent, so only its kind is told.
        kind = type(part.fault).__name__
        log.warning("site %s: a report was not kept: %s", reports[0].site, kind)
    return part.fault is None


async def _keep(desk: Desk, name: SiteId, mark: PollCursor, unread: frozenset[str]) -> int:
    """Keep how far a site was read, and what could not be; return how much that is by now."""
    since = mark.at - _REMEMBERED

    def work(tx: Tx) -> int:
        tx.cursors.put_site(name, mark)
        for one in unread:
            tx.cursors.pass_over(name, _written(one), mark.at)
        return tx.cursors.passed_over(name, since)

    return await desk.store.write(work)


def _written(name: str) -> str:
    return name[:_LONGEST_NAME].encode("utf-8", "replace").decode()


async def _look_round(desk: Desk, poller: SitePoller, site: WatchedSite) -> None:
    """See whether some of the open cases were decided or edited at the site meanwhile."""
    for _ in range(_LOOKS):
        cases = await desk.store.read(
            lambda tx: tx.cases.open_at(poller.name, after=poller.place, limit=_LOOKED_AT)
        )
        poller.place = cases[-1].id if len(cases) == _LOOKED_AT else _START
        if cases:
            for seen in await site.look_at([case.comment_id for case in cases]):
                await _follow(desk, poller.name, seen)
        if poller.place == _START:
            return


async def _follow(desk: Desk, name: SiteId, seen: Seen) -> None:
    with apart(DeskError) as part:
        await follow(desk, name, seen)
    if part.fault is not None:
        log.warning("site %s: a comment was not followed: %s", name, type(part.fault).__name__)


def _count(poller: SitePoller, unread: int) -> None:
    if unread > poller.unread:
        log.warning(
            "site %s: %d reports could not be read and were passed over", poller.name, unread
        )
    poller.unread = unread


def _note(poller: SitePoller, trouble: str) -> None:
    if trouble != poller.trouble:
        log.warning("site %s: %s", poller.name, trouble or "answers again")
    poller.trouble = trouble


async def _pinged(ping: asyncio.Event, within: timedelta) -> None:
    try:
        async with asyncio.timeout(within.total_seconds()):
            await ping.wait()
    except TimeoutError:
        return
