"""Cards whose message is gone."""

import logging

from bot.domain.case import CardRef
from bot.services.desk import Desk
from bot.store.tx import Tx

log = logging.getLogger(__name__)


async def want_card_again(desk: Desk, gone: CardRef) -> None:
    """Post the card of an open case anew, as its message was deleted.

    One of a decided case does not come back; /case shows what it said. Nothing happens if the
    card stands somewhere else by now.
    """
    now = desk.clock()

    def work(tx: Tx) -> bool:
        ref, case = tx.cards.get(gone.case_id), tx.cases.get(gone.case_id)
        if ref is None or ref.message_id != gone.message_id:
            return False
        tx.cards.lost(gone.case_id)
        tx.reactions.forget(gone.message_id)
        if case is not None and case.is_open:
            tx.outbox.want_card(gone.case_id, now)
        return True

    if await desk.store.write(work):
        log.info("the card of case %s was deleted", gone.case_id)
