"""What else can be done with a case: the rows of buttons and menus under More."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import discord

from bot.cards import parts
from bot.cards import wording_shift as told
from bot.cards.buttons import Kind, Press, PressButton, button, menu
from bot.cards.pressing import Lasting, UserSelect
from bot.domain.case import CaseState, CaseView
from bot.domain.casework import Assignment
from bot.domain.decision import Action
from bot.domain.ids import CaseId, PersonId
from bot.domain.policy import Policy

ASSIGN_EVENT: Final = "desk_assign"
"""The client event of a colleague being picked: listeners get the interaction and `Assigning`."""


def rows(
    view: CaseView, policy: Policy, *, now: datetime, by_id: PersonId, can: Collection[Action]
) -> Iterator[parts.Item]:
    """Yield the rows for one person; to who has the case also the buttons that decide it."""
    if view.decision is not None:
        yield parts.row(*_talk(view))
        return
    claim = view.work.claim_at(now)
    if claim is not None and claim.by_id == by_id:
        yield parts.row(*parts.verdicts(view, policy, can))
    yield parts.row(*_hold(view, now, by_id), *_talk(view))
    if view.work.snooze is None:
        options = [
            discord.SelectOption(label=label, value=str(value)) for label, value in told.SNOOZES
        ]
        yield parts.row(menu(_press(Kind.SNOOZE, view), told.SNOOZE, options))
    yield parts.row(_assign(view.case.id, view.work.assigned))


def _hold(view: CaseView, now: datetime, by_id: PersonId) -> Iterator[PressButton]:
    claim = view.work.claim_at(now)
    if claim is None:
        yield button(_press(Kind.CLAIM, view), told.CLAIM, discord.ButtonStyle.primary)
    elif claim.by_id == by_id:
        yield button(_press(Kind.RELEASE, view), told.RELEASE)
    else:
        yield button(_press(Kind.TAKE_OVER, view), told.TAKE_OVER)
    if view.case.state is CaseState.ESCALATED:
        yield button(_press(Kind.TAKE_BACK, view), told.TAKE_BACK)
    else:
        yield button(_press(Kind.ESCALATE, view), told.ESCALATE)
    if view.work.snooze is not None:
        yield button(_press(Kind.WAKE, view), told.WAKE)


def _talk(view: CaseView) -> Iterator[PressButton]:
    yield button(_press(Kind.STAFF_NOTE, view), told.NOTE)
    if view.work.thread_id is None:
        yield button(_press(Kind.THREAD, view), told.THREAD)


def _press(kind: Kind, view: CaseView) -> Press:
    return Press(kind=kind, case_id=view.case.id, seen=view.case.revision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigning:
    """A colleague to ask about a case; emptied, nobody is asked."""

    case_id: CaseId
    picked: discord.Member | discord.User | None = None

    @property
    def custom_id(self) -> str:
        """The menu as Discord keeps it: ``desk:assign:1042``."""
        return f"desk:assign:{self.case_id}"


def _assigning(match: re.Match[str]) -> Assigning:
    return Assigning(case_id=CaseId(int(match["case"])))


class AssignMenu(
    Lasting[Assigning, UserSelect],
    template=re.compile(r"desk:assign:(?P<case>[0-9]{1,18})"),
    event=ASSIGN_EVENT,
    read=_assigning,
):
    """A menu of the server's people, as Discord itself offers them."""

    def pressed(self, interaction: discord.Interaction[Any]) -> Assigning:
        """Say who was picked."""
        del interaction
        return replace(self.press, picked=next(iter(self.item.values), None))


def _assign(case_id: CaseId, assigned: Assignment | None) -> AssignMenu:
    person = discord.SelectDefaultValueType.user
    chosen = [discord.SelectDefaultValue(id=assigned.to_id, type=person)] if assigned else []
    select: UserSelect = discord.ui.UserSelect(
        placeholder=told.ASSIGN, min_values=0, max_values=1, default_values=chosen
    )
    return AssignMenu(Assigning(case_id=case_id), select)
