"""The editors' channel: posts and edits alerts, and begins threads with the moderators."""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

import discord

from bot.cards import alert_answers, alert_card, links, parts
from bot.cards.board import custom_ids
from bot.cards.chart_worker import PicturesOfAlerts
from bot.cards.outlet import Kept, Outlet, under
from bot.cards.presses import OfAlert, read
from bot.cards.text import alert_answers as alert_answer_text
from bot.domain.alert import Alert, AlertView, Message
from bot.domain.case import CardRef
from bot.domain.errors import CardGone
from bot.domain.ids import CaseId
from bot.domain.policy import Policy
from bot.domain.spikes.incidents import Kind

_THREAD_KEPT: Kept = 4320
"""Minutes without a word after which Discord puts a thread away: three days."""


class EditorsBoard:
    """The `AlertBoard` port over two channels: the editors', and the moderators' for threads."""

    def __init__(
        self,
        outlet: Outlet,
        *,
        guild_id: int,
        editors_id: int,
        moderators_id: int,
        policy: Callable[[], Policy],
    ) -> None:
        self._outlet = outlet
        self._guild_id = guild_id
        self._editors_id = editors_id
        self._moderators_id = moderators_id
        self._policy = policy
        self._pictures = PicturesOfAlerts()

    async def ready(self) -> None:
        """Return when Discord can be spoken to."""
        await self._outlet.ready()

    async def post(self, view: AlertView, *, nonce: str, silent: bool) -> Message:
        """Post an alert's card with its picture."""
        drawn, picture = await self._drawn(view)
        sent = await self._outlet.post(
            self._editors_id,
            drawn,
            nonce=nonce,
            plainly=alert_card.unshowable(view.alert),
            looked=True,
            file=picture,
            silent=silent,
        )
        return Message(channel_id=self._editors_id, message_id=sent)

    async def redraw(self, view: AlertView, message: Message) -> None:
        """Edit the card and its picture to show the alert as it now is."""
        if message.channel_id != self._editors_id:
            raise CardGone("It stands in a channel that the editors have left.")
        drawn, picture = await self._drawn(view)
        await self._outlet.edit(
            message.channel_id,
            message.message_id,
            drawn,
            plainly=alert_card.unshowable(view.alert),
            file=picture,
        )

    async def find(self, alert: Alert, since: datetime) -> Message | None:
        """Look for a card that may have been posted without our learning of it."""
        async for message in self._outlet.ours_since(self._editors_id, since):
            if _shows(message, alert):
                return Message(channel_id=self._editors_id, message_id=message.id)
        return None

    async def reply(self, view: AlertView, kind: Kind, *, nonce: str, silent: bool) -> None:
        """Put a line under an alert's card that says what became of it."""
        message = view.alert.message
        if message is None or message.channel_id != self._editors_id:
            return
        await self._outlet.post(
            self._editors_id,
            parts.plain(parts.text(alert_answers.under(view, kind))),
            nonce=nonce,
            plainly=alert_card.unshowable(view.alert),
            silent=silent,
            reference=under(message.channel_id, message.message_id),
        )

    async def bulletin(
        self, name: str, body: str, at: Message | None, *, nonce: str, silent: bool
    ) -> Message:
        """Post a bulletin, or edit the one that stands there."""
        view = parts.plain(parts.text(alert_answers.bulletin(name, body)))
        plainly = parts.plain(parts.text(alert_answer_text.unsayable()))
        if at is not None and at.channel_id == self._editors_id:
            await self._outlet.edit(at.channel_id, at.message_id, view, plainly=plainly)
            return at
        sent = await self._outlet.post(
            self._editors_id, view, nonce=nonce, plainly=plainly, silent=silent
        )
        return Message(channel_id=self._editors_id, message_id=sent)

    async def thread(
        self, view: AlertView, cards: Mapping[CaseId, CardRef], *, asked_by: str, nonce: str
    ) -> int:
        """Begin a thread with the moderators in their channel, and return its id."""
        found = {case: links.jump(self._guild_id, ref) for case, ref in cards.items()}
        opening = parts.plain(parts.text(alert_answers.opening(view, found, asked_by)))
        sent = await self._outlet.post(
            self._moderators_id, opening, nonce=nonce, plainly=alert_card.unshowable(view.alert)
        )
        return await self._outlet.begin_thread(
            self._moderators_id,
            sent,
            name=alert_answer_text.thread_name(view.alert.id),
            kept=_THREAD_KEPT,
            guild_id=self._guild_id,
        )

    async def _drawn(self, view: AlertView) -> tuple[discord.ui.LayoutView, discord.File]:
        policy = self._policy()
        shown = await self._pictures.of(view, policy.alerts.zone)
        described = alert_card.picture(replace(view, series=shown.series), policy)
        picture = discord.File(
            io.BytesIO(shown.png), filename=alert_card.CHART, description=described[:1024]
        )
        return alert_card.render(view, policy, chart=described), picture


def _shows(message: discord.Message, alert: Alert) -> bool:
    presses = map(read, custom_ids(message.components))
    return any(
        isinstance(press, OfAlert) and (press.alert, press.token) == (alert.id, alert.token)
        for press in presses
    )
