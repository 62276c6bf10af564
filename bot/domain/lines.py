"""A typed line: who wrote it, where, and how soon it was picked up."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import CaseId, DecisionId, PersonId
from bot.domain.staff import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedLine:
    """One message that is meant for the desk.

    `at` is when it was written, by Discord's clock, and `then` by the desk's. `answers` is the message that it replies to;
    a reply whose message is gone answers 0. `late` says that it was not picked up at once.
    """

    message_id: int
    channel_id: int
    by: Person
    at: datetime
    then: datetime
    answers: int | None = None
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOrder:
    """What the record keeps of one order of a line that was carried out."""

    case_id: CaseId
    decision_id: DecisionId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLine:
    """A line that was carried out."""

    message_id: int
    channel_id: int
    by_id: PersonId
    orders: tuple[KeptOrder, ...] = ()
    answered: bool = False
