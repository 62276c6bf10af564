"""One transaction's view of every table."""

import sqlite3

from bot.store.alert_effects import AlertEffects
from bot.store.alerts import Alerts
from bot.store.archive import Archive
from bot.store.bans import Bans
from bot.store.cards import Cards
from bot.store.cases import Cases
from bot.store.casework import Casework
from bot.store.channels import Channels
from bot.store.decisions import Decisions
from bot.store.errands import Errands
from bot.store.legal import LegalNotices
from bot.store.lines import Lines
from bot.store.marks import Marks
from bot.store.outbox import Outbox
from bot.store.people import People
from bot.store.preserved import Preserved
from bot.store.proposals import Proposals
from bot.store.reactions import Questions, Reactions
from bot.store.readers import Readers
from bot.store.reminders import Reminders
from bot.store.reports import Reports
from bot.store.returning import Returning
from bot.store.rota import Rota
from bot.store.runs import Runs
from bot.store.search import Search
from bot.store.sightings import Sightings
from bot.store.story_states import Closings, Stories
from bot.store.tallies import Tallies


class Tx:
    """One transaction on one connection, used again for each of its transactions.

    All parts share one cursor: what they read is fetched at once, so no statement is left open
    when the next begins, and no cursor is made for each statement.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        cursor = connection.cursor()
        self.run = cursor.execute
        self.reports = Reports(cursor)
        self.cases = Cases(cursor)
        self.decisions = Decisions(cursor)
        self.outbox = Outbox(cursor)
        self.cards = Cards(cursor)
        self.channels = Channels(cursor, self.outbox)
        self.reactions = Reactions(cursor)
        self.questions = Questions(cursor, self.outbox)
        self.readers = Readers(cursor)
        self.proposals = Proposals(cursor)
        self.bans = Bans(cursor)
        self.runs = Runs(cursor)
        self.casework = Casework(cursor)
        self.rota = Rota(cursor)
        self.errands = Errands(cursor)
        self.stories = Stories(cursor)
        self.closings = Closings(cursor, self.outbox)
        self.reminders = Reminders(cursor, self.outbox)
        self.archive = Archive(cursor)
        self.lines = Lines(cursor)
        self.legal = LegalNotices(cursor)
        self.preserved = Preserved(cursor)
        self.marks = Marks(cursor)
        self.sightings = Sightings(cursor)
        self.alerts = Alerts(cursor)
        self.alert_effects = AlertEffects(cursor, self.outbox)
        self.tallies = Tallies(cursor)
        self.people = People(cursor)
        self.search = Search(cursor)
        self.returning = Returning(cursor)
