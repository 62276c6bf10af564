"""Where staff are spoken to: the moderators' channel, the editors', and threads under cards."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import discord

from bot.cards import links, parts, staff_messages
from bot.cards.board import Presence, in_our_words
from bot.cards.members import still_staff
from bot.domain.case import CardRef
from bot.domain.errand import Errand, ErrandKind
from bot.domain.errors import BoardDown, BoardRefused, CardGone
from bot.domain.ids import CaseId, PersonId
from bot.domain.overview import Overview
from bot.domain.staff import Authority

log = logging.getLogger(__name__)

_HAS_THREAD: Final = 160004
"""Discord's code for a message that has a thread already, which then has the message's id."""

_THREAD_KEPT: Final = 1440
"""Minutes without a word after which Discord puts a thread away."""

_TO_EDITORS: Final = frozenset({ErrandKind.ESCALATED, ErrandKind.LATE_EDITORS})


class DiscordStaffroom:
    """The `Staffroom` port over the moderators' and the editors' channels."""

    def __init__(
        self,
        presence: Presence,
        *,
        guild_id: int,
        channel_id: int,
        editors_channel_id: int | None,
        moderator_roles: Sequence[int],
        editor_roles: Sequence[int],
        authority: Authority,
    ) -> None:
        self._presence = presence
        self._guild_id = guild_id
        self._channel_id = channel_id
        self._editors_id = editors_channel_id or channel_id
        self._moderator_roles = moderator_roles
        self._editor_roles = editor_roles
        self._authority = authority

    async def ready(self) -> None:
        """Return when Discord can be spoken to."""
        await self._presence.client()

    async def say(self, errand: Errand, cards: Mapping[CaseId, CardRef]) -> None:
        """Post a message; it calls exactly those it is for, and of these who is still there."""
        client = await self._presence.client()
        people = await self._still_staff(client, errand.people)
        # Who is left out had something to be told that somebody should hear.
        roles = self._roles(errand, people)
        if roles:
            people = ()
        who = " ".join([*(f"<@{one}>" for one in people), *(f"<@&{one}>" for one in roles)])
        mentions = discord.AllowedMentions(
            everyone=False,
            users=[discord.Object(one) for one in people if not errand.quiet],
            roles=[discord.Object(one) for one in roles],
            replied_user=False,
        )
        place = self._editors_id if errand.kind in _TO_EDITORS else self._channel_id
        said = staff_messages.in_words(errand, who, self._links(cards), by_role=bool(roles))
        async with in_our_words():
            await client.get_partial_messageable(place).send(
                view=parts.plain(parts.text(said)),
                nonce=f"errand-{errand.id}",
                allowed_mentions=mentions,
            )

    def _roles(self, errand: Errand, people: Sequence[PersonId]) -> Sequence[int]:
        """The roles to call: the editors', or the moderators' where nobody is there to be called."""
        if errand.kind in _TO_EDITORS:
            return self._editor_roles
        return () if people else self._moderator_roles

    async def _still_staff(
        self, client: discord.Client, people: Sequence[PersonId]
    ) -> tuple[PersonId, ...]:
        async with in_our_words():
            return await still_staff(client, self._guild_id, self._authority, people)

    async def begin_thread(self, errand: Errand, card: CardRef) -> int:
        """Begin a thread under a card, or find the one that is there; return its id."""
        client = await self._presence.client()
        message = client.get_partial_messageable(
            card.channel_id, guild_id=self._guild_id
        ).get_partial_message(card.message_id)
        async with in_our_words():
            try:
                thread = await message.create_thread(
                    name=staff_messages.thread_name(errand), auto_archive_duration=_THREAD_KEPT
                )
            except discord.HTTPException as error:
                if error.code != _HAS_THREAD:
                    raise
                return card.message_id
            await thread.send(
                view=parts.plain(parts.text(staff_messages.in_words(errand, "", {}))),
                allowed_mentions=discord.AllowedMentions.none(),
            )
        return thread.id

    async def show(
        self, overview: Overview, cards: Mapping[CaseId, CardRef], at: tuple[int, int] | None
    ) -> tuple[int, int]:
        """Edit the pinned overview at a channel and message, or post and pin a new one."""
        client = await self._presence.client()
        there = await self._still_staff(client, overview.on_shift)
        view = staff_messages.overview(replace(overview, on_shift=there), self._links(cards))
        if at is not None and at[0] == self._channel_id:
            try:
                await self._redraw(view, at)
            except CardGone:
                log.info("the overview was deleted and is posted anew")
            else:
                return at
        channel = client.get_partial_messageable(self._channel_id)
        async with in_our_words():
            message = await channel.send(
                view=view, silent=True, allowed_mentions=discord.AllowedMentions.none()
            )
        await self._pin(message)
        return channel.id, message.id

    async def _redraw(self, view: discord.ui.LayoutView, at: tuple[int, int]) -> None:
        client = await self._presence.client()
        message = client.get_partial_messageable(at[0]).get_partial_message(at[1])
        async with in_our_words():
            await message.edit(view=view, allowed_mentions=discord.AllowedMentions.none())

    async def _pin(self, message: discord.Message) -> None:
        """Pin the overview; where the bot may not, it is of use unpinned too."""
        try:
            async with in_our_words():
                await message.pin()
        except (BoardDown, BoardRefused, CardGone) as trouble:
            log.warning("the overview could not be pinned: %s", trouble)

    def _links(self, cards: Mapping[CaseId, CardRef]) -> dict[CaseId, str]:
        return {case_id: links.jump(self._guild_id, ref) for case_id, ref in cards.items()}
