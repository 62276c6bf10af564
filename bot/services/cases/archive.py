"""Tell the log channel what was decided, line by line and once."""

import asyncio
import logging
from collections.abc import Sequence
from functools import partial

from bot.domain.cases import CardRef
from bot.domain.decisions import Decision
from bot.domain.effects import wait_before
from bot.domain.ids import CaseId, DecisionId
from bot.domain.sayings import LogLines
from bot.ports import Messenger
from bot.services.desk import LONGEST_WAIT, Desk
from bot.services.outbox_worker import LATER
from bot.store.tx import Tx

log = logging.getLogger(__name__)

_A_MESSAGE = 10
"""Decisions that share a message where many are made at once."""

_LOOK_EVERY = 2.0
_START = DecisionId(0)


async def keep_log(desk: Desk, messenger: Messenger, channel_id: int) -> None:
    """Tell the log channel of each decision, for ever; those before the first start are left."""
    seen, failures = 0, 0
    while True:
        await messenger.ready()
        try:
            told = await log_next(desk, messenger, channel_id)
        except LATER as trouble:
            failures += 1
            log.info("decisions are put into the log channel later: %s", trouble)
            wait = wait_before(failures + 1, jitter=0.0, asked=getattr(trouble, "after", None))
            await asyncio.sleep(min(wait.total_seconds(), LONGEST_WAIT))
            continue
        failures = 0
        if not told:
            seen = await desk.store.changed(seen, within=_LOOK_EVERY)


async def log_next(desk: Desk, messenger: Messenger, channel_id: int) -> bool:
    """Tell the log channel of the next few decisions; false if there were none."""
    mark, made = await desk.store.read(lambda tx: _next(tx, channel_id))
    if mark is None:
        last = await desk.store.read(lambda tx: tx.decisions.last())
        await desk.store.write(lambda tx: tx.cursors.log(channel_id, last.id if last else _START))
        return True
    if not made:
        return False
    cards = await desk.store.read(lambda tx: _cards(tx, made))
    lines, nonce = LogLines(decisions=made, cards=cards), f"log-{made[0].id}-{made[-1].id}"
    said = await messenger.post(channel_id, lines, nonce=nonce, silent=True)
    await desk.store.write(partial(_logged, channel_id, made, said.at.message_id))
    return True


def _logged(channel_id: int, made: Sequence[Decision], said: int, tx: Tx) -> None:
    tx.cursors.log(channel_id, made[-1].id)
    tx.lines.say(said, {one.case_id for one in made})


def _next(tx: Tx, channel_id: int) -> tuple[DecisionId | None, Sequence[Decision]]:
    mark = tx.cursors.logged(channel_id)
    return mark, () if mark is None else tx.decisions.after(mark, limit=_A_MESSAGE)


def _cards(tx: Tx, made: Sequence[Decision]) -> dict[CaseId, CardRef]:
    found = ((one.case_id, tx.cards.get(one.case_id)) for one in made)
    return {case_id: ref for case_id, ref in found if ref is not None}
