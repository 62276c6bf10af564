"""Contesting a decision: once each, answered by somebody else, and carried out."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.cases import Answer, Case, CaseState
from bot.domain.decisions import Action, Decision, Door
from bot.domain.effects import Order, Outcome
from bot.domain.errors import NoChange, NotAllowed, NotUnderstood
from bot.domain.ids import CaseId, EffectId, RuleNumber, SiteId
from bot.domain.policy import Policy
from bot.domain.readers.contest import LONGEST_TEXT, Contest
from bot.domain.site import SiteKeys
from bot.services.cases.decision_log import DecisionWriter
from bot.services.cases.reverse import amend, reverse
from bot.services.deliver import order_lane
from bot.services.outbox_worker import turn
from bot.services.readers.contest import (
    CannotContest,
    answer_contest,
    contest_by_author,
    contest_by_reporter,
)
from bot.services.readers.contest_view import waiting_contests
from bot.services.readers.report import file_report
from bot.services.readers.statement import addresses, hash_of, secret_of, statement
from bot.store.tx import Tx
from tests.services.desks import ANA, BEN, OLLY, SAM, Bench
from tests.services.outside import ObedientSite
from tests.support.chains import first_broken

CONTEST_FOR = Policy(rules=()).contests_for

KEY = b"a key of the courier's own"
CASE = CaseId(1)
WEEK = timedelta(days=7)


async def stated(bench: Bench, made: Decision) -> str:
    """Hand a decision's statement out, as the outbox does; return its secret."""
    secret = secret_of(KEY, SiteId("courier"), made)
    await bench.store.write(lambda tx: tx.contests.state(made.id, hash_of(secret), bench.clock.now))
    return secret


async def case_of(bench: Bench) -> Case:
    case = await bench.store.read(lambda tx: tx.cases.get(CASE))
    assert case is not None
    return case


async def contested(bench: Bench, action: Action = Action.HIDE, **how: Any) -> Contest:
    """Decide a case and let its author contest that."""
    await bench.take()
    made = await bench.decide(CASE, action, rule=4, **how)
    contest = await contest_by_author(bench.desk, await stated(bench, made), "It was a joke", "en")
    assert contest is not None
    return contest


async def test_the_author_reads_what_was_decided_and_nobodys_name(bench: Bench):
    await bench.take(text="Look at these people")
    made = await bench.decide(CASE, rule=4, note="Ana thinks so")
    said = await statement(bench.desk, await stated(bench, made))

    assert said is not None
    assert said.rule is not None
    assert (said.rule.number, said.text) == (4, "Look at these people")
    assert said.facts == said.rule.notice
    assert said.reported
    assert not said.automated
    assert said.until == made.at + CONTEST_FOR
    assert said.may_contest(bench.clock.now)


async def test_a_statement_shows_the_text_that_was_judged_and_not_a_later_one(bench: Bench):
    await bench.take(text="Bad")
    made = await bench.decide(CASE, rule=4)
    secret = await stated(bench, made)
    bench.clock.pass_by(hours=1)
    await bench.take(text="Good", revision="r2")
    said = await statement(bench.desk, secret)
    assert said is not None
    assert said.text == "Bad"


async def test_a_secret_of_another_decision_or_key_leads_nowhere(bench: Bench):
    await bench.take()
    made = await bench.decide(CASE, rule=4)
    await stated(bench, made)
    for wrong in (
        secret_of(b"another key of the courier", SiteId("courier"), made),
        secret_of(KEY, SiteId("herald"), made),
        secret_of(KEY, SiteId("courier"), replace(made, digest="0" * 64)),
        "",
        "1",
    ):
        assert await statement(bench.desk, wrong) is None
        assert await contest_by_author(bench.desk, wrong, "But", "en") is None


async def test_an_author_contests_once(bench: Bench):
    contest = await contested(bench)
    [waiting] = await waiting_contests(bench.desk, ANA)
    assert waiting.contest == contest
    made = await bench.store.read(lambda tx: tx.decisions.get(contest.decision_id))
    assert made is not None
    with pytest.raises(CannotContest):
        await contest_by_author(bench.desk, await stated(bench, made), "Again", "en")


async def test_whoever_decided_does_not_answer(bench: Bench):
    contest = await contested(bench)
    for answer in Answer:
        with pytest.raises(NotAllowed, match="took part"):
            await answer_contest(bench.desk, contest.id, answer, by=ANA, reasons="I was right")
    [waiting] = await waiting_contests(bench.desk, BEN)
    assert waiting.contest == contest


