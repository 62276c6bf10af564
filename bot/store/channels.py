"""What was tried in Discord's channels, what is refused there, and what is missing."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from bot.domain.ids import CaseId
from bot.domain.staff import KeptTrouble, Trouble
from bot.store.engine.connection import Connection, places
from bot.store.times import moment, moment_if, stored

_TRIED = "SELECT at FROM tries WHERE nonce = ?"
_TRY = "INSERT INTO tries (nonce, at) VALUES (?, ?) ON CONFLICT (nonce) DO NOTHING"
_UNTRY = "DELETE FROM tries WHERE nonce = ?"
_TROUBLES = """
SELECT name, words, over, mend, channel_id, grave, since, told_at, over_at FROM troubles
ORDER BY since, name
"""
_MET = """
INSERT INTO troubles (name, words, over, mend, channel_id, grave, since) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET
    words = excluded.words, over = excluded.over, mend = excluded.mend, over_at = NULL
"""
_TOLD = "UPDATE troubles SET told_at = ? WHERE name = ?"
_OVER = "UPDATE troubles SET over_at = ? WHERE name = ? AND over_at IS NULL"
_UNTOLD = "DELETE FROM troubles WHERE name = ? AND told_at IS NULL"
_FORGET = "DELETE FROM troubles WHERE name = ?"

_ASTRAY = """
SELECT id FROM cases WHERE state <> 'decided'
AND NOT EXISTS (
    SELECT 1 FROM outbox
    WHERE outbox.case_id = cases.id AND kind = 'card' AND outbox.state = 'waiting'
)
AND NOT EXISTS (
    SELECT 1 FROM cards
    WHERE cards.case_id = cases.id AND message_id IS NOT NULL AND channel_id IN ({named})
)
ORDER BY priority DESC, opened_at LIMIT ?
"""


class Channels:
    """What Discord refuses for now, and which cards are astray."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def try_now(self, nonce: str, at: datetime) -> datetime | None:
        """Note that a message is about to be posted; return when that was first noted before."""
        row = self._run(_TRIED, (nonce,)).fetchone()
        self._run(_TRY, (nonce, stored(at)))
        return moment_if(row[0]) if row else None

    def untry(self, nonce: str) -> None:
        """Forget that a message was tried."""
        self._run(_UNTRY, (nonce,))

    def troubles(self) -> Sequence[KeptTrouble]:
        """Return what is refused or was, and is not settled, the oldest first."""
        return [_kept(row) for row in self._run(_TROUBLES).fetchall()]

    def met(self, trouble: Trouble, at: datetime) -> None:
        """Keep that something is refused, anew or again."""
        what = (trouble.name, trouble.words, trouble.over, trouble.mend)
        self._run(_MET, (*what, trouble.channel_id, int(trouble.grave), stored(at)))

    def told(self, name: str, at: datetime) -> None:
        """Keep that staff were told of a trouble."""
        self._run(_TOLD, (stored(at), name))

    def over(self, name: str, at: datetime) -> None:
        """Keep that a trouble is over; one that nobody was told of is forgotten."""
        self._run(_UNTOLD, (name,))
        self._run(_OVER, (stored(at), name))

    def forget(self, name: str) -> None:
        """Forget a trouble, as staff know that it is over."""
        self._run(_FORGET, (name,))

    def astray(self, named: Collection[int], *, limit: int) -> Sequence[CaseId]:
        """Return open cases without a card in one of the channels, that nobody asked to draw."""
        rows = self._run(astray(len(named)), (*named, limit)).fetchall()
        return [CaseId(row[0]) for row in rows]


def astray(channels: int) -> str:
    """Return the SQL that finds open cases without a card in one of so many channels."""
    return _ASTRAY.format(named=places(channels))


def _kept(row: tuple[Any, ...]) -> KeptTrouble:
    name, words, over, mend, channel_id, grave, since, told_at, over_at = row
    return KeptTrouble(
        trouble=Trouble(
            name=name,
            words=words,
            over=over,
            mend=mend,
            channel_id=channel_id,
            grave=bool(grave),
        ),
        since=moment(since),
        told_at=moment_if(told_at),
        over_at=moment_if(over_at),
    )
