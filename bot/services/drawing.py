"""Draw one case's card: post it, edit it, or have it stand elsewhere."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.domain.cases import CardRef, Case, CaseState, CaseView
from bot.domain.effects import Effect
from bot.domain.errors import BoardBarred, CardGone
from bot.domain.ids import CaseId, MessageRef, first_id_of
from bot.domain.policy import Policy, ReactionBan
from bot.domain.sayings import MovedCard
from bot.ports import Messenger
from bot.services.cases import backlog
from bot.services.cases.lookup import look
from bot.services.cases.routing import home_of
from bot.services.desk import REDRAW_AFTER, Desk
from bot.services.outbox_worker import DONE, LATER, Attempt
from bot.services.redraw import want_card_again
from bot.store.tx import Tx

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One card being drawn: what asked for it, what it shows, and since when."""

    effect: Effect
    view: CaseView
    since: datetime


async def draw(desk: Desk, messenger: Messenger, effect: Effect, *, seed: bool) -> Attempt:
    """Draw one case's card; `seed` says whether a new one gets reactions to press."""
    view = await look(desk, effect.case_id)
    # From now on, for somebody may see it before its answer is here.
    drawing = Drawing(effect=effect, view=view, since=desk.clock())
    ref = await desk.store.read(lambda tx: tx.cards.get(effect.case_id))
    channel_id = home_of(desk.policy(), view).channel_id or messenger.places.channel_id
    if ref is None and not view.case.is_open and await _needs_none(desk, view.case.id):
        return DONE
    if ref is None:
        return await _draw_new(desk, messenger, drawing, channel_id, seed=seed)
    if ref.channel_id != channel_id:
        # First of all the text leaves the channel where it may not be read any more.
        await _retire(messenger, ref, channel_id)
        return await _draw_new(desk, messenger, drawing, channel_id, seed=seed)
    try:
        return await _draw_again(desk, messenger, drawing, ref, seed=seed)
    except CardGone:
        # Somebody deleted the message. Now that this is kept, an open case gets a new card.
        await want_card_again(desk, ref)
        return await draw(desk, messenger, effect, seed=seed)


async def _needs_none(desk: Desk, case_id: CaseId) -> bool:
    """Whether a decided case stays without a card.

    Decided from the digest, a card now would only say so once more; and one that somebody
    deleted is not wanted back, as /case shows what it said.
    """
    if await desk.store.read(lambda tx: tx.cards.was_lost(case_id)):
        return True
    return await backlog.is_held(desk)


async def _draw_new(
    desk: Desk, messenger: Messenger, drawing: Drawing, channel_id: int, *, seed: bool
) -> Attempt:
    posted = await _post(desk, messenger, drawing.view, channel_id)
    wanted = seed and drawing.view.case.is_open and posted.shows_text
    return _drawn(desk, messenger, drawing, posted, seeded=True if wanted else None)


async def _draw_again(
    desk: Desk, messenger: Messenger, drawing: Drawing, ref: CardRef, *, seed: bool
) -> Attempt:
    case = drawing.view.case
    if ref.decided and case.is_open:
        # What was meant for the decided card must not decide the open one.
        await messenger.unreact(ref.at)
    ref = await _redraw(desk, messenger, drawing, ref)
    return _drawn(desk, messenger, drawing, ref, seeded=_seeded_after(case, ref, seed=seed))


def _seeded_after(case: Case, ref: CardRef, *, seed: bool) -> bool | None:
    """Return whether reactions are to be put under a card or taken off, `None` for neither."""
    if ref.seeded:
        return None if case.is_open and ref.shows_text else False
    wanted = ref.shows_text and case.state is CaseState.REOPENED
    return True if seed and wanted else None


async def _redraw(desk: Desk, messenger: Messenger, drawing: Drawing, ref: CardRef) -> CardRef:
    """Edit a card; a new text counts as shown from the start, as it is answered to at once."""
    case = drawing.view.case
    if case.revision == ref.revision:
        return await _edit(messenger, drawing.view, ref)
    await desk.store.write(lambda tx: tx.cases.shown(case.id, case.revision, drawing.since))
    try:
        drawn = await _edit(messenger, drawing.view, ref)
    except LATER:
        await desk.store.write(lambda tx: tx.cases.shown(case.id, case.revision, None))
        raise
    if not drawn.revision:
        await desk.store.write(lambda tx: tx.cases.shown(case.id, case.revision, None))
    return drawn


