"""A contested decision as moderators see it, and the list of those that wait for an answer."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import discord

from bot.cards import escape, links, parts
from bot.cards.cases import facts, progress
from bot.cards.escape import blur
from bot.cards.presses.others import ShowAuthor
from bot.cards.presses.persistent_items import PressButton, button
from bot.cards.presses.readers import (
    OfContest,
    OverturnDecision,
    ReadContest,
    ShortenBan,
    UpholdDecision,
)
from bot.cards.presses.scheme import on_case
from bot.cards.text import authors as author_text
from bot.cards.text import cases as case_text
from bot.cards.text import common as common_text
from bot.cards.text import contests as contest_text
from bot.cards.text import decisions as decision_text
from bot.cards.text import stories as story_text
from bot.domain.cases import Answer
from bot.domain.decisions import Action
from bot.domain.ids import CaseId
from bot.domain.policy import Policy
from bot.domain.readers.contest import About, ContestView

_LENGTHS: Final = (1200, 500, 250, 100)
"""Characters shown of what somebody says; the later ones where escaping made much of it longer."""
_TEXT: Final = 400
_NOTE: Final = 120
_EARLIER: Final = 5
_HISTORY: Final = 6
_PAGE: Final = 3500
_COLOUR: Final = 0x5865F2
_LATE_COLOUR: Final = 0xE67E22
_ANSWERED_COLOUR: Final = 0x80848E

_BUTTONS: Final[dict[Answer, tuple[type[OfContest], str, discord.ButtonStyle]]] = {
    Answer.UPHELD: (UpholdDecision, contest_text.UPHOLD, discord.ButtonStyle.success),
    Answer.OVERTURNED: (OverturnDecision, contest_text.OVERTURN, discord.ButtonStyle.danger),
    Answer.SHORTENED: (ShortenBan, contest_text.SHORTEN, discord.ButtonStyle.secondary),
}


def contest_card(
    seen: ContestView, policy: Policy, *, now: datetime, link: str | None
) -> discord.ui.LayoutView:
    """Draw the card; `link` leads to the case's own.

    Send it with `allowed_mentions=AllowedMentions.none()`.
    """
    if seen.contest.answer is not None:
        return parts.card(_answered(seen, policy, link), _ANSWERED_COLOUR)
    late = seen.due_at is not None and now >= seen.due_at
    colour = _LATE_COLOUR if late else _COLOUR

    def draw(length: int) -> discord.ui.LayoutView:
        return parts.card(_waiting(seen, policy, now, link, length), colour)

    return parts.fitting(draw, _LENGTHS)


def unshowable_contest(seen: ContestView) -> discord.ui.LayoutView:
    """Draw a card with none of what a reader wrote, for Discord refuses to show that."""
    return parts.card(
        (
            parts.text(contest_text.unshowable(seen.contest.id, seen.view.case.id)),
            parts.row(_read(seen), _author(seen)),
        )
    )


def contest_words(seen: ContestView, policy: Policy, *, page: int = 0) -> discord.ui.LayoutView:
    """Show all that somebody says against a decision, with a button to the next page."""
    head = parts.text(contest_text.all_words(seen.contest.id))
    if seen.view.withheld is not None:
        return parts.plain(head, parts.text(story_text.withheld(seen.view.withheld)))
    found = escape.pages(seen.contest.text, _PAGE)
    here = min(max(page, 0), len(found) - 1)
    veiled = parts.is_spoiler(seen.view, policy)
    shown = f"||{found[here]} ||" if veiled else blur(found[here], policy.blurred)
    items = [head, parts.text(shown if found[here] else case_text.NO_TEXT)]
    if len(found) > 1:
        following = (here + 1) % len(found)
        label = common_text.NEXT_PAGE if following else common_text.FIRST_PAGE
        items += [
            parts.text(decision_text.page(here + 1, len(found))),
            parts.row(button(_press(ReadContest, seen, page=following), label)),
        ]
    return parts.plain(*items)


def _headline(seen: ContestView, now: datetime, link: str | None) -> parts.Item:
    contest = seen.contest
    number = decision_text.queue_number(seen.view.case.id, link)
    of_reports = contest.about is About.REPORTS
    return parts.text(
        contest_text.headline_of_reports() if of_reports else contest_text.headline(number),
        contest_text.unfounded(*seen.unfounded, number) if seen.unfounded else None,
        parts.joined(
            contest_text.whose(contest.id, contest.party, contest.at),
            contest_text.due(seen.due_at, now) if seen.due_at else None,
        ),
    )


def _waiting(
    seen: ContestView, policy: Policy, now: datetime, link: str | None, length: int
) -> Iterator[parts.Item]:
    contest, view = seen.contest, seen.view
    yield _headline(seen, now, link)
    yield parts.text(
        contest_text.DECIDED,
        *_decided(seen, policy),
        parts.quote(view, policy, seen.text, min(length, _TEXT)),
        contest_text.EDITED_SINCE if seen.decision.revision < view.case.revision else None,
        _told(seen),
        facts.author(view, now),
        facts.story(view, links.AMONG_OTHERS if length == _LENGTHS[-1] else links.ALONE),
    )
    if seen.earlier:
        lines = (progress.contested_line(one.mark) for one in seen.earlier[-_EARLIER:])
        yield parts.text(contest_text.EARLIER, *lines)
    said = parts.quote(view, policy, contest.text, length, lines=20)
    yield parts.text(contest_text.THEY_SAY, said, _how(seen))
    if escape.is_longer(contest.text, length):
        yield parts.row(_read(seen))
    yield parts.row(*_answers(seen), _author(seen))


def _decided(seen: ContestView, policy: Policy) -> Iterator[str]:
    """Yield what the record has of the case, with what colleagues noted."""
    for made in seen.view.history[-_HISTORY:]:
        note = escape.line(made.verdict.note, _NOTE) if made.verdict.note else ""
        yield parts.joined(
            progress.recorded(made, policy), common_text.note(note) if note else None
        )


def _told(seen: ContestView) -> str | None:
    if not seen.told or seen.decision.action is Action.KEEP:
        return None
    return contest_text.told(escape.line(seen.told, _TEXT))


def _how(seen: ContestView) -> str:
    """Say what keeps it from being answered, or who may."""
    if seen.contest.about is About.REPORTS:
        return parts.small(contest_text.HEARD_AGAIN)
    if not seen.answers:
        return parts.small(contest_text.OPEN_AGAIN)
    return parts.small(contest_text.WHO_ANSWERS if seen.stands else contest_text.WORDS_ALONE)


def _answers(seen: ContestView) -> Iterator[PressButton]:
    for answer in seen.answers:
        kind, label, style = _BUTTONS[answer]
        yield button(_press(kind, seen), label, style)


def _read(seen: ContestView) -> PressButton:
    return button(_press(ReadContest, seen), case_text.read_all(seen.contest.text))


def _author(seen: ContestView) -> PressButton:
    return button(on_case(ShowAuthor, seen.view.case), author_text.RECORD)


def _press(kind: type[OfContest], seen: ContestView, **more: int) -> OfContest:
    case = seen.view.case
    return kind(case=case.id, token=case.token, contest=seen.contest.id, **more)


def _answered(seen: ContestView, policy: Policy, link: str | None) -> Iterator[parts.Item]:
    number = decision_text.queue_number(seen.view.case.id, link)
    reasons = parts.quote(seen.view, policy, seen.contest.reasons or "", _TEXT, lines=6)
    yield parts.text(
        parts.joined(progress.contested_line(seen.contest.mark), number),
        parts.small(reasons),
    )
    yield parts.row(_author(seen))


_CONTEST_LIST_LENGTHS: Final = (600, 300, 120)


def contest_list(
    waiting: Sequence[ContestView], policy: Policy, *, links: Mapping[CaseId, str]
) -> discord.ui.LayoutView:
    """List contests, each with what was decided, the comment, and what is said against it."""
    if not waiting:
        return parts.plain(parts.text(contest_text.NONE))

    def draw(length: int) -> discord.ui.LayoutView:
        return parts.plain(
            parts.text(contest_text.heading(len(waiting)), f"-# {contest_text.HOW}"),
            *(parts.text(*_lines(one, policy, links, length)) for one in waiting),
        )

    return parts.fitting(draw, _CONTEST_LIST_LENGTHS)


def _lines(
    one: ContestView, policy: Policy, links: Mapping[CaseId, str], length: int
) -> tuple[str, ...]:
    contest, verdict = one.contest, one.decision.verdict
    case = decision_text.queue_number(contest.case_id, links.get(contest.case_id))
    decided = verdict.action.value
    if verdict.rule:
        decided = f"{decided}, {escape.line(policy.rule(verdict.rule).name, 40)}"
    said = contest_text.contested(contest.id, contest.party, contest.at, case, decided)
    quoted = parts.quote(one.view, policy, one.view.comment.text, length, lines=1)
    return (said, *((parts.small(quoted),) if quoted else ()), escape.line(contest.text, length))
