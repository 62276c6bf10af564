"""The Discord connection: intents, extensions, our own limiter, and staying connected."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from ipaddress import ip_address
from itertools import chain
from types import ModuleType
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.cards.attempts import Presence
from bot.cards.passing import PassingAnswers
from bot.cards.press_table import Handler, require_handlers, table_of
from bot.cards.presses.persistent_items import PersistentItem
from bot.cards.presses.scheme import Press
from bot.cards.refusals import TOKEN
from bot.connecting import (
    INTENTS_TROUBLE,
    UNREACHABLE,
    stay_connected,
    waits,
)
from bot.domain.errors import DeskError
from bot.domain.foreign import whole
from bot.limits import LONGEST_SLEEP, Bucket, keep_to, limiter
from bot.services.about import in_newsroom
from bot.services.desk import Desk
from bot.sockets import Sockets
from bot.syncing import keep_telling

__all__ = (
    "EXTENSIONS",
    "INTENTS",
    "Bucket",
    "DeskClient",
    "NotLocal",
    "Place",
    "point_at",
    "require_all_handled",
    "stay_connected",
    "waits",
)

log = logging.getLogger(__name__)

# The desk does not speak; without this, discord.py warns at every start that it cannot.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

EXTENSIONS = (
    "cogs.gate",
    "cogs.cases.buttons",
    "cogs.cases.banning",
    "cogs.cases.reactions",
    "cogs.cases.next_case",
    "cogs.cases.typed",
    "cogs.cases.slash",
    "cogs.authors",
    "cogs.documents",
    "cogs.readers",
    "cogs.cases.case_menu",
    "cogs.staff",
    "cogs.set_up",
    "cogs.alerts.alerts",
    "cogs.alerts.trends",
    "cogs.stories",
    "cogs.cases.legal",
    "cogs.cases.missed",
    "cogs.cases.catchup",
    "cogs.access",
)

INTENTS = discord.Intents(guilds=True, guild_messages=True, guild_reactions=True)
"""None of them is privileged: typed commands reach the bot by mention or as replies to it."""

OFFERED_TO = discord.Permissions(manage_messages=True)
"""Whom Discord offers the commands, unless one says otherwise, or the server's Integrations do.

It spares outsiders a list of what they may not do; what counts is that each service asks who it is.
"""

_COMMANDS_FIRST = 5.0
_GOOD_BYE = 2.0
"""Seconds: how long the connection waits for the commands, and the end for Discord."""


class NotLocal(DeskError):
    """An address of another Discord-compatible server is not on this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in Discord the desk works.

    What happens in the rehearsal's channel is none of its business; while it rehearses
    (`rehearsing`), nothing else is. `also` are the editors', the appeals and the log channel, where cards
    of cases do not stand and lines are read all the same. `of_file` are the channels of the settings,
    of which /setup may have put others in the place.
    """

    guild_id: int
    channel_id: int
    rehearsal_channel_id: int | None = None
    rehearsing: bool = False
    also: frozenset[int] = frozenset()
    of_file: frozenset[int] = frozenset()

    def names(self, channel_id: int) -> bool:
        """Whether the settings name a channel as this desk's."""
        return channel_id in {self.channel_id, self.rehearsal_channel_id, *self.also}

    def is_ours(self, channel_id: int) -> bool:
        """Whether presses and commands in a channel are for this desk."""
        if self.rehearsing:
            return channel_id == self.channel_id
        return channel_id != self.rehearsal_channel_id


