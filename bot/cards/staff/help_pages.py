"""What a new volunteer asks, a page at a time."""

from collections.abc import Callable, Sequence
from typing import Final

import discord

from bot.cards import escape, parts
from bot.cards.presses.others import ShowHelp
from bot.cards.presses.persistent_items import button
from bot.cards.text import common as common_text
from bot.cards.text import help as help_text
from bot.cards.text import policy as policy_text
from bot.domain.policy import Policy
from bot.domain.staff import Rank

_ROW: Final = 4
_ROOM: Final = 3600


def help_page(
    topic: help_text.Topic, rank: Rank, policy: Policy, commands: Sequence[tuple[str, str]]
) -> discord.ui.LayoutView:
    """Show a page, with the others to press; `commands` are names and what they do.

    Who is nobody on the desk is told that, and whom to ask.
    """
    if rank is Rank.NONE:
        return parts.plain(parts.text(help_text.GUEST))
    others = [one for one in help_text.Topic if one is not topic]
    rows = [others[start : start + _ROW] for start in range(0, len(others), _ROW)]
    return parts.plain(
        parts.text(_words(topic, rank, policy, commands)),
        *(
            parts.row(*(button(ShowHelp(topic=one), help_text.TITLES[one]) for one in row))
            for row in rows
        ),
    )


def _words(
    topic: help_text.Topic, rank: Rank, policy: Policy, commands: Sequence[tuple[str, str]]
) -> str:
    pages: dict[help_text.Topic, Callable[[], str]] = {
        help_text.Topic.START: lambda: help_text.START,
        help_text.Topic.BUTTONS: lambda: help_text.buttons(policy.emoji, policy.reaction_ban),
        help_text.Topic.TYPING: lambda: help_text.TYPING,
        help_text.Topic.RULES: lambda: _rules(policy),
        help_text.Topic.PEOPLE: lambda: help_text.people(
            rank, policy.undo_minutes, policy.brake, two=_two(policy)
        ),
        help_text.Topic.AFTER: lambda: help_text.after(policy.strike_days, policy.ladder),
        help_text.Topic.FINDING: lambda: help_text.FINDING,
        help_text.Topic.COMMANDS: lambda: _commands(commands),
    }
    return pages[topic]()


def _rules(policy: Policy) -> str:
    lines = [
        f"**{escape.line(common_text.rule(rule), 60)}** · {rule.severity.word}"
        for rule in policy.rules
    ]
    return "\n".join([help_text.rules_head(len(policy.rules)), *lines])


def _two(policy: Policy) -> list[str]:
    return [said for which, said in policy_text.TWO.items() if which in policy.two_people]


def _commands(commands: Sequence[tuple[str, str]]) -> str:
    lines, room = [help_text.COMMANDS_HEAD], _ROOM
    for name, does in sorted(commands):
        line = f"**/{name}** · {does}"
        room -= len(line) + 1
        if room < 0:
            lines.append(help_text.MORE_COMMANDS)
            break
        lines.append(line)
    return "\n".join(lines)
