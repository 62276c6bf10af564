"""Platforms that let nobody but their own console decide: reports come in, a link leads there."""

from collections.abc import Sequence

from bot.domain.effects import Order, Outcome, Verb
from bot.domain.site import Ability, Finding

_ABILITIES = frozenset({Ability.PUSH})


class LinkSite:
    """A site that the desk cannot change; ports `Site`.

    Isso can erase a comment but not hide one; Viafoura and OpenWeb have no interface for it that
    is open to all. What is kept needs nothing done, so it is done.
    """

    def __init__(self, url: str) -> None:
        self._url = url

    @property
    def abilities(self) -> frozenset[Ability]:
        """Nothing but to be reported from."""
        return _ABILITIES

    async def carry_out(self, order: Order) -> Outcome:
        """Say where to do by hand what was decided."""
        if order.visible is not False and not order.banned:
            return Outcome(verb=Verb.DONE)
        where = order.permalink or self._url
        words = f"The desk cannot do this on the site. Do it there by hand: {where}"
        return Outcome(verb=Verb.REFUSED, words=words)

    async def check(self) -> Sequence[Finding]:
        """Say that there is nothing to look at."""
        words = "reports come in; what is decided has to be done by hand on the site"
        return [Finding(name="Link only", good=True, words=words)]
