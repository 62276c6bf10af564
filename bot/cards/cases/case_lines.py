"""One case on one line, as in an author's record; and whom an account may belong to."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import discord

from bot.cards import escape, parts
from bot.cards.cases import progress
from bot.cards.parts import Item
from bot.cards.presses.cases import ShowFound
from bot.cards.presses.persistent_items import button
from bot.cards.text import authors as author_text
from bot.cards.text import cases as case_text
from bot.cards.text import common as common_text
from bot.cards.text import contests as contest_text
from bot.cards.text import decisions as decision_text
from bot.domain.account_similarity import Hint
from bot.domain.cases import CaseView
from bot.domain.decisions import Decision, original
from bot.domain.ids import CaseId
from bot.domain.policy import Policy
from bot.domain.search import excerpt
from bot.services.cases.lookup import Found

_RULE = 40
_TITLE = 40


def case_line(
    view: CaseView,
    policy: Policy,
    links: Mapping[CaseId, str],
    *,
    text: str,
    length: int,
    author: bool = True,
) -> str:
    """Return what became of a case and when, and so much of a text of it."""
    case, decision = view.case, view.decision
    title = escape.line(view.story.title, _TITLE)
    head = parts.joined(
        f"**{decision_text.queue_number(case.id, links.get(case.id))}**",
        progress.lag(view) or _became(decision, policy),
        _ground(view, policy),
        f"**{parts.name(view.author.name)}**" if author else None,
        common_text.ago(case.opened_at),
        f"by {_people(view, decision)}" if decision else None,
        case_text.ON_HOLD if progress.is_held(view) else None,
        contest_text.newest(view.contests[-1]) if view.contests else None,
    )
    quoted = parts.quote(view, policy, text, length, lines=1)
    return f"{head}\n{parts.small(parts.joined(quoted, title))}"


def _became(decision: Decision | None, policy: Policy) -> str:
    if decision is None:
        return author_text.STILL_OPEN
    return case_text.mark(decision.action, policy.emoji)


def _ground(view: CaseView, policy: Policy) -> str:
    """Say under which rule it was decided, or what most reports are for."""
    cited = parts.rule(policy, view.decision) if view.decision else None
    top = escape.line(policy.rule(view.case.top_rule).name, _RULE)
    return cited or author_text.reported_for(top)


def _people(view: CaseView, decision: Decision) -> str:
    first = original(decision, view.history)
    return common_text.people(parts.name(first.verdict.by.name), progress.second(first))


_REASONS: Final = 160


def said(hints: Sequence[Hint], now: datetime, *, most: int) -> list[str]:
    """Say whom an account may belong to, as long as that one is banned."""
    live = [hint for hint in hints if hint.until is None or hint.until > now]
    return [
        author_text.may_be(
            f"{parts.name(hint.name)} (#{hint.case_id})",
            escape.line(", ".join(hint.reasons), _REASONS),
            case_text.banned(hint.until, now),
        )
        for hint in live[:most]
    ]


_LENGTHS: Final = (180, 90, 40)
_LINE: Final = 100


def search_list(
    found: Found, line: str, policy: Policy, *, links: Mapping[CaseId, str]
) -> discord.ui.LayoutView:
    """List found cases, with a button to the next ones; `line` is what was searched for."""
    said = [f"-# {escape.line(line, _LINE)}", *(f"-# {_inert(r)}" for r in found.query.remarks)]

    def draw(length: int) -> discord.ui.LayoutView:
        return parts.plain(
            parts.text(_head(found), *said),
            *_lines(found, policy, links, length),
            *_buttons(found, line),
        )

    return parts.fitting(draw, _LENGTHS)


def _inert(remark: str) -> str:
    return escape.line(remark, 200)


def _head(found: Found) -> str:
    if not found.views:
        return case_text.NO_MORE if found.offset else case_text.NOTHING_FOUND
    first = found.offset + 1
    return case_text.found(first, found.offset + len(found.views), more=found.more)


def _lines(
    found: Found, policy: Policy, links: Mapping[CaseId, str], length: int
) -> Iterator[Item]:
    for view, _ in found.views:
        text = excerpt(view.comment.text, found.query, length)
        yield parts.text(case_line(view, policy, links, text=text, length=length))


def _buttons(found: Found, line: str) -> Iterator[Item]:
    step = len(found.views)
    if not (found.more or found.offset):
        return
    offset = found.offset + step if found.more else 0
    label = common_text.NEXT_PAGE if found.more else common_text.FIRST_PAGE
    yield parts.row(button(ShowFound(offset=offset, line=line), label))
