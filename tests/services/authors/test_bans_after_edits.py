"""A ban outlives an edit of the comment it was given for, and can be lifted all the same."""

from datetime import timedelta

import pytest

from bot.domain.decisions import Action
from bot.domain.errors import NoChange
from bot.services.authors.bans import bans, lift
from bot.services.cases.lookup import look
from tests.services.desks import BEN, SAM, Bench
from tests.support.chains import first_broken


@pytest.mark.parametrize("decided_again", [True, False])
async def test_a_ban_is_lifted_though_its_comment_was_edited_since(
    bench: Bench, decided_again: bool
):
    case_id = await bench.take()
    ban = await bench.decide(case_id, Action.BAN, lasting=timedelta(days=7))
    await bench.take(revision="r2", text="I take that back.")
    if decided_again:
        await bench.decide(case_id, Action.KEEP, by=BEN)
    before = await look(bench.desk, case_id)
    assert [one.decision_id for one in (await bans(bench.desk, SAM, limit=9)).bans] == [ban.id]

    lifted = await lift(bench.desk, ban.id, by=SAM)

    after = await look(bench.desk, case_id)
    assert (lifted.action, lifted.reverses) == (Action.UNBAN, ban.id)
    assert (after.case.state, after.case.decision_id) == (
        before.case.state,
        before.case.decision_id,
    )
    assert not after.record.banned
    assert first_broken(after.history) is None
    assert (await bans(bench.desk, SAM, limit=9)).total == 0
    with pytest.raises(NoChange):
        await lift(bench.desk, ban.id, by=SAM)
