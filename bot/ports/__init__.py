"""What the services ask of the outside world, as Protocols."""

from bot.ports.clock import Clock
from bot.ports.outbox import Cards, Marks, Outbox
from bot.ports.outside import Board, CheckedSite, ClosingSite, PolledSite, Site, WatchedSite
from bot.ports.records import Cases, Decisions, Reports
from bot.ports.store import Store, Tx

__all__ = [
    "Board",
    "Cards",
    "Cases",
    "CheckedSite",
    "Clock",
    "ClosingSite",
    "Decisions",
    "Marks",
    "Outbox",
    "PolledSite",
    "Reports",
    "Site",
    "Store",
    "Tx",
    "WatchedSite",
]
