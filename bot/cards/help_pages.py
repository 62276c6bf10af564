"""What a new volunteer asks, a page at a time."""

from collections.abc import Callable, Sequence
from typing import Final

import discord

from bot.cards import escape, parts, wording
from bot.cards import wording_help as told
from bot.cards.turns import Leaf, Turn, turn
from bot.cards.wording_help import Topic
from bot.domain.policy import Policy, TwoPeople
from bot.domain.staff import Rank

_ROW: Final = 4
_ROOM: Final = 3600


def help_page(
    topic: Topic, rank: Rank, policy: Policy, commands: Sequence[tuple[str, str]]
) -> discord.ui.LayoutView:
    """Show a page, with the others to press; `commands` are names and what they do.

    Who is nobody on the desk is told that, and whom to ask.
    """
    if rank is Rank.NONE:
        return parts.plain(parts.text(told.GUEST))
    others = [one for one in Topic if one is not topic]
    rows = [others[start : start + _ROW] for start in range(0, len(others), _ROW)]
    return parts.plain(
        parts.text(_words(topic, rank, policy, commands)),
        *(
            parts.row(*(turn(Turn(leaf=Leaf.HELP, about=one), told.TITLES[one]) for one in row))
            for row in rows
        ),
    )


def _words(topic: Topic, rank: Rank, policy: Policy, commands: Sequence[tuple[str, str]]) -> str:
    pages: dict[Topic, Callable[[], str]] = {
        Topic.START: lambda: told.START,
        Topic.BUTTONS: lambda: told.buttons(policy.emoji, policy.reaction_ban),
        Topic.TYPING: lambda: told.TYPING,
        Topic.RULES: lambda: _rules(policy),
        Topic.PEOPLE: lambda: told.people(
            rank, policy.undo_minutes, policy.brake, two=_two(policy)
        ),
        Topic.AFTER: lambda: told.after(policy.strike_days, policy.ladder),
        Topic.FINDING: lambda: told.FINDING,
        Topic.COMMANDS: lambda: _commands(commands),
    }
    return pages[topic]()


def _rules(policy: Policy) -> str:
    lines = [
        f"**{escape.line(wording.rule(rule), 60)}** · {rule.severity.word}" for rule in policy.rules
    ]
    return "\n".join([told.rules_head(len(policy.rules)), *lines])


def _two(policy: Policy) -> list[str]:
    words = {TwoPeople.BAN_FOR_GOOD: told.TWO_BAN, TwoPeople.UNHIDE_LEGAL: told.TWO_LEGAL}
    return [said for which, said in words.items() if which in policy.two_people]


def _commands(commands: Sequence[tuple[str, str]]) -> str:
    lines, room = [told.COMMANDS_HEAD], _ROOM
    for name, does in sorted(commands):
        line = f"**/{name}** · {does}"
        room -= len(line) + 1
        if room < 0:
            lines.append(told.MORE_COMMANDS)
            break
        lines.append(line)
    return "\n".join(lines)
