"""The card of a contested decision: drawn when it comes, and whenever its case or answer changes."""

from datetime import datetime

from bot.domain.ids import CaseId, MessageKind, MessageRef
from bot.domain.sayings import ContestCard, Reminder, ReminderKind
from bot.ports import Messenger
from bot.services import messages
from bot.services.desk import Desk
from bot.services.readers.contest_view import contest_on_card
from bot.store.tx import Tx

_MOST = 100
"""Cards looked for after each connection."""
_CAME = "new"


def want_new_card(tx: Tx, contest_id: int, now: datetime) -> None:
    """Ask for the card of a contest that has just come."""
    want_contest_card(tx, contest_id, now, _CAME)


def want_contest_card(tx: Tx, contest_id: int, now: datetime, why: str) -> None:
    """Ask for a contest's card to be drawn, once for each reason."""
    name = f"{ReminderKind.CONTEST_CARD}:{contest_id}:{why}"
    kind = ReminderKind.CONTEST_CARD
    tx.outbox.want_reminder(Reminder(name=name, kind=kind, due_at=now, contest_id=contest_id))


def want_contest_cards(tx: Tx, case_id: CaseId, now: datetime) -> None:
    """Ask for the cards of a case's contests that wait, once for each change of the case."""
    waiting = tx.contests.waiting_of(case_id)
    case = tx.cases.get(case_id) if waiting else None
    for contest_id in waiting if case else ():
        want_contest_card(tx, contest_id, now, str(case.touched if case else ""))


async def draw_contest(desk: Desk, messenger: Messenger, contest_id: int) -> None:
    """Post a contest's card in its channel, or edit the one that stands there."""
    channel_id = messenger.places.appeals
    seen = await contest_on_card(desk, contest_id, channel_id)
    if seen is None:
        return
    kind = MessageKind.CONTEST
    at = await desk.store.read(lambda tx: tx.messages.at(kind, contest_id))
    nonce = f"contest-{contest_id}-{at.message_id if at else 0}"
    drawn = ContestCard(seen=seen)
    stands = await messages.show(messenger, channel_id, drawn, at, nonce=nonce)

    def keep(tx: Tx) -> None:
        tx.messages.place(kind, stands, contest_id)
        # So that a reply to it is understood.
        tx.lines.say(stands.message_id, [seen.view.case.id])

    await desk.store.write(keep)


async def want_deleted_again(desk: Desk, at: MessageRef) -> None:
    """Post a contest's card again that somebody deleted, if it still waits for an answer."""

    def work(tx: Tx) -> None:
        key = tx.messages.key_at(MessageKind.CONTEST, at)
        contest = tx.contests.get(int(key)) if key else None
        if contest is not None and contest.answer is None:
            want_contest_card(tx, contest.id, desk.clock(), f"deleted {at.message_id}")

    await desk.store.write(work)


async def want_cards_of_waiting(desk: Desk) -> None:
    """Ask for the cards of contests that wait without one: they came before there were cards."""

    def work(tx: Tx) -> None:
        for one in tx.contests.waiting(limit=_MOST):
            if tx.messages.at(MessageKind.CONTEST, one.id) is None:
                want_contest_card(tx, one.id, desk.clock(), _CAME)  # once, if it was not before

    await desk.store.write(work)


async def cards_of_waiting(desk: Desk) -> list[MessageRef]:
    """Return where the cards stand of the contests that wait for an answer."""

    def work(tx: Tx) -> list[MessageRef]:
        waiting = tx.contests.waiting(limit=_MOST)
        places = (tx.messages.at(MessageKind.CONTEST, one.id) for one in waiting)
        return [at for at in places if at is not None]

    return await desk.store.read(work)
