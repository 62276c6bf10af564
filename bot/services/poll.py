"""Ask a site for its reports, again and again, and for what was decided there."""

import asyncio
import logging
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.domain.effect import wait_before
from bot.domain.errors import DeskError, SiteDown
from bot.domain.ids import CaseId, SiteId
from bot.domain.report import Report
from bot.domain.site import Found, Mark, Seen
from bot.ports import PolledSite, WatchedSite
from bot.services.desk import Desk
from bot.services.follow import follow
from bot.services.receive import receive
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
class Watch:
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


async def watch_site(desk: Desk, watch: Watch) -> None:
    """Ask one site for ever: at once, then every so often, sooner when it pings."""
    failures = 0
    while True:
        watch.ping.clear()
        pause, alone = watch.every, watch.breath
        try:
            # Who answers in many pages is left alone for longer, and can answer others meanwhile.
            pause = max(pause, _A_PAGE * await ask(desk, watch))
        except SiteDown as down:
            failures += 1
            pause = max(watch.every, wait_before(failures + 1, jitter=0.0))
            # However much it pings: a site that asked to be left alone is.
            alone = max(alone, down.after or alone)
            _note(watch, str(down))
        except DeskError:
            raise  # about the store, which is not the site's fault
        except Exception as trouble:  # noqa: BLE001 - a turn is a task of its own: the next may go well
            failures += 1
            log.warning("site %s: its answer failed us: %s", watch.name, type(trouble).__name__)
            _note(watch, "The site's answer cannot be read, so nothing new is taken from it.")
        else:
            failures = 0
            _note(watch, "")
        await asyncio.sleep(alone.total_seconds())
        await _pinged(watch.ping, max(pause - alone, timedelta()))


async def ask(desk: Desk, watch: Watch) -> int:
    """Take everything the site has for us now; return in how many pages it came.

    Reports are kept before the mark that says they were read, so that a stop in between costs
    nothing: what is found twice has the same delivery twice.

    Raises:
        SiteDown: Try later; what was read until then is kept.
    """
    mark = await desk.store.read(lambda tx: tx.marks.get(watch.name))
    late = mark is None or desk.clock() - mark.at > max(_LEAST_LAPSE, watch.every * _LAPSES)
    pages = 0
    more = True
    while more and pages < _MOST_PAGES:
        found = await watch.site.look_for_reports(mark.text if mark else None)
        unread = found.unread | await _take(desk, found, missed=late)
        mark = Mark(text=found.mark, at=desk.clock())
        _count(watch, await _keep(desk, watch.name, mark, unread))
        pages, more = pages + 1, found.more
    if isinstance(watch.site, WatchedSite):
        await _look_round(desk, watch, watch.site)
    return pages


async def _take(desk: Desk, found: Found, *, missed: bool) -> frozenset[str]:
    """Keep the reports; return a name for each that cannot be kept, so that the others are."""
    reports = (
        [replace(report, missed=True) for report in found.reports] if missed else found.reports
    )
    if not reports:
        return frozenset()
    try:
        await receive(desk, reports)
    except DeskError:
        raise  # about the store, not about a report
    except Exception:  # noqa: BLE001 - each report is a task of its own: one must not hold up the rest
        return frozenset([bad for one in reports for bad in await _take_alone(desk, one)])
    return frozenset()


async def _take_alone(desk: Desk, report: Report) -> list[str]:
    try:
        await receive(desk, [report])
    except DeskError:
        raise
    except Exception as trouble:  # noqa: BLE001 - as above
        # The text of the error may quote what was sent, so only its kind is told.
        log.warning("site %s: a report was not kept: %s", report.site, type(trouble).__name__)
        return [f"report {report.delivery}"]
    return []


async def _keep(desk: Desk, name: SiteId, mark: Mark, unread: frozenset[str]) -> int:
    """Keep how far a site was read, and what could not be; return how much that is by now."""
    since = mark.at - _REMEMBERED

    def work(tx: Tx) -> int:
        tx.marks.put(name, mark)
        for one in unread:
            tx.marks.pass_over(name, _written(one), mark.at)
        return tx.marks.passed_over(name, since)

    return await desk.store.write(work)


def _written(name: str) -> str:
    return name[:_LONGEST_NAME].encode("utf-8", "replace").decode()


async def _look_round(desk: Desk, watch: Watch, site: WatchedSite) -> None:
    """See whether some of the open cases were decided or edited at the site meanwhile."""
    for _ in range(_LOOKS):
        cases = await desk.store.read(
            lambda tx: tx.cases.open_at(watch.name, after=watch.place, limit=_LOOKED_AT)
        )
        watch.place = cases[-1].id if len(cases) == _LOOKED_AT else _START
        if cases:
            for seen in await site.look_at([case.comment_id for case in cases]):
                await _follow(desk, watch.name, seen)
        if watch.place == _START:
            return


async def _follow(desk: Desk, name: SiteId, seen: Seen) -> None:
    try:
        await follow(desk, name, seen)
    except DeskError:
        raise
    except Exception as trouble:  # noqa: BLE001 - each comment is a task of its own
        log.warning("site %s: a comment was not followed: %s", name, type(trouble).__name__)


def _count(watch: Watch, unread: int) -> None:
    if unread > watch.unread:
        log.warning(
            "site %s: %d reports could not be read and were passed over", watch.name, unread
        )
    watch.unread = unread


def _note(watch: Watch, trouble: str) -> None:
    if trouble != watch.trouble:
        log.warning("site %s: %s", watch.name, trouble or "answers again")
    watch.trouble = trouble


async def _pinged(ping: asyncio.Event, within: timedelta) -> None:
    try:
        async with asyncio.timeout(within.total_seconds()):
            await ping.wait()
    except TimeoutError:
        return
