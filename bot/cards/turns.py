"""Buttons on answers that are looked through: what to show next is in their custom id."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import discord

from bot.cards.pressing import TAIL, Button, Lasting, named
from bot.domain.ids import CaseId

EVENT: Final = "desk_turn"
"""The client event of every such press: listeners get the interaction and the `Turn`."""

LONGEST_ABOUT: Final = 80


class Leaf(StrEnum):
    """What is looked through, with what `Turn.about` says there."""

    AUTHOR = "author"
    """One of the author's cases, as `about_case` says it."""
    OTHERS = "others"
    """The same: whoever wrote it is none of those they were likened to."""
    SEARCH = "search"
    """The line that was searched for."""
    HELP = "help"
    """The topic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A press on such a button. `page` counts from 0."""

    leaf: Leaf
    about: str
    page: int = 0

    @property
    def custom_id(self) -> str:
        """The press as Discord keeps it: ``turn:search:2:rule:3 bike``, at most 100 characters."""
        return f"turn:{self.leaf}:{self.page}:{self.about[:LONGEST_ABOUT]}"


_ID: Final = re.compile(
    rf"turn:(?P<leaf>{'|'.join(Leaf)}):(?P<page>[0-9]{{1,7}}):(?P<about>.{{0,{LONGEST_ABOUT}}})"
)

_CASE: Final = re.compile(rf"(?P<case>[0-9]{{1,40}}){TAIL}")


def about_case(case_id: CaseId, token: str) -> str:
    """Say in `Turn.about` which case is meant."""
    return named(str(case_id), token)


def case_of(turn: Turn) -> tuple[CaseId, str] | None:
    """Return the case that is meant and its token; `None` if a turn is about no case."""
    if turn.leaf not in (Leaf.AUTHOR, Leaf.OTHERS):
        return None
    said = _CASE.fullmatch(turn.about)
    return (CaseId(int(said["case"])), said["token"] or "") if said else (CaseId(0), "")


def parse(custom_id: str) -> Turn | None:
    """Return what a custom id stands for, `None` if it is not one of these."""
    match = _ID.fullmatch(custom_id)
    return _turn(match) if match else None


def _turn(match: re.Match[str]) -> Turn:
    return Turn(leaf=Leaf(match["leaf"]), about=match["about"], page=int(match["page"]))


class TurnButton(Lasting[Turn, Button], template=_ID, event=EVENT, read=_turn):
    """A button that says what to show next."""


def turn(
    to: Turn, label: str, style: discord.ButtonStyle = discord.ButtonStyle.secondary
) -> TurnButton:
    """Return a button of at most 80 characters' label."""
    return TurnButton(to, discord.ui.Button(label=label, style=style))
