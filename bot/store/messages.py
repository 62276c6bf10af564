"""Where the cards and every other message of the desk stand, and how far each channel was read.

Where a card or an alert stands is kept in its own table with what it shows, as both change together
and the queue is read by both.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.cases import CardRef
from bot.domain.ids import CaseId, EffectId, MessageKind, MessageRef, RuleNumber, SiteId
from bot.domain.stories import StoryState
from bot.store.engine.connection import Connection
from bot.store.times import moment_if, stored

_SELECT = "SELECT case_id, channel_id, message_id, cards.revision, seeded, decided FROM cards"
_GET = f"{_SELECT} WHERE case_id = ? AND message_id IS NOT NULL"
_AT = f"{_SELECT} WHERE message_id = ?"
# CROSS JOIN keeps the open cases first: they are few, and decided cards pile up for years.
_OF_OPEN = """
SELECT case_id, channel_id, message_id, cards.revision, seeded, decided FROM cases
CROSS JOIN cards
WHERE cards.case_id = cases.id AND state <> 'decided' AND message_id IS NOT NULL
"""
_SEEN_OPEN = """
SELECT case_id, channel_id, message_id, revision, seeded, decided, turned_at FROM cards
WHERE channel_id = ? AND message_id <= ? AND listed = 1
UNION
SELECT case_id, channel_id, message_id, revision, seeded, decided, turned_at FROM cards
WHERE channel_id = ? AND message_id <= ? AND turned_at > ?
ORDER BY message_id DESC LIMIT ?
"""
_TURNED = "SELECT turned_at FROM cards WHERE case_id = ?"
_OPEN_ONES = f"{_OF_OPEN} ORDER BY message_id"
_UNDER_WAY = """
SELECT cards.case_id FROM outbox JOIN cards ON cards.case_id = outbox.case_id
WHERE outbox.kind = 'card' AND outbox.state = 'waiting' AND cards.intended_at IS NOT NULL
"""
_DECIDED_LAST = """
SELECT DISTINCT cards.case_id, cards.channel_id, cards.message_id, cards.revision, cards.seeded,
       cards.decided
FROM decisions JOIN cards ON cards.case_id = decisions.case_id
WHERE decisions.id > (SELECT MAX(id) FROM decisions) - ? AND cards.message_id IS NOT NULL
"""
_INTENDED = "SELECT intended_at FROM cards WHERE case_id = ?"
_INTEND = """
INSERT INTO cards (case_id, intended_at) VALUES (?, ?)
ON CONFLICT (case_id) DO UPDATE SET
    intended_at = COALESCE(cards.intended_at, excluded.intended_at)
"""
_DRAWN = """
INSERT INTO cards (case_id, channel_id, message_id, revision, decided, touched, listed)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (case_id) DO UPDATE SET
    turned_at = CASE
        WHEN COALESCE(cards.message_id, 0) <> excluded.message_id THEN NULL
        WHEN cards.revision <> excluded.revision OR cards.listed <> excluded.listed THEN ?
        ELSE cards.turned_at END,
    listed = excluded.listed,
    channel_id = excluded.channel_id, message_id = excluded.message_id,
    revision = excluded.revision, decided = excluded.decided,
    touched = excluded.touched, intended_at = NULL,
    seeded = CASE WHEN cards.message_id = excluded.message_id THEN cards.seeded ELSE 0 END
"""
_SAID = """
INSERT INTO said (message_id, case_id) VALUES (?, ?) ON CONFLICT (message_id, case_id) DO NOTHING
"""
_SEEDED = "UPDATE cards SET seeded = ? WHERE case_id = ?"
# From the cards that show a case as open, as of a flood few have one.
_COUNT_OPEN = """
SELECT COUNT(*) FROM (
    SELECT 1 FROM cards CROSS JOIN cases
    WHERE cards.decided = 0 AND message_id IS NOT NULL
    AND cases.id = cards.case_id AND state <> 'decided' LIMIT ?
) AS drawn
"""
_LOST = """
UPDATE cards SET channel_id = NULL, message_id = NULL, intended_at = NULL WHERE case_id = ?
"""
_DUE = """
SELECT outbox.id, cases.id, cards.channel_id, cases.site, stories.section, story_states.state,
    cases.reasons
FROM outbox JOIN cases ON cases.id = outbox.case_id
LEFT JOIN stories ON stories.site = cases.site AND stories.external_id = cases.story_id
LEFT JOIN cards ON cards.case_id = cases.id AND message_id IS NOT NULL
LEFT JOIN story_states
    ON story_states.site = cases.site AND story_states.story_id = cases.story_id
