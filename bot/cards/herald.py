"""What the desk says in its channels of its own accord: reminders, the digest, the log."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import discord

from bot.cards import (
    backlog_card,
    legal_card,
    life_card,
    links,
    parts,
    run_card,
    staff_messages,
    story_card,
)
from bot.cards.outlet import Outlet
from bot.cards.refusals import Deed
from bot.cards.text import staff as staff_text
from bot.domain.backlog import Backlog
from bot.domain.brake import Run
from bot.domain.case import CardRef, CaseView
from bot.domain.decision import Decision
from bot.domain.errors import BoardDown, CardGone
from bot.domain.ids import CaseId
from bot.domain.legal import LegalNotice
from bot.domain.policy import Policy
from bot.domain.stories import KnownStory
from bot.domain.trouble import Trouble
from bot.ports import Pager

_UNSAYABLE: Final = staff_text.unsayable("a case; /queue shows what waits")


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the desk speaks, and whose roles it calls there."""

    guild_id: int
    channel_id: int
    log_channel_id: int | None = None
    editors_id: int | None = None
    editor_roles: tuple[int, ...] = ()
    senior_roles: tuple[int, ...] = ()


class DiscordHerald:
    """The `Herald` port over the desk's channel and, if there is one, the log channel."""

    def __init__(
        self,
        outlet: Outlet,
        places: Places,
        *,
        policy: Callable[[], Policy],
        pager: Pager | None = None,
    ) -> None:
        self._outlet = outlet
        self._guild_id = places.guild_id
        self._channel_id = places.channel_id
        self._log_channel_id = places.log_channel_id
        self._editors_id = places.editors_id
        self._editor_roles = places.editor_roles
        self._senior_roles = places.senior_roles
        self._policy = policy
        self._pager = pager

    async def ready(self) -> None:
        """Return when Discord can be spoken to."""
        await self._outlet.ready()

    async def review(self, story: KnownStory, *, nonce: str) -> None:
        """Ask the moderators whether a story's state still holds."""
        await self._send(self._channel_id, story_card.review(story), nonce=nonce)

    async def call_editors(self, view: CaseView, card: CardRef | None, *, nonce: str) -> int:
        """Call the editors' roles, in their channel or, without one, in the moderators'."""
        link = life_card.link_of(self._guild_id, card)
        drawn = life_card.call(view, self._policy(), roles=self._editor_roles, link=link)
        return await self._call(drawn, nonce=nonce)

    async def _call(
        self,
        drawn: discord.ui.LayoutView,
        *,
        nonce: str,
        roles: tuple[int, ...] | None = None,
        where: int | None = None,
    ) -> int:
        """Post something that calls roles, the editors' if none are named, and nobody else."""
        called = self._editor_roles if roles is None else roles
        return await self._outlet.post(
            where or self._editors_id or self._channel_id,
            drawn,
            nonce=nonce,
            plainly=_unsayable(),
            allowed_mentions=discord.AllowedMentions(
                everyone=False,
                users=False,
                roles=[discord.Object(role) for role in called],
            ),
        )

    async def call_by_roads(self, view: CaseView, card: CardRef | None) -> None:
        """Call them by every other road there is."""
        if self._pager is None:
            return
        link = life_card.link_of(self._guild_id, card)
        await self._pager.send(*life_card.plain(view, self._policy(), link))

    async def call_to_run(self, run: Run, *, nonce: str) -> None:
        """Call senior moderators and editors, in the moderators' channel and in the editors'."""
        roles = tuple(dict.fromkeys((*self._senior_roles, *self._editor_roles)))
        drawn = run_card.call(run, self._policy(), roles=roles)
        places = dict.fromkeys((self._editors_id or self._channel_id, self._channel_id))
        for channel_id in places:
            await self._call(drawn, nonce=f"{nonce}-{channel_id}", roles=roles, where=channel_id)

    async def call_to_run_by_roads(self, run: Run) -> None:
        """Call them by every other road there is."""
        if self._pager is not None:
            await self._pager.send(*run_card.plain(run, self._policy()))

    async def show_legal(
        self, notice: LegalNotice, view: CaseView, card: CardRef | None, *, nonce: str
    ) -> tuple[int, int]:
        """Edit a legal notice's card, or post it; return its channel and message."""
        drawn = legal_card.card(notice, view, link=life_card.link_of(self._guild_id, card))
        channel_id = self._editors_id or self._channel_id
        if notice.channel_id == channel_id and notice.message_id is not None:
            with suppress(CardGone):
                await self._outlet.edit(channel_id, notice.message_id, drawn, plainly=_unsayable())
                return channel_id, notice.message_id
        nonce = f"{nonce}-{notice.message_id or 0}"
        return channel_id, await self._send(channel_id, drawn, nonce=nonce)

    async def call_to_legal(self, notice: LegalNotice, *, over: bool, nonce: str) -> int:
        """Call the editors before a clock runs out, and when it has."""
        link = None
        if notice.channel_id is not None and notice.message_id is not None:
            link = links.message(self._guild_id, notice.channel_id, notice.message_id)
        drawn = legal_card.call(notice, roles=self._editor_roles, link=link, over=over)
        return await self._call(drawn, nonce=nonce)

    async def trouble(self, trouble: Trouble, *, over: bool, nonce: str) -> None:
        """Tell staff what Discord refuses, in the first channel that takes it.

        The channel that it is about comes last: most often nothing can be posted there.
        """
        said = staff_messages.trouble(trouble, over=over)
        view = parts.plain(parts.text(said))
        places = [self._channel_id, self._editors_id, self._log_channel_id]
        named = dict.fromkeys(place for place in places if place is not None)
        last = BoardDown("There is no channel.")
        for channel_id in sorted(named, key=lambda place: place == trouble.channel_id):
            try:
                await self._outlet.post(
                    channel_id, view, nonce=f"{nonce}-{channel_id}", plainly=view, noted=False
                )
            except BoardDown as down:
                last = down
            else:
                return
        raise last

    async def record(
        self, decisions: Sequence[Decision], cards: Mapping[CaseId, CardRef], *, nonce: str
    ) -> int | None:
        """Put decisions into the log channel, a line each, calling nobody and making no sound."""
        if self._log_channel_id is None:
            return None
        lines = backlog_card.log_lines(
            decisions, self._policy(), guild_id=self._guild_id, cards=cards
        )
        return await self._send(self._log_channel_id, lines, nonce=nonce, silent=True)

    async def show_backlog(
        self, backlog: Backlog, cards: Mapping[CaseId, CardRef], at: int | None
    ) -> int:
        """Edit the digest, or post it; return its message."""
        view = backlog_card.backlog(backlog, self._policy(), guild_id=self._guild_id, cards=cards)
        if at is None:
            nonce = f"backlog-{backlog.worst[0].case.id}-{backlog.open_cases}"
            return await self._send(self._channel_id, view, nonce=nonce)
        await self._outlet.edit(self._channel_id, at, view, plainly=_unsayable())
        return at

    async def clear_backlog(self, at: int) -> None:
        """Take the digest away."""
        with suppress(CardGone):
            async with self._outlet.doing(Deed.EDIT, self._channel_id) as client:
                channel = client.get_partial_messageable(self._channel_id)
                await channel.get_partial_message(at).delete()

    async def _send(
        self, channel_id: int, view: discord.ui.LayoutView, *, nonce: str, silent: bool = False
    ) -> int:
        return await self._outlet.post(
            channel_id, view, nonce=nonce, plainly=_unsayable(), silent=silent
        )


def _unsayable() -> discord.ui.LayoutView:
    return parts.plain(parts.text(_UNSAYABLE))
