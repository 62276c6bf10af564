"""Decisions: the first wins, authority is checked, edits are noticed, and undoing keeps both."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.cases import CaseState
from bot.domain.decisions import Action, Door, Verdict
from bot.domain.effects import Order
from bot.domain.errors import (
    AlreadyDecided,
    CommentEdited,
    DeskError,
    NoChange,
    NoSuchCase,
    NotAllowed,
    NotPossible,
    NotUnderstood,
)
from bot.domain.ids import CaseId, RuleNumber, SiteId
from bot.services.cases import lookup
from bot.services.cases.decide import decide
from bot.services.cases.lookup import look
from bot.services.cases.reverse import amend, reverse
from tests.services.desks import ANA, BEN, NOON, OLLY, SAM, Bench
from tests.support.chains import first_broken
from tests.support.decisions import changed

LATER = datetime(2100, 1, 1, tzinfo=UTC)


async def orders(bench: Bench) -> list[Order]:
    """What the site was asked, as far as it has not been carried out."""

    def query(tx):
        due = tx.outbox.due_orders(SiteId("courier"), LATER, limit=50)
        return [tx.outbox.order(effect.id) for effect in due]

    return [order for order in await bench.store.read(query) if order]


async def test_a_hide_without_a_rule_cites_the_one_most_readers_gave(bench: Bench):
    case_id = await bench.take(rule=RuleNumber(5))
    for _ in range(2):
        await bench.take(rule=RuleNumber(3))

    decision = await bench.decide(case_id)

    assert decision.verdict.rule == 3
    [order] = await orders(bench)
    assert (order.action, order.visible, order.banned) == (Action.HIDE, False, None)
    assert order.notice


async def test_a_ban_says_until_when_and_hides_the_comment(bench: Bench):
    case_id = await bench.take()

    decision = await bench.decide(case_id, Action.BAN, lasting=timedelta(days=7))

    assert decision.until == NOON + timedelta(days=7)
    [order] = await orders(bench)
    assert (order.visible, order.banned, order.until) == (False, True, decision.until)


async def test_a_second_verdict_is_refused_and_changes_nothing(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id, Action.KEEP)

    with pytest.raises(AlreadyDecided) as refused:
        await bench.decide(case_id, Action.BAN, by=BEN)

    assert refused.value.decision.verdict.by.name == "Ana"
    assert len((await look(bench.desk, case_id)).history) == 1


async def test_of_two_at_once_exactly_one_decides(bench: Bench):
    case_id = await bench.take()

    outcomes = await asyncio.gather(
        bench.decide(case_id, Action.KEEP),
        bench.decide(case_id, Action.HIDE, by=BEN),
        return_exceptions=True,
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyDecided", "Decision"]


@pytest.mark.parametrize("door", Door)
async def test_an_outsider_is_refused_at_every_door(bench: Bench, door: Door):
    case_id = await bench.take()

    with pytest.raises(NotAllowed):
        await bench.decide(case_id, by=OLLY, door=door)

    assert (await look(bench.desk, case_id)).case.is_open


@pytest.mark.parametrize("look_at", [lookup.view, lookup.notes, lookup.retry])
async def test_an_outsider_sees_and_retries_nothing(bench: Bench, look_at):
    case_id = await bench.take()

    with pytest.raises(NotAllowed):
        await look_at(bench.desk, case_id, OLLY)
    with pytest.raises(NotAllowed):
        await lookup.queue(bench.desk, OLLY, limit=10)


async def test_a_verdict_on_a_text_that_was_edited_is_asked_again(bench: Bench):
    case_id = await bench.take()
    await bench.take(revision="r2", text="Fine now.")

    with pytest.raises(CommentEdited):
        await bench.decide(case_id, seen=1)

    decision = await bench.decide(case_id, seen=2)
    assert decision.revision == 2


async def test_an_unknown_case_or_rule_is_said_in_a_sentence(bench: Bench):
    case_id = await bench.take()

    with pytest.raises(NoSuchCase, match="no case #77"):
        await bench.decide(CaseId(77))
    with pytest.raises(NotUnderstood, match="no house rule 99"):
        await bench.decide(case_id, rule=RuleNumber(99))
    with pytest.raises(DeskError):
        await bench.decide(case_id, Action.UNBAN)


async def test_undo_reopens_the_case_and_shows_the_comment_again(bench: Bench):
    case_id = await bench.take()
    hidden = await bench.decide(case_id)

    undone = await reverse(bench.desk, case_id, by=ANA, door=Door.BUTTON)

    view = await look(bench.desk, case_id)
    assert (undone.verdict.action, undone.reverses) == (Action.UNHIDE, hidden.id)
    assert view.case.state is CaseState.REOPENED
    assert [decision.action for decision in view.history] == [Action.HIDE, Action.UNHIDE]
    assert view.record.strikes == 0


async def test_an_undo_does_not_overtake_what_it_undoes(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id)
    await reverse(bench.desk, case_id, by=ANA, door=Door.BUTTON)

    assert [order.action for order in await orders(bench)] == [Action.HIDE]


async def test_undoing_one_ban_leaves_the_other_standing(bench: Bench):
    first, second = await bench.take(comment="c1"), await bench.take(comment="c2")
    ban = await bench.decide(first, Action.BAN, lasting=timedelta(days=30))
    await bench.decide(second, Action.BAN, lasting=timedelta(days=1))
    await bench.store.write(
        lambda tx: [
            tx.outbox.done(effect, NOON)
            for effect in tx.outbox.due_orders(SiteId("courier"), LATER, limit=50)
        ]
    )

    await reverse(bench.desk, second, by=ANA, door=Door.BUTTON)

    [order] = await orders(bench)
    assert (order.action, order.visible) == (Action.UNBAN, True)
    assert (order.banned, order.until) == (True, ban.until)


async def test_own_decisions_are_undone_for_ten_minutes_and_others_by_a_senior(bench: Bench):
    case_id = await bench.take()
    await bench.decide(case_id)

    with pytest.raises(NotAllowed, match="Ana decided"):
        await reverse(bench.desk, case_id, by=BEN, door=Door.SLASH)
    bench.clock.pass_by(minutes=bench.policy.undo_minutes, seconds=1)
    with pytest.raises(NotAllowed, match="senior"):
        await reverse(bench.desk, case_id, by=ANA, door=Door.SLASH)

    assert (await reverse(bench.desk, case_id, by=SAM, door=Door.SLASH)).verdict.by.name == "Sam"
    with pytest.raises(NoChange):
        await reverse(bench.desk, case_id, by=SAM, door=Door.SLASH)


async def test_citing_another_rule_counts_one_strike(bench: Bench):
    case_id = await bench.take()
    hidden = await bench.decide(case_id)

    amended = await amend(bench.desk, case_id, RuleNumber(1), by=ANA, door=Door.BUTTON)

    view = await look(bench.desk, case_id)
    assert (amended.amends, amended.verdict.rule) == (hidden.id, 1)
    assert view.record.strikes == 1
    assert view.decision == amended


async def test_a_strike_moves_the_authors_other_cases_up_and_expires(bench: Bench):
    first, second = await bench.take(comment="c1"), await bench.take(comment="c2")
    before = (await look(bench.desk, second)).case.priority

    await bench.decide(first)

    after = (await look(bench.desk, second)).case
    assert after.priority > before
    assert after.strikes == 1
    bench.clock.pass_by(days=bench.policy.strike_days + 1)
    assert (await look(bench.desk, second)).record.strikes == 0


async def test_the_record_is_chained(bench: Bench):
    for number in range(5):
        case_id = await bench.take(comment=f"c{number}")
        await bench.decide(case_id)

    record = list(await bench.store.read(lambda tx: tx.decisions.after(0, limit=100)))

    assert first_broken(record) is None
    tampered = [*record[:2], changed(record[2], rule=RuleNumber(1)), *record[3:]]
    assert first_broken(tampered) == tampered[2]
    assert first_broken([*record[:2], *record[3:]]) == record[3]


async def test_no_order_key_is_used_twice(bench: Bench):
    keys = set[str]()
    for number in range(3):
        case_id = await bench.take(comment=f"c{number}")
        await bench.decide(case_id)
    keys = {order.key for order in await orders(bench)}

    assert len(keys) == 3


@pytest.mark.parametrize(
    ("action", "asked"),
    [
        (Action.KEEP, "be told to keep a comment"),
        (Action.HIDE, "hide a comment"),
        (Action.BAN, "ban an author"),
        (Action.REOPEN, "open a case again"),
        (Action.UNHIDE, "show a hidden comment again"),
        (Action.UNBAN, "lift a ban"),
        (Action.HOLD, "put a comment on hold"),
    ],
)
async def test_what_a_site_cannot_do_is_said_with_what_may_help(
    bench: Bench, action: Action, asked: str
):
    site = SiteId("courier")
    bench.desk.require_site(site, action)  # all can be done where nothing else is said
    able = frozenset(Action) - {action}
    words = (
        rf"^The site courier cannot {asked} from here, so nothing was done\. Its own console may be "
        r"able to\.$"
    )
    with pytest.raises(NotPossible, match=words):
        replace(bench.desk, site_can=lambda _: able).require_site(site, action)


async def test_what_the_site_cannot_do_is_refused_at_every_door(bench: Bench):
    case_id = await bench.take()
    able = frozenset({Action.KEEP, Action.HIDE, Action.UNHIDE, Action.REOPEN})
    desk = replace(bench.desk, site_can=lambda _site: able)
    verdict = Verdict(action=Action.BAN, by=ANA, door=Door.TYPED)

    with pytest.raises(NotPossible, match="cannot ban"):
        await decide(desk, case_id, replace(verdict, lasting=timedelta(days=1)))

    assert (await look(bench.desk, case_id)).case.is_open
    assert await decide(desk, case_id, replace(verdict, action=Action.HIDE))
