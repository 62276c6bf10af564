"""Who is at a case and what colleagues noted, as cards and details say it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import discord

from bot.cards import escape, parts
from bot.cards.case_presses import TakeOver
from bot.cards.persistent_items import PressButton, button
from bot.cards.text import staff as staff_text
from bot.domain.case import CaseView
from bot.domain.casework import CaseNote, Looker
from bot.domain.errors import AlreadyClaimed

_NOTE_ON_CARD: Final = 120
_NOTE_IN_DETAILS: Final = 300
_NAMED: Final = 3


def on_card(view: CaseView, now: datetime) -> Iterator[parts.Item]:
    """Yield the lines that an open case's card has about it, if there is anything to say."""
    lines = [*_state(view, now), *_newest_note(view)]
    if lines:
        yield parts.text(*lines)


def in_details(view: CaseView, now: datetime, length: int) -> Iterator[parts.Item]:
    """Yield the same with more of the notes."""
    lines = [*_state(view, now), *(_note(note, length) for note in view.work.notes)]
    if lines:
        yield parts.text(*lines)


def _state(view: CaseView, now: datetime) -> Iterator[str]:
    work = view.work
    claim = work.claim_at(now)
    if work.raised is not None:
        lift = work.raised
        yield staff_text.raised(parts.name(lift.by_name), lift.at, lift.alert)
    if work.escalation is not None:
        made = work.escalation
        note = escape.line(made.note, _NOTE_IN_DETAILS) if made.note else None
        yield staff_text.with_editors(parts.name(made.by_name), made.at, note)
    if claim is not None:
        yield staff_text.has_claimed(parts.name(claim.by_name), claim.until)
    if work.assigned is not None:
        yield staff_text.is_asked(
            parts.name(work.assigned.to_name), parts.name(work.assigned.by_name)
        )
    if work.snooze is not None:
        yield staff_text.put_off(parts.name(work.snooze.by_name), work.snooze.until)
    if work.thread_id is not None:
        yield staff_text.thread(work.thread_id)


def _newest_note(view: CaseView) -> Iterator[str]:
    work = view.work
    if work.notes:
        yield _note(work.notes[-1], _NOTE_ON_CARD)
        if work.notes_total > 1:
            yield parts.small(staff_text.more_notes(work.notes_total - 1))


def _note(note: CaseNote, length: int) -> str:
    return staff_text.staff_note(parts.name(note.by_name), escape.line(note.text, length), note.at)


def lookers(found: Sequence[Looker]) -> str | None:
    """Say which colleagues opened the case a moment ago."""
    if not found:
        return None
    names = [parts.name(one.by_name) for one in found[:_NAMED]]
    return staff_text.looking(" and ".join(names), len(names) == 1)


def in_words(error: AlreadyClaimed) -> str:
    """Say who has a case that somebody wanted to work on."""
    claim = error.claim
    return staff_text.already_claimed(
        parts.name(claim.by_name), error.case_id, claim.at, claim.until
    )


def claimed_by_other(error: AlreadyClaimed) -> discord.ui.LayoutView:
    """Say who has a case, with a button to take it over."""
    return parts.plain(parts.text(in_words(error)), parts.row(take_over(error)))


def take_over(error: AlreadyClaimed) -> PressButton:
    """Return the button that takes the case over."""
    return button(TakeOver(case=error.case_id, token=error.token), staff_text.TAKE_OVER)
