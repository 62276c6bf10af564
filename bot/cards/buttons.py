"""Buttons and menus that outlive a restart: all that a press means is in its custom id."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

import discord

from bot.cards.pressing import TAIL, Button, Lasting, Select, named
from bot.domain.case import Case
from bot.domain.decision import Decision
from bot.domain.ids import CaseId

EVENT: Final = "desk_press"
"""The client event of every press: listeners get the interaction and the `Press`."""

_DIGEST: Final = 12
"""Characters of a decision's digest that tell it from the same number in another record."""

MOST_OPTIONS: Final = 25
"""Discord shows no more options in one menu."""


class Kind(StrEnum):
    """What was pressed, with what `Press.extra` means there (0 where nothing is said)."""

    KEEP = "keep"
    HIDE = "hide"
    """`extra` is the rule to cite, as the button said."""
    BAN = "ban"
    """Opens the form in `ban_modal`."""
    MORE = "more"
    OPEN = "open"
    """More on an open case, Open on a decided one: both show `answers.details`."""
    UNDO = "undo"
    """`extra` is the decision that stood when the button was drawn."""
    READ = "read"
    """`extra` is the page of the full text, from 0."""
    NOTES = "notes"
    """`extra` is the page of the reporters' notes, from 0."""
    RETRY = "retry"
    QUEUE = "queue"
    """`extra` is the offset of the first line; `case_id` is 0."""
    AGREE = "agree"
    DECLINE = "decline"
    """Both answer what waits for a second person."""
    BANS = "bans"
    """`extra` is the offset of the first line; `case_id` is 0."""
    CLAIM = "claim"
    TAKE_OVER = "takeover"
    RELEASE = "release"
    STAFF_NOTE = "staffnote"
    ESCALATE = "escalate"
    """Both open a form in `note_forms`."""
    HAMMER = "hammer"
    HAMMER_CHANGE = "hammerchange"
    """Opens the form in `ban_modal`."""
    HAMMER_CANCEL = "hammercancel"
    """The three answers to whether a reaction is meant to ban; `extra` is the question."""
    TAKE_BACK = "takeback"
    THREAD = "thread"
    SNOOZE = "snooze"
    """A menu: put the case off, for a length of `text.staff.SNOOZES`."""
    WAKE = "wake"
    REASON = "reason"
    """A menu: add a text of the cited rule to its notice; `extra` is the decision."""
    SWEEP = "sweep"
    """Hide all that the author posted of late; `extra` is how many hours."""
    AMEND = "amend"
    """A menu: `rule` is the other rule to cite for the decision that stands."""
    HIDE_AS = "hideas"
    """A menu: hide, citing `rule` instead of the one most readers gave."""
    STORY = "story"
    STORY_STATE = "storystate"
    """A menu: how the story of the case stands, a place in `story_card.STATES`."""
    STORY_SET = "storyset"
    STORY_LEAVE = "storyleave"
    """Both answer what setting a state was asked first; `extra` is its place in `STATES`."""
    STORY_RELEASE = "storyrelease"
    """Show again what is on hold under the story for no reason any more."""
    STORY_STILL = "storystill"
    """The story of the case still stands as it was marked."""
    LIFE_STEP = "lifestep"
    """A menu: what was done about a threat to life, a place in `life_card.STEPS`."""
    LEGAL_STEP = "legalstep"
    """A menu: what was done about the legal notice `extra`, a place in `legal_card.STAGES`."""
    LEGAL_LETTERS = "legalletters"
    """`extra` is the legal notice."""
    RUN_BACK = "runback"
    """Take back all that somebody did beyond the brake; `extra` is the run, `case_id` is 0."""
    STORIES = "stories"
    """`extra` is the offset of the first line; `case_id` is 0."""


