"""Orders as text: what the outbox keeps, so that a retry says the same to the letter."""

import json
from dataclasses import fields
from datetime import datetime

from bot.domain.decision import Action
from bot.domain.effect import Order

_NAMES = tuple(field.name for field in fields(Order))


def order_text(order: Order) -> str:
    """Return an order as JSON, its times in ISO 8601."""
    return json.dumps({name: _plain(getattr(order, name)) for name in _NAMES}, ensure_ascii=False)


def order_from(text: str) -> Order:
    """Return the order that `order_text` was given."""
    values = json.loads(text)
    values["action"] = Action(values["action"])
    values["at"] = datetime.fromisoformat(values["at"])
    if values["until"] is not None:
        values["until"] = datetime.fromisoformat(values["until"])
    return Order(**values)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
