"""Deciding by typing: a reply to a card, or a line that mentions the desk."""

import logging
import re
from collections import OrderedDict
from collections.abc import Sequence
from datetime import timedelta

import discord
from discord.ext import commands

from bot.cards import answers
from bot.client import DeskClient
from bot.domain.case import CardRef
from bot.domain.casework import Claim
from bot.domain.decision import Door, Verdict
from bot.domain.errors import DeskError, NotUnderstood
from bot.domain.grammar import Typed, Verb, parse
from bot.domain.ids import CaseId
from bot.domain.staff import Person
from bot.services import lookup
from bot.services.aftermath import after
from bot.services.claim import claim
from bot.services.decide import decide
from bot.services.desk import Desk
from bot.services.reverse import reverse
from bot.services.routing import channels
from bot.services.second import Ruling
from cogs import failures
from cogs.people import person, with_roles
from cogs.replies import seen_then

log = logging.getLogger(__name__)

_READ_AGAIN_FOR = timedelta(minutes=2)
_REMEMBERED = 500
_MOST_CARDS = 50


class TypedLines(commands.Cog):
    """Turns a typed line into verdicts, and repeats in words what was understood."""

    def __init__(self, client: DeskClient) -> None:
        self._client = client
        self._desk: Desk = client.desk
        self._seen: OrderedDict[int, discord.Message | None] = OrderedDict()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Read a line that is meant for the desk."""
        await self.handle(message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Read a line again that was not understood and then put right."""
        answer = self._seen.get(payload.message_id)
        message = payload.message
        if answer is None or discord.utils.utcnow() - message.created_at > _READ_AGAIN_FOR:
            return
        # Forgotten first: two edits in one moment must not carry a line out twice.
        self._seen[message.id] = None
        view, understood = await self._carried_out(message)
        if not understood:
            self._seen[message.id] = answer
        await answer.edit(view=view)

    async def handle(self, message: discord.Message) -> None:
        """Carry out a line, once: it is marked as handled before anything is done.

        A line for "the newest cards" that was carried out twice would hit other cards, so a line
        that is cut short by a crash is not tried again; its author sees no answer, and the cards
        show what was decided.
        """
        if message.author.bot or message.id in self._seen or not self._is_for_us(message):
            return
        self._remember(message.id, None)
        await self._desk.store.write(lambda tx: tx.cards.advance(message.channel.id, message.id))
        view, understood = await self._carried_out(message)
        try:
            answer = await message.reply(view=view, mention_author=False)
        except failures.UNHEARD as error:
            log.warning("the answer to a typed line did not arrive: %s", error)
            return
        if not understood:
            self._remember(message.id, answer)

    def _remember(self, message_id: int, answer: discord.Message | None) -> None:
        """Keep that a line was read, with the answer to replace if it was not understood."""
        self._seen[message_id] = answer
        while len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)

    def _is_for_us(self, message: discord.Message) -> bool:
        me = self._client.user
        ours = channels(self._desk.policy(), self._client.place.channel_id)
        if me is None or message.channel.id not in ours:
            return False
        return any(user.id == me.id for user in message.mentions)

    async def _carried_out(self, message: discord.Message) -> tuple[discord.ui.LayoutView, bool]:
        """Return the answer, and whether the line was understood."""
        policy = self._desk.policy()
        author = await with_roles(self._client, self._client.place.guild_id, message.author)
        ref = await self._card_replied_to(message)
        try:
            orders = parse(self._text(message), policy, reply=ref is not None)
            cards = await self._targets(message, ref)
            lines = [
                await self._carry_out(message, order, person(author), cards) for order in orders
            ]
        except NotUnderstood as error:
            return answers.trouble(error, policy), False
        except DeskError as error:
            return await failures.explain(self._desk, error, author), True
        return answers.typed(lines, policy, site_can=self._desk.site_can), True

    def _text(self, message: discord.Message) -> str:
        me = self._client.user
        return re.sub(rf"<@!?{me.id}>", " ", message.content).strip() if me else message.content

    async def _card_replied_to(self, message: discord.Message) -> CardRef | None:
        reference = message.reference
        if reference is None or reference.message_id is None:
            return None
        return await lookup.card_at(self._desk, reference.message_id)

    async def _targets(self, message: discord.Message, ref: CardRef | None) -> "_Cards":
        """Return the cards the orders mean: the one replied to, or those that stood above."""
        if ref is not None:
            return _Cards([ref])
        cards = await lookup.newest_cards(self._desk, message.channel.id, _MOST_CARDS)
        return _Cards([card for card in cards if card.message_id < message.id])

    async def _carry_out(
        self, message: discord.Message, order: Typed, by: Person, cards: "_Cards"
    ) -> answers.Line:
        ref = cards.next_for(order.case_id)
        case_id = order.case_id or (ref.case_id if ref else None)
        if case_id is None or order.verb is Verb.SKIP:
            return answers.Line(case_id=case_id, outcome=None)
        try:
            outcome = await self._act(message, order, case_id, by)
        except DeskError as error:
            return answers.Line(case_id=case_id, outcome=error)
        if isinstance(outcome, Claim):
            return answers.Line(case_id=case_id, outcome=outcome)
        left = await after(self._desk, outcome, by)
        return answers.Line(case_id=case_id, outcome=outcome, after=left)

    async def _act(
        self, message: discord.Message, order: Typed, case_id: CaseId, by: Person
    ) -> Ruling | Claim:
        if order.verb is Verb.CLAIM:
            return await claim(self._desk, case_id, by)
        if order.action is None:
            return await reverse(self._desk, case_id, by=by, door=Door.TYPED, note=order.note)
        now, zone = self._desk.clock(), self._desk.policy().alerts.zone
        lasting = order.length.end(now, zone) - now if order.length is not None else None
        return await decide(
            self._desk,
            Verdict(
                case_id=case_id,
                action=order.action,
                by=by,
                door=Door.TYPED,
                rule=order.rule,
                lasting=lasting,
                note=order.note,
                # What stood there when it was typed, however late it is read.
                seen=await seen_then(self._desk, case_id, message.created_at),
            ),
        )


class _Cards:
    """Deals out the cards, one an order."""

    def __init__(self, cards: Sequence[CardRef]) -> None:
        self._cards = list(cards)

    def next_for(self, case_id: CaseId | None) -> CardRef | None:
        """Return the next card, or the one of the case that was named."""
        if case_id is None:
            return self._cards.pop(0) if self._cards else None
        return next((card for card in self._cards if card.case_id == case_id), None)


async def setup(client: DeskClient) -> None:
    """Called by discord.py when the extension is loaded."""
    await client.add_cog(TypedLines(client))
