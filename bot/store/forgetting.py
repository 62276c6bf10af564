"""Takes out of the database what people wrote about a case, and asks for it to leave Discord too.

What may be found of a text is in six places: the revisions, the index of words, what readers and
staff wrote beside it, what orders to the site were made of, and the desk's messages. All are gone
through here, whoever asks for it: the daily purge, or somebody who has a right to it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.ids import CaseId, DecisionId
from bot.domain.seals import ERASED, Part
from bot.store.deliveries import order_from, order_text
from bot.store.engine.connection import Connection
from bot.store.erasures import Taken
from bot.store.outbox import Outbox

NOTE_GONE: Final = {Part.NOTE: {"note": ERASED}}
"""What is put in the place of a decision's note."""

_TEXTS = f"""
UPDATE revisions SET text = '{ERASED}', revision_key = '{ERASED}', permalink = NULL,
    parent_author = NULL, parent_text = NULL, sent = NULL
WHERE case_id = ?
"""  # noqa: S608 - a constant of ours
# The hash of a short text tells the text to whoever tries some.
_TEXT_KEY = f"""
UPDATE cases SET text_key = NULL, revision_key = '{ERASED}', touched = touched + 1 WHERE id = ?
"""  # noqa: S608 - as above
_READERS_NOTES = """
UPDATE reports SET note = NULL WHERE case_id = ? AND note IS NOT NULL AND at > -4611686018427387904
"""
_STAFF_NOTES = "DELETE FROM staff_notes WHERE case_id = ?"
_DRAFTS = "DELETE FROM ban_drafts WHERE case_id = ?"
_ESCALATED = f"""
UPDATE casework SET escalated_note = '{ERASED}' WHERE case_id = ? AND escalated_note IS NOT NULL
"""  # noqa: S608 - as above
_CONTESTS = f"""
UPDATE contests SET text = '{ERASED}', salt = NULL, reasons = CASE WHEN reasons IS NULL THEN NULL ELSE '{ERASED}' END
WHERE case_id = ? AND text <> '{ERASED}'
"""  # noqa: S608 - as above
_NOTED = """
SELECT id FROM decisions WHERE case_id = ? AND note IS NOT NULL AND note <> ? ORDER BY id
"""
_ORDERS = """
SELECT id, payload FROM outbox WHERE case_id = ? AND kind = 'site' AND state <> 'waiting'
"""
_REWRITE = "UPDATE outbox SET payload = ? WHERE id = ?"
_SAID = """
SELECT message_id FROM said WHERE case_id = ?
AND NOT EXISTS (SELECT 1 FROM cards WHERE cards.message_id = said.message_id)
AND NOT EXISTS (
    SELECT 1 FROM casework
    WHERE casework.case_id = said.case_id AND casework.thread_id = said.message_id
)
"""
_THREAD = "SELECT thread_id FROM casework WHERE case_id = ? AND thread_id IS NOT NULL"
_NO_THREAD = "UPDATE casework SET thread_id = NULL WHERE case_id = ?"
_ON_CARD = "SELECT 1 FROM cards WHERE case_id = ? AND message_id IS NOT NULL"
_UNSAY = "DELETE FROM said WHERE message_id = ?"
_TOLD = """
UPDATE outbox SET payload = NULL
WHERE kind IN ('staff', 'reply', 'bulletin', 'road') AND state <> 'waiting' AND payload IS NOT NULL
"""


class Forgetting:
    """Forgets what was written about cases."""

    def __init__(self, connection: Connection, outbox: Outbox) -> None:
        self._connection = connection
        self._run = connection.run
        self._outbox = outbox

    def texts(self, case_id: CaseId, *, author_id: str | None = None) -> None:
        """Forget every text of a case's comment, and what it answered.

        Where an account goes on under another id, what was asked of the site names that.
        """
        self._run(self._connection.words.forget, (case_id,))
        self._run(_TEXTS, (case_id,))
        self._run(_TEXT_KEY, (case_id,))
        self._orders(case_id, author_id)

    def readers_notes(self, case_id: CaseId) -> None:
        """Forget what readers wrote with their reports on a case."""
        self._run(_READERS_NOTES, (case_id,))

    def staff_notes(self, case_id: CaseId) -> None:
        """Forget what the staff wrote on a case, beside its decisions."""
        self._run(_STAFF_NOTES, (case_id,))
        self._run(_ESCALATED, (case_id,))
        self._run(_DRAFTS, (case_id,))

    def contests(self, case_id: CaseId) -> None:
        """Forget the words in which decisions on a case were contested, and those of the answers."""
        self._run(_CONTESTS, (case_id,))

    def noted(self, case_id: CaseId) -> Sequence[Taken]:
        """Return the notes of decisions on a case, as what is to be erased."""
        rows = self._run(_NOTED, (case_id, ERASED)).fetchall()
        return [Taken(decision_id=DecisionId(row[0]), tombstones=NOTE_GONE) for row in rows]

    def unsay(self, case_id: CaseId, now: datetime, *, threads: bool = True) -> None:
        """Ask for a case's card to be drawn anew, and for what else was said of it to be taken away.

        Its thread goes too, with what colleagues wrote in it, unless `threads` are left.
        """
        for (message_id,) in self._run(_SAID, (case_id,)).fetchall():
            self._outbox.want_gone(message_id, now)
            self._run(_UNSAY, (message_id,))
        for (thread_id,) in self._run(_THREAD, (case_id,)).fetchall() if threads else ():
            self._outbox.want_gone(thread_id, now, thread=True)
            self._run(_NO_THREAD, (case_id,))
        self.redraw(case_id, now)

    def redraw(self, case_id: CaseId, now: datetime) -> None:
        """Ask for a case's card to be drawn anew, if it has one."""
        if self._run(_ON_CARD, (case_id,)).fetchone() is not None:
            self._outbox.want_card(case_id, now)

    def told(self) -> None:
        """Forget what messages that were sent were made of."""
        self._run(_TOLD)

    def _orders(self, case_id: CaseId, author_id: str | None) -> None:
        for number, payload in self._run(_ORDERS, (case_id,)).fetchall():
            order = order_from(payload)
            order = replace(
                order,
                author_id=author_id or order.author_id,
                permalink=None,
                revision_key=ERASED,
                text_sha256=None,
                text_key=None,
            )
            self._run(_REWRITE, (order_text(order), number))
