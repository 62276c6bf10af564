"""Telling Discord the commands, apart from everything else: the desk works without them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import aiohttp
import discord

from bot.domain.staff import Trouble
from bot.services.desk import Troubles

log = logging.getLogger(__name__)

NAME = "commands"

_FIRST_WAIT = 2.0
_LONGEST_WAIT = 600.0
_CREATED_TOO_MANY = 30034
_UNDELIVERED = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)


async def keep_telling(
    sync: Callable[[], Awaitable[object]], troubles: Troubles, tried: asyncio.Event
) -> None:
    """Tell Discord the commands, and again until it takes them; `tried` is set after one try."""
    wait = _FIRST_WAIT
    while True:
        try:
            await sync()
        except _UNDELIVERED as error:
            troubles.met(_in_words(error))
        else:
            troubles.over(NAME)
            return
        finally:
            tried.set()
        await asyncio.sleep(wait)
        wait = min(wait * 2, _LONGEST_WAIT)


def _in_words(error: Exception) -> Trouble:
    words = (
        "Discord does not take the desk's slash commands, so they may be missing or old. Cards, "
        f"buttons, reactions and typed lines work. {_why(error)}"
    )
    return Trouble(
        name=NAME,
        words=words,
        over="Discord has taken the desk's slash commands.",
        mend=_mend(error),
    )


def _why(error: Exception) -> str:
    if isinstance(error, discord.HTTPException):
        return f"Discord says: {error.text.splitlines()[0] if error.text else error.status}."
    return f"The trouble is {type(error).__name__}."


def _mend(error: Exception) -> str:
    if isinstance(error, discord.Forbidden):
        return "Invite the bot again with the link that comment-desk setup prints; it asks for commands too."
    if isinstance(error, discord.HTTPException) and error.code == _CREATED_TOO_MANY:
        return "Discord takes so many a day, so they come by tomorrow. There is nothing to do."
    if isinstance(error, discord.HTTPException) and error.status == HTTPStatus.BAD_REQUEST:
        return "Tell the makers of the desk: this version has a command that Discord refuses."
    return "It is tried again by itself."
