"""Reactions that were given while the desk was down, and cards that were deleted."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

import discord
from discord.ext import commands

from bot.cards.cases.questions import take_off
from bot.client import DeskClient
from bot.domain.cases import CardRef, CaseView
from bot.domain.decisions import Action
from bot.domain.errors import DeskError
from bot.domain.ids import CaseId, MessageRef
from bot.domain.reactions import Reaction
from bot.domain.staff import Rank
from bot.services.cases import lookup, reacting
from bot.services.cases.reacting import Reacted
from bot.services.cases.routing import channels
from bot.services.desk import Desk
from bot.services.readers.contest_card import (
    cards_of_waiting,
    want_cards_of_waiting,
    want_deleted_again,
)
from bot.services.redraw import draw_again, want_card_again
from bot.services.staff import overview
from bot.store.errors import StoreTrouble
from bot.store.tx import Tx
from cogs.cases.reactions import Reactions
from cogs.people import person, with_roles

log = logging.getLogger(__name__)

_DECIDED_LAST: Final = 40
"""Decisions whose cards are looked at too: the desk may have ended before it had answered all
reactions to them, or taken them off. It costs a request each."""

_LOOKS: Final = (0.2, 0.5, 1.0, 3.0, 10.0)
"""Seconds between looks for whether a deleted message is a card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A reaction that stands under a card, and whose it is."""

    made: Reacted
    member: discord.Member | discord.User


class Missed(commands.Cog):
    """Looks at the cards of open cases after every connection, and hears of deleted messages."""

    def __init__(self, client: DeskClient, reactions: Reactions) -> None:
        self._client = client
        self._desk: Desk = client.desk
        self._reactions = reactions
        self._noted: dict[int, CardRef] = {}

    async def cog_load(self) -> None:
        """Note which text each card shows, before any is drawn anew."""
        await self._note()

    @commands.Cog.listener()
    async def on_disconnect(self) -> None:
        """Note it again, for whoever reacts from now on reacts to that."""
        await self._note()

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Post a card again that was deleted."""
        await self._told_of(payload.channel_id, {payload.message_id})

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Post cards again that were deleted with much else."""
        await self._told_of(payload.channel_id, payload.message_ids)

    async def _told_of(self, channel_id: int, message_ids: set[int]) -> None:
        try:
            await self._deleted(channel_id, message_ids)
        except StoreTrouble as trouble:
            log.warning("what was deleted is missed at the next connection: %s", trouble)

    async def look(self) -> frozenset[CaseId]:
        """Handle what was reacted meanwhile, card by card, and miss the cards that are gone.

        Returns the cases of which it was not known whether their card stands, for `follow`.

        Raises:
            discord.HTTPException: Discord is in trouble; look again later.
        """
        unknown = await self._desk.store.read(lambda tx: tx.cards.under_way())
        found = {ref.message_id: ref for ref in await self._refs()}
        # A card whose case was decided only now, as by a line, may have been reacted to before.
        for ref in (self._noted | found).values():
            await self._look_at(ref)
        await want_cards_of_waiting(self._desk)
        for at in await cards_of_waiting(self._desk):
            channel = self._client.get_partial_messageable(at.channel_id)
            try:
                await channel.fetch_message(at.message_id)
            except discord.NotFound:
                await want_deleted_again(self._desk, at)
            except discord.Forbidden:
                log.warning("channel %s cannot be read", at.channel_id)
        return unknown

    async def follow(self, unknown: frozenset[CaseId], is_over: Callable[[], bool]) -> None:
        """Look at cards that the desk ended in posting, once it is known where they stand.

        No event tells of what was reacted to them before the connection was made, and `look` did not
        know them.

        Raises:
            discord.HTTPException: Discord is in trouble; look again later.
        """
        left, seen = unknown, 0

        def known(tx: Tx) -> tuple[frozenset[CaseId], list[CardRef]]:
            still = left & tx.cards.under_way()
            refs = [ref for case in left - still if (ref := tx.cards.get(case)) is not None]
            return still, refs

        while left and not is_over():
            left, refs = await self._desk.store.read(known)
            for ref in refs:
                await self._look_at(ref)
            if left:
                seen = await self._desk.store.changed(seen, within=_LOOKS[-1])

    async def _note(self) -> None:
        self._noted = {ref.message_id: ref for ref in await self._refs()}

    async def _refs(self) -> Sequence[CardRef]:
        """Return the cards under which there may be reactions."""
        return await self._desk.store.read(
            lambda tx: (*tx.cards.decided_last(_DECIDED_LAST), *tx.cards.open_ones())
        )

    async def _deleted(self, channel_id: int, message_ids: set[int]) -> None:
        """Want those again that are cards; one may be deleted before it is recorded as posted."""
        place = self._client.place
        if channel_id not in channels(self._desk.policy(), place.channel_id) | place.also:
            return
        for message_id in message_ids:
            at = MessageRef(channel_id=channel_id, message_id=message_id)
            await overview.forget(self._desk, at)
            await want_deleted_again(self._desk, at)
        left = set(message_ids)
        for wait in (0.0, *_LOOKS):
            await asyncio.sleep(wait)
            await self._want_recorded(left)
            if not left or self._client.is_closed():
                return

    async def _want_recorded(self, left: set[int]) -> None:
        """Want those again that are recorded as cards by now, and take them off the list."""
        for message_id in tuple(left):
            ref = await lookup.card_at(self._desk, message_id)
            if ref is not None:
                left.discard(message_id)
                await want_card_again(self._desk, ref)

    async def _look_at(self, ref: CardRef) -> None:
        channel = self._client.get_partial_messageable(ref.channel_id)
        try:
            message = await channel.fetch_message(ref.message_id)
        except discord.Forbidden:
            log.warning("channel %s cannot be read", ref.channel_id)
            return
        except discord.NotFound as error:
            if error.code == _UNKNOWN_MESSAGE:
                await want_card_again(self._desk, ref)
            return
        await self._take_up(ref, await self._under(message, ref))
        if ref.decided and ref.seeded:
            await draw_again(self._desk, ref.case_id)

    async def _take_up(self, ref: CardRef, found: Sequence[_Found]) -> None:
        """Settle what was not handled, and take off what was, but for what still waits."""
        handled = await self._desk.store.read(lambda tx: tx.reactions.handled(ref.message_id))
        asked = await self._desk.store.read(lambda tx: tx.questions.open_of(ref.case_id))
        settled = set(handled).difference(one.reaction for one in asked)
        for one in found:
            if one.made.reaction in settled:
                await take_off(self._desk, self._client, ref.channel_id, one.made.reaction)
        await self._settle([one for one in found if self._is_new(one, handled)])

    def _is_new(self, one: _Found, handled: Collection[Reaction]) -> bool:
        reaction = one.made.reaction
        return reaction not in handled and not self._reactions.was_handled(reaction)

    async def _under(self, message: discord.Message, ref: CardRef) -> list[_Found]:
        """Return the reactions under a card that ask for something, with their givers' roles."""
        emoji, found = self._desk.policy().emoji, list[_Found]()
        for reaction in message.reactions:
            sign = str(reaction.emoji)
            action = emoji.action(sign)
            if action is None or reaction.count <= int(reaction.me):
                continue
            async for user in reaction.users():
                if self._client.is_me(user.id):
                    continue
                member = await with_roles(self._client, self._client.place.guild_id, user)
                found.append(_Found(made=self._made(ref, member, sign, action), member=member))
        return found

    def _made(
        self, ref: CardRef, member: discord.Member | discord.User, emoji: str, action: Action
    ) -> Reacted:
        seen = self._noted.get(ref.message_id, ref).revision
        return Reacted(card=ref, by=person(member), emoji=emoji, action=action, seen=seen)

    async def _settle(self, found: Sequence[_Found]) -> None:
        """Decide where all agree on the text that stands; ask otherwise.

        Whoever may not decide is refused one by one, and has no say in whether the others agree.
        """
        ours = await self._allowed(found)
        if not ours:
            return
        view = await lookup.look(self._desk, ours[0].made.card.case_id)
        if _need_asking(view, [one.made for one in ours]):
            await self._ask(ours)
            return
        done = False
        for one in ours:
            done = await self._reactions.handle_missed(one.made, one.member, silent=done) or done

    async def _allowed(self, found: Sequence[_Found]) -> list[_Found]:
        """Return those whose givers may decide; the others are refused."""
        ours = [one for one in found if self._may_decide(one)]
        for one in found:
            if one not in ours:
                await self._reactions.handle_missed(one.made, one.member)
        return ours

    async def _ask(self, found: Sequence[_Found]) -> None:
        await reacting.ask_all(self._desk, [one.made for one in found])
        for one in found:
            card = one.made.card
            await take_off(self._desk, self._client, card.channel_id, one.made.reaction)

    def _may_decide(self, one: _Found) -> bool:
        try:
            self._desk.require(one.made.by, Rank.MODERATOR)
        except DeskError:
            return False
        return True


def _need_asking(view: CaseView, made: Sequence[Reacted]) -> bool:
    """Whether those who reacted do not agree, or did not see the text that stands.

    Where the card shows no text nobody is asked in public what they say to it.
    """
    seen = made[0].seen
    if view.decision is not None or not seen:
        return False
    return len({one.action for one in made}) > 1 or seen != view.case.revision


_UNKNOWN_MESSAGE = 10008
"""Discord's code for a message that is gone, rather than its channel."""


async def setup(client: DeskClient) -> None:
    """Called by discord.py when the extension is loaded, after what it builds upon."""
    reactions = client.get_cog("Reactions")
    if isinstance(reactions, Reactions):
        await client.add_cog(Missed(client, reactions))
