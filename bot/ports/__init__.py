"""What the services ask of the outside world, as Protocols."""

from bot.ports.alerts import AlertBoard, AlertEffects, Alerts, Roads, Sightings, Tallies
from bot.ports.clock import Clock
from bot.ports.outbox import Cards, Marks, Outbox
from bot.ports.outside import Board, CheckedSite, ClosingSite, PolledSite, Site, WatchedSite
from bot.ports.people import Bans, Proposals, Readers
from bot.ports.records import Cases, Decisions, Reports
from bot.ports.shift import Casework, Errands, Rota, Staffroom
from bot.ports.store import Store, Tx

__all__ = [
    "AlertBoard",
    "AlertEffects",
    "Alerts",
    "Bans",
    "Board",
    "Cards",
    "Cases",
    "Casework",
    "CheckedSite",
    "Clock",
    "ClosingSite",
    "Decisions",
    "Errands",
    "Marks",
    "Outbox",
    "PolledSite",
    "Proposals",
    "Readers",
    "Reports",
    "Roads",
    "Rota",
    "Sightings",
    "Site",
    "Staffroom",
    "Store",
    "Tallies",
    "Tx",
    "WatchedSite",
]
