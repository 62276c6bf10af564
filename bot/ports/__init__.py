"""What the services ask of the outside world, as Protocols."""

from bot.ports.clock import Clock
from bot.ports.outbox import Cards, Outbox
from bot.ports.outside import Board, CheckedSite, PolledSite, Site
from bot.ports.records import Cases, Decisions, Reports
from bot.ports.store import Store, Tx

__all__ = [
    "Board",
    "Cards",
    "Cases",
    "CheckedSite",
    "Clock",
    "Decisions",
    "Outbox",
    "PolledSite",
    "Reports",
    "Site",
    "Store",
    "Tx",
]
