"""What every use case works with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.decision import Action, Decision
from bot.domain.errors import NotAllowed, NotPossible
from bot.domain.ids import SiteId
from bot.domain.policy import Policy
from bot.domain.staff import Authority, Person, Rank
from bot.ports import Clock
from bot.services.troubles import Troubles
from bot.store.sqlite import Store

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
class Desk:
    """The store, the rules, the roles and the clock. `policy` is asked anew at every use.

    `site_can` says which actions a site can carry out, and `can_close` whether it closes stories
    for comments; no door offers or takes another.
    `statement_url` says where the author reads about a decision; `None` where there are no such pages.
    `reload_policy` reads the policy anew, puts it in force and returns it, or raises and leaves
    the one from before; it takes its time, so it is for a thread. `troubles` is what Discord
    refuses for now.
    """

    store: Store
    policy: Callable[[], Policy]
    authority: Authority
    clock: Clock
    site_can: Callable[[SiteId], frozenset[Action]] = _anything
    can_close: Callable[[SiteId], bool] = _always
    statement_url: Callable[[Decision], str | None] | None = None
    reload_policy: Callable[[], Policy] = _no_other
    troubles: Troubles = field(default_factory=Troubles)

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
