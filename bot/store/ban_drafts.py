"""What people filled in in the ban form and did not send off yet."""

from datetime import datetime, timedelta

from bot.domain.bans import BanDraft
from bot.domain.ids import CaseId, PersonId
from bot.store.engine.connection import Connection
from bot.store.times import moment, stored

_PUT = """
INSERT INTO ban_drafts (case_id, by_id, at, revision, rule, lasting, note, reason)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (case_id, by_id) DO UPDATE SET
    at = excluded.at, revision = excluded.revision, rule = excluded.rule,
    lasting = excluded.lasting, note = excluded.note, reason = excluded.reason
"""
_GET = """
SELECT case_id, by_id, at, revision, rule, lasting, note, reason FROM ban_drafts
WHERE case_id = ? AND by_id = ?
"""
_DROP = "DELETE FROM ban_drafts WHERE case_id = ? AND by_id = ?"
_FORGET = "DELETE FROM ban_drafts WHERE at <= ?"
_MICROSECOND = timedelta(microseconds=1)


class BanDrafts:
    """Of each person and case one."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def put(self, draft: BanDraft) -> None:
        """Keep what somebody filled in, in place of what they did before."""
        lasting = draft.lasting // _MICROSECOND if draft.lasting is not None else None
        about = (draft.case_id, draft.by_id, stored(draft.at), draft.seen)
        self._run(_PUT, (*about, draft.rule, lasting, draft.note, draft.reason))

    def get(self, case_id: CaseId, by: PersonId) -> BanDraft | None:
        """Return what somebody filled in last about a case, `None` if nothing is kept."""
        row = self._run(_GET, (case_id, by)).fetchone()
        if row is None:
            return None
        return BanDraft(
            case_id=row[0],
            by_id=row[1],
            at=moment(row[2]),
            seen=row[3],
            rule=row[4],
            lasting=row[5] * _MICROSECOND if row[5] is not None else None,
            note=row[6],
            reason=row[7],
        )

    def drop(self, case_id: CaseId, by: PersonId) -> None:
        """Forget what somebody filled in about a case."""
        self._run(_DROP, (case_id, by))

    def forget(self, before: datetime) -> None:
        """Forget what was filled in before then."""
        self._run(_FORGET, (stored(before),))
