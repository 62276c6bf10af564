"""What the desk says in its channels of its own accord: reminders, the digest, the log."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

import discord

from bot.cards import backlog_card, story_card
from bot.cards.board import Presence, in_our_words
from bot.domain.backlog import Backlog
from bot.domain.case import CardRef
from bot.domain.decision import Decision
from bot.domain.errors import CardGone
from bot.domain.ids import CaseId
from bot.domain.policy import Policy
from bot.domain.stories import KnownStory


class DiscordHerald:
    """The `Herald` port over the desk's channel and, if there is one, the log channel."""

    def __init__(
        self,
        presence: Presence,
        *,
        guild_id: int,
        channel_id: int,
        log_channel_id: int | None,
        policy: Callable[[], Policy],
    ) -> None:
        self._presence = presence
        self._guild_id = guild_id
        self._channel_id = channel_id
        self._log_channel_id = log_channel_id
        self._policy = policy

    async def ready(self) -> None:
        """Return when Discord can be spoken to."""
        await self._presence.client()

    async def review(self, story: KnownStory, *, nonce: str) -> None:
        """Ask the moderators whether a story's state still holds."""
        await self._send(self._channel_id, story_card.review(story), nonce=nonce)

    async def record(
        self, decisions: Sequence[Decision], cards: Mapping[CaseId, CardRef], *, nonce: str
    ) -> None:
        """Put decisions into the log channel, a line each, calling nobody and making no sound."""
        if self._log_channel_id is None:
            return
        lines = backlog_card.log_lines(
            decisions, self._policy(), guild_id=self._guild_id, cards=cards
        )
        await self._send(self._log_channel_id, lines, nonce=nonce, silent=True)

    async def show_backlog(
        self, backlog: Backlog, cards: Mapping[CaseId, CardRef], at: int | None
    ) -> int:
        """Edit the digest, or post it; return its message."""
        view = backlog_card.backlog(backlog, self._policy(), guild_id=self._guild_id, cards=cards)
        if at is None:
            nonce = f"backlog-{backlog.worst[0].case.id}-{backlog.open_cases}"
            sent = await self._send(self._channel_id, view, nonce=nonce)
            return sent.id
        channel = await self._channel(self._channel_id)
        async with in_our_words():
            await channel.get_partial_message(at).edit(
                view=view, allowed_mentions=discord.AllowedMentions.none()
            )
        return at

    async def clear_backlog(self, at: int) -> None:
        """Take the digest away."""
        channel = await self._channel(self._channel_id)
        with suppress(CardGone):
            async with in_our_words():
                await channel.get_partial_message(at).delete()

    async def _send(
        self,
        channel_id: int,
        view: discord.ui.LayoutView,
        *,
        nonce: str,
        silent: bool = False,
    ) -> discord.Message:
        channel = await self._channel(channel_id)
        async with in_our_words():
            return await channel.send(
                view=view,
                nonce=nonce,
                silent=silent,
                allowed_mentions=discord.AllowedMentions.none(),
            )

    async def _channel(self, channel_id: int) -> discord.PartialMessageable:
        client = await self._presence.client()
        return client.get_partial_messageable(channel_id)
