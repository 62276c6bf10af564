"""Answers that only their presser sees: of each person one stands in a channel."""

import logging
from collections import OrderedDict
from typing import Any, Final

import aiohttp
import discord

log = logging.getLogger(__name__)

_REMEMBERED: Final = 500
"""People, in channels, whose newest answers are remembered."""

_Interaction = discord.Interaction[Any]


class PassingAnswers:
    """Takes an answer away once the same person has been given the next.

    Discord lets that be done for fifteen minutes, by whoever gave the answer. What is older, or
    from before a restart, stays until its reader closes it.
    """

    def __init__(self) -> None:
        self._newest: OrderedDict[tuple[int, int], tuple[_Interaction, int]] = OrderedDict()
        self._written: OrderedDict[int, _Interaction] = OrderedDict()

    def wrote(self, interaction: _Interaction, message_id: int) -> None:
        """Note which interaction wrote what an answer says."""
        self._written.pop(message_id, None)
        self._written[message_id] = interaction
        while len(self._written) > _REMEMBERED:
            self._written.popitem(last=False)

    def stands(self, interaction: _Interaction, message_id: int) -> bool:
        """Whether an answer still says what an interaction made it say."""
        return self._written.get(message_id) is interaction

    def changed(self, interaction: _Interaction) -> None:
        """Note that an answer was changed in its place, which makes it last longer."""
        place, message = _place(interaction), interaction.message
        if message is not None:
            self.wrote(interaction, message.id)
        newest = self._newest.get(place)
        if message is not None and newest is not None and newest[1] == message.id:
            self._newest[place] = (interaction, message.id)

    async def given(self, interaction: _Interaction, message_id: int) -> None:
        """Note that a new answer was given, and take away the one before."""
        place = _place(interaction)
        before = self._newest.pop(place, None)
        self._newest[place] = (interaction, message_id)
        while len(self._newest) > _REMEMBERED:
            self._newest.popitem(last=False)
        if before is None or before[0].is_expired():
            return
        try:
            await before[0].delete_original_response()
        except (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError) as error:
            log.info("an answer stays beside a newer one: %s", error)


def _place(interaction: _Interaction) -> tuple[int, int]:
    return interaction.user.id, interaction.channel_id or 0
