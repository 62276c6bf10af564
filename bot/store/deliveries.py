"""How far what was asked of the outside world has got, as cards and decisions need to know it."""

import json
from dataclasses import fields
from datetime import datetime
from typing import Any

from bot.domain.alerts import AlertId
from bot.domain.alerts import Asked as ThreadAsked
from bot.domain.decisions import Action
from bot.domain.effects import Asked, Delivery, Effect, EffectState, Order
from bot.domain.ids import CaseId, DecisionId, PersonId, SiteId
from bot.domain.readers.mail import Mail, MailEvent
from bot.domain.sayings import Reminder, ReminderKind, StaffMessage, StaffMessageKind
from bot.domain.stories import Closing
from bot.store.engine.connection import Connection
from bot.store.times import moment, moment_if, stored

CLOSED = "closed"
OPEN = "open"
"""What a story is to be for comments at its site."""

_ORDER = tuple(field.name for field in fields(Order))
_MAIL = tuple(field.name for field in fields(Mail))
_STAFF_MESSAGE = tuple(field.name for field in fields(StaffMessage))
_REMINDER = (
    "kind",
    "case_id",
    "site",
    "story_id",
    "legal_id",
    "run_id",
    "contest_id",
    "notice_id",
    "set_up_id",
)


def order_text(order: Order) -> str:
    """Return an order as JSON, its times in ISO 8601."""
    return json.dumps({name: _plain(getattr(order, name)) for name in _ORDER}, ensure_ascii=False)


def order_from(text: str) -> Order:
    """Return the order that `order_text` was given."""
    values = json.loads(text)
    values["action"] = Action(values["action"])
    values["at"] = datetime.fromisoformat(values["at"])
    if values["until"] is not None:
        values["until"] = datetime.fromisoformat(values["until"])
    return Order(**values)


def staff_message_text(message: StaffMessage) -> str:
    """Return a message to staff as JSON: facts, to be put into words when it is sent."""
    facts = {name: getattr(message, name) for name in _STAFF_MESSAGE}
    return json.dumps(facts | {"since": stored(message.since)})


def staff_message_from(text: str) -> StaffMessage:
    """Return the message that `staff_message_text` was given."""
    facts: dict[str, Any] = json.loads(text)
    facts |= {
        "kind": StaffMessageKind(facts["kind"]),
        "cases": tuple(CaseId(case_id) for case_id in facts["cases"]),
        "people": tuple(PersonId(person) for person in facts["people"]),
        "since": moment_if(facts["since"]),
    }
    return StaffMessage(**facts)


def reminder_text(reminder: Reminder) -> str:
    """Return what a reminder is about as JSON."""
    return json.dumps({name: getattr(reminder, name) for name in _REMINDER})


def reminder_from(text: str, *, name: str, due_at: datetime) -> Reminder:
    """Return the reminder of that name that `reminder_text` was given."""
    facts: dict[str, Any] = json.loads(text)
    facts["kind"] = ReminderKind(facts["kind"])
    return Reminder(name=name, due_at=due_at, **facts)


def mail_text(mail: Mail) -> str:
    """Return what a mail is about as JSON; the address is not in it."""
    return json.dumps({name: getattr(mail, name) for name in _MAIL})


def mail_from(text: str) -> Mail:
    """Return the mail that `mail_text` was given."""
    facts: dict[str, Any] = json.loads(text)
    facts["event"] = MailEvent(facts["event"])
    return Mail(**facts)


def gone_text(message_id: int, *, thread: bool) -> str:
    """Return which of the desk's messages, or which thread, is to be taken away."""
    return json.dumps({"message": message_id, "thread": thread})


def gone_from(text: str) -> tuple[int, bool]:
    """Return what `gone_text` was given: the message, and whether it is a thread."""
    what: dict[str, Any] = json.loads(text)
    return int(what["message"]), bool(what["thread"])


def asking_text(by_name: str, question: str) -> str:
    """Return who asks the moderators about an alert, and what."""
    return json.dumps({"by_name": by_name, "question": question}, ensure_ascii=False)


def asking_from(text: str) -> tuple[str, str]:
    """Return the name and the question; before there were questions, the name stood alone."""
    try:
        facts: Any = json.loads(text)
        return str(facts["by_name"]), str(facts["question"])
    except (ValueError, TypeError, KeyError):
        return text, ""


def story_key(site: SiteId, story_id: str) -> str:
    """Return by what a story's closing is asked for; a site's name is a path's part, without a slash."""
    return f"{site}/{story_id}"


def closing_from(effect: Effect) -> Closing:
    """Return which story a site is asked to close or to open."""
    story_id = (effect.key or "").removeprefix(story_key(effect.site, ""))
    return Closing(site=effect.site, story_id=story_id, closed=effect.payload == CLOSED)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


_DELIVERY = """
SELECT state, attempts, due_at, done_at, trouble, id, placed FROM outbox
WHERE case_id = ? AND kind = 'site' AND dropped = 0 ORDER BY id DESC LIMIT 1
"""
_ASKED = """
SELECT state = 'done' OR placed = 1, payload FROM outbox
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
SELECT state = 'done' OR placed = 1, payload FROM outbox
WHERE case_id = ? AND kind = 'site' AND (state IN ('waiting', 'done') OR placed = 1)
ORDER BY id DESC
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
        for is_placed, text in self._run(_LEFT_HIDDEN, (case_id,)).fetchall():
            visible = order_from(text).visible
            if visible is not None:
                return bool(is_placed) and not visible
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
        return ThreadAsked(by_name=asking_from(row[0] or "")[0], trouble=row[1]) if row else None


def delivery_of(connection: Connection, case_id: CaseId) -> Delivery | None:
    """Return how far the site has got with the newest order of a case, `None` if it has none."""
    row = connection.run(_DELIVERY, (case_id,)).fetchone()
    if row is None:
        return None
    state, attempts, due_at, done_at, trouble, effect_id, placed = row
    return Delivery(
        state=EffectState(state),
        attempts=attempts,
        due_at=moment(due_at) if state == EffectState.WAITING else None,
        done_at=moment_if(done_at) if state == EffectState.DONE else None,
        trouble=trouble,
        effect_id=effect_id,
        placed=bool(placed),
    )


def asked_of(connection: Connection, case_id: CaseId) -> Asked | None:
    """Return what the newest order of a case asks for, `None` if it has none."""
    rows = connection.run(_ASKED, (case_id,)).fetchall()
    if not rows:
        return None
    (_, newest), *earlier = [(is_placed, order_from(text)) for is_placed, text in rows]
    left = (
        order.visible for is_placed, order in earlier if is_placed and order.visible is not None
    )
    return Asked(
        visible=newest.visible,
        banned=newest.banned,
        was_visible=next(left, True),
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
