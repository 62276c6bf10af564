"""Mails to whoever reported something or gave notice: to one person each, about one event."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.domain.cases import Answer, NoticeKind
from bot.domain.ids import DecisionId
from bot.domain.readers.notice import Told
from bot.domain.readers.report import Progress


class MailEvent(StrEnum):
    """What a mail is about."""

    CONFIRM = "confirm"
    """It was received, and are they to be written to?"""
    DECIDED = "decided"
    LACKING = "lacking"
    """Their legal notice does not say all that the law asks, and what it lacks."""
    FORWARDED = "forwarded"
    """The poster was told of their legal notice."""
    ANSWERED = "answered"
    """What they said against keeping a comment was answered."""


Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mails are handed over, as whom, and from which address."""

    host: str
    port: int
    security: Security
    sender: str
    sender_name: str = ""
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def place(self) -> str:
        """The server as an admin knows it."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondent:
    """Somebody who is written to about their own report, or their own notice.

    They are written to once they said on a page that they want it, at `confirmed_at`; until then
    they get the one mail that asks them.
    """

    id: int
    email: str = field(repr=False)
    locale: str
    at: datetime
    report_id: int | None = None
    notice_id: int | None = None
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail that is asked for: facts, to be put into words when it is sent."""

    to: int
    event: MailEvent
    decision_id: DecisionId | None = None
    contest_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail as it is sent: what it says, to whom, and the secret of the link in it.

    `name` is the same at every attempt, so that a mail program shows what came twice once. About a
    notice, `told` is how far it has got, and `lacking` names the fields that a legal one of that
    `kind` leaves out.
    """

    name: str
    event: MailEvent
    to: Correspondent
    reference: str
    secret: str = field(repr=False)
    progress: Progress | None = None
    told: Told | None = None
    kind: NoticeKind | None = None
    lacking: tuple[str, ...] = ()
    answer: Answer | None = None