async def test_whoever_agreed_to_it_does_not_answer_either(bench: Bench):
    await bench.take()
    await bench.decide(CASE, rule=4)
    await reverse(bench.desk, CASE, by=SAM, door=Door.BUTTON)
    made = await bench.decide(CASE, rule=4)
    contest = await contest_by_author(bench.desk, await stated(bench, made), "No", "en")
    assert contest is not None
    with pytest.raises(NotAllowed, match="took part"):
        await answer_contest(bench.desk, contest.id, Answer.UPHELD, by=SAM, reasons="Because")


async def test_somebody_without_a_role_answers_nothing(bench: Bench):
    contest = await contested(bench)
    with pytest.raises(NotAllowed):
        await answer_contest(bench.desk, contest.id, Answer.OVERTURNED, by=OLLY, reasons="Sure")
    with pytest.raises(NotAllowed):
        await waiting_contests(bench.desk, OLLY)


async def test_the_only_moderator_answers_where_the_policy_says_so(bench: Bench):
    contest = await contested(bench)
    bench.policy = replace(bench.policy, contests_alone=True)
    answered = await answer_contest(bench.desk, contest.id, Answer.UPHELD, by=ANA, reasons="Hm")
    assert answered.answer is Answer.UPHELD


async def test_what_is_upheld_stands_and_is_answered_once(bench: Bench):
    contest = await contested(bench)
    before = await case_of(bench)
    await answer_contest(bench.desk, contest.id, Answer.UPHELD, by=BEN, reasons="It was no joke")

    case = await case_of(bench)
    assert case.decision_id == before.decision_id
    assert await waiting_contests(bench.desk, ANA) == []
    with pytest.raises(NoChange):
        await answer_contest(bench.desk, contest.id, Answer.OVERTURNED, by=SAM, reasons="Yet")


async def test_what_is_overturned_is_shown_again_and_counts_no_strike(bench: Bench):
    contest = await contested(bench)
    await answer_contest(bench.desk, contest.id, Answer.OVERTURNED, by=BEN, reasons="It was a joke")

    case = await case_of(bench)
    assert case.state is CaseState.DECIDED
    assert case.strikes == 0
    history = await bench.store.read(lambda tx: tx.decisions.of_case(CASE))
    assert [made.action for made in history] == [Action.HIDE, Action.UNHIDE, Action.KEEP]
    assert {made.verdict.door for made in history[1:]} == {Door.CONTEST}
    orders = await bench.store.read(
        lambda tx: [
            tx.outbox.order(effect.id)
            for effect in tx.outbox.due_orders(SiteId("courier"), bench.clock.now, limit=10)
        ]
    )
    assert orders
    assert first_broken(history) is None


async def test_an_overturned_ban_lets_the_author_back(bench: Bench):
    contest = await contested(bench, Action.BAN, lasting=WEEK)
    await answer_contest(bench.desk, contest.id, Answer.OVERTURNED, by=BEN, reasons="Too hard")
    bans = await bench.store.read(
        lambda tx: tx.bans.of_author(SiteId("courier"), "a1", bench.clock.now)
    )
    assert not bans


async def test_a_shortened_ban_ends_sooner_and_the_comment_stays_hidden(bench: Bench):
    contest = await contested(bench, Action.BAN, lasting=WEEK)
    bench.clock.pass_by(days=2)
    lasting = timedelta(days=3)
    ends = bench.clock.now + timedelta(days=1)
    await answer_contest(
        bench.desk, contest.id, Answer.SHORTENED, by=BEN, reasons="Three days do", lasting=lasting
    )
    [ban] = await bench.store.read(
        lambda tx: tx.bans.of_author(SiteId("courier"), "a1", bench.clock.now)
    )
    assert ban.until == ends
    case = await case_of(bench)
    standing = await bench.store.read(lambda tx: tx.decisions.get(case.decision_id))  # type: ignore[arg-type]
    assert standing is not None
    assert (standing.action, standing.verdict.rule) == (Action.BAN, 4)


