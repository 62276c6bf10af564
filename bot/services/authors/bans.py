"""Bans in force: listing them, lifting one, and ending those that a site cannot end itself."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.bans import Ban
from bot.domain.decisions import Action, Decision, Door, Verdict
from bot.domain.effects import Order
from bot.domain.errors import NoChange
from bot.domain.ids import DecisionId, SiteId
from bot.domain.staff import Person, Rank
from bot.services.cases import brake
from bot.services.cases.decision_log import DecisionWriter, Entry
from bot.services.cases.reverse import check_may_change
from bot.services.desk import Desk
from bot.store.tx import Tx

_LOOK_EVERY = 30.0
"""Seconds between looks for bans that have ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BanPage:
    """Some of those who are banned, the newest first, and how many there are in all.

    Of an author with several bans, the one that ends last stands for all of them.
    """

    total: int
    bans: tuple[Ban, ...]


async def bans(desk: Desk, by: Person, *, limit: int, offset: int = 0) -> BanPage:
    """Return bans in force.

    Raises:
        NotAllowed: The person is no moderator.
    """
    desk.require(by, Rank.MODERATOR)
    now = desk.clock()
    return await desk.store.read(
        lambda tx: BanPage(
            total=tx.bans.count(now),
            bans=tuple(tx.bans.in_force(now, limit=limit, offset=offset)),
        )
    )


async def bans_named(desk: Desk, by: Person, beginning: str) -> tuple[Ban, ...]:
    """Return bans in force of authors whose names begin so.

    Raises:
        NotAllowed: The person is no moderator.
    """
    desk.require(by, Rank.MODERATOR)
    now = desk.clock()
    return await desk.store.read(lambda tx: tuple(tx.bans.named(beginning, now)))


async def lift(
    desk: Desk, decision_id: DecisionId, *, by: Person, note: str | None = None
) -> Decision:
    """Lift a ban before it ends; the comment it was given for stays hidden.

    The record gets two lines: the ban is undone, and the comment is hidden under the same rule.
    Only the first if the case was opened again meanwhile.

    Raises:
        NotAllowed: It is somebody else's, or too long ago, and the person is not senior.
        NoChange: It is not in force any more.
        Braked: The person undid so much of late that somebody else has to.
    """
    desk.require(by, Rank.MODERATOR)
    writer = DecisionWriter.of(desk)

    def work(tx: Tx) -> Decision:
        ban = tx.decisions.get(decision_id)
        case = writer.case(tx, ban.case_id) if ban else None
        if ban is None or case is None or not _is_in_force(tx, ban, writer.now):
            raise NoChange("That ban is not in force any more. /bans lists those that are.")
        check_may_change(desk, tx, ban, by)
        brake.check(tx, desk, by, Action.UNBAN)
        asked = Verdict(
            action=Action.UNBAN, by=by, door=Door.SLASH, rule=ban.verdict.rule, note=note
        )
        undone = Entry(verdict=asked, reverses=ban.id)
        if case.decision_id != ban.id:
            # The comment was edited since: how that is looked at, and decided, is left alone.
            return writer.enter(tx, case, undone, shows=False, settles=False)
        lifted = writer.enter(tx, case, undone, shows=False)
        hidden = Entry(verdict=replace(asked, action=Action.HIDE))
        writer.enter(tx, writer.case(tx, case.id), hidden, tell_site=False)
        return lifted

    return await brake.write(desk, by, work)


def _is_in_force(tx: Tx, made: Decision, now: datetime) -> bool:
    bans = tx.bans.of_author(made.site, made.author_id, now)
    return any(ban.decision_id == made.id for ban in bans)


async def end_bans(desk: Desk, site: SiteId) -> None:
    """Lift bans as they end, for ever, at a site that cannot time them."""
    while True:
        await end_due(desk, site)
        await asyncio.sleep(_LOOK_EVERY)


async def end_due(desk: Desk, site: SiteId) -> int:
    """Lift the bans of a site that have ended, and return how many there were."""
    now = desk.clock()

    def work(tx: Tx) -> int:
        ended = tx.bans.ended(site, now)
        for ban in ended:
            # An author who is banned for another comment too is not let in yet.
            if not tx.bans.of_author(site, ban.author_id, now):
                tx.outbox.want_order(_lifting(tx, ban, now))
            tx.bans.lifted(ban.decision_id, now)
        return len(ended)

    return await desk.store.write(work)


def _lifting(tx: Tx, ban: Ban, now: datetime) -> Order:
    made = tx.decisions.get(ban.decision_id)
    case = tx.cases.get(ban.case_id)
    if made is None or case is None:
        raise NoChange("The ban's own record is gone.")
    tx.cases.touch(case, now)
    return Order(
        key=f"end-{made.id}-{made.digest[:12]}",
        decision_id=made.id,
        case_id=case.id,
        site=case.site,
        action=Action.UNBAN,
        comment_id=case.comment_id,
        revision_key=case.revision_key,
        permalink=None,
        author_id=case.author_id,
        visible=None,
        banned=False,
        until=None,
        rule=made.verdict.rule,
        rule_name=None,
        notice=None,
        at=made.until or made.at,
    )
