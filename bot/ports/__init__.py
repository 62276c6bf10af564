"""What the services ask of the outside world, as Protocols."""

from bot.ports.alerts import AlertBoard, AlertEffects, Alerts, Roads, Sightings, Tallies
from bot.ports.channels import Channels
from bot.ports.clock import Clock
from bot.ports.knowing import People, Returning, Search
from bot.ports.legal import LegalNotices
from bot.ports.life import Preserved
from bot.ports.lines import Lines
from bot.ports.outbox import Cards, Marks, Outbox
from bot.ports.outside import Board, CheckedSite, ClosingSite, PolledSite, Site, WatchedSite
from bot.ports.people import Bans, Proposals, Readers
from bot.ports.records import Cases, Decisions, Reports
from bot.ports.shift import Casework, Errands, Rota, Staffroom
from bot.ports.store import Store, Tx
from bot.ports.stories import Archive, Closings, Herald, Reminders, Stories

__all__ = [
    "AlertBoard",
    "AlertEffects",
    "Alerts",
    "Archive",
    "Bans",
    "Board",
    "Cards",
    "Cases",
    "Casework",
    "Channels",
    "CheckedSite",
    "Clock",
    "ClosingSite",
    "Closings",
    "Decisions",
    "Errands",
    "Herald",
    "LegalNotices",
    "Lines",
    "Marks",
    "Outbox",
    "People",
    "PolledSite",
    "Preserved",
    "Proposals",
    "Readers",
    "Reminders",
    "Reports",
    "Returning",
    "Roads",
    "Rota",
    "Search",
    "Sightings",
    "Site",
    "Staffroom",
    "Store",
    "Stories",
    "Tallies",
    "Tx",
    "WatchedSite",
]
