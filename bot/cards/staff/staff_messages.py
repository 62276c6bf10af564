"""Messages to staff and the pinned overview, put into words.

They begin with whom they call, and never with what a reader wrote: a telephone shows the
beginning of a message on its locked screen.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import discord

from bot.cards import escape, parts
from bot.cards.presses.cases import NextCase
from bot.cards.presses.persistent_items import PressButton, button
from bot.cards.text import decisions as decision_text
from bot.cards.text import staff as staff_text
from bot.domain.ids import CaseId
from bot.domain.sayings import StaffMessage, StaffMessageKind
from bot.domain.staff import Overview, Trouble, WaitingContests

Links = Mapping[CaseId, str]
"""Where the cards stand, as addresses."""

_NOTE: Final = 500
_TROUBLE: Final = 700
_COLOUR: Final = 0x5865F2
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


def in_words(message: StaffMessage, who: str, links: Links, *, by_role: bool = False) -> str:
    """Return what is said to staff; `who` mentions those it calls, each or all `by_role`."""
    by = parts.name(message.by_name or "")
    case = _case(message, links)
    match message.kind:
        case StaffMessageKind.ASSIGNED:
            one = "somebody" if by_role else "you"
            said = staff_text.told_assigned(who, by, case, _since(message), one=one)
        case StaffMessageKind.BACK if by_role:
            said = staff_text.told_back(who, by, case)
        case StaffMessageKind.BACK:
            said = staff_text.told_own_back(who, case)
        case StaffMessageKind.ESCALATED:
            said = staff_text.told_editors(who, by, case, _note(message))
        case StaffMessageKind.CONTESTED:
            said = staff_text.told_contested(who, case)
        case StaffMessageKind.THREAD:
            said = staff_text.thread_opening(by)
        case (
            StaffMessageKind.LATE
            | StaffMessageKind.LATE_EDITORS
            | StaffMessageKind.LATE_CONTESTS
            | StaffMessageKind.LATE_CONTESTS_EDITORS
        ):
            said = _late(message, who, links)
    return said.strip()


def _since(message: StaffMessage) -> datetime:
    return message.since or _EVER


def _note(message: StaffMessage) -> str | None:
    return escape.line(message.note, _NOTE) if message.note else None


def _late(message: StaffMessage, who: str, links: Links) -> str:
    since = _since(message)
    if message.kind is StaffMessageKind.LATE:
        return staff_text.told_late(who, message.total, since, _cases(message, links))
    if message.kind is StaffMessageKind.LATE_EDITORS:
        return staff_text.told_late_editors(who, message.total, since, _cases(message, links))
    # Several may be about one case, so that what is left out cannot be counted by cases.
    named = _cases(replace(message, total=len(message.cases)), links)
    return staff_text.told_late_contests(who, message.total, since, named)


def trouble(trouble: Trouble, *, over: bool) -> str:
    """Return what staff are told of something that Discord refuses, or refuses no more."""
    if over:
        return f"✅ {escape.line(trouble.over, _TROUBLE)}"
    mend = f"\n{escape.line(trouble.mend, _TROUBLE)}" if trouble.mend else ""
    return f"⚠ **{escape.line(trouble.words, _TROUBLE)}**{mend}"


def plain_trouble(trouble: Trouble, *, over: bool) -> tuple[str, str]:
    """Return the same as a title and a text for the roads besides Discord."""
    if over:
        return staff_text.WORKS_AGAIN, trouble.over
    return staff_text.HELD_UP, trouble.said


def thread_name(message: StaffMessage) -> str:
    """Return what a case's thread is called, at most 100 characters."""
    return escape.label(staff_text.thread_name(message.cases[0], message.rule or ""), 100)


def overview(seen: Overview, links: Links, *, link: str | None = None) -> discord.ui.LayoutView:
    """Show how the desk stands, and offer the next case.

    Times count by themselves, so that it is edited less often.
    """
    return parts.card([parts.text(*_lines(seen, links, link)), parts.row(next_case())], _COLOUR)


def plain_overview() -> discord.ui.LayoutView:
    """Offer the next case where Discord refuses to show how the desk stands."""
    return parts.plain(parts.text(staff_text.unsayable("the queue")), parts.row(next_case()))


def next_case() -> PressButton:
    """Return the button that takes the worst case that is free."""
    return button(NextCase(), staff_text.NEXT, discord.ButtonStyle.primary)


def nothing_free(*, waits: bool, elsewhere: Sequence[int]) -> discord.ui.LayoutView:
    """Say that no case is free, and offer to look again; `elsewhere` are channels where some are."""
    if elsewhere:
        said = staff_text.free_elsewhere(", ".join(f"<#{channel}>" for channel in elsewhere))
    else:
        said = staff_text.NOTHING_FREE if waits else decision_text.QUEUE_EMPTY
    return parts.plain(parts.text(said), parts.row(next_case()))


def _lines(seen: Overview, links: Links, contest_link: str | None) -> Iterator[str | None]:
    if seen.contests is not None:
        yield _contests(seen.contests, contest_link)
    if seen.raised and seen.front is not None:
        first = decision_text.queue_number(seen.front, links.get(seen.front))
        yield staff_text.raised_ones(seen.raised, first)
    yield staff_text.how_many(seen.open, seen.waiting)
    if seen.oldest is not None:
        number, since = seen.oldest
        yield staff_text.oldest(decision_text.queue_number(number, links.get(number)), since)
    yield staff_text.set_aside(seen.escalated, seen.snoozed)
    if seen.claimed:
        in_hand = (_in_hand(one.case_id, one.by_name, links) for one in seen.claimed)
        yield staff_text.being_worked_on(", ".join(in_hand))
    if seen.on_shift:
        yield staff_text.on_shift(", ".join(f"<@{person}>" for person in seen.on_shift))
    yield parts.small(_today(seen))


def _in_hand(case_id: CaseId, name: str, links: Links) -> str:
    return f"{decision_text.queue_number(case_id, links.get(case_id))} {parts.name(name)}"


def _today(seen: Overview) -> str:
    if seen.median is None or seen.slowest is None:
        return staff_text.NOTHING_TODAY
    return staff_text.today(seen.decided, seen.median, seen.slowest)


def _contests(waiting: WaitingContests, link: str | None) -> str:
    named = staff_text.contest(waiting.first)
    first = f"[{named}]({link})" if link else named
    return staff_text.contested(waiting.number, waiting.overdue, first, waiting.due_at)


def _case(message: StaffMessage, links: Links) -> str:
    number = message.cases[0]
    named = decision_text.queue_number(number, links.get(number))
    return f"{named} ({escape.line(message.rule, 40)})" if message.rule else named


def _cases(message: StaffMessage, links: Links) -> str:
    named = ", ".join(
        decision_text.queue_number(number, links.get(number)) for number in message.cases
    )
    left = message.total - len(message.cases)
    return f"{named} {staff_text.and_more(left)}" if left > 0 else named
