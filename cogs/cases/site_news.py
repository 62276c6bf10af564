"""Say in the answer to a typed line what the site made of it, in place of that it is being told."""

import logging
from collections.abc import Sequence

import discord

from bot.cards.cases import case_answers
from bot.client import DeskClient
from bot.services.cases.lines import Done
from bot.store.errors import StoreTrouble
from cogs.failures import UNHEARD
from cogs.site_answer import heard

log = logging.getLogger(__name__)


async def tell(
    client: DeskClient, answer: discord.Message, done: Sequence[Done], asked_by: int
) -> None:
    """Edit the answer once, when the site has answered about all that it says."""
    desk = client.desk
    try:
        new = await heard(desk, done, client.is_closed)
        if new is None:
            return
        view = case_answers.typed(new, desk.policy(), site_can=desk.site_can, asked_by=asked_by)
        await answer.edit(view=view)
    except (*UNHEARD, StoreTrouble) as error:
        log.info("an answer to a typed line stays as it is: %s", error)
