"""The record of decisions: it grows, and nothing in it changes."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot.domain.chain import digest
from bot.domain.decision import Action, Decision, Door
from bot.domain.ids import CaseId, DecisionId, PersonId
from bot.store.engine.connection import Connection
from bot.store.times import moment, moment_if, stored

_SELECT = """
SELECT id, case_id, site, comment_id, author_id, action, rule, note, by_id, by_name, door,
       revision, at, until, reverses, amends, previous, digest, second_id, second_name, reason
FROM decisions
"""
_LAST = f"{_SELECT} ORDER BY id DESC LIMIT 1"
_GET = f"{_SELECT} WHERE id = ?"
_AFTER = f"{_SELECT} WHERE id > ? ORDER BY id LIMIT ?"
_OF_CASE = f"{_SELECT} WHERE case_id = ? ORDER BY id"
_NEWEST_NAME = "SELECT name FROM deciders WHERE id = ?"
_APPEND = """
INSERT INTO decisions (
    id, case_id, site, comment_id, author_id, action, rule, note, by_id, by_name, door,
    revision, at, until, reverses, amends, previous, digest, second_id, second_name, reason
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


FIRSTS = """
SELECT made.* FROM decisions AS made
WHERE made.action IN ('keep', 'hide', 'ban') AND made.door NOT IN ('desk', 'site')
AND made.amends IS NULL AND NOT EXISTS (
    SELECT 1 FROM decisions AS before
    WHERE before.case_id = made.case_id AND before.id < made.id
    AND before.action IN ('keep', 'hide', 'ban') AND before.door NOT IN ('desk', 'site')
    AND before.amends IS NULL
)
"""
"""What people at this desk first decided of each case, which is what all figures count.

Not what the desk did by itself, nor what was taken over from a site, undone or corrected.
"""


class Decisions:
    """The record."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def last(self) -> Decision | None:
        """Return the newest decision of all."""
        row = self._run(_LAST).fetchone()
        return _decision(row) if row else None

    def append(self, decision: Decision) -> None:
        """Add a sealed decision.

        Raises:
            ValueError: Its digest is not that of what will be read back.
            StoreTrouble: It does not follow the newest decision.
        """
        at, until = stored(decision.at), stored(decision.until)
        if digest(replace(decision, at=moment(at), until=moment_if(until))) != decision.digest:
            raise ValueError("the decision is not sealed, or its times are not in UTC")
        about = (decision.id, decision.case_id, decision.site, decision.comment_id)
        what = (decision.author_id, decision.action, decision.rule, decision.note)
        who = (decision.by_id, decision.by_name, decision.door, decision.revision)
        refers = (decision.reverses, decision.amends, decision.previous, decision.digest)
        second = (decision.second_id, decision.second_name, decision.reason)
        self._run(_APPEND, (*about, *what, *who, at, until, *refers, *second))

    def get(self, decision_id: DecisionId) -> Decision | None:
        """Return one decision."""
        row = self._run(_GET, (decision_id,)).fetchone()
        return _decision(row) if row else None

    def after(self, decision_id: int, *, limit: int) -> list[Decision]:
        """Return decisions whose id is higher, in order; pages through the whole record."""
        return [_decision(row) for row in self._run(_AFTER, (decision_id, limit)).fetchall()]

    def newest_names(self, decisions: Iterable[Decision]) -> list[Decision]:
        """Return decisions for people to read: whoever made them is called as they are now.

        The record itself keeps the names as they then were, and is sealed with them.
        """
        return [
            replace(
                made,
                by_name=self._called_now(made.by_id) or made.by_name,
                second_name=self._called_now(made.second_id) or made.second_name,
            )
            for made in decisions
        ]

    def _called_now(self, person: PersonId | None) -> str | None:
        row = self._run(_NEWEST_NAME, (person,)).fetchone() if person is not None else None
        return row[0] if row else None

    def of_case(self, case_id: CaseId) -> list[Decision]:
        """Return a case's decisions, oldest first."""
        return [_decision(row) for row in self._run(_OF_CASE, (case_id,)).fetchall()]


def _decision(row: tuple[Any, ...]) -> Decision:
    return Decision(
        id=row[0],
        case_id=row[1],
        site=row[2],
        comment_id=row[3],
        author_id=row[4],
        action=Action(row[5]),
        rule=row[6],
        note=row[7],
        by_id=row[8],
        by_name=row[9],
        door=Door(row[10]),
        revision=row[11],
        at=moment(row[12]),
        until=moment_if(row[13]),
        reverses=row[14],
        amends=row[15],
        previous=row[16],
        digest=row[17],
        second_id=row[18],
        second_name=row[19],
        reason=row[20],
    )