WHERE kind = 'card' AND outbox.state = 'waiting' AND due_at <= ?
"""
_WORST_FIRST = "ORDER BY priority DESC, opened_at, outbox.id"
_ALL_DUE = f"{_DUE} {_WORST_FIRST}"
# Of those that stand already, or whose case needs its card all the same.
_HELD_DUE = f"""
{_DUE} AND (
    cases.state = 'decided'
    OR cards.case_id IS NOT NULL
    OR EXISTS (SELECT 1 FROM preserved WHERE preserved.case_id = cases.id)
)
{_WORST_FIRST}
"""  # noqa: S608 - words of our own
_NEXT = """
SELECT MIN(due_at) FROM outbox WHERE kind = 'card' AND state = 'waiting' AND due_at > ?
"""
_COUNT_WAITING = """
SELECT COUNT(*) FROM (
    SELECT 1 FROM outbox WHERE kind = 'card' AND state = 'waiting' LIMIT ?
) AS waiting
"""
_WAS_LOST = """
SELECT 1 FROM cards WHERE case_id = ? AND message_id IS NULL AND intended_at IS NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCard:
    """A card as people see it; `turned` says that what they see of it changed of late."""

    ref: CardRef
    turned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePlace:
    """Where a card that is due stands, `None` for nowhere yet, and what says where it belongs."""

    stands_in: int | None
    site: SiteId
    section: str | None
    state: StoryState
    reasons: frozenset[RuleNumber]


DueCard = tuple[EffectId, CaseId, DuePlace]
"""An effect that draws a card, its case, and where that is."""


class Cards:
    """Where the cards stand."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def get(self, case_id: CaseId) -> CardRef | None:
        """Return where a case's card stands."""
        return _ref(self._run(_GET, (case_id,)).fetchone())

    def at(self, message_id: int) -> CardRef | None:
        """Return the card that is this message."""
        return _ref(self._run(_AT, (message_id,)).fetchone())

    def intend(self, case_id: CaseId, at: datetime) -> datetime | None:
        """Note that the card is about to be posted.

        Returns when that was first noted, if a post was tried and its end is not known.
        """
        row = self._run(_INTENDED, (case_id,)).fetchone()
        self._run(_INTEND, (case_id, stored(at)))
        return moment_if(row[0]) if row else None

    def drawn(
        self, ref: CardRef, touched: int, *, listed: bool = True, at: datetime | None = None
    ) -> None:
        """Record where the card stands and what it shows."""
        place = (ref.case_id, ref.channel_id, ref.message_id)
        shows = (ref.revision, int(ref.decided), touched, int(listed))
        self._run(_DRAWN, (*place, *shows, stored(at)))
        self._run(_SAID, (ref.message_id, ref.case_id))

    def turned_at(self, case_id: CaseId) -> datetime | None:
        """Return when a card last came to show another text or state, if it ever did."""
        row = self._run(_TURNED, (case_id,)).fetchone()
        return moment_if(row[0]) if row else None

    def seed(self, case_id: CaseId, *, seeded: bool) -> None:
        """Record whether a card has the reactions to press."""
        self._run(_SEEDED, (int(seeded), case_id))

    def count_open(self, *, most: int) -> int:
        """Return how many open cases have a card that shows it, counting no further than `most`."""
        return int(self._run(_COUNT_OPEN, (most,)).fetchone()[0])

    def due(self, now: datetime, *, held: bool = False) -> list[DueCard]:
        """Return all cards due to be drawn, the worst first; only those that are `held` not back.

        Many go the same way, and the places of those are made once.
        """
        known: dict[tuple[Any, ...], DuePlace] = {}
        due: list[DueCard] = []
        for number, case_id, *at in self._run(
            _HELD_DUE if held else _ALL_DUE, (stored(now),)
        ).fetchall():
            place = known.get(key := tuple(at))
            if place is None:
                place = known[key] = _due_place(*at)
            due.append((number, case_id, place))
        return due

    def next_due(self, now: datetime) -> datetime | None:
        """Return when the next card will be due that is not yet."""
        return moment_if(self._run(_NEXT, (stored(now),)).fetchone()[0])

    def count_waiting(self, *, most: int) -> int:
        """Return how many cards wait to be drawn, counting no further than `most`."""
        return int(self._run(_COUNT_WAITING, (most,)).fetchone()[0])

    def lost(self, case_id: CaseId) -> None:
        """Record that the card's message is gone."""
        self._run(_LOST, (case_id,))

    def was_lost(self, case_id: CaseId) -> bool:
        """Whether a case had a card whose message is gone."""
        return self._run(_WAS_LOST, (case_id,)).fetchone() is not None

    def seen_open(
        self, channel_id: int, *, before: int, since: datetime, limit: int
    ) -> Sequence[SeenCard]:
        """Return the cards that a person sees as open, or saw so since a moment, newest first."""
        place, moment = (channel_id, before), stored(since)
        rows = self._run(_SEEN_OPEN, (*place, *place, moment, limit)).fetchall()
        return [
            SeenCard(ref=ref, turned=row[6] is not None and row[6] > moment)
            for row, ref in zip(rows, _refs([row[:6] for row in rows]), strict=True)
        ]

    def open_ones(self) -> Sequence[CardRef]:
        """Return every card of an open case, the oldest message first."""
        return _refs(self._run(_OPEN_ONES).fetchall())

    def under_way(self) -> frozenset[CaseId]:
        """Return the cases whose card was to be posted, and may be, as the end is not known."""
        return frozenset(CaseId(row[0]) for row in self._run(_UNDER_WAY))

    def decided_last(self, decisions: int) -> Sequence[CardRef]:
        """Return the cards of so many decisions, the newest ones."""
        return _refs(self._run(_DECIDED_LAST, (decisions,)).fetchall())


