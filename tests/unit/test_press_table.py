"""Every press has one handler, or the desk does not start."""

from importlib import import_module

import discord
import pytest
from discord.ext import commands

from bot.cards.press_table import Pressed, Unhandled, _marked, answers, require_handlers
from bot.cards.presses.alerts import AskModerators
from bot.cards.presses.cases import (
    BanAuthor,
    BanOtherwise,
    ChangeBan,
    KeepCase,
    WriteNote,
    WriteToEditors,
)
from bot.cards.presses.readers import (
    OverturnDecision,
    PickCase,
    ShortenBan,
    UpholdDecision,
    WriteAnswer,
)
from bot.cards.presses.scheme import declared
from bot.cards.presses.set_up import AskHours
from bot.client import EXTENSIONS, require_all_handled


def cogs() -> list[type[commands.Cog]]:
    found = [one for name in EXTENSIONS for one in vars(import_module(name)).values()]
    return [one for one in found if isinstance(one, type) and issubclass(one, commands.Cog)]


class Second(commands.Cog):
    """Handles what another cog handles already."""

    @answers(KeepCase)
    async def keep(self, press: KeepCase, at: Pressed) -> discord.ui.LayoutView:
        raise NotImplementedError


def test_every_press_of_the_desk_has_one_handler():
    require_all_handled()
    marks = [mark for cog in set(cogs()) for _, mark in _marked(cog)]
    handled = [kind for kinds, _ in marks for kind in kinds]
    assert set(handled) == set(declared().values())
    assert len(handled) == len(declared())
    forms = {kind for kinds, opens in marks if opens for kind in kinds}
    contests = {UpholdDecision, OverturnDecision, ShortenBan}
    notices = {PickCase, WriteAnswer}
    bans = {BanAuthor, BanOtherwise, ChangeBan}
    asked = {WriteNote, WriteToEditors, AskModerators, AskHours}
    assert forms == {*asked, *bans, *contests, *notices}


@pytest.mark.parametrize("left", [cog.__name__ for cog in cogs() if any(_marked(cog))])
def test_without_one_the_desk_does_not_start_and_says_which(left: str):
    [lacking] = [cog for cog in cogs() if cog.__name__ == left]
    unanswered = {kind.__name__ for _, (kinds, _) in _marked(lacking) for kind in kinds}
    with pytest.raises(Unhandled, match="The desk does not start: ") as refused:
        require_handlers(cog for cog in cogs() if cog is not lacking)
    assert str(refused.value).split()[5] in unanswered
    assert "has no handler" in str(refused.value)


def test_a_press_has_not_two_handlers():
    with pytest.raises(Unhandled, match=r"KeepCase \(keep\) has two handlers"):
        require_handlers([*cogs(), Second])
