"""Look whether a new account may belong to somebody who is banned; say so, and do nothing."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.account_similarity import (
    WORTH_A_HINT,
    AuthorRef,
    BannedAccount,
    NewAccount,
    Similarity,
    profile,
    similarity,
    skeleton,
    usual,
)
from bot.domain.errors import NoSuchCase
from bot.domain.ids import CaseId, SiteId
from bot.domain.staff import Person, Rank
from bot.services.desk import Desk
from bot.store.tx import Tx

log = logging.getLogger(__name__)

_BANS = "bans"
_CASES = "cases"
_AT_ONCE = 50
_DECISIONS = 500
_TEXTS = 30
_NEW_FOR = 8
"""Reported comments up to which an account is looked at again, as there is more to go by."""
_SAMPLE = 300
_SAMPLE_LASTS = timedelta(hours=6)
_WAIT = 30.0
_BREATH = 1.0


@dataclass(slots=True, kw_only=True)
class Usual:
    """What is usual at each site, counted anew every few hours."""

    known: dict[SiteId, tuple[datetime, Mapping[str, float]]] = field(
        default_factory=dict[SiteId, tuple[datetime, Mapping[str, float]]]
    )

    async def at(self, desk: Desk, site: SiteId) -> Mapping[str, float]:
        """Return how telling each group of letters is there."""
        now = desk.clock()
        before = self.known.get(site)
        if before is None or now - before[0] > _SAMPLE_LASTS:
            texts = await desk.store.read(lambda tx: tx.ban_evasion.sample(site, limit=_SAMPLE))
            before = (now, await asyncio.to_thread(usual, texts))
            self.known[site] = before
        return before[1]


async def watch_returning(desk: Desk) -> None:
    """Look at the bans and the new accounts for ever, a moment after they come."""
    known, seen = Usual(), 0
    while True:
        if await look_once(desk, known):
            continue
        seen = await desk.store.changed(seen, within=_WAIT)
        await asyncio.sleep(_BREATH)


async def look_once(desk: Desk, known: Usual) -> bool:
    """Look at the next bans and cases; whether there were any.

    What is looked at twice, after a stop in between, comes out the same.
    """
    banned_upto, banned = await desk.store.read(
        lambda tx: tx.ban_evasion.bans_after(tx.ban_evasion.upto(_BANS), limit=_DECISIONS)
    )
    for ref in dict.fromkeys(banned):
        await _remember(desk, ref, known)
    cases_upto, authors = await desk.store.read(
        lambda tx: tx.ban_evasion.cases_after(tx.ban_evasion.upto(_CASES), limit=_AT_ONCE)
    )
    for ref in authors:
        await _look_at(desk, ref, known)

    def work(tx: Tx) -> bool:
        news = (banned_upto, cases_upto) != (
            tx.ban_evasion.upto(_BANS),
            tx.ban_evasion.upto(_CASES),
        )
        if news:
            tx.ban_evasion.look(_BANS, banned_upto)
            tx.ban_evasion.look(_CASES, cases_upto)
        return news

    if not banned and not authors:
        before = await desk.store.read(lambda tx: tx.ban_evasion.upto(_BANS))
        if before == banned_upto:
            return False
    return await desk.store.write(work)


async def deny(desk: Desk, case_id: CaseId, by: Person) -> int:
    """Record that an account is none of those it was likened to; return how many those were.

    Raises:
        NotAllowed: The person is no moderator.
        NoSuchCase: There is no case of that number.
    """
    desk.require(by, Rank.MODERATOR)
    now = desk.clock()

    def work(tx: Tx) -> int:
        case = tx.cases.get(case_id)
        if case is None:
            raise NoSuchCase(case_id)
        ref = AuthorRef(site=case.site, id=case.author_id)
        number = tx.ban_evasion.deny(ref, by.name)
        if number:
            _redraw(tx, ref, now)
        return number

    return await desk.store.write(work)


async def _remember(desk: Desk, ref: AuthorRef, known: Usual) -> None:
    """Keep what new accounts are compared with of somebody who was banned."""
    account = await desk.store.read(lambda tx: tx.ban_evasion.writings(ref, limit=_TEXTS))
    if account is None:
        return
    telling = await known.at(desk, ref.site)
    written = await asyncio.to_thread(profile, account.texts, telling)
    bones = skeleton(account.name)
    await desk.store.write(lambda tx: tx.ban_evasion.keep_barred(account, bones, written))


async def _look_at(desk: Desk, ref: AuthorRef, known: Usual) -> None:
    now = desk.clock()

    def read(tx: Tx) -> tuple[NewAccount, list[BannedAccount]] | None:
        if len(tx.authors.cases(ref, limit=_NEW_FOR + 1)) > _NEW_FOR:
            return None
        account = tx.ban_evasion.writings(ref, limit=_TEXTS)
        if account is None:
            return None
        return account, list(tx.ban_evasion.candidates(account, now))

    found = await desk.store.read(read)
    if found is None or not found[1]:
        return
    account, others = found
    telling = await known.at(desk, ref.site)
    alike = await asyncio.to_thread(_compare, account, others, telling)
    if alike:
        await desk.store.write(lambda tx: _hint(tx, ref, alike, now))
        log.info("a new account may belong to somebody banned")


def _compare(
    account: NewAccount, others: list[BannedAccount], telling: Mapping[str, float]
) -> list[tuple[BannedAccount, Similarity]]:
    written = profile(account.texts, telling)
    compared = [(other, similarity(account, written, other)) for other in others]
    return [(other, found) for other, found in compared if found.strength >= WORTH_A_HINT]


def _hint(
    tx: Tx, ref: AuthorRef, alike: list[tuple[BannedAccount, Similarity]], now: datetime
) -> None:
    kept = [tx.ban_evasion.keep_hint(ref, other.ref, found, now) for other, found in alike]
    if any(kept):
        _redraw(tx, ref, now)


def _redraw(tx: Tx, ref: AuthorRef, now: datetime) -> None:
    for case in tx.cases.open_of_author(ref.site, ref.id):
        tx.cases.touch(case, now)
