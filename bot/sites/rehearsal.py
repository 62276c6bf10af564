"""A site that notes what it is asked to do, and does nothing."""

from collections.abc import Sequence

from bot.domain.effects import Order, Outcome, Verb
from bot.domain.site import ALL_ABILITIES, Ability, Finding


class RehearsalSite:
    """Stands for a comment platform while people rehearse."""

    def __init__(self) -> None:
        self.orders: list[Order] = []

    @property
    def abilities(self) -> frozenset[Ability]:
        """Everything, as nothing comes of it."""
        return ALL_ABILITIES

    async def carry_out(self, order: Order) -> Outcome:
        """Note the order."""
        self.orders.append(order)
        return Outcome(verb=Verb.DONE)

    async def check(self) -> Sequence[Finding]:
        """Return nothing: there is no set-up to look at."""
        return ()
