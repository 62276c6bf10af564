"""Say what the desk has to say of its own accord, when it is due."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from bot.domain.cases import CardRef
from bot.domain.effects import Effect, EffectKind
from bot.domain.ids import CaseId, MessageKind, MessageRef
from bot.domain.sayings import (
    LegalCall,
    LegalCard,
    LifeCall,
    NoticeCall,
    NoticeCard,
    Reminder,
    ReminderKind,
    RunCall,
    SetUpLine,
    StoryReview,
)
from bot.domain.stories import KnownStory
from bot.ports import Messenger, Pager
from bot.services import messages
from bot.services.cases import legal
from bot.services.cases.lookup import look
from bot.services.desk import Desk
from bot.services.outbox_worker import DONE, Attempt, Lane
from bot.services.readers.contest_card import draw_contest
from bot.services.readers.notice import due_notice
from bot.services.stories.story import review_name
from bot.store.deliveries import reminder_from
from bot.store.tx import Tx

_BATCH = 10
_LOOKS = 20
_BETWEEN_LOOKS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Speaker:
    """Says things in the channels, and by the `pager` if the settings name other ways."""

    desk: Desk
    messenger: Messenger
    pager: Pager | None


def reminder_lane(desk: Desk, messenger: Messenger, pager: Pager | None) -> Lane:
    """Say what the desk has to say of its own accord."""
    speaker = _Speaker(desk=desk, messenger=messenger, pager=pager)
    return Lane(
        desk=desk,
        due=lambda tx, now: tx.outbox.due(EffectKind.REMINDER, now, limit=_BATCH),
        carry_out=partial(_carry_out, speaker),
        ready=messenger.ready,
    )


async def _carry_out(by: _Speaker, effect: Effect) -> Attempt:
    name = effect.key or ""
    reminder = reminder_from(effect.payload, name=name, due_at=effect.due_at)
    await _SAY[reminder.kind](by, reminder, effect.nonce)
    return DONE


async def _set_up(by: _Speaker, reminder: Reminder, nonce: str) -> None:
    """Put a change of the set-up into the log channel, where there is one."""
    channel_id = by.messenger.places.log_channel_id
    change = await by.desk.store.read(lambda tx: tx.set_up.get(reminder.set_up_id or 0))
    if channel_id is not None and change is not None:
        await by.messenger.post(channel_id, SetUpLine(change=change), nonce=nonce, silent=True)


async def _review(by: _Speaker, reminder: Reminder, nonce: str) -> None:
    story = await by.desk.store.read(lambda tx: _to_review(tx, reminder))
    if story is not None:
        channel_id = by.messenger.places.channel_id
        await by.messenger.post(channel_id, StoryReview(story=story), nonce=nonce)


async def _call(by: _Speaker, reminder: Reminder, nonce: str) -> None:
    """Call editors to a threat to life, by their roles or by every other way there is."""
    if reminder.case_id is None:
        return
    case_id = reminder.case_id
    view = await look(by.desk, case_id)
    call = LifeCall(view=view, card=await _its_card(by.desk, case_id))
    if reminder.kind is ReminderKind.LIFE:
        said = await by.messenger.post(by.messenger.places.editors, call, nonce=nonce)
        await _belongs(by.desk, said.at, case_id)
    elif by.pager is not None:
        await by.pager.send(call)


async def _call_to_run(by: _Speaker, reminder: Reminder, nonce: str) -> None:
    """Call seniors and editors, in the moderators' channel and in the editors'."""
    run = await by.desk.store.read(lambda tx: tx.runs.get(reminder.run_id or 0))
    if run is None:
        return
    call, places = RunCall(run=run), by.messenger.places
    if reminder.kind is ReminderKind.BRAKE:
        for channel_id in dict.fromkeys((places.editors, places.channel_id)):
            await by.messenger.post(channel_id, call, nonce=f"{nonce}-{channel_id}")
    elif by.pager is not None:
        await by.pager.send(call)


async def _call_to_legal(by: _Speaker, reminder: Reminder, nonce: str) -> None:
    notice = await legal.due(by.desk, reminder)
    if notice is not None:
        call = LegalCall(notice=notice, over=reminder.kind is ReminderKind.LEGAL_OVER)
        said = await by.messenger.post(by.messenger.places.editors, call, nonce=nonce)
        await _belongs(by.desk, said.at, notice.case_id)


async def _draw_legal(by: _Speaker, reminder: Reminder, _nonce: str) -> None:
    desk, messenger = by.desk, by.messenger
    notice = await desk.store.read(lambda tx: tx.legal.get(reminder.legal_id or 0))
    if notice is None:
        return
    view = await look(desk, notice.case_id)
    card = await desk.store.read(lambda tx: tx.cards.get(notice.case_id))
    drawn = LegalCard(notice=notice, view=view, card=card)
    nonce = f"legal-{notice.id}-{notice.at.message_id if notice.at else 0}"
    at = await messages.show(messenger, messenger.places.editors, drawn, notice.at, nonce=nonce)
    await desk.store.write(lambda tx: tx.messages.place(MessageKind.LEGAL, at, notice.id))
    await _belongs(desk, at, notice.case_id)


async def _draw_contest(by: _Speaker, reminder: Reminder, _nonce: str) -> None:
    await draw_contest(by.desk, by.messenger, reminder.contest_id or 0)


async def _draw_notice(by: _Speaker, reminder: Reminder, _nonce: str) -> None:
    found = await due_notice(by.desk, reminder)
    if found is None:
        return
    notice, messenger = found.notice, by.messenger
    about = notice.case_id
    card = await by.desk.store.read(lambda tx: tx.cards.get(about) if about else None)
    drawn = NoticeCard(notice=notice, told=found.told, card=card)
    nonce = f"notice-{notice.id}-{notice.at.message_id if notice.at else 0}"
    here = messenger.places.channel_id
    at = await messages.show(messenger, here, drawn, notice.at, nonce=nonce)
    await by.desk.store.write(lambda tx: tx.messages.place(MessageKind.NOTICE, at, notice.id))


async def _call_to_notice(by: _Speaker, reminder: Reminder, nonce: str) -> None:
    found = await due_notice(by.desk, reminder)
    if found is not None:
        call = NoticeCall(notice=found.notice, over=reminder.kind is ReminderKind.NOTICE_OVER)
        await by.messenger.post(by.messenger.places.editors, call, nonce=nonce)


async def _belongs(desk: Desk, at: MessageRef, case_id: CaseId) -> None:
    """Keep which case a message is about, so that a reply to it is understood."""
    await desk.store.write(lambda tx: tx.lines.say(at.message_id, [case_id]))


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
    status = story.status if story else None
    return story if status and review_name(status) == reminder.name else None


_SAY: Final[Mapping[ReminderKind, Callable[[_Speaker, Reminder, str], Awaitable[None]]]] = {
    ReminderKind.SET_UP: _set_up,
    ReminderKind.REVIEW: _review,
    ReminderKind.LIFE: _call,
    ReminderKind.LIFE_ROADS: _call,
    ReminderKind.BRAKE: _call_to_run,
    ReminderKind.BRAKE_ROADS: _call_to_run,
    ReminderKind.LEGAL_CARD: _draw_legal,
    ReminderKind.LEGAL_SOON: _call_to_legal,
    ReminderKind.LEGAL_OVER: _call_to_legal,
    ReminderKind.CONTEST_CARD: _draw_contest,
    ReminderKind.NOTICE_CARD: _draw_notice,
    ReminderKind.NOTICE_SOON: _call_to_notice,
    ReminderKind.NOTICE_OVER: _call_to_notice,
}
