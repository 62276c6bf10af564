"""What the services ask of the outside world, as Protocols."""

from bot.ports.alerts import AlertBoard, Pager
from bot.ports.clock import Clock
from bot.ports.outside import (
    Board,
    CheckedSite,
    ClosingSite,
    GreetedSite,
    PolledSite,
    Site,
    WatchedSite,
)
from bot.ports.shift import Staffroom
from bot.ports.stories import Herald

__all__ = [
    "AlertBoard",
    "Board",
    "CheckedSite",
    "Clock",
    "ClosingSite",
    "GreetedSite",
    "Herald",
    "Pager",
    "PolledSite",
    "Site",
    "Staffroom",
    "WatchedSite",
]
