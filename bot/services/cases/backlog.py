"""Hold new cards back while more stand in the channel than anybody reads, and list the worst."""

import asyncio
import logging
from datetime import timedelta

from bot.domain.cases import CardRef
from bot.domain.errors import BoardDown
from bot.domain.ids import CaseId, MessageKind
from bot.domain.policy import Policy
from bot.domain.routing import Backlog
from bot.domain.sayings import BacklogList
from bot.ports import Messenger
from bot.services import messages
from bot.services.cases import lookup
from bot.services.desk import Desk
from bot.store.tx import Tx

log = logging.getLogger(__name__)

_LISTED = 10
_EVERY = timedelta(seconds=3)
"""Between edits of the digest at most: each is a request, and nobody reads faster."""


async def is_held(desk: Desk) -> bool:
    """Whether as many cards of open cases stand already as the policy takes."""
    return await desk.store.read(lambda tx: holds(tx, desk.policy()))


def holds(tx: Tx, policy: Policy) -> bool:
    """Return the same within a transaction."""
    most = policy.channel.backlog_digest
    return most > 0 and tx.cards.count_open(most=most) >= most


async def keep_digest(desk: Desk, messenger: Messenger, *, every: timedelta = _EVERY) -> None:
    """Keep the digest as the backlog is, for ever."""
    shown: Backlog | None = None
    while True:
        await messenger.ready()
        try:
            shown = await digest(desk, messenger, shown)
        except BoardDown as trouble:
            log.info("the digest is shown later: %s", trouble)
        await asyncio.sleep(every.total_seconds())


async def digest(desk: Desk, messenger: Messenger, shown: Backlog | None) -> Backlog | None:
    """Post, edit or take away the digest, as need be; return what it shows now."""
    now, channel_id = await _backlog(desk), messenger.places.channel_id
    at = await desk.store.read(lambda tx: tx.messages.at(MessageKind.BACKLOG, channel_id))
    if now is None:
        if at is not None:
            await messenger.delete(at)
            await desk.store.write(lambda tx: tx.messages.forget(MessageKind.BACKLOG, channel_id))
        return None
    if at is not None and now == shown:
        return shown
    cards = await desk.store.read(lambda tx: _cards(tx, now))
    nonce = f"backlog-{now.worst[0].case.id}-{now.open_cases}"
    listed = BacklogList(backlog=now, cards=cards)
    placed = await messages.show(messenger, channel_id, listed, at, nonce=nonce)
    await desk.store.write(lambda tx: tx.messages.place(MessageKind.BACKLOG, placed, channel_id))
    return now


async def _backlog(desk: Desk) -> Backlog | None:
    """Return what waits, `None` if every case has its card or gets it at once."""
    most = desk.policy().channel.backlog_digest
    if not most:
        return None

    def query(tx: Tx) -> tuple[int, int]:
        waiting = tx.cases.count_open()
        return waiting, tx.cards.count_open(most=waiting) if waiting > most else waiting

    waiting, carded = await desk.store.read(query)
    if waiting <= carded or carded < most:
        return None
    page = await lookup.worst(desk, limit=_LISTED)
    return Backlog(open_cases=waiting, without_card=waiting - carded, worst=page)


def _cards(tx: Tx, backlog: Backlog) -> dict[CaseId, CardRef]:
    found = ((view.case.id, tx.cards.get(view.case.id)) for view in backlog.worst)
    return {case_id: ref for case_id, ref in found if ref is not None}