async def _seed(desk: Desk, messenger: Messenger, ref: CardRef, *, seeded: bool) -> None:
    """Put the reactions to press under a card, or take them off one that is decided."""
    if not seeded:
        await messenger.unreact(ref.at)
    # If the desk ends here, it is known that there may be some, so that they are taken off then.
    await desk.store.write(lambda tx: tx.cards.seed(ref.case_id, seeded=seeded))
    if seeded:
        await messenger.react(ref.at, _to_press(desk.policy()))


def _to_press(policy: Policy) -> list[str]:
    emoji, off = policy.emoji, policy.reaction_ban is ReactionBan.OFF
    return [emoji.keep, emoji.hide, *(() if off else (emoji.ban,))]


def _drawn(
    desk: Desk, messenger: Messenger, drawing: Drawing, ref: CardRef, *, seeded: bool | None
) -> Attempt:
    """Return how a drawing ended; `seeded` says whether reactions are to be put under it or taken.

    They come last, for a card that is not recorded yet cannot be replied to.
    """
    then = None if seeded is None else partial(_seed, desk, messenger, ref, seeded=seeded)
    return Attempt(keep=partial(_record, drawing, ref, desk.clock()), then=then)


def _record(drawing: Drawing, ref: CardRef, now: datetime, tx: Tx) -> None:
    """Record what the card shows, and ask for it again if the case changed meanwhile."""
    drawn = drawing.view.case
    listed = drawn.is_open and drawing.view.work.snooze is None
    tx.cards.drawn(replace(ref, decided=not drawn.is_open), drawn.touched, listed=listed, at=now)
    if ref.revision:
        tx.cases.shown(drawn.id, drawn.revision, drawing.since)
    case = tx.cases.get(drawn.id)
    if case is not None and case.touched != drawn.touched:
        due_at = now if _cannot_wait(tx, drawing, case) else now + REDRAW_AFTER
        tx.outbox.want_card(case.id, due_at)


def _cannot_wait(tx: Tx, drawing: Drawing, case: Case) -> bool:
    """Whether somebody decided meanwhile, or the site did; a further report can wait for others."""
    drawn = drawing.view.case
    decided = case.decision_id != drawn.decision_id or case.state is not drawn.state
    return decided or tx.deliveries.delivery(case.id) != drawing.view.delivery


def _intend(case_id: CaseId, channel_id: int, now: datetime, tx: Tx) -> datetime | None:
    """Note that the card is about to be posted; what is typed from then on is for the desk.

    That is noted before the card stands: whoever answers it at once is read, even if the desk
    stops before it has recorded the card, or looked for what was typed in its channel.
    """
    tx.cursors.begin_typed(channel_id, first_id_of(now))
    return tx.cards.intend(case_id, now)


async def _post(desk: Desk, messenger: Messenger, view: CaseView, channel_id: int) -> CardRef:
    """Post the card, unless an earlier try whose end we did not see has posted it already."""
    case, now = view.case, desk.clock()
    tried = await desk.store.write(partial(_intend, case.id, channel_id, now))
    found = None
    if tried is not None:
        found = await messenger.find(channel_id, case, tried)
    if found is not None:
        return _ref(view, found, whole=await messenger.edit(found, view))
    # To the millisecond, as a card may leave a channel and come back within a second.
    nonce = f"{case.id}-{int((tried or now).timestamp() * 1000)}"
    try:
        posted = await messenger.post(channel_id, view, nonce=nonce, looked=True)
    except BoardBarred:
        if tried is None:
            # It is known that no card was posted, so none need be looked for the next time.
            await desk.store.write(lambda tx: tx.cards.lost(case.id))
        raise
    return _ref(view, posted.at, whole=posted.whole)


async def _edit(messenger: Messenger, view: CaseView, ref: CardRef) -> CardRef:
    whole = await messenger.edit(ref.at, view)
    return replace(ref, revision=_shown(view, whole=whole))


async def _retire(messenger: Messenger, ref: CardRef, channel_id: int) -> None:
    """Put in a card's place that it stands in another channel now.

    Where the desk may not change it any more it stays as it is: the case needs its card.
    """
    try:
        await messenger.edit(ref.at, MovedCard(case_id=ref.case_id, channel_id=channel_id))
    except CardGone:
        return
    except BoardBarred as barred:
        log.warning("the card of case %s stays where it was: %s", ref.case_id, barred)
        return
    if ref.seeded:
        await messenger.unreact(ref.at)


def _ref(view: CaseView, at: MessageRef, *, whole: bool) -> CardRef:
    return CardRef(
        case_id=view.case.id,
        channel_id=at.channel_id,
        message_id=at.message_id,
        revision=_shown(view, whole=whole),
    )


def _shown(view: CaseView, *, whole: bool) -> int:
    """Return which revision a card shows; 0 where its text stands elsewhere, or nowhere."""
    return view.case.revision if whole and view.withheld is None else 0
