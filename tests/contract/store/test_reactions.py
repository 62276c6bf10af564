"""What is kept of reactions, and of the questions that some of them led to."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.cases import CardRef
from bot.domain.decisions import Action
from bot.domain.ids import PersonId, RuleNumber
from bot.domain.reactions import Given, Question, QuestionKind, Reaction
from bot.store.sqlite import Store
from bot.store.tx import Tx
from tests.contract.store.makers import NOW, decide, opening

ANA, BEN = PersonId(7), PersonId(8)


async def question(store: Store, **changes: object) -> Question:
    case = await store.write(opening(f"c-{changes}"))
    card = CardRef(case_id=case.id, channel_id=70, message_id=700 + case.id, revision=2)
    asked = Question(
        kind=QuestionKind.BAN,
        case_id=case.id,
        card=card,
        given=(Given(by_name="Ana", emoji="🔨", action=Action.BAN),),
        by_id=ANA,
        rule=RuleNumber(3),
        lasting=timedelta(days=3),
        at=NOW,
        expires_at=NOW + timedelta(minutes=5),
    )
    return replace(asked, **changes)  # type: ignore[arg-type]


async def test_a_handled_reaction_is_known_until_it_is_forgotten(store: Store):
    ana = Reaction(message_id=1, by_id=ANA, emoji="✅")
    ben = Reaction(message_id=1, by_id=BEN, emoji="✅")
    hidden = Reaction(message_id=1, by_id=BEN, emoji="🙈")

    def mark(tx: Tx) -> None:
        for one in (ana, ana, ben, hidden, replace(ana, message_id=2)):
            tx.reactions.mark(one, NOW)

    await store.write(mark)
    assert await store.read(lambda tx: tx.reactions.handled(1)) == {ana, ben, hidden}
    await store.write(lambda tx: tx.reactions.forget(1, ANA, "✅"))
    assert await store.read(lambda tx: tx.reactions.handled(1)) == {ben, hidden}
    await store.write(lambda tx: tx.reactions.forget(1, emoji="✅"))
    assert await store.read(lambda tx: tx.reactions.handled(1)) == {hidden}
    await store.write(lambda tx: tx.reactions.forget(1))
    assert await store.read(lambda tx: tx.reactions.handled(1)) == set()
    assert len(await store.read(lambda tx: tx.reactions.handled(2))) == 1


async def test_a_question_comes_back_as_it_was_asked_and_is_posted_once(store: Store):
    asked = await question(store)

    kept = await store.write(lambda tx: tx.questions.ask(asked))
    assert kept == replace(asked, id=kept.id)
    assert await store.read(lambda tx: tx.questions.to_post(NOW)) == [kept]
    assert await store.read(lambda tx: tx.questions.open_ban(asked.case_id, ANA)) == kept
    assert await store.read(lambda tx: tx.questions.open_ban(asked.case_id, BEN)) is None
    await store.write(lambda tx: tx.questions.posted(kept.id, 900))

    assert await store.read(lambda tx: tx.questions.to_post(NOW)) == []
    assert await store.read(lambda tx: tx.questions.at(900)) == replace(kept, message_id=900)
    assert await store.read(lambda tx: tx.questions.to_take_away(NOW)) == []


async def test_a_question_is_over_when_answered_or_when_its_time_is(store: Store):
    asked = [await question(store, by_id=who) for who in (ANA, BEN)]
    first = await store.write(lambda tx: tx.questions.ask(asked[0]))
    second = await store.write(lambda tx: tx.questions.ask(asked[1]))

    await store.write(lambda tx: tx.questions.answer(first.id))
    assert [one.id for one in await store.read(lambda tx: tx.questions.to_take_away(NOW))] == [
        first.id
    ]
    later = NOW + timedelta(minutes=5)
    over = await store.read(lambda tx: tx.questions.to_take_away(later))
    assert [one.id for one in over] == [first.id, second.id]
    await store.write(lambda tx: tx.questions.drop(first.id))
    assert await store.read(lambda tx: tx.questions.get(first.id)) is None


async def test_a_decision_ends_what_everybody_was_asked_and_what_who_decided_was(store: Store):
    anybody = await question(store, kind=QuestionKind.LATE, by_id=None, rule=None, lasting=None)
    asked = await store.write(lambda tx: tx.questions.ask(anybody))
    other = await store.write(lambda tx: tx.questions.ask(replace(anybody, by_id=PersonId(12345))))

    def hide(tx: Tx) -> None:
        case = tx.cases.get(asked.case_id)
        assert case is not None
        decide(tx, case, Action.HIDE)

    await store.write(hide)

    over = [one.id for one in await store.read(lambda tx: tx.questions.to_take_away(NOW))]
    assert asked.id in over
    assert other.id not in over, "somebody else decided, and whoever was asked is told on answering"