def _due_place(
    stands_in: int | None, site: SiteId, section: str | None, state: str | None, reasons: str
) -> DuePlace:
    return DuePlace(
        stands_in=stands_in,
        site=site,
        section=section,
        state=StoryState(state) if state else StoryState.NORMAL,
        reasons=frozenset(RuleNumber(int(rule)) for rule in json.loads(reasons)),
    )


def _ref(row: tuple[int, int, int, int, int, int] | None) -> CardRef | None:
    return next(iter(_refs([row])), None) if row else None


def _refs(rows: Sequence[tuple[int, int, int, int, int, int]]) -> list[CardRef]:
    return [
        CardRef(
            case_id=CaseId(case_id),
            channel_id=channel_id,
            message_id=message_id,
            revision=revision,
            seeded=bool(seeded),
            decided=bool(decided),
        )
        for case_id, channel_id, message_id, revision, seeded, decided in rows
    ]


_MESSAGES_AT = "SELECT channel_id, message_id FROM messages WHERE kind = ? AND key = ?"
_KEY = "SELECT key FROM messages WHERE kind = ? AND channel_id = ? AND message_id = ?"
_SINCE = "SELECT since FROM messages WHERE kind = ? AND key = ?"
_PLACE = """
INSERT INTO messages (kind, key, channel_id, message_id, since) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (kind, key) DO UPDATE SET
    channel_id = excluded.channel_id, message_id = excluded.message_id, since = excluded.since
"""
_FORGET = "DELETE FROM messages WHERE kind = ? AND key = ?"
_GONE = """
UPDATE messages SET channel_id = 0 WHERE kind = ? AND key = ? AND channel_id = ? AND message_id = ?
"""
_BULLETIN = "SELECT body FROM bulletins WHERE name = ?"
_PUT = """
INSERT INTO bulletins (name, body) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET body = excluded.body
"""


class Messages:
    """The messages that stay and are edited; of each kind one a `key`."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def at(self, kind: MessageKind, key: object = "") -> MessageRef | None:
        """Return where a message stands, `None` if there is none."""
        row = self._run(_MESSAGES_AT, (kind, str(key))).fetchone()
        return MessageRef(channel_id=row[0], message_id=row[1]) if row else None

    def key_at(self, kind: MessageKind, at: MessageRef) -> str | None:
        """Return which message of its kind stands there, `None` if none does."""
        row = self._run(_KEY, (kind, at.channel_id, at.message_id)).fetchone()
        return row[0] if row else None

    def since(self, kind: MessageKind, key: object = "") -> datetime | None:
        """Return since when a message stands, `None` where that was not kept."""
        row = self._run(_SINCE, (kind, str(key))).fetchone()
        return moment_if(row[0]) if row else None

    def place(
        self, kind: MessageKind, at: MessageRef, key: object = "", *, since: datetime | None = None
    ) -> None:
        """Keep where a message stands, and since when if that is asked for later."""
        place = (at.channel_id, at.message_id, stored(since))
        self._run(_PLACE, (kind, str(key), *place))

    def forget(self, kind: MessageKind, key: object = "") -> None:
        """Keep that there is no such message any more."""
        self._run(_FORGET, (kind, str(key)))

    def gone(self, kind: MessageKind, at: MessageRef, key: object = "") -> None:
        """Keep that a message that should stay was deleted: it stands in no channel, 0, then."""
        self._run(_GONE, (kind, str(key), at.channel_id, at.message_id))

    def bulletin(self, name: str) -> str | None:
        """Return what a bulletin says, `None` if there is none."""
        row = self._run(_BULLETIN, (name,)).fetchone()
        return row[0] if row else None

    def put_bulletin(self, name: str, body: str) -> None:
        """Keep what a bulletin says."""
        self._run(_PUT, (name, body))
