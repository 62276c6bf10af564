"""One transaction's view of every table."""

from bot.store.alerts import Alerts
from bot.store.authors import Authors, Bans
from bot.store.ban_drafts import BanDrafts
from bot.store.ban_evasion import BanEvasion
from bot.store.brake import Runs
from bot.store.case_files import CaseFiles
from bot.store.cases import Cases
from bot.store.channels import Channels
from bot.store.claims import Claims
from bot.store.contest_steps import ContestSteps
from bot.store.contests import Contests
from bot.store.cursors import Cursors
from bot.store.decisions import Decisions, Proposals
from bot.store.deliveries import Deliveries
from bot.store.detection import ReportEvents
from bot.store.due_times import DueTimes
from bot.store.engine.connection import Connection
from bot.store.erasures import Erasures
from bot.store.figures import MonthFigures, Tallies
from bot.store.forgetting import Forgetting
from bot.store.gauges import Gauges
from bot.store.legal import LegalHolds, LegalNotices
from bot.store.lines import Lines
from bot.store.mails import Mails
from bot.store.messages import Cards, Messages
from bot.store.notices import Notices
from bot.store.outbox import Outbox
from bot.store.persons import Persons
from bot.store.purging import Purging
from bot.store.reactions import Questions, Reactions
from bot.store.readers import ReaderReports, Readers
from bot.store.reports import Reports
from bot.store.search import Search
from bot.store.set_up import SetUp
from bot.store.staff import Staff
from bot.store.stories import Stories
from bot.store.triage import FreeCases, Triage


class Tx:
    """One transaction on one connection, used again for each of its transactions."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.run = connection.run
        self.reports = Reports(connection)
        self.outbox = Outbox(connection)
        self.due_times = DueTimes(connection, self.outbox)
        self.claims = Claims(connection, self.outbox)
        self.deliveries = Deliveries(connection)
        self.cases = Cases(connection, self.outbox)
        self.decisions = Decisions(connection)
        self.erasures = Erasures(connection)
        self.cards = Cards(connection)
        self.channels = Channels(connection)
        self.reactions = Reactions(connection)
        self.questions = Questions(connection, self.outbox)
        self.readers = Readers(connection)
        self.reader_reports = ReaderReports(connection)
        self.contests = Contests(connection)
        self.contest_steps = ContestSteps(connection)
        self.proposals = Proposals(connection)
        self.ban_drafts = BanDrafts(connection)
        self.bans = Bans(connection)
        self.runs = Runs(connection)
        self.triage = Triage(connection)
        self.free = FreeCases(connection)
        self.staff = Staff(connection)
        self.set_up = SetUp(connection)
        self.messages = Messages(connection)
        self.stories = Stories(connection)
        self.lines = Lines(connection)
        self.legal = LegalNotices(connection)
        self.notices = Notices(connection)
        self.mails = Mails(connection)
        self.legal_holds = LegalHolds(connection)
        self.cursors = Cursors(connection)
        self.report_events = ReportEvents(connection)
        self.alerts = Alerts(connection)
        self.tallies = Tallies(connection)
        self.figures = MonthFigures(connection)
        self.gauges = Gauges(connection)
        self.case_files = CaseFiles(connection)
        self.authors = Authors(connection)
        self.search = Search(connection)
        self.forgetting = Forgetting(connection, self.outbox)
        self.purging = Purging(connection, self.outbox)
        self.persons = Persons(connection, self.outbox)
        self.ban_evasion = BanEvasion(connection)
