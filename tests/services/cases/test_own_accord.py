"""What the desk says of its own accord: to whom, about what, and once."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.domain.cases import CardRef
from bot.domain.decisions import Action
from bot.domain.errors import BoardDown, NotAllowed, NotUnderstood
from bot.domain.ids import CaseId, MessageKind, MessageRef, ReporterKey, RuleNumber
from bot.domain.legal import Consent, LegalNotice, Stage
from bot.domain.reporters import ReaderStanding
from bot.domain.routing import Backlog
from bot.domain.sayings import BacklogList, LegalCall, LegalCard, LifeCall, Saying
from bot.domain.triage import LifeStep
from bot.services.cases import auto_hide, backlog, legal
from bot.services.cases.lookup import look
from bot.services.deliver import card_lane
from bot.services.outbox_worker import turn
from bot.services.staff.reminders import reminder_lane
from tests.services.desks import ANA, BEN, NOON, OLLY, SAM, Bench
from tests.services.outside import CHANNEL, EDITORS, Channel
from tests.support.complaints import complaint

LIFE = RuleNumber(3)


@dataclass
class Herald(Channel):
    """Channels and the other roads in one; `told` has a line for each thing that was said."""

    def __post_init__(self) -> None:
        self.told: list[tuple[object, ...]] = []

    async def post(self, channel_id, what, **more):
        posted = await super().post(channel_id, what, **more)
        self.told.append((*facts(what), None))
        return posted

    async def edit(self, at, what):
        whole = await super().edit(at, what)
        self.told.append((*facts(what), at.message_id))
        return whole

    async def delete(self, at, **more):
        await super().delete(at, **more)
        self.told.append(("gone", at.message_id))

    async def send(self, what):
        self.told.append(("by roads", *facts(what)))


def facts(what: Saying) -> tuple[object, ...]:
    match what:
        case LifeCall():
            return "life", what.view.case.id, what.card.message_id if what.card else None
        case LegalCard():
            return "notice", what.notice.stage, what.view.case.id
        case LegalCall():
            return ("over" if what.over else "soon"), what.notice.stage
        case BacklogList():
            shown = what.backlog
            return "backlog", shown.open_cases, shown.without_card, sorted(what.cards)
        case _:
            raise AssertionError(what)


@pytest.fixture
def herald(bench: Bench) -> Herald:
    return Herald(bench.clock)


async def speak(bench: Bench, herald: Herald) -> list[tuple[object, ...]]:
    """Return what is said now."""
    before = len(herald.told)
    while await turn(reminder_lane(bench.desk, herald, herald)):
        pass
    return herald.told[before:]


async def about(bench: Bench, message: int) -> list[CaseId]:
    """Return which cases a reply to a message means."""
    return list(await bench.store.read(lambda tx: tx.lines.cases_of(message)))


def danger(bench: Bench) -> None:
    rules = tuple(replace(rule, life=rule.number == LIFE) for rule in bench.policy.rules)
    bench.policy = replace(bench.policy, rules=rules)


async def in_danger(bench: Bench) -> tuple[CaseId, int]:
    """Return a case of life and death, and its card's message."""
    danger(bench)
    case = await bench.take(rule=LIFE)
    await turn(card_lane(bench.desk, Channel(bench.clock)))
    ref = await bench.store.read(lambda tx: tx.cards.get(case))
    assert ref is not None
    return case, ref.message_id


async def test_a_threat_to_life_calls_the_editors_every_way_and_once_a_case(
    bench: Bench, herald: Herald
):
    case, card = await in_danger(bench)

    assert set(await speak(bench, herald)) == {
        ("life", case, card, None),
        ("by roads", "life", case, card),
    }
    await bench.take(rule=LIFE)
    assert await speak(bench, herald) == []
    assert await bench.store.read(lambda tx: tx.legal_holds.life(case)) is not None
    [call] = herald.messages
    assert await about(bench, call) == [case], "a reply to the call means the case"


