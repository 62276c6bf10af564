"""Staff notes on a case, who else looks at it, and a thread of its own."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.errors import NoChange, NoSuchCase, NotUnderstood
from bot.domain.ids import CaseId
from bot.domain.sayings import StaffMessage, StaffMessageKind
from bot.domain.staff import Person, Rank
from bot.domain.triage import CaseNote, Viewer
from bot.services.cases.claim import keep_work
from bot.services.desk import Desk
from bot.store.tx import Tx

NOTE_LENGTH = 500
LOOKS_LAST = timedelta(minutes=2)
"""How long after opening a case's details somebody counts as looking at it."""


async def add_note(desk: Desk, case_id: CaseId, by: Person, text: str) -> None:
    """Keep a note for colleagues; the author and the readers never see it.

    Raises:
        NotAllowed: The person is no moderator.
        NoSuchCase: There is no case of that number.
        NotUnderstood: The note is empty or too long.
    """
    desk.require(by, Rank.MODERATOR)
    words, now = text.strip(), desk.clock()
    if not words:
        raise NotUnderstood(
            "The note was empty, so nothing was saved. Write what colleagues should know."
        )
    if len(words) > NOTE_LENGTH:
        raise NotUnderstood(
            f"A note has at most {NOTE_LENGTH} characters; that is {len(words)}. Shorten it."
        )

    note = CaseNote(by_id=by.id, by_name=by.name, text=words, at=now)
    await desk.store.write(lambda tx: put_note(tx, case_id, note))


def put_note(tx: Tx, case_id: CaseId, note: CaseNote) -> None:
    """Keep a note, and ask for the card to show it.

    Raises:
        NoSuchCase: There is no case of that number.
    """
    case = tx.cases.get(case_id)
    if case is None:
        raise NoSuchCase(case_id)
    tx.triage.add_note(case_id, note)
    tx.cases.touch(case, note.at)


async def look_in(desk: Desk, case_id: CaseId, by: Person) -> tuple[Viewer, ...]:
    """Keep that the person opened the details, and return which colleagues did a moment ago.

    The card is not redrawn for it: who opens the details next is told instead.

    Raises:
        NotAllowed: The person is no moderator.
    """
    desk.require(by, Rank.MODERATOR)
    now = desk.clock()
    looker = Viewer(by_id=by.id, by_name=by.name, at=now)

    def work(tx: Tx) -> tuple[Viewer, ...]:
        tx.triage.forget_looks(now - LOOKS_LAST)
        tx.triage.look(case_id, looker)
        found = tx.triage.lookers(case_id, since=now - LOOKS_LAST)
        return tuple(one for one in found if one.by_id != by.id)

    return await desk.store.write(work)


async def ask_thread(desk: Desk, case_id: CaseId, by: Person) -> None:
    """Ask for a thread under the case's card; who asks again while it comes asks for the same.

    Raises:
        NotAllowed: The person is no moderator.
        NoSuchCase: There is no case of that number.
        NoChange: It has one.
    """
    desk.require(by, Rank.MODERATOR)
    policy, now = desk.policy(), desk.clock()

    def work(tx: Tx) -> None:
        case = tx.cases.get(case_id)
        if case is None:
            raise NoSuchCase(case_id)
        thread_id = tx.triage.get(case_id).thread_id
        if thread_id is not None:
            raise NoChange(f"Case #{case_id} has a thread already: <#{thread_id}>.")
        rule = policy.rule(case.top_rule).name
        message = StaffMessage(
            kind=StaffMessageKind.THREAD, cases=(case_id,), by_name=by.name, rule=rule
        )
        tx.outbox.want_said(message, now)

    await desk.store.write(work)


def begun(case_id: CaseId, thread_id: int, now: datetime, tx: Tx) -> None:
    """Keep where the case's thread is, and show it on the card."""
    case = tx.cases.get(case_id)
    tx.lines.say(thread_id, [case_id])
    if case is not None:
        held = replace(tx.triage.get(case_id), thread_id=thread_id)
        keep_work(tx, case, held, now=now)
