"""How the desk stands, in numbers that are counted when somebody asks, by an index each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.cases import CaseState
from bot.domain.decisions import Action
from bot.domain.detection.events import Tier
from bot.domain.effects import EffectKind
from bot.domain.ids import DecisionId, SiteId
from bot.store.decisions import FIRSTS
from bot.store.engine.connection import Connection
from bot.store.times import moment, moment_if

_OPEN: Final = """
SELECT state, COUNT(*), MIN(opened_at) FROM cases WHERE state <> 'decided' GROUP BY state
"""
_WAITING: Final = tuple(
    f"""
SELECT kind, site, COUNT(*), MIN(COALESCE(asked_at, due_at)), MAX(attempts), MIN(id)
FROM outbox WHERE state = 'waiting' AND kind {which} 'card' GROUP BY kind, site
"""  # noqa: S608 - words of our own
    for which in ("=", "<>")
)
_NEWEST: Final = "SELECT COALESCE(MAX(id), 0) FROM decisions"
_DECIDED: Final = "SELECT action, COUNT(*) FROM decisions WHERE id > ? AND id <= ? GROUP BY action"
_WAITED: Final = f"""
SELECT firsts.at, cases.opened_at FROM ({FIRSTS} AND made.id > ? AND made.id <= ?) AS firsts
JOIN cases ON cases.id = firsts.case_id
"""  # noqa: S608 - words of our own
_ALERTS: Final = """
SELECT tier, COUNT(*), COUNT(CASE WHEN state <> 'closed' THEN 1 END) FROM alerts GROUP BY tier
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCases:
    """How many cases are open in one state, and since when the oldest is."""

    state: CaseState
    many: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits of one kind, for one site if it is for one.

    `since` is when the oldest was asked for, or is due where that is not kept; `tries` is how often
    the one was tried that was tried most; `first` is the smallest number.
    """

    kind: EffectKind
    site: SiteId
    many: int
    since: datetime | None
    tries: int
    first: int


class Gauges:
    """What is counted for whoever watches the desk."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def open_cases(self) -> Sequence[OpenCases]:
        """Return the open cases by state."""
        return [
            OpenCases(state=CaseState(state), many=many, since=moment(since))
            for state, many, since in self._run(_OPEN).fetchall()
        ]

    def waiting(self) -> Sequence[Waiting]:
        """Return what waits for Discord, the sites and mail, by kind and site."""
        return list(self._waiting())

    def _waiting(self) -> Iterator[Waiting]:
        for asked in _WAITING:
            for kind, site, many, since, tries, first in self._run(asked).fetchall():
                yield Waiting(
                    kind=EffectKind(kind),
                    site=SiteId(site),
                    many=many,
                    since=moment_if(since),
                    tries=tries,
                    first=first,
                )

    def newest_decision(self) -> DecisionId:
        """Return the number of the newest decision, 0 if there is none."""
        return DecisionId(self._run(_NEWEST).fetchone()[0])

    def decided(self, after: DecisionId, upto: DecisionId) -> Mapping[Action, int]:
        """Return how many decisions there are between two, by action."""
        rows = self._run(_DECIDED, (after, upto)).fetchall()
        return {Action(action): many for action, many in rows}

    def waited(self, after: DecisionId, upto: DecisionId) -> Sequence[timedelta]:
        """Return how long the cases waited of which people first decided between two decisions."""
        rows = self._run(_WAITED, (after, upto)).fetchall()
        return [moment(at) - moment(opened) for at, opened in rows]

    def alerts(self) -> Mapping[Tier, tuple[int, int]]:
        """Return by tier how many alerts there ever were, and how many of them are not over."""
        rows = self._run(_ALERTS).fetchall()
        return {Tier(tier): (many, live) for tier, many, live in rows}
