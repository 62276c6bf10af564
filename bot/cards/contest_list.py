"""The contests that wait for an answer."""

from collections.abc import Mapping, Sequence
from typing import Final

import discord

from bot.cards import escape, parts
from bot.cards.text import contests as contest_text
from bot.cards.text import decisions as decision_text
from bot.domain.ids import CaseId
from bot.domain.policy import Policy
from bot.domain.readers.contest import ContestView

_LENGTHS: Final = (600, 300, 120)


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

    return parts.fitting(draw, _LENGTHS)


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
