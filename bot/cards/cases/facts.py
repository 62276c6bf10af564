"""What a card says about a comment, its author and story, and who is at it; none of it empty."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import discord

from bot.cards import escape, links, parts
from bot.cards.escape import blur
from bot.cards.parts import joined, name, quote, small
from bot.cards.presses.cases import TakeOver
from bot.cards.presses.persistent_items import PressButton, button
from bot.cards.text import cases as case_text
from bot.cards.text import common as common_text
from bot.cards.text import staff as staff_text
from bot.domain.cases import CaseState, CaseView
from bot.domain.comments import Story
from bot.domain.errors import AlreadyClaimed
from bot.domain.lines import count
from bot.domain.policy import Policy
from bot.domain.triage import CaseNote, Viewer

_TITLE: Final = 90
_SECTION: Final = 24
_PARENT: Final = 110
_BEFORE: Final = 200
_REASONS_SHOWN: Final = 4
_WHY: Final = 160


def headline(view: CaseView, policy: Policy) -> str:
    """Say the state, the gravest complaint, how many complained and since when."""
    case = view.case
    rule = escape.line(policy.rule(case.top_rule).name, 40)
    state = case_text.STATES.get(case.state, case_text.STATES[CaseState.OPEN])
    first = f"{state} {rule}" if case.state is CaseState.OPEN else f"{state} · {rule}"
    return joined(
        f"**{first}**",
        case_text.readers(case.reporters),
        case_text.notes(view.notes) if view.notes else None,
        case_text.first_reported(case.opened_at),
        common_text.case(case.id),
    )


def reasons(view: CaseView, policy: Policy) -> str | None:
    """Say how many reports cite which rule, the most cited first, if there are several."""
    counted = view.case.reasons
    if len(counted) == 1:
        return None
    order = sorted(counted, key=lambda number: (-counted[number], number))
    said = [
        f"{escape.line(policy.rule(number).name, 40)} {counted[number]:,}"
        for number in order[:_REASONS_SHOWN]
    ]
    left = len(order) - len(said)
    return small(joined(*said, f"+{left}" if left else None))


def taken_back(view: CaseView) -> str | None:
    """Say that nobody complains of the comment any more."""
    return case_text.TAKEN_BACK if view.case.taken_back and view.case.is_open else None


def uncounted(view: CaseView) -> str | None:
    """Say how many reports are not counted, and why."""
    return small(case_text.uncounted(view.uncounted)) if view.uncounted else None


def warning(view: CaseView, policy: Policy) -> str | None:
    """Warn of a text that stays behind a click, and say why it does."""
    veiled = (number for number in view.case.reasons if policy.rule(number).spoiler)
    worst = max(veiled, key=lambda number: policy.rule(number).severity, default=None)
    if worst is None:
        return None
    return small(staff_text.content_warning(escape.line(policy.rule(worst).name, 40)))


def author(view: CaseView, now: datetime) -> str:
    """Say who wrote the comment and what is known of them."""
    record = view.record
    past = (
        case_text.author_record(record.reported, record.hidden)
        if record.reported > 1
        else case_text.FIRST_REPORT
    )
    return joined(
        f"**{name(view.author.name)}**",
        past,
        count(record.strikes, "strike") if record.strikes else None,
        case_text.member_since(view.author.since) if view.author.since else None,
        _ban(view, now),
    )


def _ban(view: CaseView, now: datetime) -> str | None:
    record = view.record
    if not record.banned:
        return None
    until = record.banned_until
    return case_text.banned(until, now) if until is None or until > now else None


def story(view: CaseView, most: int = links.ALONE) -> str:
    """Say under which story the comment stands, with links there.

    The comment's own may be as long as any address, or `most`. The story's may where there is no
    other, and is left out beside a long one, which leads to the same page.
    """
    section = escape.line(view.story.section or "", _SECTION)
    permalink = links.linkable(view.comment.permalink, most)
    there = f"[{case_text.SEE_COMMENT}]({permalink})" if permalink else None
    room = most if permalink is None else links.beside(permalink)
    url = links.linkable(view.story.url, room)
    return joined(case_text.on_story(_title(view.story, url), section or None), there)


def _title(story: Story, url: str | None) -> str:
    title = escape.line(story.title, _TITLE)
    if title:
        return f"“[{title}]({url})”" if url else f"“{title}”"
    # Discord makes no link of a text that looks like an address.
    where = escape.line(links.address(story.url), _TITLE) or common_text.NO_TITLE
    return f"{where} · [{case_text.SEE_STORY}]({url})" if url else where


def parent(view: CaseView, policy: Policy) -> str | None:
    """Say what the comment answers."""
    if view.comment.parent is None:
        return None
    said = blur(escape.line(view.comment.parent.text, _PARENT), policy.blurred)
    return case_text.answering(name(view.comment.parent.author), said) if said else None


def edited(view: CaseView, policy: Policy, length: int) -> str | None:
    """Show what the comment said before it was edited, if it was; never much of it."""
    if view.before is None or view.case.revision == 1:
        return None
    return case_text.edited(quote(view, policy, view.before, min(length, _BEFORE), lines=1))


def why(view: CaseView) -> str:
    """Say why the case stands where it stands in the queue."""
    return small(case_text.why(escape.line(", ".join(view.why), _WHY)))


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


def lookers(found: Sequence[Viewer]) -> str | None:
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
