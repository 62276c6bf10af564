"""Where staff are spoken to: the moderators' channel, the editors', and threads under cards."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import discord

from bot.cards import links, parts, staff_messages
from bot.cards.members import still_staff
from bot.cards.outlet import Kept, Outlet
from bot.cards.refusals import Deed
from bot.cards.text import common as common_text
from bot.cards.text import staff as staff_text
from bot.domain.case import CardRef
from bot.domain.errand import Errand, ErrandKind
from bot.domain.errors import BoardDown, BoardRefused, CardGone
from bot.domain.ids import CaseId, PersonId
from bot.domain.overview import Overview
from bot.domain.staff import Authority

log = logging.getLogger(__name__)

_THREAD_KEPT: Final[Kept] = 1440
"""Minutes without a word after which Discord puts a thread away."""

_TO_EDITORS: Final = frozenset({ErrandKind.ESCALATED, ErrandKind.LATE_EDITORS})


class DiscordStaffroom:
    """The `Staffroom` port over the moderators' and the editors' channels."""

    def __init__(
        self,
        outlet: Outlet,
        *,
        guild_id: int,
        channel_id: int,
        editors_channel_id: int | None,
        moderator_roles: Sequence[int],
        editor_roles: Sequence[int],
        authority: Authority,
    ) -> None:
        self._outlet = outlet
        self._guild_id = guild_id
        self._channel_id = channel_id
        self._editors_id = editors_channel_id or channel_id
        self._moderator_roles = moderator_roles
        self._editor_roles = editor_roles
        self._authority = authority

    async def ready(self) -> None:
        """Return when Discord can be spoken to."""
        await self._outlet.ready()

    async def say(self, errand: Errand, cards: Mapping[CaseId, CardRef], *, nonce: str) -> int:
        """Post a message and return its id; it calls exactly those it is for, and of these who is still there."""
        people = await self._still_staff(errand.people)
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
        return await self._outlet.post(
            place,
            parts.plain(parts.text(said)),
            nonce=nonce,
            plainly=_unsayable(errand),
            allowed_mentions=mentions,
        )

    def _roles(self, errand: Errand, people: Sequence[PersonId]) -> Sequence[int]:
        """The roles to call: the editors', or the moderators' where nobody is there to be called."""
        if errand.kind in _TO_EDITORS:
            return self._editor_roles
        return () if people else self._moderator_roles

    async def _still_staff(self, people: Sequence[PersonId]) -> tuple[PersonId, ...]:
        async with self._outlet.doing(Deed.PEOPLE, self._channel_id) as client:
            return await still_staff(client, self._guild_id, self._authority, people)

    async def begin_thread(self, errand: Errand, card: CardRef, *, nonce: str) -> int:
        """Begin a thread under a card, or find the one that is there; return its id."""
        thread = await self._outlet.begin_thread(
            card.channel_id,
            card.message_id,
            name=staff_messages.thread_name(errand),
            kept=_THREAD_KEPT,
            guild_id=self._guild_id,
        )
        opening = parts.plain(parts.text(staff_messages.in_words(errand, "", {})))
        await self._outlet.post(thread, opening, nonce=nonce, plainly=_unsayable(errand))
        return thread

    async def show(
        self, overview: Overview, cards: Mapping[CaseId, CardRef], at: tuple[int, int] | None
    ) -> tuple[int, int]:
        """Edit the pinned overview at a channel and message, or post and pin a new one."""
        there = await self._still_staff(overview.on_shift)
        view = staff_messages.overview(replace(overview, on_shift=there), self._links(cards))
        plainly = parts.plain(parts.text(staff_text.unsayable("the queue")))
        if at is not None and at[0] == self._channel_id:
            try:
                await self._outlet.edit(*at, view, plainly=plainly)
            except CardGone:
                log.info("the overview was deleted and is posted anew")
            else:
                return at
        # No two overviews of the same channel are ever tried, so its nonce is new with each.
        nonce = f"overview-{at[1] if at else 0}"
        sent = await self._outlet.post(
            self._channel_id, view, nonce=nonce, plainly=plainly, silent=True
        )
        await self._pin(sent)
        return self._channel_id, sent

    async def _pin(self, message_id: int) -> None:
        """Pin the overview; where the bot may not, it is of use unpinned too."""
        try:
            async with self._outlet.doing(Deed.PIN, self._channel_id) as client:
                channel = client.get_partial_messageable(self._channel_id)
                await channel.get_partial_message(message_id).pin()
        except (BoardDown, BoardRefused, CardGone) as trouble:
            log.warning("the overview could not be pinned: %s", trouble)

    def _links(self, cards: Mapping[CaseId, CardRef]) -> dict[CaseId, str]:
        return {case_id: links.jump(self._guild_id, ref) for case_id, ref in cards.items()}


def _unsayable(errand: Errand) -> discord.ui.LayoutView:
    numbers = ", ".join(common_text.case(case_id) for case_id in errand.cases)
    return parts.plain(parts.text(staff_text.unsayable(numbers)))