@pytest.mark.parametrize("counts", [True, False])
async def test_a_threat_that_only_a_later_report_tells_of_calls_the_editors_too(
    bench: Bench, herald: Herald, counts: bool
):
    danger(bench)
    pest = ReporterKey(b"p" * 16)
    made = await bench.decide(await bench.take(comment="c0", rule=RuleNumber(5)), Action.KEEP)
    until = NOON + timedelta(days=0 if counts else 9)
    standing = ReaderStanding(
        decision_id=made.id, warned_at=NOON, uncounted_since=NOON, uncounted_until=until
    )
    await bench.store.write(lambda tx: tx.readers.stand(pest, standing))
    case = await bench.take(rule=RuleNumber(5))
    await turn(card_lane(bench.desk, Channel(bench.clock)))
    assert await speak(bench, herald) == []
    await bench.take(rule=LIFE, reporter=pest)
    assert (await look(bench.desk, case)).case.reporters == 1 + counts
    assert {told[:-2] for told in await speak(bench, herald)} == {
        ("life", case),
        ("by roads", "life"),
    }


async def test_another_rule_calls_nobody(bench: Bench, herald: Herald):
    danger(bench)
    await bench.take(rule=RuleNumber(5))

    assert await speak(bench, herald) == []


async def test_each_step_is_ticked_once_and_shows_on_the_card(bench: Bench):
    case, _ = await in_danger(bench)
    channel = Channel(bench.clock)
    bench.clock.pass_by(minutes=1)

    found = await auto_hide.tick(bench.desk, case, LifeStep.POLICE, ANA)

    assert (found.done[LifeStep.POLICE].by_name, found.done[LifeStep.POLICE].at) == (
        "Ana",
        bench.clock.now,
    )
    assert found.at == NOON
    assert found.left == (LifeStep.EDITOR, LifeStep.KEPT, LifeStep.REFERENCE)
    assert await turn(card_lane(bench.desk, channel))
    again = await auto_hide.tick(bench.desk, case, LifeStep.POLICE, BEN)
    assert again.done[LifeStep.POLICE].by_name == "Ana", "the first who did it counts"
    assert not await turn(card_lane(bench.desk, channel))


async def test_only_a_moderator_ticks_and_only_where_there_is_a_list(bench: Bench):
    case = await bench.take()
    for number in (case, CaseId(77)):
        with pytest.raises(NotUnderstood, match=rf"^Case #{number} is not marked as a threat to"):
            await auto_hide.tick(bench.desk, number, LifeStep.POLICE, ANA)
    with pytest.raises(NotAllowed):
        await auto_hide.tick(bench.desk, case, LifeStep.POLICE, OLLY)


async def notice(bench: Bench) -> LegalNotice:
    said = complaint(await bench.take(), consent=Consent.GIVEN)
    return await legal.take_in(bench.desk, said, by=SAM)


async def test_a_notice_is_shown_at_once_and_called_out_before_its_end_and_at_it(
    bench: Bench, herald: Herald
):
    kept = await notice(bench)

    assert await speak(bench, herald) == [("notice", Stage.RECEIVED, kept.case_id, None)]
    placed = await legal.get(bench.desk, kept.id, SAM)
    [(card, shown)] = herald.messages.items()
    assert placed.at == MessageRef(channel_id=EDITORS, message_id=card)
    assert shown.channel_id == EDITORS
    assert await about(bench, card) == [kept.case_id]

    bench.clock.pass_by(hours=42)
    assert await speak(bench, herald) == [("soon", Stage.RECEIVED, None)]
    assert await about(bench, max(herald.messages)) == [kept.case_id]
    bench.clock.pass_by(hours=6)
    assert await speak(bench, herald) == [("over", Stage.RECEIVED, None)]


async def test_a_desk_that_was_down_calls_out_the_end_only(bench: Bench, herald: Herald):
    await notice(bench)
    await speak(bench, herald)

    bench.clock.pass_by(hours=60)
    assert await speak(bench, herald) == [("over", Stage.RECEIVED, None)]