@pytest.mark.parametrize("days", [-1, 0, 1, 2, 7, 30])
async def test_a_shortened_ban_ends_later_than_now_and_sooner_than_it_did(bench: Bench, days: int):
    contest = await contested(bench, Action.BAN, lasting=WEEK)
    bench.clock.pass_by(days=2)
    lasting = timedelta(days=days)
    with pytest.raises(NotUnderstood):
        await answer_contest(
            bench.desk, contest.id, Answer.SHORTENED, by=BEN, reasons="Less", lasting=lasting
        )
    assert len(await bench.store.read(lambda tx: tx.decisions.of_case(CASE))) == 1


async def test_only_a_ban_is_shortened(bench: Bench):
    contest = await contested(bench)
    with pytest.raises(NotUnderstood):
        await answer_contest(
            bench.desk, contest.id, Answer.SHORTENED, by=BEN, reasons="x", lasting=WEEK
        )


async def test_what_was_undone_meanwhile_is_not_answered(bench: Bench):
    contest = await contested(bench)
    await reverse(bench.desk, CASE, by=SAM, door=Door.BUTTON)
    with pytest.raises(
        NoChange, match=r"^Case #1 is open again\. Decide it first, then answer the contest\.$"
    ):
        await answer_contest(bench.desk, contest.id, Answer.OVERTURNED, by=BEN, reasons="Yes")


async def test_once_the_case_is_decided_anew_whoever_contested_is_owed_words_alone(bench: Bench):
    contest = await contested(bench)
    await reverse(bench.desk, CASE, by=SAM, door=Door.BUTTON)
    await bench.decide(CASE, Action.KEEP)
    before = await bench.store.read(lambda tx: tx.decisions.of_case(CASE))
    await answer_contest(bench.desk, contest.id, Answer.OVERTURNED, by=BEN, reasons="It is back")

    assert await bench.store.read(lambda tx: tx.decisions.of_case(CASE)) == before
    assert await waiting_contests(bench.desk, BEN) == []


async def test_a_ban_that_another_one_took_the_place_of_is_not_shortened(bench: Bench):
    contest = await contested(bench, Action.BAN, lasting=WEEK)
    await reverse(bench.desk, CASE, by=SAM, door=Door.BUTTON)
    await bench.decide(CASE, Action.BAN, lasting=2 * WEEK)
    before = await bench.store.read(lambda tx: tx.decisions.of_case(CASE))
    with pytest.raises(NoChange, match=r"^The ban that was contested does not stand any more\.$"):
        await answer_contest(
            bench.desk, contest.id, Answer.SHORTENED, by=BEN, reasons="x", lasting=WEEK
        )
    assert await bench.store.read(lambda tx: tx.decisions.of_case(CASE)) == before
    assert len(await waiting_contests(bench.desk, BEN)) == 1


async def test_what_was_undone_is_not_contested(bench: Bench):
    await bench.take()
    made = await bench.decide(CASE, rule=4)
    secret = await stated(bench, made)
    await reverse(bench.desk, CASE, by=ANA, door=Door.BUTTON)
    with pytest.raises(CannotContest):
        await contest_by_author(bench.desk, secret, "Now", "en")


async def test_after_six_months_a_decision_stands(bench: Bench):
    await bench.take()
    made = await bench.decide(CASE, rule=4)
    secret = await stated(bench, made)
    bench.clock.now += CONTEST_FOR
    with pytest.raises(CannotContest):
        await contest_by_author(bench.desk, secret, "Late", "en")


@pytest.mark.parametrize("text", ["", " \n", "x" * (LONGEST_TEXT + 1)])
async def test_a_contest_and_its_answer_say_why(bench: Bench, text: str):
    contest = await contested(bench)
    with pytest.raises(NotUnderstood):
        await answer_contest(bench.desk, contest.id, Answer.UPHELD, by=BEN, reasons=text)
    with pytest.raises(NotUnderstood):
        await contest_by_author(bench.desk, "any", text, "en")


async def test_a_reporter_contests_what_was_kept(bench: Bench):
    filed = await file_report(bench.desk, bench.report(), "en")
    await bench.decide(CASE, Action.KEEP)
    contest = await contest_by_reporter(bench.desk, filed.secret, "Read it again", "en")
    assert contest is not None
    with pytest.raises(CannotContest):
        await contest_by_reporter(bench.desk, filed.secret, "Once more", "en")
    with pytest.raises(NotUnderstood, match="which rule"):
        await answer_contest(bench.desk, contest.id, Answer.OVERTURNED, by=BEN, reasons="So it is")
    with pytest.raises(NotUnderstood, match="no house rule 77"):
        await answer_contest(
            bench.desk,
            contest.id,
            Answer.OVERTURNED,
            by=BEN,
            reasons="So it is",
            rule=RuleNumber(77),
        )
    await answer_contest(
        bench.desk,
        contest.id,
        Answer.OVERTURNED,
        by=BEN,
        reasons="So it is",
        rule=RuleNumber(3),
    )
    case = await case_of(bench)
    standing = await bench.store.read(lambda tx: tx.decisions.get(case.decision_id))  # type: ignore[arg-type]
    assert standing is not None
    assert (standing.action, standing.verdict.rule) == (Action.HIDE, 3)


