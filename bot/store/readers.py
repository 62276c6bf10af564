"""How often each reader's reports were right."""

from bot.domain.ids import ReporterKey
from bot.domain.trust import ReaderRecord
from bot.store.engine.connection import Connection

_GET = "SELECT agreed, disagreed FROM readers WHERE reporter = ?"
_PUT = """
INSERT INTO readers (reporter, agreed, disagreed) VALUES (?, ?, ?)
ON CONFLICT (reporter) DO UPDATE SET agreed = excluded.agreed, disagreed = excluded.disagreed
"""
_STRANGER = ReaderRecord()


class Readers:
    """How often each reader was right."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def get(self, reporter: ReporterKey) -> ReaderRecord:
        """Return a reader's record; one who was never judged has an empty one."""
        row = self._run(_GET, (reporter,)).fetchone()
        return ReaderRecord(agreed=row[0], disagreed=row[1]) if row else _STRANGER

    def put(self, reporter: ReporterKey, record: ReaderRecord) -> None:
        """Keep a reader's record."""
        self._run(_PUT, (reporter, record.agreed, record.disagreed))
