"""What a person is told after a press or a command, mostly for their eyes only.

Every function returns a view to be sent with `allowed_mentions=AllowedMentions.none()`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import discord

from bot.cards import escape, facts, parts, wording
from bot.cards.buttons import Kind, Press, button, menu
from bot.cards.parts import Item
from bot.cards.reading import details, full_text, notes, queue
from bot.domain.case import CaseView
from bot.domain.decision import Action, Decision
from bot.domain.errors import AlreadyDecided, DeskError
from bot.domain.ids import CaseId
from bot.domain.policy import Policy

__all__ = [
    "Line",
    "already_decided",
    "amended",
    "details",
    "done",
    "edited",
    "full_text",
    "notes",
    "queue",
    "saying",
    "trouble",
    "typed",
    "undone",
]

_ERROR: Final = 600
_TYPED_TEXT: Final = 3800
_UNDO_SHOWN: Final = 5
_EDITED_TEXT: Final = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How one order of a typed line ended: a decision, an error, or `None` for skipped.

    `case_id` is `None` where there was no card left for the order.
    """

    case_id: CaseId | None
    outcome: Decision | DeskError | None


def done(decision: Decision, policy: Policy) -> discord.ui.LayoutView:
    """Say what a keep, hide or ban did, with the other rules and Undo to press."""
    return parts.plain(parts.text(*_said(decision, policy)), *_corrections(decision, policy))


def undone(decision: Decision, policy: Policy) -> discord.ui.LayoutView:
    """Say what an undo did; `decision` is the reversal."""
    return parts.plain(parts.text(*_said(decision, policy)))


def amended(decision: Decision, policy: Policy) -> discord.ui.LayoutView:
    """Say which rule is cited now."""
    rule = parts.rule(policy, decision) or ""
    return parts.plain(
        parts.text(wording.amended(decision.case_id, rule)), *_corrections(decision, policy)
    )


def already_decided(standing: Decision, policy: Policy) -> discord.ui.LayoutView:
    """Say who decided first and what, with Undo to press; nothing was changed."""
    undo = parts.undo(standing)
    return parts.plain(
        parts.text(_first_was(standing, policy)), *([parts.row(undo)] if undo else [])
    )


def edited(view: CaseView, policy: Policy) -> discord.ui.LayoutView:
    """Show the old and the new text, with buttons that decide on the new one."""
    now = parts.quote(view, policy, view.comment.text, _EDITED_TEXT)
    return parts.plain(
        parts.text(wording.EDITED_ASK),
        parts.text(now),
        *([parts.text(before)] if (before := facts.edited(view, policy, _EDITED_TEXT)) else []),
        parts.row(*_choices(view, policy)),
    )


def trouble(error: DeskError, policy: Policy) -> discord.ui.LayoutView:
    """Say what went wrong, what it means for the comment, and what to do."""
    return parts.plain(parts.text(_explained(error, policy)))


def saying(words: str) -> discord.ui.LayoutView:
    """Say one of our own sentences; what a reader wrote must never be passed here."""
    return parts.plain(parts.text(words))


def typed(lines: Sequence[Line], policy: Policy) -> discord.ui.LayoutView:
    """Repeat in words what was made of a typed line, order by order, with Undo to press."""
    said = list(_first_few(_typed_line(line, policy) for line in lines))
    left = len(lines) - len(said)
    decisions = [line.outcome for line in lines if isinstance(line.outcome, Decision)]
    undos = [undo for made in decisions[:_UNDO_SHOWN] if (undo := parts.undo(made))]
    if len(decisions) > 1:
        for undo in undos:
            undo.item.label = wording.undo_case(undo.press.case_id)
    return parts.plain(
        parts.text(*said, wording.more_orders(left) if left else None),
        *([parts.row(*undos)] if undos else []),
    )


def _first_few(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines for as long as they fit in one message."""
    room = _TYPED_TEXT
    for line in lines:
        room -= escape.units(line) + 1
        if room < 0:
            return
        yield line


def _typed_line(line: Line, policy: Policy) -> str:
    match line.outcome:
        case Decision():
            return " ".join(_said(line.outcome, policy))
        case DeskError():
            return _explained(line.outcome, policy)
        case None if line.case_id is not None:
            return wording.skipped(line.case_id)
        case None:
            return wording.NO_CARD_LEFT


def _said(decision: Decision, policy: Policy) -> Iterator[str]:
    cited = decision.action in {Action.HIDE, Action.BAN, Action.KEEP}
    rule = parts.rule(policy, decision) if cited else None
    yield wording.done(wording.DONE[decision.action], decision.case_id, rule)
    if decision.action is Action.BAN:
        yield wording.author_banned(decision.until)
    if decision.note and cited:
        yield wording.note(escape.line(decision.note, 120))
    yield wording.SITE_NEXT[decision.action]


def _first_was(standing: Decision, policy: Policy) -> str:
    rule = parts.rule(policy, standing)
    what = wording.decided(standing.action)
    said = f"{what}, {wording.citing(rule)}" if rule else what
    return wording.already(parts.name(standing.by_name), standing.case_id, said, standing.at)


def _explained(error: DeskError, policy: Policy) -> str:
    if isinstance(error, AlreadyDecided):
        return _first_was(error.decision, policy)
    # An error's sentence may repeat what somebody typed, or how they are called.
    return escape.prose(str(error), _ERROR) or wording.NOTHING_DONE


def _corrections(decision: Decision, policy: Policy) -> Iterator[Item]:
    """The other rules, where one is cited, and Undo."""
    if decision.action in {Action.HIDE, Action.BAN}:
        others = parts.rule_options(policy, without=decision.rule)
        press = Press(
            kind=Kind.AMEND,
            case_id=decision.case_id,
            seen=decision.revision,
            extra=decision.id,
        )
        if others:
            yield parts.row(menu(press, wording.OTHER_RULE, others))
    undo = parts.undo(decision)
    if undo is not None:
        yield parts.row(undo)


def _choices(view: CaseView, policy: Policy) -> Iterator[Item]:
    case = view.case
    rule = policy.rule(case.top_rule)
    keep = Press(kind=Kind.KEEP, case_id=case.id, seen=case.revision)
    hide = Press(kind=Kind.HIDE, case_id=case.id, seen=case.revision, extra=rule.number)
    ban = Press(kind=Kind.BAN, case_id=case.id, seen=case.revision)
    yield button(keep, wording.KEEP, discord.ButtonStyle.success)
    yield button(hide, wording.hide(parts.button_name(rule.name)), discord.ButtonStyle.danger)
    yield button(ban, wording.BAN)
