"""The card: one case as moderators see it in their channel."""

from collections.abc import Collection
from datetime import datetime

import discord

from bot.domain.case import CaseView
from bot.domain.decision import Action
from bot.domain.policy import Policy


def render(
    view: CaseView,
    policy: Policy,
    *,
    now: datetime,
    posted: datetime | None = None,
    site_can: Collection[Action] = frozenset(Action),
) -> discord.ui.LayoutView:
    """Draw the card as the case stands at `now`.

    `posted` is when the card's message was posted, `None` if it is about to be; a card posted
    long after its report says so. A button that the site cannot honour (`site_can`) is left out.
    Send it with `allowed_mentions=AllowedMentions.none()`.
    """
    raise NotImplementedError