async def test_each_reporter_contests_for_themselves(bench: Bench):
    one = await file_report(bench.desk, bench.report(), "en")
    two = await file_report(bench.desk, bench.report(), "en")
    await bench.decide(CASE, Action.KEEP)
    for filed in (one, two):
        assert await contest_by_reporter(bench.desk, filed.secret, "No", "en") is not None
    assert len(await waiting_contests(bench.desk, BEN)) == 2


async def test_a_reporter_does_not_contest_a_removal(bench: Bench):
    filed = await file_report(bench.desk, bench.report(), "en")
    await bench.decide(CASE, rule=4)
    with pytest.raises(CannotContest):
        await contest_by_reporter(bench.desk, filed.secret, "More", "en")


async def test_citing_another_rule_gives_no_second_contest(bench: Bench):
    contest = await contested(bench)
    assert contest.party == "author"
    await amend(bench.desk, CASE, RuleNumber(3), by=ANA, door=Door.BUTTON)
    case = await case_of(bench)
    amended = await bench.store.read(lambda tx: tx.decisions.get(case.decision_id))  # type: ignore[arg-type]
    assert amended is not None
    with pytest.raises(CannotContest):
        await contest_by_author(bench.desk, await stated(bench, amended), "Again", "en")


async def test_a_hold_is_told_and_is_no_decision_to_contest(bench: Bench):
    await bench.take()
    made = await bench.store.write(lambda tx: DecisionWriter.of(bench.desk).hold(tx, _case(tx)))
    secret = await stated(bench, made)
    said = await statement(bench.desk, secret)
    assert said is not None
    assert said.automated
    assert not said.may_contest(bench.clock.now)
    with pytest.raises(CannotContest):
        await contest_by_author(bench.desk, secret, "But", "en")


async def test_the_site_is_given_the_address_with_what_takes_from_the_author(bench: Bench):
    seen: list[Order] = []

    class Listening(ObedientSite):
        async def carry_out(self, order: Order) -> Outcome:
            seen.append(order)
            return await super().carry_out(order)

    keys = {"courier": SiteKeys(secrets=(), salt=KEY)}
    desk = replace(bench.desk, statement_url=addresses("https://r.example", keys))
    await bench.take()
    await bench.decide(CASE, rule=4)
    await turn(order_lane(desk, SiteId("courier"), Listening()))
    await reverse(bench.desk, CASE, by=SAM, door=Door.BUTTON)
    await turn(order_lane(desk, SiteId("courier"), Listening()))

    [hide, shown] = seen
    assert hide.statement_url is not None
    said = await statement(desk, hide.statement_url.removeprefix("https://r.example/decision/"))
    assert said is not None
    assert said.decision.id == hide.decision_id
    assert shown.statement_url is None
    kept = await bench.store.read(lambda tx: tx.outbox.order(EffectId(1)))
    assert kept is None or kept.statement_url is None, "the list of orders holds no secret"


def _case(tx: Tx) -> Case:
    case = tx.cases.get(CASE)
    assert case is not None
    return case


@pytest.mark.parametrize("text", [None, ""])
async def test_a_ban_is_contested_after_its_end_and_when_the_comment_is_gone(
    bench: Bench, text: str | None
):
    await bench.take()
    made = await bench.decide(CASE, Action.BAN, rule=4, lasting=WEEK)
    secret = await stated(bench, made)
    if text is not None:
        await bench.take(text=text, revision="gone")
    bench.clock.pass_by(days=30)
    contest = await contest_by_author(bench.desk, secret, "It was never fair", "en")
    assert contest is not None
    if text is None:
        reasons = "You are right"
        await answer_contest(bench.desk, contest.id, Answer.OVERTURNED, by=BEN, reasons=reasons)
        case = await case_of(bench)
        assert (case.state, case.strikes) == (CaseState.DECIDED, 0)
