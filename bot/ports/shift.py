"""What a shift does besides deciding, as the store keeps it, and where its messages go."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.case import CardRef
from bot.domain.casework import CaseNote, CaseWork, Looker
from bot.domain.errand import Errand, ErrandId, ErrandKind
from bot.domain.ids import CaseId, PersonId
from bot.domain.overview import Claimed, Overview


class Casework(Protocol):
    """Claims, assignments, snoozes, escalations, threads and staff notes."""

    def get(self, case_id: CaseId) -> CaseWork:
        """Return what is known of a case; nothing, for most."""
        ...

    def put(self, case_id: CaseId, work: CaseWork) -> None:
        """Keep all of it but the notes, which are added one by one."""
        ...

    def add_note(self, case_id: CaseId, note: CaseNote) -> None:
        """Keep a staff note."""
        ...

    def settle(self, case_id: CaseId) -> None:
        """Forget who had the case, as it was decided or opened again; notes and thread stay."""
        ...

    def reopened(self, case_id: CaseId, at: datetime) -> None:
        """Keep since when a case waits that was opened again."""
        ...

    def expired_claims(self, now: datetime) -> Sequence[CaseId]:
        """Return the cases whose claim has run out."""
        ...

    def snoozed(self) -> Sequence[CaseId]:
        """Return the cases that are put off, the soonest back first."""
        ...

    def raised_for(self, alert_id: int) -> Sequence[CaseId]:
        """Return the open cases that were raised for an alert."""
        ...

    def count_raised(self) -> int:
        """Return how many open cases are raised."""
        ...

    def look(self, case_id: CaseId, looker: Looker) -> None:
        """Keep that somebody opened the details."""
        ...

    def lookers(self, case_id: CaseId, *, since: datetime) -> Sequence[Looker]:
        """Return who opened the details since then, the newest first."""
        ...

    def forget_looks(self, before: datetime) -> None:
        """Forget who looked before then."""
        ...


class Rota(Protocol):
    """Who is on shift, which cases wait for them, and what the desk got done."""

    def begin(self, person_id: PersonId, name: str, since: datetime, until: datetime) -> None:
        """Keep that somebody is on shift until then; their absence ends."""
        ...

    def end(self, person_id: PersonId) -> None:
        """Keep that somebody's shift is over."""
        ...

    def leave(self, person_id: PersonId, name: str, until: datetime) -> None:
        """Keep that somebody is not to be called until then."""
        ...

    def come_back(self, person_id: PersonId) -> None:
        """Keep that somebody may be called again."""
        ...

    def shifts(self, now: datetime) -> Mapping[PersonId, datetime]:
        """Return whose own shifts run, and until when."""
        ...

    def absent(self, now: datetime) -> Mapping[PersonId, datetime]:
        """Return who is not to be called, and until when."""
        ...

    def uncalled(
        self, step: str, *, before: datetime, limit: int
    ) -> Sequence[tuple[CaseId, datetime]]:
        """Return open cases that nobody has and that were not called out at this step.

        Only those that wait since before then; with each, since when. The worst first.
        """
        ...

    def called(self, step: str, cases: Sequence[CaseId], at: datetime) -> None:
        """Keep that these cases were called out."""
        ...

    def last_call(self, step: str) -> datetime | None:
        """Return when cases were last called out at this step."""
        ...

    def decided_by(self, person_id: PersonId, *, since: datetime) -> int:
        """Return how many cases somebody was the first to decide since then."""
        ...

    def times_to_decide(self, *, since: datetime) -> Sequence[timedelta]:
        """Return how long each case took that somebody decided for the first time since then."""
        ...

    def claimed(self, now: datetime, *, limit: int) -> Sequence[Claimed]:
        """Return the claims that run, the soonest to end first."""
        ...

    def counts(self) -> Mapping[str, int]:
        """Return how many cases are ``open``, ``waiting``, ``escalated`` and ``snoozed``."""
        ...

    def oldest_waiting(self) -> tuple[CaseId, datetime] | None:
        """Return the case that waits longest with nobody at it, and since when."""
        ...


class Errands(Protocol):
    """The durable list of messages to staff."""

    def add(self, errand: Errand, at: datetime) -> None:
        """Ask for one."""
        ...

    def waits(self, kind: ErrandKind, case_id: CaseId) -> bool:
        """Whether one of the kind, about that case alone, is still to be carried out."""
        ...

    def due(self, now: datetime, *, limit: int) -> Sequence[Errand]:
        """Return those that are due, the oldest first."""
        ...

    def done(self, errand_id: ErrandId, at: datetime) -> None:
        """Record that one was carried out."""
        ...

    def retry(self, errand_id: ErrandId, due_at: datetime, trouble: str) -> None:
        """Record a failed attempt and when the next one is due."""
        ...

    def fail(self, errand_id: ErrandId, at: datetime, trouble: str) -> None:
        """Record that one is given up."""
        ...

    def fixture(self, name: str) -> tuple[int, int] | None:
        """Return the channel and message of a message that stays, `None` if there is none."""
        ...

    def fix(self, name: str, channel_id: int, message_id: int) -> None:
        """Keep where a message that stays stands."""
        ...


class Staffroom(Protocol):
    """Where staff are spoken to; each raises what `Board` raises."""

    async def ready(self) -> None:
        """Return when Discord can be spoken to."""
        ...

    async def say(self, errand: Errand, cards: Mapping[CaseId, CardRef]) -> int | None:
        """Post a message; it calls exactly those it is for."""
        ...

    async def begin_thread(self, errand: Errand, card: CardRef) -> int:
        """Begin a thread under a card, or find the one that is there; return its id."""
        ...

    async def show(
        self, overview: Overview, cards: Mapping[CaseId, CardRef], at: tuple[int, int] | None
    ) -> tuple[int, int]:
        """Edit the pinned overview at a channel and message, or post and pin a new one."""
        ...