_MENUS: Final = frozenset(
    {
        Kind.LEGAL_STEP,
        Kind.LIFE_STEP,
        Kind.SNOOZE,
        Kind.REASON,
        Kind.STORY_STATE,
        Kind.AMEND,
        Kind.HIDE_AS,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button or menu and what it stands for. `seen` is the revision shown beside it.

    `token` is the case's, or for what is done to a decision the beginning of its digest; without it
    the press was drawn by an earlier version. `where` is the channel it was pressed in.
    """

    kind: Kind
    case_id: CaseId
    token: str = ""
    seen: int = 0
    extra: int = 0
    values: tuple[str, ...] = ()
    where: int = 0

    @property
    def custom_id(self) -> str:
        """The press as Discord keeps it: ``desk:hide:1042:2:3:Zk3-x_9aQ1vB``."""
        return named(f"desk:{self.kind}:{self.case_id}:{self.seen}:{self.extra}", self.token)

    @property
    def picked(self) -> int | None:
        """The number picked from a menu, such as a rule's; `None` if nothing sound was."""
        value = self.values[0] if self.values else ""
        return int(value) if re.fullmatch(r"[0-9]{1,9}", value) else None


def on_case(kind: Kind, case: Case, extra: int = 0) -> Press:
    """Return a press about a case as it now is."""
    return Press(kind=kind, case_id=case.id, seen=case.revision, extra=extra, token=case.token)


def on_decision(kind: Kind, decision: Decision) -> Press:
    """Return a press about one decision."""
    return Press(
        kind=kind,
        case_id=decision.case_id,
        seen=decision.revision,
        extra=decision.id,
        token=decision.digest[:_DIGEST],
    )


def _template(kinds: Sequence[Kind]) -> re.Pattern[str]:
    names = "|".join(kinds)
    return re.compile(
        rf"desk:(?P<kind>{names}):(?P<case>[0-9]+):(?P<seen>[0-9]+):(?P<extra>[0-9]+){TAIL}"
    )


_BUTTON_ID: Final = _template([kind for kind in Kind if kind not in _MENUS])
_MENU_ID: Final = _template([kind for kind in Kind if kind in _MENUS])


def parse(custom_id: str) -> Press | None:
    """Return what a custom id stands for, `None` if it is not one of ours."""
    match = _BUTTON_ID.fullmatch(custom_id) or _MENU_ID.fullmatch(custom_id)
    return _press(match) if match else None


def _press(match: re.Match[str]) -> Press:
    return Press(
        kind=Kind(match["kind"]),
        case_id=CaseId(int(match["case"])),
        seen=int(match["seen"]),
        extra=int(match["extra"]),
        token=match["token"] or "",
    )


class PressButton(Lasting[Press, Button], template=_BUTTON_ID, event=EVENT, read=_press):
    """A button about a case."""

    def pressed(self, interaction: discord.Interaction[Any]) -> Press:
        """Say where it was pressed."""
        return replace(self.press, where=interaction.channel_id or 0)


class PressMenu(Lasting[Press, Select], template=_MENU_ID, event=EVENT, read=_press):
    """A menu about a case."""

    def pressed(self, interaction: discord.Interaction[Any]) -> Press:
        """Say where it was opened, and what was picked."""
        where = interaction.channel_id or 0
        # A forged press may say that it is a button's, and then nothing was picked.
        values = tuple(getattr(self.item, "values", ()))
        return replace(self.press, values=values, where=where)


ITEMS: Final = (PressButton, PressMenu)
"""Everything the client must be told of at start: `client.add_dynamic_items(*ITEMS)`."""


def button(
    press: Press, label: str, style: discord.ButtonStyle = discord.ButtonStyle.secondary
) -> PressButton:
    """Return a button of at most 80 characters' label."""
    return PressButton(press, discord.ui.Button(label=label, style=style))


def menu(press: Press, placeholder: str, options: Sequence[discord.SelectOption]) -> PressMenu:
    """Return a menu of one choice; options past Discord's limit are left out."""
    select: Select = discord.ui.Select(
        placeholder=placeholder, options=list(options[:MOST_OPTIONS])
    )
    return PressMenu(press, select)
