"""Deciding by reacting to a card."""

import logging

import discord
from discord.ext import commands

from bot.client import DeskClient
from bot.domain.case import CardRef
from bot.domain.decision import Action, Door, Verdict
from bot.domain.errors import DeskError
from bot.domain.policy import Policy
from bot.domain.staff import Person
from bot.services import lookup
from bot.services.decide import decide
from bot.services.desk import Desk
from cogs import failures
from cogs.people import person

log = logging.getLogger(__name__)

_SHOWN_FOR = 60.0
"""Seconds that an answer to a reaction stands in the channel; it cannot be for one's eyes only."""


def action_of(emoji: str, policy: Policy) -> Action | None:
    """Return what a reaction asks for; skin tones and variation marks make no difference."""
    meant = _bare(emoji)
    for action, symbol in (
        (Action.KEEP, policy.emoji.keep),
        (Action.HIDE, policy.emoji.hide),
        (Action.BAN, policy.emoji.ban),
    ):
        if meant == _bare(symbol):
            return action
    return None


def _bare(emoji: str) -> str:
    return "".join(char for char in emoji if char != "\ufe0f" and not "🏻" <= char <= "🏿")


class Reactions(commands.Cog):
    """Turns a reaction into a verdict, and takes it off the card again.

    A reaction that stays is one that was not handled, which is how those made while the desk was
    down are found.
    """

    def __init__(self, client: DeskClient) -> None:
        self._client = client
        self._desk: Desk = client.desk

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Decide, if the message is a card and the emoji stands for something."""
        me = self._client.user
        action = action_of(payload.emoji.name, self._desk.policy())
        if action is None or payload.member is None or (me and payload.user_id == me.id):
            return
        ref = await lookup.card_at(self._desk, payload.message_id)
        if ref is not None:
            await self.handle(ref, payload.member, payload.emoji, action)

    async def handle(
        self,
        ref: CardRef,
        member: discord.Member | discord.User,
        emoji: discord.PartialEmoji,
        action: Action,
    ) -> None:
        """Decide as the reaction says, answer where it cannot be, and take it off."""
        channel = self._client.get_partial_messageable(ref.channel_id)
        message = channel.get_partial_message(ref.message_id)
        refusal: discord.ui.LayoutView | None = None
        try:
            await self._decide(ref, person(member), action)
        except DeskError as error:
            refusal = await failures.explain(self._desk, error, member)
        try:
            if refusal is not None:
                await message.reply(view=refusal, delete_after=_SHOWN_FOR, mention_author=False)
            await message.remove_reaction(emoji, member)
        except failures.UNHEARD as error:
            log.warning("a reaction was not answered, or not taken off: %s", error)

    async def _decide(self, ref: CardRef, by: Person, action: Action) -> None:
        lasting = None
        if action is Action.BAN:
            # There is no form to a reaction, so it bans for the length the form would offer.
            view = await lookup.view(self._desk, ref.case_id, by)
            policy = self._desk.policy()
            lasting = policy.recommended(view.case.top_rule, view.record.strikes)
        await decide(
            self._desk,
            Verdict(
                case_id=ref.case_id,
                action=action,
                by=by,
                door=Door.REACTION,
                lasting=lasting,
                seen=ref.revision,
            ),
        )


async def setup(client: DeskClient) -> None:
    """Called by discord.py when the extension is loaded."""
    await client.add_cog(Reactions(client))
