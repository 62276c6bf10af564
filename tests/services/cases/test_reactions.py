"""Reactions decide, ask before they ban, and are carried out once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.cases import CardRef
from bot.domain.decisions import Action, Decision, Door, Verdict
from bot.domain.errors import (
    AlreadyClaimed,
    AlreadyDecided,
    CommentEdited,
    NoChange,
    NotAllowed,
    NotPossible,
)
from bot.domain.ids import CaseId
from bot.domain.policy import ReactionBan
from bot.domain.reactions import Given, Question, QuestionKind, Reaction
from bot.domain.staff import Person
from bot.services.cases import reacting
from bot.services.cases.claim import claim
from bot.services.cases.reacting import BanByReactionOff, Reacted
from tests.services.desks import ANA, BEN, OLLY, Bench

CARD = 500
MARKS = {Action.KEEP: "✅", Action.HIDE: "🙈", Action.BAN: "🔨"}


def reacted(
    case_id: CaseId, action: Action = Action.HIDE, *, by: Person = ANA, seen: int = 1
) -> Reacted:
    card = CardRef(case_id=case_id, channel_id=7, message_id=CARD, revision=1)
    return Reacted(card=card, by=by, emoji=MARKS[action], action=action, seen=seen)


async def carded(bench: Bench) -> CaseId:
    case, now = await bench.take(), bench.clock.now
    await bench.store.write(lambda tx: tx.cards.drawn(reacted(case).card, touched=9, at=now))
    return case


async def handled(bench: Bench) -> set[Reaction]:
    return set(await bench.store.read(lambda tx: tx.reactions.handled(CARD)))


async def questions(bench: Bench, case_id: CaseId) -> list[Question]:
    return list(await bench.store.read(lambda tx: tx.questions.open_of(case_id)))


def bans(bench: Bench, how: ReactionBan) -> None:
    bench.policy = replace(bench.policy, reaction_ban=how)


@pytest.mark.parametrize("action", [Action.KEEP, Action.HIDE])
async def test_a_reaction_decides_and_is_kept_as_handled(bench: Bench, action: Action):
    case = await carded(bench)
    made = reacted(case, action)

    decision = await reacting.react(bench.desk, made)

    assert isinstance(decision, Decision)
    assert decision.verdict == Verdict(
        action=action, by=ANA, door=Door.REACTION, rule=decision.verdict.rule
    )
    assert await handled(bench) == {Reaction(message_id=CARD, by_id=ANA.id, emoji=MARKS[action])}


async def test_a_reaction_on_another_text_decides_nothing_and_stays_unhandled(bench: Bench):
    case = await carded(bench)
    await bench.take(revision="r2", text="Fine now.")

    with pytest.raises(CommentEdited):
        await reacting.react(bench.desk, reacted(case))
    assert await handled(bench) == set()


async def test_a_ban_by_reaction_is_asked_first(bench: Bench):
    case = await carded(bench)

    assert await reacting.react(bench.desk, reacted(case, Action.BAN)) is None

    [question] = await questions(bench, case)
    assert question == Question(
        kind=QuestionKind.BAN,
        case_id=case,
        card=replace(question.card, case_id=case, channel_id=7, message_id=CARD, revision=1),
        given=(Given(by_name="Ana", emoji="🔨", action=Action.BAN),),
        at=bench.clock.now,
        expires_at=bench.clock.now + timedelta(minutes=5),
        by_id=ANA.id,
        rule=3,
        lasting=bench.policy.ladder[0],
        id=question.id,
    )
    assert await handled(bench) == {Reaction(message_id=CARD, by_id=ANA.id, emoji="🔨")}


async def test_a_person_is_asked_once_and_each_by_themselves(bench: Bench):
    case = await carded(bench)
    for person in (ANA, ANA, BEN):
        await reacting.react(bench.desk, reacted(case, Action.BAN, by=person))

    assert [one.by_id for one in await questions(bench, case)] == [ANA.id, BEN.id]


async def test_the_length_asked_about_is_the_one_that_the_form_offers(bench: Bench):
    strike = await bench.take(comment="c0")
    await bench.decide(strike)
    case = await carded(bench)

    await reacting.react(bench.desk, reacted(case, Action.BAN))

    [question] = await questions(bench, case)
    assert question.lasting == bench.policy.ladder[1]


async def test_yes_bans_as_asked_and_no_takes_the_question_back(bench: Bench):
    case = await carded(bench)
    await reacting.react(bench.desk, reacted(case, Action.BAN))
    [question] = await questions(bench, case)

    made = await reacting.confirm(bench.desk, question.id, case, ANA)

    assert isinstance(made, Decision)
    assert (made.action, made.verdict.door, made.verdict.rule) == (Action.BAN, Door.REACTION, 3)
    assert made.until == bench.clock.now + bench.policy.ladder[0]
    assert await questions(bench, case) == []

    other = await bench.take(comment="c2", author="a2")
    await reacting.react(bench.desk, reacted(other, Action.BAN))
    [second] = await questions(bench, other)
    await reacting.cancel(bench.desk, second.id)
    assert await questions(bench, other) == []


@pytest.mark.parametrize("how", [ReactionBan.OFF, ReactionBan.AT_ONCE])
async def test_the_policy_says_whether_a_reaction_bans(bench: Bench, how: ReactionBan):
    case = await carded(bench)
    bans(bench, how)

    if how is ReactionBan.OFF:
        with pytest.raises(BanByReactionOff, match=r"^🔨 bans nobody at this desk, so nothing"):
            await reacting.react(bench.desk, reacted(case, Action.BAN))
        assert await handled(bench) == set()
        return
    made = await reacting.react(bench.desk, reacted(case, Action.BAN))
    assert isinstance(made, Decision)
    assert made.until == bench.clock.now + bench.policy.ladder[0]
    assert await handled(bench) == {Reaction(message_id=CARD, by_id=ANA.id, emoji="🔨")}


async def test_nobody_is_asked_about_a_ban_that_cannot_be(bench: Bench):
    case = await carded(bench)
    made = reacted(case, Action.BAN)
    no_bans = replace(bench.desk, site_can=lambda _: frozenset({Action.HIDE}))
    with pytest.raises(NotPossible):
        await reacting.react(no_bans, made)
    with pytest.raises(CommentEdited):
        await reacting.react(bench.desk, replace(made, seen=2))
    await claim(bench.desk, case, BEN)
    with pytest.raises(AlreadyClaimed):
        await reacting.react(bench.desk, made)
    await bench.decide(case, by=BEN)
    with pytest.raises(AlreadyDecided):
        await reacting.react(bench.desk, made)
    assert await questions(bench, case) == []
    assert await handled(bench) == set()


async def asked_of_ana(bench: Bench) -> tuple[CaseId, int]:
    case = await carded(bench)
    await reacting.react(bench.desk, reacted(case, Action.BAN))
    [question] = await questions(bench, case)
    return case, question.id


async def test_only_whoever_reacted_answers(bench: Bench):
    case, number = await asked_of_ana(bench)

    assert (await reacting.asked(bench.desk, number, case, ANA)).id == number
    with pytest.raises(
        NotAllowed,
        match=r"^Ana reacted with 🔨, so only Ana can answer this, and nothing was done\. To decide "
        r"yourself, press a button on the card\.$",
    ):
        await reacting.asked(bench.desk, number, case, BEN)
    with pytest.raises(NotAllowed):
        await reacting.asked(bench.desk, number, case, OLLY)


async def test_a_question_is_over_after_five_minutes_or_once_answered_or_of_another_case(
    bench: Bench,
):
    case, number = await asked_of_ana(bench)
    over = rf"^This question on case #{case} is over, so nothing was done\."
    with pytest.raises(NoChange, match="over"):
        await reacting.asked(bench.desk, number, CaseId(case + 1), ANA)
    with pytest.raises(NoChange, match=over):
        await reacting.asked(bench.desk, number + 1, case, ANA)

    bench.clock.pass_by(minutes=5, seconds=-1)
    await reacting.asked(bench.desk, number, case, ANA)
    bench.clock.pass_by(seconds=1)
    with pytest.raises(NoChange, match=over):
        await reacting.asked(bench.desk, number, case, ANA)


async def test_an_answered_question_is_over(bench: Bench):
    case, number = await asked_of_ana(bench)
    await reacting.cancel(bench.desk, number)

    with pytest.raises(NoChange):
        await reacting.confirm(bench.desk, number, case, ANA)


async def test_a_colleagues_claim_leaves_the_question_for_later(bench: Bench):
    case, number = await asked_of_ana(bench)
    await claim(bench.desk, case, BEN)

    with pytest.raises(AlreadyClaimed):
        await reacting.confirm(bench.desk, number, case, ANA)
    assert [one.id for one in await questions(bench, case)] == [number]


async def test_a_text_that_changed_since_is_not_banned_for_and_the_question_is_over(bench: Bench):
    case, number = await asked_of_ana(bench)
    await bench.take(revision="r2", text="Fine now.")

    with pytest.raises(CommentEdited):
        await reacting.confirm(bench.desk, number, case, ANA)
    assert await questions(bench, case) == []


async def test_a_reaction_that_is_taken_away_takes_its_question_with_it(bench: Bench):
    case, number = await asked_of_ana(bench)
    hers = reacted(case, Action.BAN).reaction

    await reacting.withdraw(bench.desk, replace(hers, emoji="🙈"))
    await reacting.withdraw(bench.desk, replace(hers, by_id=BEN.id))
    assert [one.id for one in await questions(bench, case)] == [number]
    await reacting.withdraw(bench.desk, hers)
    assert await questions(bench, case) == []
    assert await handled(bench) == set()


async def test_what_was_refused_is_not_tried_again(bench: Bench):
    case = await carded(bench)
    made = reacted(case).reaction

    await reacting.refused(bench.desk, made)

    assert await handled(bench) == {made}


async def test_reactions_given_while_the_desk_was_down_are_asked_about_for_a_day(bench: Bench):
    case = await carded(bench)
    given = [reacted(case, Action.KEEP, seen=3), reacted(case, Action.HIDE, by=BEN)]

    await reacting.ask_all(bench.desk, given)

    [question] = await questions(bench, case)
    assert question.kind is QuestionKind.LATE
    assert question.by_id is None
    assert question.reaction is None
    assert question.card.revision == 3
    assert (question.card.message_id, question.card.channel_id) == (CARD, 7)
    assert question.given == (
        Given(by_name="Ana", emoji="✅", action=Action.KEEP),
        Given(by_name="Ben", emoji="🙈", action=Action.HIDE),
    )
    assert question.at == bench.clock.now
    assert question.expires_at == bench.clock.now + timedelta(days=1)
    assert await handled(bench) == {one.reaction for one in given}


async def test_only_moderators_reactions_count(bench: Bench):
    case = await carded(bench)

    with pytest.raises(NotAllowed):
        await reacting.react(bench.desk, reacted(case, by=OLLY))
