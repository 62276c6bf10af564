"""Say in the answer to a typed line what the site made of it, in place of that it is being told."""

import logging
import time
from collections.abc import Sequence
from typing import Final

import discord

from bot.cards.cases import case_answers
from bot.client import DeskClient
from bot.services.cases.lines import Done, with_site
from bot.store.errors import StoreTrouble
from cogs.failures import UNHEARD

log = logging.getLogger(__name__)

_FOR: Final = 900.0
"""Seconds: what the site has not answered by then is told by the cards alone."""
_LOOK_EVERY: Final = 1.0


async def tell(
    client: DeskClient, answer: discord.Message, done: Sequence[Done], asked_by: int
) -> None:
    """Edit the answer once, when the site has answered about all that it says."""
    desk, begun, seen = client.desk, time.monotonic(), 0
    try:
        new = await with_site(desk, done)
        while new is None and time.monotonic() - begun < _FOR and not client.is_closed():
            seen = await desk.store.changed(seen, within=_LOOK_EVERY)
            new = await with_site(desk, done)
        if new is None or new == tuple(done):
            return
        view = case_answers.typed(new, desk.policy(), site_can=desk.site_can, asked_by=asked_by)
        await answer.edit(view=view)
    except (*UNHEARD, StoreTrouble) as error:
        log.info("an answer to a typed line stays as it is: %s", error)
