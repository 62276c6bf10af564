"""Who has a case, what colleagues noted about it, and who looks at it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.ids import CaseId, PersonId
from bot.domain.triage import (
    Assignment,
    CaseNote,
    CaseWork,
    Claim,
    Escalation,
    Raised,
    Snooze,
    Viewer,
)
from bot.store.engine.connection import Connection
from bot.store.times import moment, stored

_NOTES_SHOWN = 5

_GET = """
SELECT claim_id, claim_name, claim_at, claim_until, assigned_id, assigned_name, assigned_by,
       assigned_at, snooze_id, snooze_name, snooze_until, snooze_revision, snooze_reasons,
       escalated_id, escalated_name, escalated_at, escalated_note, thread_id,
       raised_alert, raised_name, raised_at
FROM casework WHERE case_id = ?
"""
_PUT = """
INSERT INTO casework (
    case_id, claim_id, claim_name, claim_at, claim_until, assigned_id, assigned_name, assigned_by,
    assigned_at, snooze_id, snooze_name, snooze_until, snooze_revision, snooze_reasons,
    escalated_id, escalated_name, escalated_at, escalated_note, thread_id,
    raised_alert, raised_name, raised_at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (case_id) DO UPDATE SET
    claim_id = excluded.claim_id, claim_name = excluded.claim_name, claim_at = excluded.claim_at,
    claim_until = excluded.claim_until, assigned_id = excluded.assigned_id,
    assigned_name = excluded.assigned_name, assigned_by = excluded.assigned_by,
    assigned_at = excluded.assigned_at, snooze_id = excluded.snooze_id,
    snooze_name = excluded.snooze_name, snooze_until = excluded.snooze_until,
    snooze_revision = excluded.snooze_revision, snooze_reasons = excluded.snooze_reasons,
    escalated_id = excluded.escalated_id, escalated_name = excluded.escalated_name,
    escalated_at = excluded.escalated_at, escalated_note = excluded.escalated_note,
    thread_id = excluded.thread_id, raised_alert = excluded.raised_alert,
    raised_name = excluded.raised_name, raised_at = excluded.raised_at
"""
_SETTLE = """
UPDATE casework SET
    claim_id = NULL, claim_name = NULL, claim_at = NULL, claim_until = NULL,
    assigned_id = NULL, assigned_name = NULL, assigned_by = NULL, assigned_at = NULL,
    snooze_id = NULL, snooze_name = NULL, snooze_until = NULL, snooze_revision = NULL,
    snooze_reasons = NULL, escalated_id = NULL, escalated_name = NULL, escalated_at = NULL,
    escalated_note = NULL, raised_alert = NULL, raised_name = NULL, raised_at = NULL
WHERE case_id = ?
"""
_REOPENED = """
INSERT INTO reopened (case_id, at) VALUES (?, ?)
ON CONFLICT (case_id) DO UPDATE SET at = excluded.at
"""
_NOT_AGAIN = "DELETE FROM reopened WHERE case_id = ?"
_UNCALL = "DELETE FROM called_out WHERE case_id = ?"
_NOTES = """
SELECT by_id, by_name, text, at FROM staff_notes WHERE case_id = ? ORDER BY id DESC LIMIT ?
"""
_COUNT_NOTES = "SELECT COUNT(*) FROM staff_notes WHERE case_id = ?"
_ADD_NOTE = "INSERT INTO staff_notes (case_id, by_id, by_name, text, at) VALUES (?, ?, ?, ?, ?)"
_EXPIRED = "SELECT case_id FROM casework WHERE claim_until <= ? ORDER BY claim_until"
_SNOOZED = "SELECT case_id FROM casework WHERE snooze_until IS NOT NULL ORDER BY snooze_until"
_RAISED = "SELECT case_id FROM casework WHERE raised_alert = ?"
_COUNT_RAISED = "SELECT COUNT(*) FROM casework WHERE raised_alert IS NOT NULL"
_LOOK = """
INSERT INTO looks (case_id, by_id, by_name, at) VALUES (?, ?, ?, ?)
ON CONFLICT (case_id, by_id) DO UPDATE SET by_name = excluded.by_name, at = excluded.at
"""
_LOOKERS = "SELECT by_id, by_name, at FROM looks WHERE case_id = ? AND at > ? ORDER BY at DESC"
_FORGET_LOOKS = "DELETE FROM looks WHERE at <= ?"

OLDEST_OF = """
SELECT id, since FROM (
    SELECT * FROM (
        SELECT id, opened_at AS since FROM cases WHERE state <> 'decided' AND {those}
        AND NOT EXISTS (SELECT 1 FROM reopened WHERE case_id = cases.id)
        ORDER BY opened_at, id LIMIT 1
    ) AS first
    UNION ALL SELECT * FROM (
        SELECT cases.id, reopened.at AS since FROM reopened CROSS JOIN cases
        WHERE cases.id = reopened.case_id AND state <> 'decided' AND {those}
        ORDER BY reopened.at, cases.id LIMIT 1
    ) AS again
) AS oldest ORDER BY since, id LIMIT 1
"""
"""Finds which of `those` open cases waits for longest, and since when: one that was opened again
waits since then, and there are never many."""


class Triage:
    """Who has a case, and what colleagues noted."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def get(self, case_id: CaseId) -> CaseWork:
        """Return what is known of a case; nothing, for most."""
        row = self._run(_GET, (case_id,)).fetchone()
        total = int(self._run(_COUNT_NOTES, (case_id,)).fetchone()[0])
        notes = self._notes(case_id) if total else ()
        if row is None:
            return CaseWork(notes=notes, notes_total=total)
        return CaseWork(
            claim=_claim(row[0:4]),
            assigned=_assignment(row[4:8]),
            snooze=_snooze(row[8:13]),
            escalation=_escalation(row[13:17]),
            thread_id=row[17],
            raised=_raised(row[18:21]),
            notes=notes,
            notes_total=total,
        )

    def put(self, case_id: CaseId, work: CaseWork) -> None:
        """Keep all of it but the notes, which are added one by one."""
        self._run(
            _PUT,
            (
                case_id,
                *_of_claim(work.claim),
                *_of_assignment(work.assigned),
                *_of_snooze(work.snooze),
                *_of_escalation(work.escalation),
                work.thread_id,
                *_of_raised(work.raised),
            ),
        )

    def add_note(self, case_id: CaseId, note: CaseNote) -> None:
        """Keep a staff note."""
        self._run(_ADD_NOTE, (case_id, note.by_id, note.by_name, note.text, stored(note.at)))

    def settle(self, case_id: CaseId) -> None:
        """Forget who had the case, that it was called out, and that it had been decided before."""
        self._run(_SETTLE, (case_id,))
        self._run(_NOT_AGAIN, (case_id,))
        self._run(_UNCALL, (case_id,))

    def reopened(self, case_id: CaseId, at: datetime) -> None:
        """Keep since when a case waits that was opened again."""
        self._run(_REOPENED, (case_id, stored(at)))

    def expired_claims(self, now: datetime) -> Sequence[CaseId]:
        """Return the cases whose claim has run out."""
        return [CaseId(row[0]) for row in self._run(_EXPIRED, (stored(now),)).fetchall()]

    def snoozed(self) -> Sequence[CaseId]:
        """Return the cases that are put off, the soonest back first."""
        return [CaseId(row[0]) for row in self._run(_SNOOZED).fetchall()]

    def raised_for(self, alert_id: int) -> Sequence[CaseId]:
        """Return the open cases that were raised for an alert."""
        return [CaseId(row[0]) for row in self._run(_RAISED, (alert_id,)).fetchall()]

    def count_raised(self) -> int:
        """Return how many open cases are raised."""
        return int(self._run(_COUNT_RAISED).fetchone()[0])

    def look(self, case_id: CaseId, looker: Viewer) -> None:
        """Keep that somebody opened the details."""
        self._run(_LOOK, (case_id, looker.by_id, looker.by_name, stored(looker.at)))

    def lookers(self, case_id: CaseId, *, since: datetime) -> Sequence[Viewer]:
        """Return who opened the details since then, the newest first."""
        rows = self._run(_LOOKERS, (case_id, stored(since))).fetchall()
        return [Viewer(by_id=row[0], by_name=row[1], at=moment(row[2])) for row in rows]

    def forget_looks(self, before: datetime) -> None:
        """Forget who looked before then; there are never many."""
        self._run(_FORGET_LOOKS, (stored(before),))

    def _notes(self, case_id: CaseId) -> tuple[CaseNote, ...]:
        rows = self._run(_NOTES, (case_id, _NOTES_SHOWN)).fetchall()
        return tuple(
            CaseNote(by_id=row[0], by_name=row[1], text=row[2], at=moment(row[3]))
            for row in reversed(rows)
        )


def _claim(row: tuple[Any, ...]) -> Claim | None:
    if row[0] is None:
        return None
    return Claim(by_id=row[0], by_name=row[1], at=moment(row[2]), until=moment(row[3]))


def _assignment(row: tuple[Any, ...]) -> Assignment | None:
    if row[0] is None:
        return None
    return Assignment(to_id=row[0], to_name=row[1], by_name=row[2], at=moment(row[3]))


def _snooze(row: tuple[Any, ...]) -> Snooze | None:
    if row[0] is None:
        return None
    return Snooze(
        by_id=row[0], by_name=row[1], until=moment(row[2]), revision=row[3], reasons=row[4]
    )


def _escalation(row: tuple[Any, ...]) -> Escalation | None:
    if row[0] is None:
        return None
    return Escalation(by_id=row[0], by_name=row[1], at=moment(row[2]), note=row[3])


def _raised(row: tuple[Any, ...]) -> Raised | None:
    if row[0] is None:
        return None
    return Raised(alert=row[0], by_name=row[1], at=moment(row[2]))


def _of_claim(claim: Claim | None) -> tuple[Any, ...]:
    if claim is None:
        return (None,) * 4
    return (claim.by_id, claim.by_name, stored(claim.at), stored(claim.until))


def _of_assignment(made: Assignment | None) -> tuple[Any, ...]:
    if made is None:
        return (None,) * 4
    return (made.to_id, made.to_name, made.by_name, stored(made.at))


def _of_snooze(snooze: Snooze | None) -> tuple[Any, ...]:
    if snooze is None:
        return (None,) * 5
    return (snooze.by_id, snooze.by_name, stored(snooze.until), snooze.revision, snooze.reasons)


def _of_escalation(made: Escalation | None) -> tuple[Any, ...]:
    if made is None:
        return (None,) * 4
    return (made.by_id, made.by_name, stored(made.at), made.note)


def _of_raised(made: Raised | None) -> tuple[Any, ...]:
    if made is None:
        return (None,) * 3
    return (made.alert, made.by_name, stored(made.at))


# What somebody put off is free to nobody, and what a colleague has only to them; but whoever
# proposed something waits for a second person, who is anybody else.
_FREE = """
SELECT id FROM cases
WHERE state <> 'decided' AND (state <> 'escalated' OR ? = 1)
AND NOT EXISTS (SELECT 1 FROM passes WHERE case_id = cases.id AND by_id = ? AND until > ?)
AND NOT EXISTS (
    SELECT 1 FROM proposals WHERE case_id = cases.id AND by_id = ? AND expires_at > ?
)
AND NOT EXISTS (
    SELECT 1 FROM casework WHERE case_id = cases.id AND (
        snooze_id IS NOT NULL
        OR claim_until > ? AND claim_id <> ? AND NOT EXISTS (
            SELECT 1 FROM proposals WHERE proposals.case_id = casework.case_id
            AND by_id = claim_id AND expires_at > ?
        )
    )
)
ORDER BY priority DESC, opened_at, id LIMIT ? OFFSET ?
"""
_PASSED = """
INSERT INTO passes (case_id, by_id, until) VALUES (?, ?, ?)
ON CONFLICT (case_id, by_id) DO UPDATE SET until = excluded.until
"""
_FORGET = "DELETE FROM passes WHERE until <= ?"


class FreeCases:
    """The cases that wait for whoever asks next."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def worst_first(
        self, by: PersonId, now: datetime, *, escalated: bool, limit: int, offset: int = 0
    ) -> Sequence[CaseId]:
        """Return cases that nobody else has and that the person has not passed on.

        What they have themselves is among them. `escalated` says whether what is with the editors
        is theirs to decide.
        """
        at = stored(now)
        asked = (int(escalated), by, at, by, at, at, by, at, limit, offset)
        return [CaseId(row[0]) for row in self._run(_FREE, asked).fetchall()]

    def pass_on(self, case_id: CaseId, by: PersonId, now: datetime, until: datetime) -> None:
        """Keep that a case is not to be offered to somebody until then."""
        self._run(_FORGET, (stored(now),))
        self._run(_PASSED, (case_id, by, stored(until)))
