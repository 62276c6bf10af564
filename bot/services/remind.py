"""Say what the desk has to say of its own accord, when it is due."""

import asyncio
from functools import partial

from bot.domain.case import CardRef
from bot.domain.effect import Effect, EffectKind
from bot.domain.ids import CaseId
from bot.domain.reminder import Reminder, ReminderKind
from bot.domain.stories import KnownStory
from bot.ports import Herald
from bot.services import legal
from bot.services.desk import Desk
from bot.services.lookup import look
from bot.services.outbox_worker import DONE, Attempt, Lane
from bot.services.stories import review_name
from bot.store.payloads import reminder_from
from bot.store.tx import Tx

_BATCH = 10
_LOOKS = 20
_BETWEEN_LOOKS = 0.1


def reminder_lane(desk: Desk, herald: Herald) -> Lane:
    """Say what the desk has to say of its own accord."""
    return Lane(
        desk=desk,
        due=lambda tx, now: tx.outbox.due(EffectKind.REMINDER, now, limit=_BATCH),
        carry_out=partial(_carry_out, desk, herald),
        ready=herald.ready,
    )


async def _carry_out(desk: Desk, herald: Herald, effect: Effect) -> Attempt:
    name = effect.key or ""
    reminder = reminder_from(effect.payload, name=name, due_at=effect.due_at)
    await _say(desk, herald, reminder, effect.nonce)
    return DONE


async def _say(desk: Desk, herald: Herald, reminder: Reminder, nonce: str) -> None:
    match reminder.kind:
        case ReminderKind.REVIEW:
            story = await desk.store.read(lambda tx: _to_review(tx, reminder))
            if story is not None:
                await herald.review(story, nonce=nonce)
        case ReminderKind.LIFE | ReminderKind.LIFE_ROADS:
            await _call(desk, herald, reminder, nonce)
        case ReminderKind.BRAKE | ReminderKind.BRAKE_ROADS:
            await _call_to_run(desk, herald, reminder, nonce)
        case ReminderKind.LEGAL_CARD:
            await _draw_legal(desk, herald, reminder)
        case ReminderKind.LEGAL_SOON | ReminderKind.LEGAL_OVER:
            await _call_to_legal(desk, herald, reminder, nonce)


async def _call_to_run(desk: Desk, herald: Herald, reminder: Reminder, nonce: str) -> None:
    run = await desk.store.read(lambda tx: tx.runs.get(reminder.run_id or 0))
    if run is None:
        return
    if reminder.kind is ReminderKind.BRAKE:
        await herald.call_to_run(run, nonce=nonce)
    else:
        await herald.call_to_run_by_roads(run)


async def _call_to_legal(desk: Desk, herald: Herald, reminder: Reminder, nonce: str) -> None:
    notice = await legal.due(desk, reminder)
    if notice is not None:
        over = reminder.kind is ReminderKind.LEGAL_OVER
        said = await herald.call_to_legal(notice, over=over, nonce=nonce)
        await _belongs(desk, said, notice.case_id)


async def _draw_legal(desk: Desk, herald: Herald, reminder: Reminder) -> None:
    notice = await desk.store.read(lambda tx: tx.legal.get(reminder.legal_id or 0))
    if notice is None:
        return
    view = await look(desk, notice.case_id)
    card = await desk.store.read(lambda tx: tx.cards.get(notice.case_id))
    place = await herald.show_legal(notice, view, card, nonce=f"legal-{notice.id}")
    await desk.store.write(lambda tx: tx.legal.placed(notice.id, *place))
    await _belongs(desk, place[1], notice.case_id)


async def _call(desk: Desk, herald: Herald, reminder: Reminder, nonce: str) -> None:
    if reminder.case_id is None:
        return
    case_id = reminder.case_id
    view = await look(desk, case_id)
    card = await _its_card(desk, case_id)
    if reminder.kind is ReminderKind.LIFE:
        said = await herald.call_editors(view, card, nonce=nonce)
        await _belongs(desk, said, case_id)
    else:
        await herald.call_by_roads(view, card)


async def _belongs(desk: Desk, message_id: int | None, case_id: CaseId) -> None:
    """Keep which case a message is about, so that a reply to it is understood."""
    if message_id is not None:
        await desk.store.write(lambda tx: tx.lines.say(message_id, [case_id]))


async def _its_card(desk: Desk, case_id: CaseId) -> CardRef | None:
    """Return the card to open, which is being posted at this moment; nobody waits long for it."""
    for _ in range(_LOOKS):
        card = await desk.store.read(lambda tx: tx.cards.get(case_id))
        if card is not None:
            return card
        await asyncio.sleep(_BETWEEN_LOOKS)
    return None


def _to_review(tx: Tx, reminder: Reminder) -> KnownStory | None:
    """Return the story, unless its state was changed or looked at since."""
    if reminder.site is None or reminder.story_id is None:
        return None
    story = tx.stories.known(reminder.site, reminder.story_id)
    standing = story.standing if story else None
    return story if standing and review_name(standing) == reminder.name else None
