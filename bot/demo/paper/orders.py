"""The desk's orders, obeyed once each; the answer says what is true afterwards."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from pydantic import BaseModel

from bot.demo.paper.memory import Ban, Comment, Memory, Ruling


class _Comment(BaseModel):
    id: str
    visible: bool | None
    text_sha256: str | None = None


class _Author(BaseModel):
    banned: bool | None
    until: datetime | None


class _Rule(BaseModel):
    number: int
    name: str | None


class _Data(BaseModel):
    action: str
    comment: _Comment
    author: _Author
    rule: _Rule | None
    notice: str | None
    statement_url: str | None = None


class Order(BaseModel):
    """What the desk sends, as far as the paper needs it."""

    data: _Data


def is_of_another_text(order: Order, comment: Comment) -> bool:
    """Whether an order was given on another text than the one that stands here now."""
    judged = order.data.comment.text_sha256
    return judged is not None and judged != sha256(comment.text.encode()).hexdigest()


def as_it_stands(comment: Comment) -> Mapping[str, Any]:
    """Return a comment's text for a desk that has another one."""
    return {
        "comment": {
            "id": comment.id,
            "revision": str(comment.revision),
            "text": comment.text,
            "visible": comment.hidden is None,
        }
    }


def obey(memory: Memory, order: Order, comment: Comment, now: datetime) -> None:
    """Make the paper be as the order says; what it leaves open stays."""
    data = order.data
    told: dict[str, Any] = {
        "at": now,
        "rule": data.rule and data.rule.number,
        "rule_name": data.rule and data.rule.name,
        "notice": data.notice,
        "statement_url": data.statement_url,
    }
    if data.comment.visible is not None:
        held = data.action == "hold"
        comment.hidden = None if data.comment.visible else Ruling(**told, hold=held)
    if data.author.banned is not None:
        memory.bans.pop(comment.by, None)
        if data.author.banned:
            memory.bans[comment.by] = Ban(until=data.author.until, **told)
    comment.kept = Ruling(at=now) if data.action == "keep" else None


def state(memory: Memory, comment: Comment, now: datetime) -> Mapping[str, Any]:
    """Return how comment and author stand now."""
    ban = memory.ban(comment.by, now)
    return {
        "comment": {"id": comment.id, "visible": comment.hidden is None},
        "author": {
            "id": comment.by,
            "banned": ban is not None,
            "until": ban.until.isoformat() if ban and ban.until else None,
        },
    }
