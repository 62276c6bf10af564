"""What the services ask of the outside world, as Protocols."""

from bot.ports.clock import Clock
from bot.ports.messenger import Messenger, Pager, Posted
from bot.ports.outside import (
    CheckedSite,
    ClosingSite,
    GreetedSite,
    PolledSite,
    Site,
    WatchedSite,
)

__all__ = [
    "CheckedSite",
    "Clock",
    "ClosingSite",
    "GreetedSite",
    "Messenger",
    "Pager",
    "PolledSite",
    "Posted",
    "Site",
    "WatchedSite",
]
