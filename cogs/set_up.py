"""`/setup`: for whoever manages the server, with or without a role at the desk."""

from collections.abc import Awaitable, Sequence
from typing import Any, Final

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.press_table import Pressed, answers, first, opens
from bot.cards.presses.set_up import (
    AskHours,
    HoursForm,
    PickChannel,
    PickRoles,
    PickRules,
    UseFile,
)
from bot.cards.staff.set_up_card import HoursModal, set_up_card
from bot.cards.text import set_up as set_up_text
from bot.cards.text.troubles import RIGHTS
from bot.client import DeskClient
from bot.domain.errors import NotUnderstood
from bot.domain.set_up import AT_ONCE, CHANNELS, EVERY, ROLES, ChannelSeen, Manager, Setting
from bot.services.desk import Desk
from bot.services.staff import set_up
from cogs import failures
from cogs.people import person

_Interaction = discord.Interaction[Any]
_LINES: Final = ("view_channel", "send_messages", "read_message_history")
_NEEDED: Final = {
    Setting.CHANNEL: (
        *_LINES,
        *("embed_links", "attach_files", "add_reactions", "manage_messages", "pin_messages"),
    ),
    Setting.EDITORS_CHANNEL: (*_LINES, "embed_links", "attach_files"),
    Setting.LOG_CHANNEL: _LINES,
}
"""What the bot needs in each channel."""


class SetUp(commands.Cog):
    """One message with a menu for each thing."""

    def __init__(self, client: DeskClient) -> None:
        self._client = client
        self._desk: Desk = client.desk

    @app_commands.command(description="Set the desk up: channels, roles, house rules and times")
    @app_commands.default_permissions(manage_guild=True)
    async def setup(self, interaction: _Interaction) -> None:
        """Show how the desk is set up."""
        by = _manager(interaction)

        async def work() -> discord.ui.LayoutView:
            return await self._card(by)

        await failures.reply(interaction, self._desk, work, passing=True)

    @answers(PickChannel)
    async def _channel(self, press: PickChannel, at: Pressed) -> discord.ui.LayoutView:
        by = _manager(at.interaction)
        set_up.require_manager(self._desk, by)
        setting = _setting(press.place, CHANNELS)
        picked = _ids(at)
        if not picked:
            raise NotUnderstood(set_up_text.NO_CHOICE)
        seen = self._seen(setting, picked[0])
        return await self._kept(setting, set_up.choose_channel(self._desk, setting, seen, by), by)

    @answers(PickRoles)
    async def _roles(self, press: PickRoles, at: Pressed) -> discord.ui.LayoutView:
        by = _manager(at.interaction)
        set_up.require_manager(self._desk, by)
        setting = _setting(press.place, ROLES)
        work = set_up.choose_roles(
            self._desk, setting, _ids(at), by, everyone=self._client.place.guild_id
        )
        return await self._kept(setting, work, by)

    @answers(PickRules)
    async def _rules(self, press: PickRules, at: Pressed) -> discord.ui.LayoutView:
        del press
        by = _manager(at.interaction)
        work = set_up.choose_rules(self._desk, _ids(at), by)
        return await self._kept(Setting.RULES_OFF, work, by)

    @opens(AskHours)
    async def _ask(self, press: AskHours, at: Pressed) -> discord.ui.Modal:
        del press
        set_up.require_manager(self._desk, _manager(at.interaction))
        return HoursModal(self._desk.policy())

    @answers(HoursForm)
    async def _hours(self, form: HoursForm, at: Pressed) -> discord.ui.LayoutView:
        del form
        by = _manager(at.interaction)
        zone, hours = first(at.fields, "zone"), first(at.fields, "hours")
        work = set_up.choose_hours(self._desk, zone, hours, by)
        return await self._kept(Setting.TIME_ZONE, work, by)

    @answers(UseFile)
    async def _file(self, press: UseFile, at: Pressed) -> discord.ui.LayoutView:
        del press
        by = _manager(at.interaction)
        set_up.require_manager(self._desk, by)
        setting = _setting(at.number, EVERY)
        return await self._kept(setting, set_up.use_file(self._desk, setting, by), by)

    async def _kept(
        self, setting: Setting, work: Awaitable[bool], by: Manager
    ) -> discord.ui.LayoutView:
        if not await work:
            answer = set_up_text.SAME
        else:
            answer = set_up_text.SAVED if setting in AT_ONCE else set_up_text.SAVED_LATER
        return await self._card(by, answer)

    async def _card(self, by: Manager, answer: str = "") -> discord.ui.LayoutView:
        configuration = await set_up.set_up(self._desk, by)
        guild = self._client.get_guild(self._client.place.guild_id)
        there = (*guild.channels, *guild.roles) if guild else ()
        return set_up_card(configuration, there=frozenset(one.id for one in there), said=answer)

    def _seen(self, setting: Setting, channel_id: int) -> ChannelSeen:
        if self._client.is_anothers(channel_id):
            return ChannelSeen(id=channel_id, is_anothers=True)
        guild = self._client.get_guild(self._client.place.guild_id)
        channel = guild.get_channel(channel_id) if guild else None
        if guild is None or channel is None:
            return ChannelSeen(id=channel_id, lacks=(RIGHTS["view_channel"],))
        have = channel.permissions_for(guild.me)
        return ChannelSeen(
            id=channel_id,
            lacks=tuple(RIGHTS[one] for one in _NEEDED[setting] if not getattr(have, one)),
            is_open=channel.permissions_for(guild.default_role).view_channel,
            rehearses=channel_id == self._client.place.rehearsal_channel_id,
        )


def _manager(interaction: _Interaction) -> Manager:
    """Return who asks, and whether Discord says at this moment that they manage the server."""
    return Manager(person=person(interaction.user), manages=interaction.permissions.manage_guild)


def _ids(at: Pressed) -> list[int]:
    """Return the ids or numbers that were picked."""
    return [int(one) for one in at.picks if one.isascii() and one.isdigit() and len(one) < 20]  # noqa: PLR2004 - as ids are


def _setting(place: int | None, of: Sequence[Setting]) -> Setting:
    found = EVERY[place] if place is not None and place < len(EVERY) else None
    if found is None or found not in of:
        raise NotUnderstood(set_up_text.NO_CHOICE)
    return found


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(SetUp(client))
