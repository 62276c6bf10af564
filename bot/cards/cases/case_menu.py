"""What else can be done with a case: the rows under More, and their two short forms."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, Final

import discord

from bot.cards import parts
from bot.cards.cases import life_card, progress, proposals
from bot.cards.presses.alerts import AskForm
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
from bot.cards.presses.scheme import Press, on_alert, on_case
from bot.cards.text import alert_answers as alert_answer_text
from bot.cards.text import cases as case_text
from bot.cards.text import staff as staff_text
from bot.domain.alerts import Alert
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
    yield from _for_later_or_others(view)


def _for_later_or_others(view: CaseView) -> Iterator[parts.Item]:
    """Yield the menus with which a case is put off, and a colleague asked to see to it."""
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

    def __init__(self, press: Press, *, title: str, field: str, help_: str, needed: bool) -> None:
        super().__init__(title=title, custom_id=press.custom_id)
        words: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id=TEXT,
            style=discord.TextStyle.paragraph,
            required=needed,
            max_length=_LENGTH,
        )
        self.add_item(discord.ui.Label(text=field, description=help_, component=words))
        self.stop()


def staff_note(case: Case) -> WordsModal:
    """Return the form of a note for colleagues."""
    return WordsModal(
        on_case(NoteForm, case),
        title=staff_text.NOTE_TITLE,
        field=staff_text.NOTE_FIELD,
        help_=staff_text.NOTE_HELP,
        needed=True,
    )


def to_editors(case: Case) -> WordsModal:
    """Return the form of words for the editors, who get the case."""
    return WordsModal(
        on_case(EscalateForm, case),
        title=staff_text.ESCALATE_TITLE,
        field=staff_text.ESCALATE_FIELD,
        help_=staff_text.ESCALATE_HELP,
        needed=False,
    )


def to_moderators(alert: Alert) -> WordsModal:
    """Return the form of a question to the moderators about an alert."""
    return WordsModal(
        on_alert(AskForm, alert),
        title=alert_answer_text.ASK_TITLE,
        field=alert_answer_text.ASK_FIELD,
        help_=alert_answer_text.ASK_HELP,
        needed=False,
    )
