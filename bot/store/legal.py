"""Legal notices and threats to life: each step, and the cases of which nothing may be forgotten."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from bot.domain.ids import CaseId, MessageRef, PersonId
from bot.domain.legal import Consent, LegalNotice, Stage
from bot.domain.triage import Done, Life, LifeStep
from bot.store.engine.connection import Connection
from bot.store.times import moment, moment_if, stored

_SELECT = """
SELECT id, case_id, name, email, meaning, falsity, unknown, consents, stage, received_at,
       stage_at, act_by, by_name, channel_id, message_id, consents_email,
       (SELECT token FROM cases WHERE cases.id = legal_notices.case_id)
FROM legal_notices
LEFT JOIN messages ON kind = 'legal' AND key = CAST(id AS TEXT)
"""
_GET = f"{_SELECT} WHERE id = ?"
_RUNNING = f"{_SELECT} WHERE act_by IS NOT NULL ORDER BY act_by LIMIT 25"
_OF_CASE = f"{_SELECT} WHERE case_id = ? ORDER BY id DESC LIMIT 25"
_ADD = """
INSERT INTO legal_notices (case_id, name, email, meaning, falsity, unknown, consents,
                           consents_email, stage, received_at, stage_at, act_by, by_name)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_STEP = "UPDATE legal_notices SET stage = ?, stage_at = ?, act_by = ? WHERE id = ?"
_LOG = "INSERT INTO legal_steps (legal_id, stage, by_name, at) VALUES (?, ?, ?, ?)"
_CONSENTS: tuple[Consent, ...] = tuple(Consent)


class LegalNotices:
    """The notices of complaint."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._run = connection.run

    def add(self, notice: LegalNotice) -> LegalNotice:
        """Keep a new notice; it comes back with its number."""
        said = (notice.case_id, notice.name, notice.email, notice.meaning, notice.falsity)
        apart = notice.email_consent
        consents = (
            _CONSENTS.index(notice.consent),
            None if apart is None else _CONSENTS.index(apart),
        )
        marks = (int(notice.unknown), *consents, notice.stage)
        times = (stored(notice.received_at), stored(notice.stage_at), stored(notice.act_by))
        number = self._connection.add(_ADD, (*said, *marks, *times, notice.by_name))
        self._run(_LOG, (number, notice.stage, notice.by_name, stored(notice.stage_at)))
        return self.get(number) or notice

    def get(self, number: int | None) -> LegalNotice | None:
        """Return one notice; `None` is the number of none."""
        row = self._run(_GET, (number,)).fetchone()
        return _notice(row) if row else None

    def step(self, notice: LegalNotice, by_name: str) -> None:
        """Keep the stage that a notice has got to, and who said so."""
        at = stored(notice.stage_at)
        self._run(_STEP, (notice.stage, at, stored(notice.act_by), notice.id))
        self._run(_LOG, (notice.id, notice.stage, by_name, at))

    def running(self) -> Sequence[LegalNotice]:
        """Return the notices whose clock runs, the most urgent first, at most 25."""
        return [_notice(row) for row in self._run(_RUNNING).fetchall()]

    def of_case(self, case_id: CaseId) -> Sequence[LegalNotice]:
        """Return a case's notices, the newest first."""
        return [_notice(row) for row in self._run(_OF_CASE, (case_id,)).fetchall()]


def _consent(place: int) -> Consent:
    return _CONSENTS[place]


def _notice(row: tuple[Any, ...]) -> LegalNotice:
    return LegalNotice(
        id=row[0],
        case_id=row[1],
        name=row[2],
        email=row[3],
        meaning=row[4],
        falsity=row[5],
        unknown=bool(row[6]),
        consent=_consent(row[7]),
        email_consent=None if row[15] is None else _consent(row[15]),
        stage=Stage(row[8]),
        received_at=moment(row[9]),
        stage_at=moment(row[10]),
        act_by=moment_if(row[11]),
        by_name=row[12],
        at=MessageRef(channel_id=row[13], message_id=row[14]) if row[14] else None,
        token=row[16],
    )


LIFE: Final = "life"
"""Why a case is kept, where somebody's life may be in danger."""

# A threat to life is what a case is kept for from then on, whatever else it was kept for.
_KEEP = """
INSERT INTO preserved (case_id, why, at) VALUES (?, ?, ?)
ON CONFLICT (case_id) DO UPDATE SET why = excluded.why, at = excluded.at
WHERE excluded.why = 'life' AND preserved.why <> 'life'
"""
_LIFE = "SELECT at FROM preserved WHERE case_id = ? AND why = 'life'"
_STEPS = "SELECT step, by_name, at FROM life_steps WHERE case_id = ?"
_TICK = """
INSERT INTO life_steps (case_id, step, by_id, by_name, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (case_id, step) DO NOTHING
"""


class LegalHolds:
    """The cases of which nothing may be forgotten."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._run = connection.run

    def keep(self, case_id: CaseId, why: str, at: datetime) -> bool:
        """Keep a case whole from now on; false if it was kept before."""
        return self._run(_KEEP, (case_id, why, stored(at))).rowcount == 1

    def life(self, case_id: CaseId) -> Life | None:
        """Return what was done about a threat to life, `None` if the case is none."""
        return life_of(self._connection, case_id)

    def tick(
        self, case_id: CaseId, step: LifeStep, by_id: PersonId, by_name: str, at: datetime
    ) -> bool:
        """Keep that somebody did a step; false if it was done before."""
        return self._run(_TICK, (case_id, step, by_id, by_name, stored(at))).rowcount == 1


def life_of(connection: Connection, case_id: CaseId) -> Life | None:
    """Return what was done about a threat to life, `None` if the case is none."""
    row = connection.run(_LIFE, (case_id,)).fetchone()
    if row is None:
        return None
    steps = connection.run(_STEPS, (case_id,)).fetchall()
    done = {LifeStep(step): Done(by_name=name, at=moment(at)) for step, name, at in steps}
    return Life(at=moment(row[0]), done=done)
