"""Deciding by reacting to a card, and the answers to whether a reaction is meant to ban."""

import asyncio
import logging
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final, TypeGuard

import discord
from discord.ext import commands

from bot.cards.cases import case_answers as said
from bot.cards.cases.questions import take_off
from bot.cards.press_table import Pressed, answers, opens
from bot.cards.presses.cases import BanAsAsked, BanNobody, BanOtherwise
from bot.cards.presses.persistent_items import presses_on
from bot.cards.presses.scheme import OfCase
from bot.cards.text import decisions as decision_text
from bot.client import DeskClient
from bot.domain.cases import CardRef
from bot.domain.decisions import Action, Proposal
from bot.domain.errors import DeskError
from bot.domain.ids import PersonId
from bot.domain.reactions import Reaction
from bot.domain.staff import Rank
from bot.services.cases import lines, lookup, reacting
from bot.services.cases.reacting import Reacted
from bot.services.cases.routing import channels
from bot.services.cases.two_person import DecisionResult
from bot.services.desk import Desk
from bot.services.staff.shift import a_lot_today
from cogs import failures
from cogs.cases.replies import ban_form, ruled
from cogs.gate import check_press
from cogs.people import person

log = logging.getLogger(__name__)

_SHOWN_FOR: Final = 60.0
"""Seconds that an answer to a reaction stands in the channel; it cannot be for one's eyes only."""

_LOOKS: Final = (0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 5.0, 10.0, 20.0, 40.0, 80.0)
"""Seconds between looks for a card that is posted and not recorded yet: its answer may be lost."""

_ASK_WHAT_IT_IS: Final = 1.0
"""Seconds of a wait after which the message itself is looked at."""


class Reactions(commands.Cog):
    """Turns a reaction into a verdict, and takes it off the card again.

    A reaction that stays is one that was not handled, or is remembered as handled, which is how
    those made while the desk was down are found.
    """

    def __init__(self, client: DeskClient) -> None:
        self._client = client
        self._desk: Desk = client.desk
        self._in_hand: set[Reaction] = set()
        self._since_connected: set[Reaction] = set()

    @commands.Cog.listener()
    async def on_disconnect(self) -> None:
        """Forget what was handled: given again from now on, it counts anew."""
        self._since_connected.clear()

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Decide, if the message is a card and the emoji stands for something."""
        member, reaction = payload.member, _reaction(payload)
        action = self._desk.policy().emoji.action(str(payload.emoji))
        if action is None or member is None or self._client.is_me(member.id):
            return
        if reaction in self._in_hand:
            return
        with self._holding(reaction):
            ref = await self._card(payload, reaction)
            if ref is not None and reaction in self._in_hand:
                await self.handle(_reacted(ref, member, reaction.emoji, action), member)

    @contextmanager
    def _holding(self, reaction: Reaction) -> Generator[None]:
        self._in_hand.add(reaction)
        try:
            yield
        finally:
            self._in_hand.discard(reaction)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Forget a reaction that its giver took back: given again, it counts anew."""
        if self._desk.policy().emoji.action(str(payload.emoji)) is None:
            return
        reaction = _reaction(payload)
        self._in_hand.discard(reaction)
        if await lookup.card_at(self._desk, payload.message_id) is not None:
            await reacting.withdraw(self._desk, reaction)

    @commands.Cog.listener()
    async def on_raw_reaction_clear(self, payload: discord.RawReactionClearEvent) -> None:
        """Forget all reactions to a message."""
        message_id = payload.message_id
        if await lookup.card_at(self._desk, message_id) is not None:
            await self._desk.store.write(lambda tx: tx.reactions.forget(message_id))

    @commands.Cog.listener()
    async def on_raw_reaction_clear_emoji(
        self, payload: discord.RawReactionClearEmojiEvent
    ) -> None:
        """Forget all reactions to a message with one emoji."""
        message_id, emoji = payload.message_id, str(payload.emoji)
        if await lookup.card_at(self._desk, message_id) is not None:
            await self._desk.store.write(lambda tx: tx.reactions.forget(message_id, emoji=emoji))

    def was_handled(self, reaction: Reaction) -> bool:
        """Whether a reaction is being handled, or was since the connection was made."""
        return reaction in self._in_hand or reaction in self._since_connected

    async def handle_missed(
        self, made: Reacted, member: discord.Member | discord.User, *, silent: bool = False
    ) -> bool:
        """Do as `handle`, unless the reaction came live in the same moment."""
        if self.was_handled(made.reaction):
            return False
        with self._holding(made.reaction):
            return await self.handle(made, member, silent=silent)

    async def handle(
        self, made: Reacted, member: discord.Member | discord.User, *, silent: bool = False
    ) -> bool:
        """Decide as the reaction says, answer where it cannot be, and take it off.

        Returns whether it was carried out, or is asked about. If `silent`, nobody is told why it
        could not be, as somebody else's reaction said the same.
        """
        self._since_connected.add(made.reaction)
        refusal: discord.ui.LayoutView | None = None
        done = asks = False
        try:
            ruling = await reacting.react(self._desk, made)
            asks, done = ruling is None, True
            if _needs_words(ruling):
                refusal = await ruled(self._desk, ruling, made.by)
        except DeskError as error:
            refusal = await failures.explain(self._desk, error, member)
        if not asks:  # what is asked about stays until it is answered
            await take_off(self._desk, self._client, made.card.channel_id, made.reaction)
        if not silent:
            await self._say_why(made, refusal)
        return done

    async def _say_why(self, made: Reacted, refusal: discord.ui.LayoutView | None) -> None:
        """Answer a reaction, if there is something to say, so that a reply to that is understood."""
        card = made.card
        sent = await self._tell(card.channel_id, card.message_id, refusal) if refusal else None
        # A reply to it means the card's case. Whoever may not decide leaves nothing behind.
        if sent is not None and self._desk.authority.rank(made.by) > Rank.NONE:
            await lines.say_of_card(self._desk, card.message_id, sent)

    async def _tell(
        self, channel_id: int, message_id: int, said: discord.ui.LayoutView
    ) -> int | None:
        message = self._client.get_partial_messageable(channel_id).get_partial_message(message_id)
        try:
            sent = await message.reply(view=said, delete_after=_SHOWN_FOR, mention_author=False)
        except failures.UNHEARD as error:
            log.warning("the answer to a reaction did not arrive: %s", error)
            return None
        return sent.id

    async def _card(
        self, payload: discord.RawReactionActionEvent, reaction: Reaction
    ) -> CardRef | None:
        """Return the card that was reacted to, waiting for one that is posted but not recorded."""
        ref = await lookup.card_at(self._desk, payload.message_id)
        if ref is not None or not self._may_be_card(payload):
            return ref
        waited = 0.0
        for wait in _LOOKS:
            await asyncio.sleep(wait)
            waited += wait
            ref = await lookup.card_at(self._desk, payload.message_id)
            if ref is not None or reaction not in self._in_hand or self._client.is_closed():
                return ref
            if waited - wait < _ASK_WHAT_IT_IS <= waited and not await self._is_ours(payload):
                return None
        return None

    def _may_be_card(self, payload: discord.RawReactionActionEvent) -> bool:
        ours, by = (
            channels(self._desk.policy(), self._client.place.channel_id),
            payload.message_author_id,
        )
        return payload.channel_id in ours and (by is None or self._client.is_me(by))

    async def _is_ours(self, payload: discord.RawReactionActionEvent) -> bool:
        """Whether a message is a card of this record; one of another says that it is."""
        channel = self._client.get_partial_messageable(payload.channel_id)
        try:
            message = await channel.fetch_message(payload.message_id)
        except failures.UNHEARD:
            return True  # not known yet
        press = next(presses_on(message), None)
        if not isinstance(press, OfCase) or message.reference is not None:
            return False
        if payload.member is None:
            return True
        try:
            await check_press(self._desk, press, person(payload.member), message.id)
        except DeskError as error:
            await take_off(self._desk, self._client, payload.channel_id, _reaction(payload))
            said = await failures.explain(self._desk, error, payload.member)
            await self._tell(payload.channel_id, message.id, said)
            return False
        return True


