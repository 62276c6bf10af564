"""The list of bans in force."""

from datetime import datetime

import discord

from bot.cards import parts
from bot.cards.author_presses import ShowBans
from bot.cards.persistent_items import button
from bot.cards.text import bans as ban_text
from bot.cards.text import common as common_text
from bot.domain.ban import Ban
from bot.domain.policy import Policy
from bot.services.bans import BanPage

PAGE = 10


def ban_list(
    page: BanPage, policy: Policy, *, now: datetime, offset: int = 0
) -> discord.ui.LayoutView:
    """List who is banned, the newest first, with a button to the next ones if there are more."""
    if not page.bans:
        return parts.plain(parts.text(ban_text.NONE))
    lines = [_line(ban, policy, now) for ban in page.bans]
    head = ban_text.banned_now(page.total)
    view = parts.plain(parts.text(head, *lines, ban_text.HOW_TO_LIFT))
    after = offset + len(page.bans)
    if page.total > after or offset:
        back = page.total <= after
        press = ShowBans(offset=0 if back else after)
        view.add_item(parts.row(button(press, ban_text.NEWEST if back else ban_text.NEXT)))
    return view


def _line(ban: Ban, policy: Policy, now: datetime) -> str:
    rule = common_text.rule(policy.rule(ban.rule)) if ban.rule is not None else None
    second = parts.name(ban.second_name) if ban.second_name else None
    return parts.joined(
        f"**{parts.name(ban.author_name)}**",
        common_text.ban_length(ban.until, now),
        rule,
        f"by {common_text.people(parts.name(ban.by_name), second)}",
        f"#{ban.case_id}",
    )
