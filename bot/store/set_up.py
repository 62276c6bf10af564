"""What was set in Discord over the desk's files, and by whom: a record that only grows."""

from collections.abc import Mapping
from typing import Any

from bot.domain.ids import PersonId
from bot.domain.set_up import Chosen, Setting, SetUpChange
from bot.domain.staff import Person
from bot.store.engine.connection import Connection
from bot.store.times import moment, stored

_NEWEST = """
SELECT setting, value, was, by_id, by_name, at FROM set_up_changes AS made
WHERE id = (SELECT MAX(id) FROM set_up_changes WHERE setting = made.setting) ORDER BY id
"""
_GET = "SELECT setting, value, was, by_id, by_name, at FROM set_up_changes WHERE id = ?"
_LAST = "SELECT COALESCE(MAX(id), 0) FROM set_up_changes"
_ADD = """
INSERT INTO set_up_changes (id, setting, value, was, by_id, by_name, at)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""


class SetUp:
    """The changes of the set-up; the newest of each setting is what counts."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def newest(self) -> Mapping[Setting, SetUpChange]:
        """Return the newest change of each setting that was ever changed, the oldest first."""
        found = [_of(row) for row in self._run(_NEWEST).fetchall() if row[0] in list(Setting)]
        return {change.setting: change for change in found}

    def chosen(self) -> Chosen:
        """Return what is set in Discord now."""
        newest = self.newest().values()
        return {one.setting: one.value for one in newest if one.value is not None}

    def add(self, change: SetUpChange) -> int:
        """Keep a change; return its number."""
        number = int(self._run(_LAST).fetchone()[0]) + 1
        what = (number, change.setting, change.value, change.was)
        self._run(_ADD, (*what, change.by.id, change.by.name, stored(change.at)))
        return number

    def get(self, number: int) -> SetUpChange | None:
        """Return a change by its number, `None` if there is none that this desk knows of."""
        row = self._run(_GET, (number,)).fetchone()
        return _of(row) if row and row[0] in list(Setting) else None


def _of(row: tuple[Any, ...]) -> SetUpChange:
    setting, value, was, by_id, by_name, at = row
    return SetUpChange(
        setting=Setting(setting),
        value=value,
        was=was,
        by=Person(id=PersonId(by_id), name=by_name),
        at=moment(at),
    )
