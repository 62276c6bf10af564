"""Connecting to Discord, and connecting again whenever that ends."""

import asyncio
import logging
import random
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import aiohttp
import discord
from discord.ext import commands

from bot.cards.refusals import token_refused
from bot.domain.staff import Trouble
from bot.services.desk import Troubles

log = logging.getLogger(__name__)

_FIRST_WAIT = 1.0
_LONGEST_WAIT = 30.0
_LONG_ENOUGH = 60.0
"""Seconds: waits between tries at connecting, and how long a connection must have lasted for
the waits to begin anew. The longest keeps a reconnection within a minute of Discord's return."""
_UNHEARD_WAIT = 5.0
"""Seconds at most while nothing answers: no session is begun then, of which Discord counts a day's."""
_UNHEARD: Final = (aiohttp.ClientError, OSError, TimeoutError, discord.DiscordServerError)


TOKEN_REFUSED = 4004
INTENTS_REFUSED = (4013, 4014)
"""How the gateway says so when it hangs up."""

INTENTS_TROUBLE: Final = "intents"
"""What it is called that Discord refuses an intent."""

UNREACHABLE = (
    discord.DiscordException,
    aiohttp.ClientError,
    OSError,
    TimeoutError,
    # A gateway that closes before it says hello, or says something else, makes discord.py trip.
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
    zlib.error,
)
"""What discord.py raises out of a connection that cannot be made, or ends."""


async def stay_connected(
    make_client: Callable[[], discord.Client],
    token: str,
    troubles: Iterable[Troubles],
    *,
    give_up: bool = False,
) -> None:
    """Connect, and connect again whenever that ends, for ever.

    discord.py's own reconnecting is left off: it dies when the very first connection is refused,
    and after a long outage it waits for up to 17 minutes. A lost connection that can be resumed
    is still resumed by discord.py itself. A refused token or intent is tried again too, as
    Discord has refused good ones in its own outages; with `give_up` that is the end. What is not
    foreseen here is raised, for whoever keeps the desk's tasks up.
    """
    pauses = waits()
    while True:
        started, longest = time.monotonic(), _LONGEST_WAIT
        client = make_client()
        try:
            async with client:
                await client.start(token, reconnect=False)
        except (discord.LoginFailure, discord.ConnectionClosed) as error:
            refused = _refused(error)
            if refused is None:
                log.warning("Discord cannot be reached: %s", error)
            else:
                for one in troubles:
                    one.met(refused)
                if give_up:
                    return
        except commands.ExtensionError:
            raise  # a fault of the program: trying again would not mend it
        except UNREACHABLE as error:
            log.warning("Discord cannot be reached: %s: %s", type(error).__name__, error)
            longest = _UNHEARD_WAIT if isinstance(error, _UNHEARD) else _LONGEST_WAIT
        if time.monotonic() - started > _LONG_ENOUGH:
            pauses = waits()
        await asyncio.sleep(min(next(pauses), longest))


def _refused(error: discord.LoginFailure | discord.ConnectionClosed) -> Trouble | None:
    """Return what an admin has to mend, `None` if the connection was only lost."""
    if isinstance(error, discord.LoginFailure) or error.code == TOKEN_REFUSED:
        return token_refused()
    if error.code not in INTENTS_REFUSED:
        return None
    return Trouble(
        name=INTENTS_TROUBLE,
        words="Discord refuses an intent of the bot. Reports are taken and kept; cards wait.",
        mend="Update the desk, or tell its makers; it asks for no intent that needs leave.",
        over="Discord takes the bot's intents again.",
        grave=True,
    )


def waits() -> Iterator[float]:
    """Yield the seconds before each further try: doubling, spread out, never over half a minute."""
    wait = _FIRST_WAIT
    while True:
        yield wait * (0.5 + random.random() / 2)  # noqa: S311 - spreads retries
        wait = min(wait * 2, _LONGEST_WAIT)
