"""What every use case works with, and what Discord refuses for now."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.decisions import Action, Decision
from bot.domain.errors import NotAllowed, NotPossible
from bot.domain.ids import SiteId
from bot.domain.policy import Policy
from bot.domain.set_up import Chosen
from bot.domain.staff import Authority, Person, Rank, Trouble
from bot.ports import Clock
from bot.services.counts import Counts
from bot.store.store import Store

log = logging.getLogger(__name__)

_FIRST_WAIT = 2.0
LONGEST_WAIT = 60.0
"""Seconds before what was refused is tried again, doubling: soon after the right is back, and
far from the 10,000 refusals in ten minutes for which Discord shuts a bot out."""

_UNDER_WAY = 5.0
"""Seconds that one try has before another may find out whether the trouble is over."""


@dataclass(slots=True)
class _Current:
    trouble: Trouble
    wait: float
    try_at: float
    met_at: float


class Troubles:
    """What stands. Each is logged once when it comes, and once when it is over."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._current: dict[str, _Current] = {}
        self._news = asyncio.Event()
        self._reopened = False

    @property
    def current(self) -> Sequence[Trouble]:
        """Return what is refused at this moment, the oldest first."""
        return tuple(one.trouble for one in self._current.values())

    def met(self, trouble: Trouble) -> timedelta:
        """Note that something was refused, again or anew; return when it may be tried again."""
        known = self._current.get(trouble.name)
        wait = min(known.wait * 2, LONGEST_WAIT) if known else _FIRST_WAIT
        self._current[trouble.name] = _Current(trouble, wait, self._now() + wait, self._now())
        if known is None or known.trouble != trouble:
            log.warning("%s", trouble.said)
            self._news.set()
        return timedelta(seconds=wait)

    def remember(self, trouble: Trouble) -> None:
        """Take up one that stood before this start; what it is about may be tried at once."""
        self._current.setdefault(trouble.name, _Current(trouble, _FIRST_WAIT, 0.0, self._now()))

    def idle(self, seconds: float) -> Sequence[Trouble]:
        """Return what nobody has been refused for so long; it may be over unnoticed."""
        since = self._now() - seconds
        return tuple(one.trouble for one in self._current.values() if one.met_at < since)

    def over(self, *names: str) -> None:
        """Note that something is not refused any more; nothing happens if it was not."""
        for name in names:
            ended = self._current.pop(name, None)
            if ended is not None:
                log.warning("%s", ended.trouble.over)
                self._news.set()

    def leave_alone(self, name: str) -> tuple[Trouble, timedelta] | None:
        """Return what stands and for how long to leave it alone, `None` if it may be tried now.

        Of several who ask at once, only the first is let through to try.
        """
        known = self._current.get(name)
        if known is None:
            return None
        left = known.try_at - self._now()
        if left > 0:
            return known.trouble, timedelta(seconds=left)
        known.try_at = self._now() + _UNDER_WAY
        return None

    def reopen(self) -> None:
        """Let everything be tried now: somebody changed a right, a role or a channel."""
        for known in self._current.values():
            known.try_at, known.wait = 0.0, _FIRST_WAIT
        if self._current:
            self._reopened = True
            self._news.set()

    async def news(self, *, within: float) -> bool:
        """Return at the next change, or after so many seconds; true if all may be tried anew."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._news.wait()
        self._news.clear()
        reopened, self._reopened = self._reopened, False
        return reopened


REDRAW_AFTER = timedelta(seconds=2)
"""How long a further report waits for others before the card is edited once for all of them."""
REDRAW_LATER = timedelta(seconds=8)
"""The same once several have reported: one more of the same says less and less."""

_NEEDED = {
    Rank.MODERATOR: "a moderator",
    Rank.SENIOR: "a senior moderator",
    Rank.EDITOR: "an editor",
}


def _anything(_site: SiteId) -> frozenset[Action]:
    return frozenset(Action)


def _always(_site: SiteId) -> bool:
    return True


def _no_other() -> Policy:
    raise NotPossible("This desk's policy is not in a file, so it cannot be reloaded.")


_ASKED = {
    Action.KEEP: "be told to keep a comment",
    Action.HIDE: "hide a comment",
    Action.BAN: "ban an author",
    Action.REOPEN: "open a case again",
    Action.UNHIDE: "show a hidden comment again",
    Action.UNBAN: "lift a ban",
    Action.HOLD: "put a comment on hold",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What the desk's files say of what can be set in Discord as well.

    `places` are the channels and roles; `policy` is the policy as it was read. `choose` puts what
    is set in Discord over that policy, in force at once.
    """

    places: Chosen
    policy: Callable[[], Policy]
    choose: Callable[[Chosen], Policy]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The store, the rules, the roles and the clock. `policy` is asked anew at every use.

    `site_can` says which actions a site can carry out, and `can_close` whether it closes stories
    for comments; no door offers or takes another.
    `statement_url` says where the author reads about a decision; `None` where there are no such pages.
    `writes_mail` says that readers can be written to by mail.
    `reload_policy` reads the policy anew, puts it in force and returns it, or raises and leaves
    the one from before; it takes its time, so it is for a thread. `files` is what the desk's files
    say where Discord may say otherwise, `None` for a desk that has no files. `troubles` is what Discord
    refuses for now, and `counts` what the desk counts of its own work.
    """

    store: Store
    policy: Callable[[], Policy]
    authority: Authority
    clock: Clock
    site_can: Callable[[SiteId], frozenset[Action]] = _anything
    can_close: Callable[[SiteId], bool] = _always
    statement_url: Callable[[Decision], str | None] | None = None
    writes_mail: bool = False
    reload_policy: Callable[[], Policy] = _no_other
    files: Files | None = None
    troubles: Troubles = field(default_factory=Troubles)
    counts: Counts = field(default_factory=Counts)

    def require(self, person: Person, rank: Rank) -> None:
        """Let the person pass if their roles give at least that rank.

        Raises:
            NotAllowed: They do not; unknown roles give nothing.
        """
        if self.authority.rank(person) < rank:
            raise NotAllowed(
                f"Only {_NEEDED[rank]} can do that, and none of your roles says you are one. "
                "Nothing was changed. Ask the desk's admin if that is wrong."
            )

    def require_site(self, site: SiteId, action: Action) -> None:
        """Let an action pass if the site can carry it out.

        Raises:
            NotPossible: It cannot.
        """
        if action not in self.site_can(site):
            raise NotPossible(
                f"The site {site} cannot {_ASKED[action]} from here, so nothing was done. Its own "
                "console may be able to."
            )

    def strikes_since(self) -> datetime:
        """Return the time before which strikes have expired."""
        return self.clock() - timedelta(days=self.policy().strike_days)
