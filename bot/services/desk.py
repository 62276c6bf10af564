"""What every use case works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import NotAllowed
from bot.domain.policy import Policy
from bot.domain.staff import Authority, Person, Rank
from bot.ports import Clock, Store

_NEEDED = {
    Rank.MODERATOR: "a moderator",
    Rank.SENIOR: "a senior moderator",
    Rank.EDITOR: "an editor",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The store, the rules, the roles and the clock. `policy` is asked anew at every use."""

    store: Store
    policy: Callable[[], Policy]
    authority: Authority
    clock: Clock

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

    def strikes_since(self) -> datetime:
        """Return the time before which strikes have expired."""
        return self.clock() - timedelta(days=self.policy().strike_days)