def _reaction(payload: discord.RawReactionActionEvent) -> Reaction:
    return Reaction(
        message_id=payload.message_id,
        by_id=PersonId(payload.user_id),
        emoji=str(payload.emoji),
    )


def _reacted(
    ref: CardRef, member: discord.Member | discord.User, emoji: str, action: Action
) -> Reacted:
    return Reacted(card=ref, by=person(member), emoji=emoji, action=action, seen=ref.revision)


class Hammer(commands.Cog):
    """Bans, shows the form or does nothing, as whoever reacted says."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @answers(BanAsAsked)
    async def _ban(self, press: BanAsAsked, at: Pressed) -> discord.ui.LayoutView:
        ruling = await reacting.confirm(self._desk, press.question, press.case, at.by)
        a_lot = await a_lot_today(self._desk, at.by)
        return await ruled(self._desk, ruling, at.by, a_lot=a_lot)

    @opens(BanOtherwise)
    async def _form(
        self, press: BanOtherwise, at: Pressed
    ) -> discord.ui.Modal | discord.ui.LayoutView:
        question = await reacting.asked(self._desk, press.question, press.case, at.by)
        return await ban_form(self._desk, press.case, question.card.revision, at.by)

    @answers(BanNobody)
    async def _cancel(self, press: BanNobody, at: Pressed) -> discord.ui.LayoutView:
        question = await reacting.asked(self._desk, press.question, press.case, at.by)
        await reacting.cancel(self._desk, question.id)
        return said.saying(decision_text.CANCELLED)


def _needs_words(ruling: DecisionResult | None) -> TypeGuard[DecisionResult]:
    """Whether the card alone does not say what came of it: a second is asked, or it is on hold."""
    return isinstance(ruling, Proposal) or (ruling is not None and ruling.is_hold)


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(Reactions(client))
    await client.add_cog(Hammer(client.desk))
