"""The typed lines that were carried out, and which cases the desk's own messages belong to."""

from collections.abc import Collection, Sequence

from bot.domain.ids import CaseId, DecisionId, PersonId
from bot.domain.lines import KeptLine, KeptOrder
from bot.store.engine.connection import Connection

_SAY = """
INSERT INTO said (message_id, case_id) VALUES (?, ?) ON CONFLICT (message_id, case_id) DO NOTHING
"""
# A question about a reaction belongs to its case for as long as it stands.
_CASES_OF = """
SELECT case_id FROM said WHERE message_id = ?
UNION
SELECT case_id FROM questions WHERE message_id = ? ORDER BY case_id
"""
_PUT = "INSERT INTO lines (message_id, channel_id, by_id, answered) VALUES (?, ?, ?, ?)"
_PUT_ORDER = """
INSERT INTO line_orders (message_id, place, case_id, by_id, decision_id) VALUES (?, ?, ?, ?, ?)
"""
_GET = "SELECT message_id, channel_id, by_id, answered FROM lines WHERE message_id = ?"
_ORDERS = "SELECT case_id, decision_id FROM line_orders WHERE message_id = ? ORDER BY place"
_ANSWERED = "UPDATE lines SET answered = 1 WHERE message_id = ?"
_UNANSWERED = "SELECT message_id FROM lines WHERE answered = 0 ORDER BY message_id LIMIT 100"
_SINCE = """
SELECT 1 FROM line_orders WHERE case_id = ? AND message_id > ? AND by_id = ? LIMIT 1
"""


class Lines:
    """The typed lines that were begun, and how each ended."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def say(self, message_id: int, cases: Collection[CaseId]) -> None:
        """Keep that a message, or a thread, belongs to these cases."""
        for case_id in cases:
            self._run(_SAY, (message_id, case_id))

    def cases_of(self, message_id: int) -> Sequence[CaseId]:
        """Return the cases that a message or a thread belongs to."""
        return [CaseId(row[0]) for row in self._run(_CASES_OF, (message_id, message_id)).fetchall()]

    def put(self, line: KeptLine) -> None:
        """Keep what came of a line."""
        row = (line.message_id, line.channel_id, line.by_id, int(line.answered))
        self._run(_PUT, row)
        for place, order in enumerate(line.orders):
            kept = (line.message_id, place, order.case_id, line.by_id, order.decision_id)
            self._run(_PUT_ORDER, kept)

    def get(self, message_id: int) -> KeptLine | None:
        """Return what came of a line, `None` if it was not carried out."""
        row = self._run(_GET, (message_id,)).fetchone()
        if row is None:
            return None
        orders = self._run(_ORDERS, (message_id,)).fetchall()
        return KeptLine(
            message_id=row[0],
            channel_id=row[1],
            by_id=PersonId(row[2]),
            answered=bool(row[3]),
            orders=tuple(
                KeptOrder(
                    case_id=CaseId(case_id),
                    decision_id=DecisionId(made) if made is not None else None,
                )
                for case_id, made in orders
            ),
        )

    def answered(self, message_id: int) -> None:
        """Keep that its author was told what came of a line."""
        self._run(_ANSWERED, (message_id,))

    def unanswered(self) -> Sequence[KeptLine]:
        """Return the lines that were carried out and not answered, the oldest first."""
        found = (self.get(row[0]) for row in self._run(_UNANSWERED).fetchall())
        return [line for line in found if line is not None]

    def typed_since(self, message_id: int, by_id: PersonId, case_id: CaseId) -> bool:
        """Whether a later line of the same person about the case was carried out."""
        return self._run(_SINCE, (case_id, message_id, by_id)).fetchone() is not None
