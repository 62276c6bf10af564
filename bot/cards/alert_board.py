"""The editors' channel: posts and edits alerts, and begins threads with the moderators."""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import discord

from bot.cards import alert_answers, alert_card, links, parts
from bot.cards import wording_alert_answers as told
from bot.cards.alert_buttons import parse
from bot.cards.board import Presence, custom_ids, in_our_words
from bot.cards.chart_worker import PicturesOfAlerts
from bot.domain.alert import Alert, AlertView, Message
from bot.domain.case import CardRef
from bot.domain.ids import CaseId
from bot.domain.policy import Policy
from bot.domain.spikes.incidents import Kind

_LOOK_BACK = 200
"""Messages searched for an alert whose posting was not seen to end."""

_THREAD_KEPT = 4320
"""Minutes without a word after which Discord puts a thread away: three days."""


class EditorsBoard:
    """The `AlertBoard` port over two channels: the editors', and the moderators' for threads."""

    def __init__(
        self,
        presence: Presence,
        *,
        guild_id: int,
        editors_id: int,
        moderators_id: int,
        policy: Callable[[], Policy],
    ) -> None:
        self._presence = presence
        self._guild_id = guild_id
        self._editors_id = editors_id
        self._moderators_id = moderators_id
        self._policy = policy
        self._pictures = PicturesOfAlerts()

    async def ready(self) -> None:
        """Return when Discord can be spoken to."""
        await self._presence.client()

    async def post(self, view: AlertView, *, nonce: str, silent: bool) -> Message:
        """Post an alert's card with its picture."""
        drawn, picture = await self._drawn(view)
        channel = await self._channel(self._editors_id)
        async with in_our_words():
            sent = await channel.send(
                view=drawn,
                file=picture,
                nonce=nonce,
                silent=silent,
                allowed_mentions=discord.AllowedMentions.none(),
            )
        return Message(channel_id=channel.id, message_id=sent.id)

    async def redraw(self, view: AlertView, message: Message) -> None:
        """Edit the card and its picture to show the alert as it now is."""
        drawn, picture = await self._drawn(view)
        channel = await self._channel(message.channel_id)
        async with in_our_words():
            await channel.get_partial_message(message.message_id).edit(
                view=drawn,
                attachments=[picture],
                allowed_mentions=discord.AllowedMentions.none(),
            )

    async def find(self, alert: Alert, since: datetime) -> Message | None:
        """Look for a card that may have been posted without our learning of it."""
        client = await self._presence.client()
        channel = await self._channel(self._editors_id)
        mine = client.user.id if client.user else None
        after = since - timedelta(minutes=1)
        async with in_our_words():
            async for message in channel.history(limit=_LOOK_BACK, after=after):
                if message.author.id == mine and _shows(message, alert):
                    return Message(channel_id=channel.id, message_id=message.id)
        return None

    async def reply(self, view: AlertView, kind: Kind, *, nonce: str, silent: bool) -> None:
        """Put a line under an alert's card that says what became of it."""
        message = view.alert.message
        if message is None:
            return
        channel = await self._channel(message.channel_id)
        reference = discord.MessageReference(
            message_id=message.message_id, channel_id=channel.id, fail_if_not_exists=False
        )
        async with in_our_words():
            await channel.send(
                view=parts.plain(parts.text(alert_answers.under(view, kind))),
                reference=reference,
                nonce=nonce,
                silent=silent,
                allowed_mentions=discord.AllowedMentions.none(),
            )

    async def bulletin(
        self, name: str, body: str, at: Message | None, *, nonce: str, silent: bool
    ) -> Message:
        """Post a bulletin, or edit the one that stands there."""
        view = parts.plain(parts.text(alert_answers.bulletin(name, body)))
        quiet = discord.AllowedMentions.none()
        if at is not None:
            channel = await self._channel(at.channel_id)
            async with in_our_words():
                message = channel.get_partial_message(at.message_id)
                await message.edit(view=view, allowed_mentions=quiet)
            return at
        channel = await self._channel(self._editors_id)
        async with in_our_words():
            sent = await channel.send(view=view, nonce=nonce, silent=silent, allowed_mentions=quiet)
        return Message(channel_id=channel.id, message_id=sent.id)

    async def thread(
        self, view: AlertView, cards: Mapping[CaseId, CardRef], *, asked_by: str, nonce: str
    ) -> int:
        """Begin a thread with the moderators in their channel, and return its id."""
        found = {case: links.jump(self._guild_id, ref) for case, ref in cards.items()}
        opening = parts.plain(parts.text(alert_answers.opening(view, found, asked_by)))
        channel = await self._channel(self._moderators_id)
        async with in_our_words():
            sent = await channel.send(
                view=opening, nonce=nonce, allowed_mentions=discord.AllowedMentions.none()
            )
            # Discord gives a thread the id of the message it begins at; asked a second time for
            # the same message it refuses, and then the thread is there already.
            try:
                made = await channel.get_partial_message(sent.id).create_thread(
                    name=told.thread_name(view.alert.id), auto_archive_duration=_THREAD_KEPT
                )
            except discord.HTTPException as error:
                if error.code != _HAS_THREAD:
                    raise
                return sent.id
        return made.id

    async def _drawn(self, view: AlertView) -> tuple[discord.ui.LayoutView, discord.File]:
        policy = self._policy()
        shown = await self._pictures.of(view, policy.alerts.zone)
        described = alert_card.picture(replace(view, series=shown.series), policy)
        picture = discord.File(
            io.BytesIO(shown.png), filename=alert_card.CHART, description=described[:1024]
        )
        return alert_card.render(view, policy, chart=described), picture

    async def _channel(self, channel_id: int) -> discord.PartialMessageable:
        client = await self._presence.client()
        return client.get_partial_messageable(channel_id, guild_id=self._guild_id)


_HAS_THREAD = 160004
"""Discord's code for a thread that has been begun at a message already."""


def _shows(message: discord.Message, alert: Alert) -> bool:
    presses = map(parse, custom_ids(message.components))
    return any(
        press is not None and (press.alert_id, press.token) == (alert.id, alert.token)
        for press in presses
    )
