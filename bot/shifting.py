"""Wires what a shift needs beside its cards into the running desk."""

from collections.abc import Awaitable, Callable
from functools import partial

from bot.cards.outlet import Outlet
from bot.cards.staffroom import DiscordStaffroom
from bot.services.desk import Desk
from bot.services.errands import deliver_errands
from bot.services.overview import keep_overview
from bot.services.tend import tend
from config.settings import DiscordSettings

Job = Callable[[], Awaitable[None]]


def shift_jobs(desk: Desk, discord: DiscordSettings, outlet: Outlet) -> list[Job]:
    """Return what runs for as long as the desk does, so that claims end and calls are made."""
    staffroom = DiscordStaffroom(
        outlet,
        guild_id=discord.guild_id,
        channel_id=discord.channel_id,
        editors_channel_id=discord.editors_channel_id,
        moderator_roles=discord.moderator_roles,
        editor_roles=discord.editor_roles,
        authority=desk.authority,
    )
    return [
        partial(tend, desk),
        partial(deliver_errands, desk, staffroom),
        partial(keep_overview, desk, staffroom),
    ]
