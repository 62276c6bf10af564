"""Cases of which nothing may be forgotten, and what was done about threats to life."""

from datetime import datetime
from typing import Final

from bot.domain.ids import CaseId, PersonId
from bot.domain.life import Done, Life, LifeStep
from bot.store.engine.connection import Connection
from bot.store.times import moment, stored

LIFE: Final = "life"
"""Why a case is kept, where somebody's life may be in danger."""

# A threat to life is what a case is kept for from then on, whatever else it was kept for.
_KEEP = """
INSERT INTO preserved (case_id, why, at) VALUES (?, ?, ?)
ON CONFLICT (case_id) DO UPDATE SET why = excluded.why, at = excluded.at
WHERE excluded.why = 'life' AND preserved.why <> 'life'
"""
_KEPT = "SELECT 1 FROM preserved WHERE case_id = ?"
_LIFE = "SELECT at FROM preserved WHERE case_id = ? AND why = 'life'"
_STEPS = "SELECT step, by_name, at FROM life_steps WHERE case_id = ?"
_TICK = """
INSERT INTO life_steps (case_id, step, by_id, by_name, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (case_id, step) DO NOTHING
"""


class Preserved:
    """The cases of which nothing may be forgotten."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._run = connection.run

    def keep(self, case_id: CaseId, why: str, at: datetime) -> bool:
        """Keep a case whole from now on; false if it was kept before."""
        return self._run(_KEEP, (case_id, why, stored(at))).rowcount == 1

    def is_kept(self, case_id: CaseId) -> bool:
        """Whether nothing of a case may be forgotten."""
        return self._run(_KEPT, (case_id,)).fetchone() is not None

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
