"""Banning an author: the form, what it would do, and sending that off."""

import discord
from discord.ext import commands

from bot.cards import parts
from bot.cards.cases import ban_modal, ban_preview
from bot.cards.press_table import Pressed, answers, opens
from bot.cards.presses.cases import BanAuthor, BanForm, CancelBan, ChangeBan, SendBan
from bot.cards.text import decisions as decision_text
from bot.client import DeskClient
from bot.domain.bans import BanDraft
from bot.domain.errors import NotUnderstood
from bot.services.cases import lookup
from bot.services.cases.ban_draft import draft_shown, drop_draft, keep_draft, send_draft
from bot.services.desk import Desk
from bot.services.staff.shift import a_lot_today
from cogs.cases.replies import ban_form, ruled


class Banning(commands.Cog):
    """Bans nobody before the words that the author will read were looked over."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @opens(BanAuthor)
    async def _ban(self, press: BanAuthor, at: Pressed) -> discord.ui.Modal | discord.ui.LayoutView:
        return await ban_form(self._desk, press.case, press.seen, at.by)

    @answers(BanForm)
    async def _look_over(self, press: BanForm, at: Pressed) -> discord.ui.LayoutView:
        form = ban_modal.read(at.fields)
        if form is None:
            raise NotUnderstood(decision_text.FORM_UNREAD)
        draft = BanDraft(
            case_id=press.case,
            by_id=at.by.id,
            at=self._desk.clock(),
            seen=press.seen,
            rule=form.rule,
            lasting=form.lasting,
            note=form.note,
            reason=form.reason,
        )
        await keep_draft(self._desk, draft, at.by)
        view = await lookup.view(self._desk, press.case, at.by)
        return ban_preview.preview(draft, view, self._desk.policy())

    @answers(SendBan)
    async def _send(self, press: SendBan, at: Pressed) -> discord.ui.LayoutView:
        ruling = await send_draft(self._desk, press.case, at.by, press.draft)
        return await ruled(self._desk, ruling, at.by, a_lot=await a_lot_today(self._desk, at.by))

    @opens(ChangeBan)
    async def _change(
        self, press: ChangeBan, at: Pressed
    ) -> discord.ui.Modal | discord.ui.LayoutView:
        draft = await draft_shown(self._desk, press.case, at.by, press.draft)
        return await ban_form(self._desk, press.case, draft.seen, at.by)

    @answers(CancelBan)
    async def _cancel(self, press: CancelBan, at: Pressed) -> discord.ui.LayoutView:
        await drop_draft(self._desk, press.case, at.by)
        back = parts.row(parts.back(press.case, press.token))
        return parts.plain(parts.text(decision_text.CANCELLED), back)


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(Banning(client.desk))
