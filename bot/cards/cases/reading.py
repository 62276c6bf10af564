"""Answers to be read rather than acted on: the whole text, readers' notes, a case, the queue."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Final

import discord

from bot.cards import escape, links, parts
from bot.cards.cases import case_lines, facts, progress
from bot.cards.escape import blur
from bot.cards.parts import Item, SiteCan, anything
from bot.cards.presses.cases import HideUnder, ReadNotes, ReadText, ShowQueue
from bot.cards.presses.others import ShowAuthor, ShowStory
from bot.cards.presses.persistent_items import button, menu
from bot.cards.presses.scheme import on_case, on_text
from bot.cards.text import authors as author_text
from bot.cards.text import cases as case_text
from bot.cards.text import common as common_text
from bot.cards.text import decisions as decision_text
from bot.cards.text import stories as story_text
from bot.domain.cases import Case, CaseView
from bot.domain.comments import Note
from bot.domain.decisions import Action
from bot.domain.ids import CaseId
from bot.domain.policy import Policy

_PAGE: Final = 3600
"""Units of a text a page, so that the lines around it fit beside it."""
_NOTE: Final = 200
_NOTES_A_PAGE: Final = 5
_EXCERPTS: Final = (300, 150, 60)
"""Characters shown of a comment; the later ones where escaping made much of it longer."""
_LONGEST_HISTORY: Final = 8
_CONTESTS: Final = 4
_QUEUE_TEXT: Final = 40


def full_text(view: CaseView, policy: Policy, *, page: int = 0) -> discord.ui.LayoutView:
    """Show the whole comment, with a button to the next page where there is more."""
    case = view.case
    found = escape.pages(view.comment.text, _PAGE)
    here = min(max(page, 0), len(found) - 1)
    veiled = parts.is_spoiler(view, policy)
    shown = f"||{found[here]} ||" if veiled else blur(found[here], policy.blurred)
    head = decision_text.whole_comment(parts.name(view.author.name), case.id)
    if view.withheld is not None:
        return parts.plain(parts.text(head), parts.text(story_text.withheld(view.withheld)))
    return parts.plain(
        parts.text(head),
        parts.text(shown if found[here] else case_text.NO_TEXT),
        *_paging(ReadText, case, here, len(found)),
    )


def notes(
    case: Case, found: Sequence[Note], policy: Policy, *, page: int = 0
) -> discord.ui.LayoutView:
    """Show what reporters wrote, with a button to the next page where there is more."""
    if not found:
        return parts.plain(parts.text(decision_text.NO_NOTES))
    total = -(-len(found) // _NOTES_A_PAGE)
    here = min(max(page, 0), total - 1)
    shown = found[here * _NOTES_A_PAGE : (here + 1) * _NOTES_A_PAGE]
    return parts.plain(
        parts.text(decision_text.readers_notes(case.id, len(found)), decision_text.NOTES_WARNING),
        *(parts.text(_note(note, policy)) for note in shown),
        *_paging(ReadNotes, case, here, total),
    )


def _note(note: Note, policy: Policy) -> str:
    rule = escape.line(policy.rule(note.rule).name, 40)
    words = blur(escape.prose(note.text, _NOTE, lines=4), policy.blurred) or case_text.NO_TEXT
    return (
        f"{parts.small(parts.joined(rule, common_text.ago(note.at)))}\n{common_text.quoted(words)}"
    )


def _paging(kind: type[ReadText | ReadNotes], case: Case, here: int, total: int) -> Iterator[Item]:
    if total == 1:
        return
    yield parts.text(decision_text.page(here + 1, total))
    following = (here + 1) % total
    press = kind(case=case.id, token=case.token, page=following)
    yield parts.row(button(press, common_text.NEXT_PAGE if following else common_text.FIRST_PAGE))


def details(  # noqa: PLR0913 - each is something only the caller knows
    view: CaseView,
    policy: Policy,
    *,
    now: datetime,
    link: str | None = None,
    site_can: SiteCan = anything,
    said: tuple[str | None, ...] = (),
    may_change: bool = True,
    further: Callable[[], Iterable[Item]] = tuple,
) -> discord.ui.LayoutView:
    """Show all about a case; `link` leads to its card, where the answer is not beside it.

    `said` stands first, and the rows of `further` last. Undo is for who may change the decision.
    """
    can = site_can(view.case.site)

    def draw(length: int) -> discord.ui.LayoutView:
        return parts.plain(
            *([parts.text(*said)] if any(said) else []),
            parts.text(
                _state(view, policy),
                progress.story(view, policy),
                facts.taken_back(view),
                facts.reasons(view, policy),
                facts.uncounted(view),
                decision_text.go_to_card(link) if link else None,
            ),
            parts.text(parts.quote(view, policy, view.comment.text, length)),
            parts.text(
                facts.edited(view, policy, length),
                facts.author(view, now),
                *case_lines.said(view.hints, now, most=3),
                facts.story(view, links.AMONG_OTHERS if length == _EXCERPTS[-1] else links.ALONE),
                facts.parent(view, policy),
                facts.why(view) if view.why and view.case.is_open else None,
            ),
            *facts.in_details(view, now, length),
            *_so_far(view, policy, min(_LONGEST_HISTORY, length // 30)),
            *_further(view, policy, can if may_change or view.decision is None else ()),
            *further(),
        )

    return parts.fitting(draw, _EXCERPTS)


def _so_far(view: CaseView, policy: Policy, most: int) -> Iterator[Item]:
    if view.history:
        lines = _history(view, policy, most)
        contested = map(progress.contested_line, view.contests[-_CONTESTS:])
        yield parts.text(decision_text.HISTORY, *lines, *contested, progress.trouble(view))


def _state(view: CaseView, policy: Policy) -> str:
    if view.decision is None:
        return facts.headline(view, policy)
    said = progress.verdict(view, view.decision, policy)
    return parts.joined(said, progress.site(view), common_text.case(view.case.id))


def _history(view: CaseView, policy: Policy, most: int) -> Iterator[str]:
    for made, then in list(zip_longest(view.history, view.history[1:]))[-most:]:
        yield parts.joined(
            progress.recorded(made, policy, then),
            common_text.note(escape.line(made.verdict.note, 80)) if made.verdict.note else None,
        )


def _further(view: CaseView, policy: Policy, can: Collection[Action]) -> Iterator[Item]:
    """What else can be looked at, and hiding under a rule that was not the most reported."""
    case = view.case
    if view.decision is None and Action.HIDE in can:
        yield parts.row(
            menu(
                on_text(HideUnder, case),
                case_text.HIDE_AS,
                parts.rule_options(policy.at(case.site)),
            )
        )
    buttons: list[Item] = []
    if view.notes:
        buttons.append(button(on_case(ReadNotes, case), case_text.readers_notes(view.notes)))
    if escape.is_longer(view.comment.text, _EXCERPTS[0]):
        buttons.append(button(on_case(ReadText, case), case_text.read_all(view.comment.text)))
    if view.decision is not None:
        buttons.extend(parts.undo(view.decision, can))
    buttons.append(button(on_case(ShowStory, case), story_text.STORY))
    buttons.append(button(on_case(ShowAuthor, case), author_text.RECORD))
    yield parts.row(*buttons)


def queue(
    views: Sequence[CaseView],
    policy: Policy,
    *,
    total: int,
    links: Mapping[CaseId, str],
    offset: int = 0,
) -> discord.ui.LayoutView:
    """List open cases, worst first, with a button to the next ones."""
    if not views:
        return parts.plain(
            parts.text(decision_text.QUEUE_END if total else decision_text.QUEUE_EMPTY)
        )
    shown = [queue_line(view, policy, links.get(view.case.id)) for view in views[:10]]
    items: list[Item] = [parts.text(decision_text.queue_head(total)), parts.text(*shown)]
    seen = offset + len(shown)
    press = ShowQueue(offset=seen if seen < total else 0)
    if total > len(shown):
        items.append(parts.row(button(press, decision_text.next_cases(back=press.offset == 0))))
    return parts.plain(*items)


def queue_line(view: CaseView, policy: Policy, link: str | None) -> str:
    """Return one case of a list, in one line."""
    case = view.case
    return parts.joined(
        f"{decision_text.RAISED if case.raised else ''}**{decision_text.queue_number(case.id, link)}**",
        escape.line(policy.rule(case.top_rule).name, 40),
        case_text.readers(case.reporters),
        common_text.ago(case.opened_at),
        _holder(view),
        case_text.ON_HOLD if progress.is_held(view) else None,
        parts.quote(view, policy, view.comment.text, _QUEUE_TEXT, lines=1),
    )


def _holder(view: CaseView) -> str | None:
    """Say in a list who has a case, so that nobody opens it for nothing."""
    if view.work.escalation is not None:
        return decision_text.WITH_EDITORS
    claim = view.work.claim
    return decision_text.held_by(parts.name(claim.by_name)) if claim is not None else None