async def test_what_cannot_be_said_now_is_said_later(bench: Bench, herald: Herald):
    kept = await notice(bench)
    herald.down = BoardDown("nobody is there")
    await turn(reminder_lane(bench.desk, herald, herald))
    assert herald.told == []

    herald.down = None
    bench.clock.pass_by(minutes=10)
    assert [words[:3] for words in await speak(bench, herald)] == [
        ("notice", Stage.RECEIVED, kept.case_id)
    ]


def most(bench: Bench, cards: int) -> None:
    rules = replace(bench.policy.channel, backlog_digest=cards)
    bench.policy = replace(bench.policy, channel=rules)


async def cases(bench: Bench, carded: int, without: int) -> list[CaseId]:
    found = []
    for number in range(carded + without):
        case = await bench.take(comment=f"b{number}")
        found.append(case)
        if number < carded:
            ref = CardRef(case_id=case, channel_id=7, message_id=100 + number, revision=1)
            now = bench.clock.now
            await bench.store.write(lambda tx, ref=ref, now=now: tx.cards.drawn(ref, 9, at=now))
    return found


async def digest(bench: Bench, herald: Herald, shown: Backlog | None = None) -> Backlog | None:
    return await backlog.digest(bench.desk, herald, shown)


async def test_new_cards_are_held_back_once_so_many_stand(bench: Bench):
    most(bench, 2)
    await cases(bench, 1, 1)
    assert not await backlog.is_held(bench.desk)
    await cases(bench, 2, 0)
    assert await backlog.is_held(bench.desk)
    most(bench, 0)
    assert not await backlog.is_held(bench.desk), "0 is never"


async def test_what_has_no_card_is_told_in_one_message_that_is_edited(bench: Bench, herald: Herald):
    most(bench, 2)
    found = await cases(bench, 2, 3)

    shown = await digest(bench, herald)

    assert shown is not None
    assert [view.case.id for view in shown.worst] == found
    assert herald.told == [("backlog", 5, 3, found[:2], None)]
    assert await digest(bench, herald, shown) is shown
    assert len(herald.told) == 1, "it is edited only when it changes"

    await bench.decide(found[4])
    await digest(bench, herald, shown)
    assert herald.told[1:] == [("backlog", 4, 2, found[:2], *herald.messages)]


@pytest.mark.parametrize(("carded", "without"), [(1, 1), (2, 0), (0, 3)])
async def test_there_is_no_digest_while_cards_are_still_posted(
    bench: Bench, herald: Herald, carded: int, without: int
):
    most(bench, 2)
    await cases(bench, carded, without)

    assert await digest(bench, herald) is None
    assert herald.told == []


async def test_the_digest_goes_when_every_case_has_a_card(bench: Bench, herald: Herald):
    most(bench, 2)
    found = await cases(bench, 2, 1)
    await digest(bench, herald)
    [message] = herald.messages
    await bench.decide(found[2])

    assert await digest(bench, herald) is None
    assert herald.told[1:] == [("gone", message)]
    assert herald.messages == {}
    assert await digest(bench, herald) is None
    assert len(herald.told) == 2


async def test_a_digest_that_was_deleted_is_posted_anew(bench: Bench, herald: Herald):
    most(bench, 2)
    await cases(bench, 2, 1)
    await digest(bench, herald)
    herald.messages.clear()

    await digest(bench, herald)

    assert [words[-1] for words in herald.told] == [None, None]
    [message] = herald.messages
    at = await bench.store.read(lambda tx: tx.messages.at(MessageKind.BACKLOG, CHANNEL))
    assert at == MessageRef(channel_id=CHANNEL, message_id=message)


async def test_the_ten_worst_are_listed(bench: Bench, herald: Herald):
    most(bench, 1)
    await cases(bench, 1, 11)

    shown = await digest(bench, herald)

    assert shown is not None
    assert len(shown.worst) == 10
