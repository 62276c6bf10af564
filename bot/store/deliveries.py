"""How far what was asked of the outside world has got, as cards and decisions need to know it."""

from datetime import datetime

from bot.domain.alert import AlertId
from bot.domain.alert import Asked as ThreadAsked
from bot.domain.effect import Asked, Delivery, EffectState
from bot.domain.ids import CaseId, DecisionId, SiteId
from bot.domain.stories import Closing
from bot.store.engine.connection import Connection
from bot.store.payloads import CLOSED, order_from, story_key
from bot.store.times import moment, moment_if, stored

_DELIVERY = """
SELECT state, attempts, due_at, done_at, trouble, id FROM outbox
WHERE case_id = ? AND kind = 'site' AND dropped = 0 ORDER BY id DESC LIMIT 1
"""
_ASKED = """
SELECT state, payload FROM outbox
WHERE case_id = ? AND kind = 'site' AND dropped = 0 ORDER BY id DESC
"""
_WAS_DONE = """
SELECT 1 FROM outbox
WHERE case_id = ? AND kind = 'site' AND decision_id = ? AND state = 'done' LIMIT 1
"""
_TOLD_OF_AUTHOR = """
SELECT 1 FROM decisions
JOIN outbox ON outbox.case_id = decisions.case_id AND outbox.decision_id = decisions.id
WHERE decisions.site = ? AND decisions.author_id = ? AND outbox.kind = 'site'
AND outbox.state = 'done' AND outbox.done_at >= ?
AND decisions.action IN ('ban', 'unban') LIMIT 1
"""
_LEFT_HIDDEN = """
SELECT state, payload FROM outbox
WHERE case_id = ? AND kind = 'site' AND state IN ('waiting', 'done') ORDER BY id DESC
"""
_LOUD = """
SELECT COUNT(*) FROM outbox
WHERE loud = 1 AND asked_at > ?1 AND (alert_id = ?2 OR ?2 IS NULL)
"""
_THREAD = (
    "SELECT payload, trouble FROM outbox WHERE kind = 'thread' AND key = ? AND state <> 'done'"
)
_CLOSING = "SELECT payload, state, trouble FROM outbox WHERE kind = 'closing' AND key = ?"


class Deliveries:
    """How far what was asked has got."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._run = connection.run

    def told_of_author(self, site: SiteId, author_id: str, *, since: datetime) -> bool:
        """Whether the site was told since then whether an author is banned."""
        row = self._run(_TOLD_OF_AUTHOR, (site, author_id, stored(since))).fetchone()
        return row is not None

    def left_hidden(self, case_id: CaseId) -> bool:
        """Whether a comment is hidden by the last order about it, and none about it waits."""
        for state, text in self._run(_LEFT_HIDDEN, (case_id,)).fetchall():
            visible = order_from(text).visible
            if visible is not None:
                return state == EffectState.DONE and not visible
        return False

    def was_done(self, case_id: CaseId, decision_id: DecisionId) -> bool:
        """Whether the site carried out what a decision on the case asked."""
        return self._run(_WAS_DONE, (case_id, decision_id)).fetchone() is not None

    def delivery(self, case_id: CaseId) -> Delivery | None:
        """Return how far the site has got with the case's newest decision."""
        return delivery_of(self._connection, case_id)

    def closing(self, site: SiteId, story_id: str) -> Closing | None:
        """Return what a site was asked about a story last, and how far that has got."""
        return closing_of(self._connection, site, story_id)

    def loud_since(self, moment: datetime, alert_id: AlertId | None = None) -> int:
        """Return how often alerts, or one of them, made a sound since then."""
        return int(self._run(_LOUD, (stored(moment), alert_id)).fetchone()[0])

    def thread_asked(self, alert_id: AlertId) -> ThreadAsked | None:
        """Return how far a thread with the moderators has got, `None` if none is on its way."""
        row = self._run(_THREAD, (str(alert_id),)).fetchone()
        return ThreadAsked(by_name=row[0] or "", trouble=row[1]) if row else None


def delivery_of(connection: Connection, case_id: CaseId) -> Delivery | None:
    """Return how far the site has got with the newest order of a case, `None` if it has none."""
    row = connection.run(_DELIVERY, (case_id,)).fetchone()
    if row is None:
        return None
    state, attempts, due_at, done_at, trouble, effect_id = row
    return Delivery(
        state=EffectState(state),
        attempts=attempts,
        due_at=moment(due_at) if state == EffectState.WAITING else None,
        done_at=moment_if(done_at) if state == EffectState.DONE else None,
        trouble=trouble,
        effect_id=effect_id,
    )


def asked_of(connection: Connection, case_id: CaseId) -> Asked | None:
    """Return what the newest order of a case asks for, `None` if it has none."""
    rows = connection.run(_ASKED, (case_id,)).fetchall()
    if not rows:
        return None
    (_, newest), *earlier = [(state, order_from(text)) for state, text in rows]
    left = (order.visible for state, order in earlier if state == EffectState.DONE)
    return Asked(
        visible=newest.visible,
        banned=newest.banned,
        was_visible=next((visible for visible in left if visible is not None), True),
    )


def closing_of(connection: Connection, site: SiteId, story_id: str) -> Closing | None:
    """Return what a site was asked about a story last, and how far that has got."""
    row = connection.run(_CLOSING, (story_key(site, story_id),)).fetchone()
    if row is None:
        return None
    payload, state, trouble = row
    return Closing(
        site=site,
        story_id=story_id,
        closed=payload == CLOSED,
        is_done=state == EffectState.DONE,
        trouble=trouble,
    )
