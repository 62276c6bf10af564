"""What the paper remembers: comments, bans, orders it has obeyed and reports not yet sent."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.demo.paper.newsprint import COMMENTS, READERS, STORY, Reader
from bot.domain.errors import DeskError

_ORDERS_KEPT = 5_000


class MemoryDamaged(DeskError):
    """The paper's file cannot be read."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The demo's paper cannot read {path}. Delete it, or forget the demo with "
            "`make demo-reset`."
        )


class Ruling(BaseModel):
    """What the desk decided, as far as readers are told. `hold` says that nobody has yet.

    `statement_url` is where the author reads why, and is shown to nobody else.
    """

    at: datetime
    hold: bool = False
    rule: int | None = None
    rule_name: str | None = None
    notice: str | None = None
    statement_url: str | None = None


class Ban(Ruling):
    """A reader who may not comment; `until` is `None` for good."""

    until: datetime | None = None


class Comment(BaseModel):
    """A comment as it stands now. `revision` counts its texts from 1."""

    id: str
    by: str
    text: str
    created: datetime
    answers: str | None = None
    revision: int = 1
    edited: datetime | None = None
    hidden: Ruling | None = None
    kept: Ruling | None = None


class Letter(BaseModel):
    """A report on its way to the desk. `id` is the same at every attempt."""

    id: str
    body: dict[str, Any]


class Memory(BaseModel):
    """The whole of it, as it stands in the file.

    `tells_checked` says that readers see which comments the moderators have checked and kept.
    """

    published: datetime
    comments: list[Comment]
    bans: dict[str, Ban] = {}
    orders: list[str] = []
    letters: list[Letter] = []
    seeded: bool = False
    tells_checked: bool = False
    version: int = 0

    def comment(self, comment_id: str) -> Comment | None:
        """Return a comment by its id, `None` where nobody wrote it here."""
        return next((one for one in self.comments if one.id == comment_id), None)

    def ban(self, reader: str, now: datetime) -> Ban | None:
        """Return the ban under which a reader is, if any."""
        ban = self.bans.get(reader)
        return ban if ban and (ban.until is None or ban.until > now) else None

    def obeyed(self, order: str) -> None:
        """Remember an order, so that it is never obeyed again."""
        self.orders = [*self.orders[-_ORDERS_KEPT:], order]


def first_day(now: datetime) -> Memory:
    """Return the paper as it is when it is opened for the first time."""
    comments = [
        Comment(
            id=str(place),
            by=first.by,
            text=first.text,
            created=now - first.before,
            answers=first.answers,
        )
        for place, first in enumerate(COMMENTS, start=1)
    ]
    return Memory(published=now - STORY.before, comments=comments)


def recall(path: Path, now: datetime) -> Memory:
    """Read the file, or start anew where there is none.

    Raises:
        MemoryDamaged: It is not what was written.
    """
    try:
        return Memory.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return first_day(now)
    except (OSError, ValidationError) as error:
        raise MemoryDamaged(path) from error


def keep(memory: Memory, path: Path) -> None:
    """Write the file in one step, so that being killed leaves the old one or the new one.

    It is not forced to disk: a demo need not outlive a power cut.
    """
    memory.version += 1
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    beside.write_text(memory.model_dump_json(indent=1), encoding="utf-8")
    os.replace(beside, path)  # noqa: PTH105 - the one call that is documented to be atomic


def reader(reader_id: str | None, default: str) -> Reader:
    """Return a reader by id; a cookie that names nobody is of whoever reads by default."""
    return READERS.get(reader_id or "", READERS[default])
