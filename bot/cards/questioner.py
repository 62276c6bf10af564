"""Posts the lines in which the desk asks, and takes them and their reactions away again."""

import logging

import aiohttp
import discord

from bot.cards.presence import Presence
from bot.domain.errors import BoardDown, CardGone
from bot.domain.places import MessageRef
from bot.domain.reaction import Question, Reaction
from bot.domain.sayings import QuestionLine
from bot.ports import Messenger
from bot.services.desk import Desk
from bot.services.lookup import look
from bot.services.outbox_worker import keep_on
from bot.services.reacting import refused
from bot.store.tx import Tx

log = logging.getLogger(__name__)

_LOOK_EVERY = 1.0
"""Seconds between looks when nothing new is asked; lines go by time."""


class Questioner:
    """Keeps the lines in the channels as the record says they should be."""

    def __init__(self, desk: Desk, messenger: Messenger, presence: Presence) -> None:
        self._desk = desk
        self._presence = presence
        self._messenger = messenger

    async def keep_asking(self) -> None:
        """Post and take away lines, for ever."""
        await keep_on(self._desk, self.turn, look_every=_LOOK_EVERY)

    async def turn(self) -> bool:
        """Post and take away what is due; false if that was nothing, or Discord is in trouble."""
        await self._messenger.ready()
        now = self._desk.clock()
        over = await self._desk.store.read(lambda tx: tx.questions.to_take_away(now))
        new = await self._desk.store.read(lambda tx: tx.questions.to_post(now))
        gone = {question.id for question in over}
        try:
            for question in over:
                await self._take_away(question)
            for question in new:
                if question.id not in gone:
                    await self._post(question)
        except BoardDown as trouble:
            log.warning("a question under a card is posted or taken away later: %s", trouble)
            return False
        return bool(over or new)

    async def _post(self, question: Question) -> None:
        desk, card = self._desk, question.card
        view = await look(desk, question.case_id)
        try:
            posted = await self._messenger.post(
                card.channel_id,
                QuestionLine(question=question, view=view),
                nonce=f"ask-{question.id}-{int(question.at.timestamp() * 1000)}",
                under=card.at,
                noted=False,
            )
        except CardGone:
            await desk.store.write(lambda tx: tx.questions.drop(question.id))
            return
        await desk.store.write(lambda tx: tx.questions.posted(question.id, posted.at.message_id))

    async def _take_away(self, question: Question) -> None:
        channel_id = question.card.channel_id
        if question.message_id is not None:
            line = MessageRef(channel_id=channel_id, message_id=question.message_id)
            await self._messenger.delete(line, noted=False)
        if question.reaction is not None and await self._still_stands(question):
            client = await self._presence.client()
            await take_off(self._desk, client, channel_id, question.reaction)
        await self._desk.store.write(lambda tx: tx.questions.drop(question.id))

    async def _still_stands(self, over: Question) -> bool:
        """Whether the reaction is the one that was asked about.

        Whoever took it back may have given it again since, and that one is another question's.
        """

        def stands(tx: Tx) -> bool:
            asked = tx.questions.open_of(over.case_id)
            again = any(one.id != over.id and one.reaction == over.reaction for one in asked)
            return over.reaction in tx.reactions.handled(over.card.message_id) and not again

        return await self._desk.store.read(stands)


async def take_off(desk: Desk, client: discord.Client, channel_id: int, reaction: Reaction) -> None:
    """Take a reaction off its message; where that cannot be, it is kept that it was handled."""
    channel = client.get_partial_messageable(channel_id)
    message = channel.get_partial_message(reaction.message_id)
    try:
        await message.remove_reaction(reaction.emoji, discord.Object(reaction.by_id))
    except discord.NotFound:
        pass  # it is gone already, or its message is
    except (discord.DiscordException, aiohttp.ClientError, OSError) as trouble:
        log.warning("a reaction was not taken off: %s", trouble)
        await refused(desk, reaction)
        return
    by_id, emoji = reaction.by_id, reaction.emoji
    await desk.store.write(lambda tx: tx.reactions.forget(reaction.message_id, by_id, emoji))
