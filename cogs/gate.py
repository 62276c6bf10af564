"""The one gate for presses and forms: what another record drew is told so, and goes no further."""

from typing import Any

import discord
from discord.ext import commands

from bot.cards.press_table import Pressed, fields_of
from bot.cards.presses.cases import OfNotice, TakeRunBack
from bot.cards.presses.persistent_items import OURS
from bot.cards.presses.readers import OfContest, OfReadersNotice
from bot.cards.presses.scheme import MOST, Form, OfAlert, OfCase, OfDecision, Press, Unread, read
from bot.cards.text import decisions as decision_text
from bot.client import DeskClient
from bot.domain.errors import ForeignCard, NotUnderstood
from bot.domain.staff import Person
from bot.services import known
from bot.services.about import about
from bot.services.desk import Desk
from cogs import failures
from cogs.people import person

_Interaction = discord.Interaction[Any]


class Gate(commands.Cog):
    """Stands before the handlers of all presses and forms."""

    def __init__(self, client: DeskClient) -> None:
        self._client = client
        self._desk: Desk = client.desk

    async def press(self, interaction: _Interaction, press: Press, item: object) -> None:
        """Have a button or menu carried out, if this record drew it."""
        if isinstance(press, Form):
            press = Unread()
        picks = _picked(item)
        people = tuple(item.values) if isinstance(item, discord.ui.UserSelect) else None
        by = person(interaction.user)
        at = Pressed(interaction=interaction, by=by, picks=picks, people=people)
        await self._carry_out(press, at)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: _Interaction) -> None:
        """Take a form that was sent off; read here, it is understood after a restart too."""
        custom_id = str((interaction.data or {}).get("custom_id", ""))
        is_form = interaction.type is discord.InteractionType.modal_submit
        if not is_form or not OURS.fullmatch(custom_id):
            return
        form, by = read(custom_id), person(interaction.user)
        at = Pressed(interaction=interaction, by=by, fields=fields_of(interaction))
        await self._carry_out(form if isinstance(form, Form) else None, at)

    async def _carry_out(self, press: Press | None, at: Pressed) -> None:
        """Answer whoever pressed; `None` is a form that nobody knows."""
        message = at.interaction.message
        handler = self._client.presses.get(type(press)) if press is not None else None

        async def work() -> Any:
            if press is None:
                raise NotUnderstood(decision_text.FORM_UNREAD)
            if handler is None:
                raise ForeignCard
            await check_press(self._desk, press, at.by, message.id if message else 0)
            return await handler.carry_out(press, at)

        answer = failures.ask if handler is not None and handler.opens else failures.reply
        with about(press.case if isinstance(press, OfCase) else 0):
            await answer(at.interaction, self._desk, work)


def _picked(item: object) -> tuple[str, ...]:
    """Return what was picked in a menu; channels and roles by their ids."""
    match item:
        case discord.ui.Select():
            return tuple(item.values)
        case discord.ui.ChannelSelect() | discord.ui.RoleSelect():
            return tuple(str(one.id) for one in item.values)
        case _:
            return ()


async def check_press(desk: Desk, press: Press, by: Person, message_id: int) -> None:
    """Let a press pass if this record drew it, or if it is about nothing in particular.

    Raises:
        NotAllowed: The person may not press it.
        ForeignCard: Another record drew it.
    """
    match press:
        case OfAlert(alert=alert, token=token):
            await known.require_alert(desk, alert, token, by=by, message_id=message_id)
        case TakeRunBack(run=run, token=token):
            await known.require_run(desk, run, token, by=by, message_id=message_id)
        case OfDecision(case=case, decision=made, token=token):
            await known.require_decision(desk, case, made, token, by=by, message_id=message_id)
        case OfReadersNotice(notice=notice, token=token):
            await known.require_notice(desk, notice, token, by=by, message_id=message_id)
        case OfNotice(case=case, notice=notice, token=token):
            await known.require_legal(desk, case, notice, token, by=by, message_id=message_id)
        case OfContest(case=case, contest=contest, token=token):
            await known.require_contest(desk, case, contest, token, by=by, message_id=message_id)
        case OfCase(case=case, token=token):
            await known.require_case(desk, case, token, by=by, message_id=message_id)
        case _:
            pass
    if max(press.numbers(), default=0) > MOST:
        raise ForeignCard


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    gate = Gate(client)
    await client.add_cog(gate)
    client.press = gate.press