class DeskClient(commands.Bot):
    """A `commands.Bot` that hands the desk to its cogs."""

    def __init__(
        self,
        desk: Desk,
        place: Place,
        presence: Presence,
        *,
        ready_timeout: float = 1.0,
        bucket: Bucket | None = None,
        newsroom: str = "",
    ) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            http_trace=limiter(presence.hold, presence.hear_time, presence.answered, bucket),
            max_ratelimit_timeout=LONGEST_SLEEP,
            guild_ready_timeout=ready_timeout,
        )
        self.desk = desk
        self.place = place
        self.presence = presence
        self.newsroom = newsroom
        """Whose client it is where there are several, as the log names it."""
        self.is_anothers: Callable[[int], bool] = _is_nobodys
        """Whether a channel is another newsroom's; the gateway of several puts itself here."""
        self.press: Callable[[discord.Interaction[Any], Press, object], Awaitable[None]] = _nothing
        """What answers a press in an item; the gate puts itself here."""
        self.presses: Mapping[type[Press], Handler] = {}
        self.passing = PassingAnswers()
        self._syncing: asyncio.Task[None] | None = None
        self._sockets = Sockets(self.http)
        keep_to(self.http, presence.hold)
        self._leave_others_alone()

    def is_me(self, user_id: int) -> bool:
        """Whether an id is the bot's own; nobody's is before it has connected."""
        return self.user is not None and self.user.id == user_id

    def _leave_others_alone(self) -> None:
        """Hear no presses and commands that are for another desk of the same bot.

        A rehearsal runs beside the desk, and Discord tells both of everything. Case 12 there is
        not case 12 here, so this stands before all doors rather than behind each.
        """
        # discord.py hands them to buttons, forms and commands before any event can be listened to.
        parsers = self._connection.parsers
        parse = parsers["INTERACTION_CREATE"]

        def parse_ours(data: Any) -> None:
            if self.place.is_ours(int(data.get("channel_id") or 0)):
                # Half an emoji in what somebody wrote could not be kept.
                parse(whole(data))

        parsers["INTERACTION_CREATE"] = parse_ours

    async def setup_hook(self) -> None:
        """Set every extension up, or refuse to start; and have Discord told the commands.

        That is waited for so that who sees the desk sees its commands, but not for long: without
        them the cards still work.
        """
        for name in EXTENSIONS:
            await self._set_up(name)
        self.add_dynamic_items(PersistentItem)
        self.presses = table_of(self.cogs.values())
        guild = discord.Object(self.place.guild_id)
        for command in (*self.tree.get_commands(), *self._context_menus()):
            command.default_permissions = command.default_permissions or OFFERED_TO
        self.tree.copy_global_to(guild=guild)
        tried = asyncio.Event()
        telling = keep_telling(partial(self.tree.sync, guild=guild), self.desk.troubles, tried)
        self._syncing = asyncio.create_task(telling, name="telling Discord the commands")
        with suppress(TimeoutError):
            async with asyncio.timeout(_COMMANDS_FIRST):
                await tried.wait()

    def _context_menus(self) -> list[app_commands.ContextMenu]:
        kinds = (discord.AppCommandType.message, discord.AppCommandType.user)
        return [one for kind in kinds for one in self.tree.get_commands(type=kind)]

    async def _set_up(self, extension: str) -> None:
        """Set an extension up without `load_extension`, which would hold the intake up.

        That runs every module anew at each connection, and at each end looks for every one of
        them among all that is loaded, some tenths of a second each time.
        """
        try:
            await import_module(extension).setup(self)
        except UNREACHABLE as error:
            # A fault of the program, which must not look as if Discord were away.
            raise commands.ExtensionFailed(extension, error) from error

    async def close(self) -> None:
        """Leave, even if Discord does not answer a good-bye."""
        if self._syncing is not None:
            self._syncing.cancel()
        try:
            async with asyncio.timeout(_GOOD_BYE):
                await super().close()
        except TimeoutError:
            await self.http.close()
        finally:
            self.presence.leave()
        await self._sockets.close()

    def hear(self, event: str, data: Any) -> None:
        """Take an event of the gateway, which one connection for several newsrooms has heard."""
        with in_newsroom(self.newsroom):
            self._connection.parsers[event](data)

    def routed(self) -> frozenset[int]:
        """Return the channels that the policy in force sends cards to."""
        return frozenset(route.channel_id for route in self.desk.policy().routes)

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave typed lines to the cog that reads them.

        discord.py would look for a prefix command of its own in them, and log the first word of
        every line as one that does not exist.
        """

    async def on_ready(self) -> None:
        """The guild is known: cards can be posted."""
        log.info("connected to Discord")
        self.desk.troubles.over(TOKEN, INTENTS_TROUBLE)
        self.presence.arrive(self)


def _is_nobodys(_channel_id: int) -> bool:
    return False


async def _nothing(_interaction: object, _press: object, _item: object) -> None:
    """Answer nothing, as nothing is loaded yet."""


def require_all_handled() -> None:
    """Make sure, without connecting, that every press has a handler in the extensions.

    Raises:
        Unhandled: One has none, or two; the sentence says which.
    """
    loaded = [vars(module).values() for module in map(_found, EXTENSIONS) if module is not None]
    found = [one for one in chain.from_iterable(loaded) if isinstance(one, type)]
    require_handlers(one for one in found if issubclass(one, commands.Cog))


def _found(extension: str) -> ModuleType | None:
    """Return an extension; `None` for one that is not there, which each connection says."""
    try:
        return import_module(extension)
    except ModuleNotFoundError:
        return None


def point_at(api_url: str, gateway_url: str, *, allow_remote: bool = False) -> None:
    """Use another Discord-compatible server, for this whole process.

    Raises:
        NotLocal: An address is not on this machine, and `allow_remote` was not said.
    """
    for url in (api_url, gateway_url):
        if not allow_remote and not _is_loopback(yarl.URL(url).host or ""):
            raise NotLocal(
                f"{url} is not on this machine, and the bot's token would be sent there. "
                "Set DESK_DISCORD__ALLOW_REMOTE_API=true if you mean it."
            )
    # discord.py has no setting for this; these three are all that a client without shards reads.
    base = api_url.rstrip("/")
    Route.BASE = f"{base}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
    setattr(discord.Asset, "BASE", base)  # noqa: B010 - typed as a literal, read as a variable


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
