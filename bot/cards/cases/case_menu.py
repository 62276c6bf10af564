"""What else can be done with a case: the rows under More, and their two short forms."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, Final

import discord

from bot.cards import parts
from bot.cards.cases import life_card, progress, proposals
from bot.cards.presses.cases import (
    AskColleague,
    AskThread,
    ClaimCase,
    EscalateForm,
    NoteForm,
    PutOff,
    ReleaseCase,
    TakeBackCase,
    TakeOver,
    TryNow,
    WakeCase,
    WriteNote,
    WriteToEditors,
)
from bot.cards.presses.persistent_items import PressButton, button, menu, people_menu
from bot.cards.presses.scheme import on_case
from bot.cards.text import cases as case_text
from bot.cards.text import staff as staff_text
from bot.domain.cases import Case, CaseState, CaseView
from bot.domain.decisions import Action
from bot.domain.ids import PersonId
from bot.domain.policy import Policy


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
        yield parts.row(menu(on_case(PutOff, view.case), staff_text.SNOOZE, options))
    asked = view.work.assigned.to_id if view.work.assigned else None
    yield parts.row(people_menu(on_case(AskColleague, view.case), staff_text.ASSIGN, asked))


def _as_on_card(view: CaseView, policy: Policy, now: datetime) -> Iterator[parts.Item]:
    """Yield what only the card has otherwise."""
    yield from life_card.checklist(view)
    yield from proposals.waiting(view, policy, now)
    if progress.is_troubled(view):
        yield parts.row(
            button(on_case(TryNow, view.case), case_text.TRY_NOW, discord.ButtonStyle.primary)
        )


def _hold(view: CaseView, now: datetime, by_id: PersonId) -> Iterator[PressButton]:
    claim = view.work.claim_at(now)
    if claim is None:
        yield button(on_case(ClaimCase, view.case), staff_text.CLAIM, discord.ButtonStyle.primary)
    elif claim.by_id == by_id:
        yield button(on_case(ReleaseCase, view.case), staff_text.RELEASE)
    else:
        yield button(on_case(TakeOver, view.case), staff_text.TAKE_OVER)
    if view.case.state is CaseState.ESCALATED:
        yield button(on_case(TakeBackCase, view.case), staff_text.TAKE_BACK)
    else:
        yield button(on_case(WriteToEditors, view.case), staff_text.ESCALATE)
    if view.work.snooze is not None:
        yield button(on_case(WakeCase, view.case), staff_text.WAKE)


def _talk(view: CaseView) -> Iterator[PressButton]:
    yield button(on_case(WriteNote, view.case), staff_text.NOTE)
    if view.work.thread_id is None:
        yield button(on_case(AskThread, view.case), staff_text.THREAD)


_LENGTH: Final = 500
TEXT: Final = "text"
"""The field's id."""


class WordsModal(discord.ui.Modal):
    """One field of text; nothing is kept while it is open, as with the ban form."""

    def __init__(self, kind: type[NoteForm | EscalateForm], case: Case) -> None:
        note = kind is NoteForm
        super().__init__(
            title=staff_text.NOTE_TITLE if note else staff_text.ESCALATE_TITLE,
            custom_id=on_case(kind, case).custom_id,
        )
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id=TEXT,
            style=discord.TextStyle.paragraph,
            required=note,
            max_length=_LENGTH,
        )
        self.add_item(
            discord.ui.Label(
                text=staff_text.NOTE_FIELD if note else staff_text.ESCALATE_FIELD,
                description=staff_text.NOTE_HELP if note else staff_text.ESCALATE_HELP,
                component=field,
            )
        )
        self.stop()
