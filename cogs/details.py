"""Everything about one case for one person, and what they can do with it."""

from functools import partial

import discord

from bot.cards import answers, case_menu, links, working
from bot.client import Place
from bot.domain.ids import CaseId
from bot.domain.staff import Person
from bot.services import lookup
from bot.services.case_notes import look_in
from bot.services.desk import Desk
from bot.services.reverse import may_change


async def details(
    desk: Desk,
    case_id: CaseId,
    by: Person,
    *,
    where: int | None,
    link: str | None = None,
    said: str | None = None,
) -> discord.ui.LayoutView:
    """Return the answer behind More; `said` stands first and tells what was just done.

    Raises:
        DeskError: The person is no moderator, or there is no such case.
    """
    view = await lookup.view(desk, case_id, by, where=where)
    around = working.lookers(await look_in(desk, case_id, by))
    policy, now = desk.policy(), desk.clock()
    can = desk.site_can(view.case.site)
    card = await lookup.card_of(desk, case_id)
    # One that cannot show the text has nothing to decide with: that is offered beside the text.
    has_card = card is not None and card.revision > 0
    menu = partial(case_menu.rows, view, policy, now=now, by_id=by.id, can=can, has_card=has_card)
    return answers.details(
        view,
        policy,
        now=now,
        link=link,
        site_can=desk.site_can,
        said=(said, around),
        may_change=view.decision is not None and await may_change(desk, view.decision, by),
        further=menu,
    )


async def link_to(desk: Desk, place: Place, case_id: CaseId) -> str | None:
    """Return the address of a case's card, where it has one."""
    ref = await lookup.card_of(desk, case_id)
    return links.jump(place.guild_id, ref) if ref else None
