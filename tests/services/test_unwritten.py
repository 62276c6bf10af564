"""What its author deleted at the site is gone; what was done in part is not said to be undone."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from bot.cards.cases import case_card
from bot.domain.cases import CaseState
from bot.domain.decisions import ITS_AUTHOR, Action, Door
from bot.domain.effects import Outcome, Verb
from bot.domain.errors import NoChange
from bot.domain.ids import CaseId, SiteId
from bot.domain.readers.dsa import restricts
from bot.domain.site import Seen
from bot.services.cases.decision_log import DecisionWriter
from bot.services.cases.lookup import look
from bot.services.cases.reverse import amend, reverse
from bot.services.deliver import order_lane
from bot.services.outbox_worker import turn
from bot.services.sites.site_sync import follow
from bot.store.engine.migrate import migrate, migrations
from tests.services.desks import SAM, Bench
from tests.services.outside import ObedientSite
from tests.unit.cards.reading import text

SITE = SiteId("courier")
DELETED = Seen(comment_id="c1", unwritten=True)
NO_MEMBER = "The comment is hidden. Ghost no longer has the author's account."


async def shown(bench: Bench, case_id: CaseId) -> str:
    view = await look(bench.desk, case_id)
    return text(case_card.render(view, bench.policy, now=bench.clock.now))


async def test_the_case_of_a_comment_that_its_author_deleted_is_closed_as_gone(bench: Bench):
    case_id = await bench.take()
    bench.clock.pass_by(minutes=1)
    assert await follow(bench.desk, SITE, DELETED)
    view = await look(bench.desk, case_id)
    assert view.case.state is CaseState.DECIDED
    assert view.decision is not None
    assert (view.decision.verdict.door, view.decision.verdict.by.name) == (Door.AUTHOR, ITS_AUTHOR)
    said = await shown(bench, case_id)
    assert "**Gone**" in said
    assert "by its author" in said
    for word in ("Hidden", "Kept", "Undo", "on the site itself"):
        assert word not in said
    assert not await follow(bench.desk, SITE, DELETED)
    assert (
        await bench.store.read(lambda tx: tx.outbox.due_orders(SITE, bench.clock(), limit=9)) == []
    )


async def test_so_is_one_that_was_on_hold(bench: Bench):
    case_id = await bench.take()
    writer = DecisionWriter.of(bench.desk)
    await bench.store.write(lambda tx: writer.hold(tx, writer.case(tx, case_id)))
    assert await follow(bench.desk, SITE, DELETED)
    assert "**Gone**" in await shown(bench, case_id)


async def test_it_counts_for_nothing_against_the_author_and_judges_no_reader(bench: Bench):
    case_id = await bench.take()
    await follow(bench.desk, SITE, DELETED)
    await bench.take(comment="c2")
    view = await look(bench.desk, CaseId(case_id + 1))
    assert (view.record.strikes, view.record.hidden, view.record.reported) == (0, 0, 2)
    [gone] = (await look(bench.desk, case_id)).history
    assert not gone.is_verdict
    assert not restricts(gone, [gone])
    other = await bench.take(comment="c3")
    await follow(bench.desk, SITE, Seen(comment_id="c3", visible=False))
    assert "somebody" not in await shown(bench, other)
    assert "by its author" in await shown(bench, case_id)


async def test_there_is_nothing_to_take_back_or_to_correct(bench: Bench):
    case_id = await bench.take()
    await follow(bench.desk, SITE, DELETED)
    words = (
        rf"^The author of #{case_id} has deleted the comment on the site, so there is no decision to "
        r"change\.$"
    )
    with pytest.raises(NoChange, match=words):
        await reverse(bench.desk, case_id, by=SAM, door=Door.BUTTON)
    with pytest.raises(NoChange, match=words):
        await amend(bench.desk, case_id, bench.policy.rules[0].number, by=SAM, door=Door.BUTTON)


async def test_a_decided_case_stays_as_it_was_decided(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id)
    assert not await follow(bench.desk, SITE, DELETED)
    assert "Hidden" in await shown(bench, case_id)


class HalfSite(ObedientSite):
    """A site that hides, and cannot find the author."""

    verb = Verb.GONE
    placed = True

    async def carry_out(self, order):
        await super().carry_out(order)
        return Outcome(verb=self.verb, words=NO_MEMBER, placed=self.placed)


@pytest.mark.parametrize("verb", [Verb.GONE, Verb.REFUSED, Verb.LATER, Verb.MISCONFIGURED])
async def test_a_ban_that_only_hid_is_not_said_to_have_left_the_comment_up(
    bench: Bench, verb: Verb
):
    case_id, site = await bench.take(), HalfSite()
    site.verb = verb
    await bench.decide(case_id, Action.BAN, lasting=timedelta(days=7))
    await turn(order_lane(bench.desk, SITE, site))
    said = await shown(bench, case_id)
    assert "Author not banned yet" in said
    assert NO_MEMBER in said
    assert "Still visible" not in said
    await reverse(bench.desk, case_id, by=SAM, door=Door.BUTTON)
    site.verb = Verb.REFUSED
    site.placed = False
    bench.clock.pass_by(hours=1)
    while await turn(order_lane(bench.desk, SITE, site)):
        pass
    assert "Still hidden" in await shown(bench, case_id)


_BEFORE = """
INSERT INTO outbox (id, kind, state, due_at, payload, key)
VALUES (5, 'staff', 'failed', 1, '{}', 'thread:1');
"""


def test_an_earlier_database_goes_on():
    known = migrations()
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, {number: known[number] for number in range(1, 41)})
        connection.executescript(_BEFORE)
        migrate(connection, known)
        assert connection.execute("SELECT id, placed FROM outbox").fetchall() == [(5, 0)]
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("UPDATE outbox SET placed = 2")
