"""What a person is told after a press, a command or a typed line; mostly for their eyes only.

Every function returns a view to be sent with `allowed_mentions=AllowedMentions.none()`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import discord

from bot.domain.case import CaseView
from bot.domain.decision import Decision
from bot.domain.errors import DeskError
from bot.domain.ids import CaseId
from bot.domain.policy import Policy
from bot.domain.report import Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How one order of a typed line ended: a decision, an error, or `None` for skipped.

    `case_id` is `None` where there was no card left for the order.
    """

    case_id: CaseId | None
    outcome: Decision | DeskError | None


def done(decision: Decision, policy: Policy) -> discord.ui.LayoutView:
    """Say what a keep, hide or ban did, with the other rules and Undo to press."""
    raise NotImplementedError


def undone(decision: Decision, policy: Policy) -> discord.ui.LayoutView:
    """Say what an undo did; `decision` is the reversal."""
    raise NotImplementedError


def amended(decision: Decision, policy: Policy) -> discord.ui.LayoutView:
    """Say which rule is cited now."""
    raise NotImplementedError


def already_decided(standing: Decision, policy: Policy) -> discord.ui.LayoutView:
    """Say who decided first and what, with Undo to press; nothing was changed."""
    raise NotImplementedError


def edited(view: CaseView, policy: Policy) -> discord.ui.LayoutView:
    """Show the old and the new text, with buttons that decide on the new one."""
    raise NotImplementedError


def trouble(error: DeskError, policy: Policy) -> discord.ui.LayoutView:
    """Say what went wrong, what it means for the comment, and what to do."""
    raise NotImplementedError


def saying(words: str) -> discord.ui.LayoutView:
    """Say one of our own sentences; what a reader wrote must never be passed here."""
    raise NotImplementedError


def notes(
    case_id: CaseId, found: Sequence[Note], policy: Policy, *, page: int = 0
) -> discord.ui.LayoutView:
    """Show what reporters wrote, with a button to the next page where there is more."""
    raise NotImplementedError


def full_text(view: CaseView, policy: Policy, *, page: int = 0) -> discord.ui.LayoutView:
    """Show the whole comment, with a button to the next page where there is more."""
    raise NotImplementedError


def details(
    view: CaseView, policy: Policy, *, now: datetime, link: str | None = None
) -> discord.ui.LayoutView:
    """Show all about a case; `link` leads to its card, where the answer is not beside it."""
    raise NotImplementedError


def queue(
    views: Sequence[CaseView],
    policy: Policy,
    *,
    total: int,
    links: Mapping[CaseId, str],
    offset: int = 0,
) -> discord.ui.LayoutView:
    """List open cases, worst first, one line each, with a button to the next ones."""
    raise NotImplementedError


def typed(lines: Sequence[Line], policy: Policy) -> discord.ui.LayoutView:
    """Repeat in words what was made of a typed line, order by order, with Undo to press."""
    raise NotImplementedError
