"""What effects say, as text: what the outbox keeps, so that a retry says the same to the letter."""

import json
from dataclasses import fields
from datetime import datetime
from typing import Any

from bot.domain.decision import Action
from bot.domain.effect import Effect, Order
from bot.domain.errand import Errand, ErrandKind
from bot.domain.ids import CaseId, PersonId, SiteId
from bot.domain.reminder import Reminder, ReminderKind
from bot.domain.stories import Closing
from bot.store.times import moment_if, stored

CLOSED = "closed"
OPEN = "open"
"""What a story is to be for comments at its site."""

_ORDER = tuple(field.name for field in fields(Order))
_ERRAND = tuple(field.name for field in fields(Errand))
_REMINDER = (
    "kind",
    "case_id",
    "site",
    "story_id",
    "legal_id",
    "run_id",
    "contest_id",
    "notice_id",
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


def errand_text(errand: Errand) -> str:
    """Return a message to staff as JSON: facts, to be put into words when it is sent."""
    facts = {name: getattr(errand, name) for name in _ERRAND}
    return json.dumps(facts | {"since": stored(errand.since)})


def errand_from(text: str) -> Errand:
    """Return the message that `errand_text` was given."""
    facts: dict[str, Any] = json.loads(text)
    facts |= {
        "kind": ErrandKind(facts["kind"]),
        "cases": tuple(CaseId(case_id) for case_id in facts["cases"]),
        "people": tuple(PersonId(person) for person in facts["people"]),
        "since": moment_if(facts["since"]),
    }
    return Errand(**facts)


def reminder_text(reminder: Reminder) -> str:
    """Return what a reminder is about as JSON."""
    return json.dumps({name: getattr(reminder, name) for name in _REMINDER})


def reminder_from(text: str, *, name: str, due_at: datetime) -> Reminder:
    """Return the reminder of that name that `reminder_text` was given."""
    facts: dict[str, Any] = json.loads(text)
    facts["kind"] = ReminderKind(facts["kind"])
    return Reminder(name=name, due_at=due_at, **facts)


def story_key(site: SiteId, story_id: str) -> str:
    """Return by what a story's closing is asked for; a site's name is a path's part, without a slash."""
    return f"{site}/{story_id}"


def closing_from(effect: Effect) -> Closing:
    """Return which story a site is asked to close or to open."""
    story_id = (effect.key or "").removeprefix(story_key(effect.site, ""))
    return Closing(site=effect.site, story_id=story_id, closed=effect.payload == CLOSED)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
