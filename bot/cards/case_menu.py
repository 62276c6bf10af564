"""What else can be done with a case: the rows of buttons and menus under More."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import discord

from bot.cards import life_card, parts, progress, proposals
from bot.cards.buttons import Kind, PressButton, button, menu, on_case
from bot.cards.pressing import TAIL, Lasting, UserSelect, named
from bot.cards.text import cases as case_text
from bot.cards.text import staff as staff_text
from bot.domain.case import Case, CaseState, CaseView
from bot.domain.casework import Assignment
from bot.domain.decision import Action
from bot.domain.ids import CaseId, PersonId
from bot.domain.policy import Policy

ASSIGN_EVENT: Final = "desk_assign"
"""The client event of a colleague being picked: listeners get the interaction and `Assigning`."""


def rows(
    view: CaseView,
    policy: Policy,
    *,
    now: datetime,
    by_id: PersonId,
    can: Collection[Action],
    has_card: bool = True,
) -> Iterator[parts.Item]:
    """Yield the rows for one person; to who has the case also the buttons that decide it.

    Without a card, everybody gets what the card would offer.
    """
    if not has_card:
        yield from _as_on_card(view, policy, now)
    if view.decision is not None:
        yield parts.row(*_talk(view))
        return
    claim = view.work.claim_at(now)
    if not has_card or (claim is not None and claim.by_id == by_id):
        yield parts.row(*parts.verdicts(view, policy, can))
    yield parts.row(*_hold(view, now, by_id), *_talk(view))
    if view.work.snooze is None:
        options = [
            discord.SelectOption(label=label, value=str(value))
            for label, value in staff_text.SNOOZES
        ]
        yield parts.row(menu(on_case(Kind.SNOOZE, view.case), staff_text.SNOOZE, options))
    yield parts.row(_assign(view.case, view.work.assigned))


def _as_on_card(view: CaseView, policy: Policy, now: datetime) -> Iterator[parts.Item]:
    """Yield what only the card has otherwise."""
    yield from life_card.checklist(view)
    yield from proposals.waiting(view, policy, now)
    if progress.is_troubled(view):
        yield parts.row(
            button(on_case(Kind.RETRY, view.case), case_text.TRY_NOW, discord.ButtonStyle.primary)
        )


def _hold(view: CaseView, now: datetime, by_id: PersonId) -> Iterator[PressButton]:
    claim = view.work.claim_at(now)
    if claim is None:
        yield button(on_case(Kind.CLAIM, view.case), staff_text.CLAIM, discord.ButtonStyle.primary)
    elif claim.by_id == by_id:
        yield button(on_case(Kind.RELEASE, view.case), staff_text.RELEASE)
    else:
        yield button(on_case(Kind.TAKE_OVER, view.case), staff_text.TAKE_OVER)
    if view.case.state is CaseState.ESCALATED:
        yield button(on_case(Kind.TAKE_BACK, view.case), staff_text.TAKE_BACK)
    else:
        yield button(on_case(Kind.ESCALATE, view.case), staff_text.ESCALATE)
    if view.work.snooze is not None:
        yield button(on_case(Kind.WAKE, view.case), staff_text.WAKE)


def _talk(view: CaseView) -> Iterator[PressButton]:
    yield button(on_case(Kind.STAFF_NOTE, view.case), staff_text.NOTE)
    if view.work.thread_id is None:
        yield button(on_case(Kind.THREAD, view.case), staff_text.THREAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigning:
    """A colleague to ask about a case; emptied, nobody is asked."""

    case_id: CaseId
    token: str = ""
    picked: discord.Member | discord.User | None = None

    @property
    def custom_id(self) -> str:
        """The menu as Discord keeps it: ``desk:assign:1042:Zk3-x_9aQ1vB``."""
        return named(f"desk:assign:{self.case_id}", self.token)


def _assigning(match: re.Match[str]) -> Assigning:
    return Assigning(case_id=CaseId(int(match["case"])), token=match["token"] or "")


_ASSIGN_ID: Final = re.compile(rf"desk:assign:(?P<case>[0-9]+){TAIL}")


def parse(custom_id: str) -> Assigning | None:
    """Return which menu a custom id is, `None` if it is none of these."""
    match = _ASSIGN_ID.fullmatch(custom_id)
    return _assigning(match) if match else None


class AssignMenu(
    Lasting[Assigning, UserSelect],
    template=_ASSIGN_ID,
    event=ASSIGN_EVENT,
    read=_assigning,
):
    """A menu of the server's people, as Discord itself offers them."""

    def pressed(self, interaction: discord.Interaction[Any]) -> Assigning:
        """Say who was picked."""
        del interaction
        return replace(self.press, picked=next(iter(self.item.values), None))


def _assign(case: Case, assigned: Assignment | None) -> AssignMenu:
    person = discord.SelectDefaultValueType.user
    chosen = [discord.SelectDefaultValue(id=assigned.to_id, type=person)] if assigned else []
    select: UserSelect = discord.ui.UserSelect(
        placeholder=staff_text.ASSIGN, min_values=0, max_values=1, default_values=chosen
    )
    return AssignMenu(Assigning(case_id=case.id, token=case.token), select)
