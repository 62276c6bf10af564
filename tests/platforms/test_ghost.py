"""The way of a comment through a real Ghost, and what only a real one can show."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.cli.connect import context_under
from bot.domain.decisions import Action
from bot.domain.effects import Verb
from bot.ports import Site
from bot.sites.opening import open_site
from bot.sites.settings import SiteSettings
from tests.contract.sites.far_end import make_order
from tests.journey.newsroom import Newsroom
from tests.platforms.conftest import Note
from tests.platforms.ghost import RealGhost, running_ghost
from tests.platforms.journey import NAME, Trial, case_of, walk
from tests.support.machine import CACHE, megabytes
from tests.support.waiting import eventually

pytestmark = pytest.mark.timeout(1_800)

AUTHOR, READER = "sally", "rita"


@pytest.fixture
def ghost() -> Iterator[RealGhost]:
    with running_ghost() as running:
        yield running


def settings(ghost: RealGhost) -> dict[str, object]:
    return {"url": ghost.url, "ghost": {"admin_key": ghost.key}}


async def test_a_comment_goes_its_way_through_a_real_ghost(
    quiet_newsroom: Newsroom, ghost: RealGhost, note: Note
):
    comment = await asyncio.to_thread(ghost.comment, AUTHOR, "You are all bought.")
    trial = Trial(
        kind="ghost",
        settings=settings(ghost),
        report=lambda: asyncio.to_thread(ghost.report, READER, comment),
        is_seen=lambda: asyncio.to_thread(ghost.is_seen, comment),
        can_comment=lambda: asyncio.to_thread(ghost.can_comment, AUTHOR),
    )
    await walk(quiet_newsroom, trial)
    assert {"hides", "shows again", "bans", "unbans"} <= set(trial.did)
    await _unwritten(quiet_newsroom, ghost)
    async with open_site(NAME, _site(ghost), context_under(None)) as site:
        [finding] = await site.check()
        assert finding.good, finding
        assert finding.words.startswith(f"Ghost {ghost.version.rpartition('.')[0]}:")
        await _ends_by_itself(site, ghost, comment)
        await _ban_of_nobody(site, ghost, comment)
    trial.did.append("ends a ban by itself")
    note("ghost", ghost.version, trial.did, megabytes(CACHE / f"ghost-{ghost.version}"))


def _site(ghost: RealGhost) -> SiteSettings:
    common = {"kind": "ghost", "reporter_salt": "a salt of more than sixteen characters"}
    return SiteSettings.model_validate({**common, "allow_private": True, **settings(ghost)})


async def _unwritten(newsroom: Newsroom, ghost: RealGhost) -> None:
    """A comment that its author deletes closes its case."""
    comment = await asyncio.to_thread(ghost.comment, AUTHOR, "I should not have said that.")
    await asyncio.to_thread(ghost.report, READER, comment)
    case = await case_of(newsroom, comment=comment)
    await newsroom.card(case.id)
    await asyncio.to_thread(ghost.unwrite, AUTHOR, comment)
    card = await newsroom.card(case.id, "Gone")
    assert "by its author" in card.text


async def _ends_by_itself(site: Site, ghost: RealGhost, comment: str) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=15)
    author = ghost.members[AUTHOR]
    ban = replace(
        make_order(Action.BAN), comment_id=comment, author_id=author, until=soon, visible=None
    )
    assert (await site.carry_out(ban)).verb is Verb.DONE
    assert not await asyncio.to_thread(ghost.can_comment, AUTHOR)

    async def let_in() -> bool:
        return await asyncio.to_thread(ghost.can_comment, AUTHOR)

    await eventually(let_in, "the ban to end by itself")


async def _ban_of_nobody(site: Site, ghost: RealGhost, comment: str) -> None:
    author = ghost.members[AUTHOR]
    await asyncio.to_thread(ghost.dismiss, AUTHOR)
    ban = replace(
        make_order(Action.HOLD),
        comment_id=comment,
        author_id=author,
        banned=True,
        until=datetime.now(UTC) + timedelta(days=1),
    )
    outcome = await site.carry_out(ban)
    assert (outcome.verb, outcome.placed) == (Verb.GONE, True), outcome
    assert not await asyncio.to_thread(ghost.is_seen, comment)
