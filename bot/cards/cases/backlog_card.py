"""The digest of a long backlog, and the lines of the log channel."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Final

import discord

from bot.cards import escape, links, parts
from bot.cards.cases import progress, reading
from bot.cards.presses.cases import OpenCase
from bot.cards.presses.persistent_items import button
from bot.cards.presses.scheme import on_case
from bot.cards.text import cases as case_text
from bot.cards.text import common as common_text
from bot.cards.text import decisions as decision_text
from bot.domain.cases import CardRef
from bot.domain.decisions import Action, Decision
from bot.domain.ids import CaseId
from bot.domain.policy import Policy
from bot.domain.routing import Backlog

_COLOUR: Final = 0xE67E22
_A_ROW: Final = 5


def backlog(
    found: Backlog, policy: Policy, *, guild_id: int, cards: Mapping[CaseId, CardRef]
) -> discord.ui.LayoutView:
    """List the worst cases; those without a card have a button to open them."""
    there = {case_id: links.jump(guild_id, ref) for case_id, ref in cards.items()}
    lines = [reading.queue_line(view, policy, there.get(view.case.id)) for view in found.worst]
    items: list[parts.Item] = [
        parts.text(case_text.head(found.open_cases, found.without_card)),
        parts.text(*lines),
        parts.text(parts.small(case_text.FOOT)),
    ]
    buttons = [
        button(on_case(OpenCase, view.case), open_case(view.case.id))
        for view in found.worst
        if view.case.id not in cards
    ]
    items.extend(
        parts.row(*buttons[start : start + _A_ROW]) for start in range(0, len(buttons), _A_ROW)
    )
    return parts.card(items, _COLOUR)


def open_case(number: int) -> str:
    """Label the button that opens a case."""
    return f"{case_text.OPEN} #{number}"


def log_lines(
    made: Sequence[Decision],
    policy: Policy,
    *,
    guild_id: int,
    cards: Mapping[CaseId, CardRef],
) -> discord.ui.LayoutView:
    """Say what was decided, a line each; the comments' texts stay on their cards."""
    lines: list[str] = []
    for one, then in zip_longest(made, made[1:]):
        what = _what(
            one, then if then is not None and then.case_id == one.case_id else None, policy
        )
        lines.append(_log_line(one, what, policy, guild_id, cards.get(one.case_id)))
    return parts.plain(parts.text(*lines))


def _what(made: Decision, then: Decision | None, policy: Policy) -> str:
    if made.amends:
        return common_text.capital(decision_text.RULE_CORRECTED)
    if made.reverses is not None or made.is_hold:
        return common_text.capital(progress.did(made, then))
    return case_text.mark(made.action, policy.emoji)


def _log_line(made: Decision, what: str, policy: Policy, guild_id: int, ref: CardRef | None) -> str:
    number = common_text.case(made.case_id)
    return parts.joined(
        f"[{number}]({links.jump(guild_id, ref)})" if ref else number,
        f"**{what}**",
        common_text.ban_given(made.at, made.until) if made.action is Action.BAN else None,
        parts.rule(policy, made) if made.reverses is None and not made.is_hold else None,
        progress.by(made),
        escape.line(made.site, 40),
    )
