"""One transaction's view of every table."""

import sqlite3

from bot.store.alert_effects import SqliteAlertEffects
from bot.store.alerts import SqliteAlerts
from bot.store.archive import SqliteArchive
from bot.store.bans import SqliteBans
from bot.store.cards import SqliteCards
from bot.store.cases import SqliteCases
from bot.store.casework import SqliteCasework
from bot.store.channels import SqliteChannels
from bot.store.decisions import SqliteDecisions
from bot.store.errands import SqliteErrands
from bot.store.legal import SqliteLegalNotices
from bot.store.lines import SqliteLines
from bot.store.marks import SqliteMarks
from bot.store.outbox import SqliteOutbox
from bot.store.people import SqlitePeople
from bot.store.preserved import SqlitePreserved
from bot.store.proposals import SqliteProposals
from bot.store.reactions import SqliteQuestions, SqliteReactions
from bot.store.readers import SqliteReaders
from bot.store.reminders import SqliteReminders
from bot.store.reports import SqliteReports
from bot.store.returning import SqliteReturning
from bot.store.rota import SqliteRota
from bot.store.search import SqliteSearch
from bot.store.sightings import SqliteSightings
from bot.store.story_states import SqliteClosings, SqliteStories
from bot.store.tallies import SqliteTallies


class SqliteTx:
    """`bot.ports.Tx` on one connection, used again for each of its transactions.

    All parts share one cursor: what they read is fetched at once, so no statement is left open
    when the next begins, and no cursor is made for each statement.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        cursor = connection.cursor()
        self.run = cursor.execute
        self.reports = SqliteReports(cursor)
        self.cases = SqliteCases(cursor)
        self.decisions = SqliteDecisions(cursor)
        self.outbox = SqliteOutbox(cursor)
        self.cards = SqliteCards(cursor)
        self.channels = SqliteChannels(cursor, self.outbox)
        self.reactions = SqliteReactions(cursor)
        self.questions = SqliteQuestions(cursor, self.outbox)
        self.readers = SqliteReaders(cursor)
        self.proposals = SqliteProposals(cursor)
        self.bans = SqliteBans(cursor)
        self.casework = SqliteCasework(cursor)
        self.rota = SqliteRota(cursor)
        self.errands = SqliteErrands(cursor)
        self.stories = SqliteStories(cursor)
        self.closings = SqliteClosings(cursor, self.outbox)
        self.reminders = SqliteReminders(cursor, self.outbox)
        self.archive = SqliteArchive(cursor)
        self.lines = SqliteLines(cursor)
        self.legal = SqliteLegalNotices(cursor)
        self.preserved = SqlitePreserved(cursor)
        self.marks = SqliteMarks(cursor)
        self.sightings = SqliteSightings(cursor)
        self.alerts = SqliteAlerts(cursor)
        self.alert_effects = SqliteAlertEffects(cursor, self.outbox)
        self.tallies = SqliteTallies(cursor)
        self.people = SqlitePeople(cursor)
        self.search = SqliteSearch(cursor)
        self.returning = SqliteReturning(cursor)
