"""What senior moderators and editors read of somebody's run beyond the brake, and of its end."""

from datetime import datetime, timedelta
from typing import Final

import discord

from bot.cards import escape, parts
from bot.cards.case_presses import TakeRunBack
from bot.cards.persistent_items import PressButton, button
from bot.cards.text import brake as brake_text
from bot.domain.brake import Run, TakenBack
from bot.domain.policy import Policy

_NAME: Final = 40
_MINUTE: Final = timedelta(minutes=1)


def call(run: Run, policy: Policy, *, roles: tuple[int, ...]) -> discord.ui.LayoutView:
    """Call them, with one press that takes all of it back."""
    called = " ".join(f"<@&{role}>" for role in roles)
    return parts.plain(
        parts.text(
            f"⛔ {called} **{_beyond(run, policy)}**", brake_text.WHAT_WAITS, brake_text.WHAT_TO_DO
        ),
        parts.row(_button(run, discord.ButtonStyle.danger)),
    )


def over(
    run: Run, policy: Policy, by: str, taken: TakenBack, at: datetime
) -> discord.ui.LayoutView:
    """Say under the call who took the run back; the button stays, as the person may go on."""
    return parts.plain(
        parts.text(
            f"⛔ {_beyond(run, policy)}",
            f"**{brake_text.taken_back_by(parts.name(by), taken, at)}**",
            parts.small(brake_text.MORE_SINCE),
        ),
        parts.row(_button(run, discord.ButtonStyle.secondary)),
    )


def _beyond(run: Run, policy: Policy) -> str:
    return brake_text.beyond(
        parts.name(run.name), run.act, run.most, policy.brake.within // _MINUTE
    )


def _button(run: Run, style: discord.ButtonStyle) -> PressButton:
    return button(TakeRunBack(run=run.id, token=run.token), brake_text.TAKE_BACK, style)


def plain(run: Run, policy: Policy) -> tuple[str, str]:
    """Return the same as a title and a text for the roads besides Discord."""
    name = escape.bare(run.name, _NAME)
    title = brake_text.beyond(name, run.act, run.most, policy.brake.within // _MINUTE)
    return title, f"{brake_text.WHAT_WAITS} {brake_text.PLAIN_WHAT_TO_DO}"


def taken_back(taken: TakenBack) -> discord.ui.LayoutView:
    """Say what was taken back."""
    return parts.plain(parts.text(brake_text.taken_back(taken)))
