"""Whether a record's chain holds, where nothing was erased in it."""

from collections.abc import Iterable

from bot.domain.chain import Walk
from bot.domain.decisions import Decision


def first_broken(decisions: Iterable[Decision]) -> Decision | None:
    """Return the first decision, in order of id, that was edited or lost its forerunner."""
    walk = Walk()
    return next((made for made in decisions if not walk.accepts(made)), None)
