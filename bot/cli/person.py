"""Answer somebody who asks what is held about them, or wants it erased; and purge what is too old."""

import getpass
import json
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.domain.lines import count
from bot.domain.policy import Policy
from bot.domain.retention import Kept
from bot.domain.staff import Authority
from bot.domain.subject import Subject, SubjectKind
from bot.services.desk import Desk
from bot.services.privacy.person import Erased, erase, held_about
from bot.services.privacy.retention import purge
from bot.store.opening import beside, open_store
from bot.store.remembering import Forgotten
from bot.store.store import Place

_WHAT: Final = {
    Kept.KEPT_TEXTS: "kept comments lose their text",
    Kept.HIDDEN_TEXTS: "hidden comments lose their text",
    Kept.READERS_NOTES: "cases lose what readers wrote with their reports",
    Kept.STAFF_NOTES: "staff notes go",
    Kept.ADDRESSES: "accounts lose the hashes by which they are known again",
    Kept.EMAILS: "notices lose name, e-mail address and words",
    Kept.RECEIPTS: "readers' ways back to their reports go",
    Kept.CONTESTS: "contests lose their words",
    Kept.SNAPSHOTS: "snapshots of the spike detector go",
    Kept.REPORT_LOG: "reports leave the list that spikes are looked for in",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an erasure would take, in lines to be read before it is agreed to."""

    lines: Sequence[str]


@asynccontextmanager
async def desk_on(database: Place, policy: Policy) -> AsyncGenerator[Desk]:
    """Open a database as a desk that nobody decides at."""
    async with open_store(database, create=False) as store:
        yield Desk(
            store=store,
            policy=lambda: policy,
            authority=Authority(ranks={}),
            clock=lambda: datetime.now(UTC),
        )


async def export_person(database: Place, policy: Policy, subject: Subject) -> str:
    """Return everything that is held about somebody, as JSON.

    Raises:
        NoSubject: Nothing is.
    """
    async with desk_on(database, policy) as desk:
        held = await held_about(desk, subject)
    asked = {"kind": subject.kind, "value": subject.words}
    return json.dumps({"person": asked, "held": held}, ensure_ascii=False, indent=2)


async def look_at_person(database: Place, policy: Policy, subject: Subject) -> Plan:
    """Return what erasing somebody would take.

    Raises:
        NoSubject: Nothing is held.
    """
    async with desk_on(database, policy) as desk:
        held = await held_about(desk, subject)
    lines = [f"{len(rows):>6,}  {name}" for name, rows in held.items()]
    return Plan(lines=[*lines, *_afterwards(subject.kind)])


def _afterwards(kind: SubjectKind) -> list[str]:
    said = {
        SubjectKind.AUTHOR: (
            "Texts, names, notes and what leads to the account go, from the database and from the "
            "desk's messages in Discord, with the threads of these cases. That something was "
            "decided stays, without who it was about. A ban at the site stays there, and the desk "
            "can no longer lift it."
        ),
        SubjectKind.READER: (
            "Notes, receipts and the key go. That a comment was reported stays, without by whom."
        ),
        SubjectKind.STAFF: (
            "The name and the Discord id go from everything that this person did; what they "
            "decided and noted stays with the cases."
        ),
        SubjectKind.EMAIL: "Names, addresses and the words of these notices go.",
    }
    return ["", said[kind]]


async def erase_person(database: Place, policy: Policy, subject: Subject) -> Erased:
    """Erase everything that is held about somebody.

    Raises:
        NoSubject: Nothing is.
        UnderHold: Some of it may not go.
    """
    async with desk_on(database, policy) as desk:
        return await erase(desk, subject, Forgotten(beside(database)), by=getpass.getuser())


def erased_words(done: Erased, database: Place) -> list[str]:
    """Return what an erasure came to, with the copies that it did not reach."""
    touched = f"{count(done.cases, 'case')} and {count(done.decisions, 'decision')}"
    again = Forgotten(beside(database)).path.name
    lines = [
        f"Erased, in {touched}. The running desk takes its messages in Discord away.",
        f"Keep {again} with your backups: one that is put back forgets the same people at the start.",
    ]
    path = beside(database)
    copies = sorted(
        copy
        for ending in ("before-update-from-*", "replaced-*")
        for copy in path.parent.glob(f"{path.name}.{ending}")
    )
    lines += [f"This copy of before still holds it: delete {copy}" for copy in copies]
    return lines


async def purge_now(
    database: Place, policy: Policy, *, dry: bool, say: Callable[[str], None]
) -> None:
    """Forget what is too old, or only say what that would be if `dry`."""
    async with desk_on(database, policy) as desk:
        amounts = await purge(desk, dry=dry)
    for what, amount in amounts.items():
        if amount:
            say(f"{amount:>6,}  {_WHAT[what]} ({what}, {policy.retention.days[what]} days)")
    total = sum(amounts.values())
    if not total:
        say("Nothing is older than the policy keeps it.")
    elif dry:
        say("Nothing was forgotten: this only says what a purge would forget.")
