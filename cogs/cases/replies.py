"""Answers that more than one door gives."""

from collections.abc import Iterable
from datetime import datetime

import discord

from bot.cards import links
from bot.cards.cases import ban_modal, case_answers
from bot.client import Place
from bot.domain.cases import CardRef, CaseView
from bot.domain.decisions import Verdict
from bot.domain.ids import CaseId
from bot.domain.staff import Person
from bot.services.cases import lookup
from bot.services.cases.ban_draft import draft_of
from bot.services.cases.decide import decide
from bot.services.cases.reverse import after, may_change
from bot.services.cases.two_person import DecisionResult
from bot.services.desk import Desk
from bot.services.staff.shift import a_lot_today

_QUEUE_PAGE = 10


async def seen_then(desk: Desk, case_id: CaseId, made_at: datetime) -> int | None:
    """Return which revision stood on a case's card when something was typed, by Discord's time."""
    age = discord.utils.utcnow() - made_at
    return await lookup.seen_on_card(desk, case_id, desk.clock() - age)


async def decided(
    desk: Desk, case_id: CaseId, verdict: Verdict, *, seen: int | None = None
) -> discord.ui.LayoutView:
    """Decide, and return the answer that says so.

    Raises:
        DeskError: It was not decided; the error says why.
    """
    ruling = await decide(desk, case_id, verdict, seen=seen)
    return await ruled(desk, ruling, verdict.by, a_lot=await a_lot_today(desk, verdict.by))


async def ruled(
    desk: Desk, ruling: DecisionResult, by: Person, *, a_lot: int | None = None
) -> discord.ui.LayoutView:
    """Return the answer that says what came of a verdict or an undo of that person's."""
    return case_answers.ruled(
        ruling,
        desk.policy(),
        site_can=desk.site_can,
        after=await after(desk, ruling, by),
        a_lot=a_lot,
    )


async def ban_form(
    desk: Desk, case_id: CaseId, seen: int, by: Person
) -> discord.ui.Modal | discord.ui.LayoutView:
    """Return the form, unless the case cannot be decided any more, or not on the text `seen`.

    It is filled in with what the person filled in before and did not send off.

    Raises:
        DeskError: The person is no moderator, or there is no such case.
    """
    policy, can = desk.policy(), desk.site_can
    view = await lookup.view(desk, case_id, by)
    if seen and seen != view.case.revision:
        return case_answers.edited(view, policy, site_can=can)
    if view.decision is not None:
        return case_answers.already_decided(
            view.decision,
            policy,
            site_can=can,
            asked_by=by.id,
            may_change=await may_change(desk, view.decision, by),
        )
    return ban_modal.BanModal(view, policy, await draft_of(desk, case_id, by))


async def queue_answer(
    desk: Desk, place: Place, by: Person, *, offset: int = 0
) -> discord.ui.LayoutView:
    """Return a page of the queue, each line with a link to its card."""
    page = await lookup.queue(desk, by, limit=_QUEUE_PAGE, offset=offset)
    found: dict[CaseId, str] = {}
    for view in page.views:
        ref = await lookup.card_of(desk, view.case.id)
        if ref is not None:
            found[view.case.id] = links.jump(place.guild_id, ref)
    return case_answers.queue(
        page.views, desk.policy(), total=page.total, links=found, offset=offset
    )


def links_to(place: Place, views: Iterable[tuple[CaseView, CardRef | None]]) -> dict[CaseId, str]:
    """Return where the cards stand, of those cases that have one."""
    return {view.case.id: links.jump(place.guild_id, ref) for view, ref in views if ref}
