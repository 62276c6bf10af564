"""The one gate for presses and forms: what another record drew is told so, and goes no further."""

import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final, NoReturn, TypeAlias

import discord
from discord.ext import commands

from bot.cards import alert_buttons, ban_modal, buttons, case_menu, legal_modal, note_forms, turns
from bot.cards.alert_buttons import AlertPress
from bot.cards.buttons import Kind, Press
from bot.cards.case_menu import Assigning
from bot.cards.turns import Turn, case_of
from bot.client import DeskClient
from bot.domain.errors import DeskError, ForeignCard, NotUnderstood
from bot.domain.staff import Person
from bot.services import known
from bot.services.desk import Desk
from cogs import failures
from cogs.people import person

_Interaction = discord.Interaction[Any]
Pressed: TypeAlias = Press | AlertPress | Assigning | Turn
_OURS: Final = re.compile(r"(desk|alert|turn):.*", re.DOTALL)
_PRESSES: Final = (buttons.parse, alert_buttons.parse, case_menu.parse, turns.parse)
_FORMS: Final = (ban_modal.read, note_forms.read, legal_modal.read)
_OF_DECISIONS: Final = frozenset({Kind.UNDO, Kind.AMEND, Kind.REASON})
_OF_NO_CASE: Final = frozenset({Kind.QUEUE, Kind.BANS, Kind.STORIES})
_OF_NOTICES: Final = frozenset({Kind.LEGAL_STEP, Kind.LEGAL_LETTERS})

_MOST: Final = 2**63 - 1
"""The largest number that the desk ever puts into a custom id."""

FORM: Final = "desk_form"
"""The client event of a form that was sent off: listeners get the interaction."""


class Gate(commands.Cog):
    """Stands before the handlers of all presses, and lets forms out to theirs."""

    def __init__(self, client: DeskClient) -> None:
        self._client = client
        self._desk: Desk = client.desk

    async def admits(self, interaction: _Interaction, press: Pressed) -> bool:
        """Whether a press is of this record; if not, whoever pressed is told."""
        message_id = interaction.message.id if interaction.message else 0
        try:
            await check_press(self._desk, press, person(interaction.user), message_id)
        except DeskError as error:
            await self._refuse(interaction, error)
            return False
        return True

    @commands.Cog.listener()
    async def on_interaction(self, interaction: _Interaction) -> None:
        """Let a form out, and answer what looks like ours and is not understood."""
        data = interaction.data or {}
        custom_id = str(data.get("custom_id", ""))
        if not _OURS.fullmatch(custom_id):
            return
        if interaction.type is discord.InteractionType.modal_submit:
            await self._form(interaction)
        elif interaction.type is discord.InteractionType.component and not any(
            parse(custom_id) for parse in _PRESSES
        ):
            await self._refuse(interaction, ForeignCard())

    async def _form(self, interaction: _Interaction) -> None:
        by = person(interaction.user)
        message_id = interaction.message.id if interaction.message else 0
        form = next((form for read in _FORMS if (form := read(interaction)) is not None), None)
        try:
            if form is None:
                raise NotUnderstood(
                    "What was filled in cannot be read, so nothing was done. Open the form again."
                )
            await known.require_case(
                self._desk, form.case_id, form.token, by=by, message_id=message_id
            )
        except DeskError as error:
            await self._refuse(interaction, error)
        else:
            self._client.dispatch(FORM, interaction)

    async def _refuse(self, interaction: _Interaction, error: DeskError) -> None:
        async def work() -> NoReturn:
            raise error

        await failures.reply(interaction, self._desk, work)


async def check_press(desk: Desk, press: Pressed, by: Person, message_id: int) -> None:
    """Let a press pass if this record drew it, or if it is about nothing in particular.

    Raises:
        NotAllowed: The person may not press it.
        ForeignCard: Another record drew it.
    """
    if isinstance(press, Press) and max(press.extra, press.seen) > _MOST:
        raise ForeignCard
    if isinstance(press, AlertPress):
        check = partial(known.require_alert, desk, press.alert_id, press.token)
    elif isinstance(press, Turn):
        about = case_of(press)
        check = partial(known.require_case, desk, *about) if about else None
    else:
        check = _about_case(desk, press)
    if check is not None:
        await check(by=by, message_id=message_id)


def _about_case(desk: Desk, press: Press | Assigning) -> Callable[..., Awaitable[None]] | None:
    if isinstance(press, Assigning):
        return partial(known.require_case, desk, press.case_id, press.token)
    if press.kind in _OF_NO_CASE:
        return None
    if press.kind is Kind.RUN_BACK:
        return partial(known.require_run, desk, press.extra, press.token)
    if press.kind in _OF_DECISIONS:
        return partial(known.require_decision, desk, press.case_id, press.extra, press.token)
    if press.kind in _OF_NOTICES:
        return partial(known.require_legal, desk, press.case_id, press.extra, press.token)
    return partial(known.require_case, desk, press.case_id, press.token)


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    gate = Gate(client)
    await client.add_cog(gate)
    client.admits = gate.admits
