"""The card of a contested decision: posted once, redrawn, found again, and hiding what it must."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.cases import Answer, Party
from bot.domain.decisions import Action, Door
from bot.domain.errors import NoChange, NotAllowed
from bot.domain.ids import CaseId, MessageKind, MessageRef, SiteId
from bot.domain.routing import Route
from bot.domain.sayings import ContestCard
from bot.domain.stories import StoryState
from bot.services.cases.reverse import reverse
from bot.services.deliver import card_lane
from bot.services.outbox_worker import turn
from bot.services.readers.contest import answer_contest, contest_by_author
from bot.services.readers.contest_card import cards_of_waiting, want_deleted_again
from bot.services.readers.contest_view import contest_on_card, to_answer
from bot.services.readers.statement import hash_of
from bot.services.staff.reminders import reminder_lane
from bot.services.stories.story import StateChange, mark
from tests.services.desks import ANA, BEN, OLLY, SAM, Bench
from tests.services.outside import CHANNEL, PLACES, Channel

CASE = CaseId(1)
APPEALS = 77


async def contested(bench: Bench, action: Action = Action.HIDE, **how: Any) -> int:
    """Decide a case and let its author contest that; returns the contest's number."""
    await bench.take(text="Look at these people")
    made = await bench.decide(CASE, action, rule=4, **how)
    now = bench.clock.now
    await bench.store.write(lambda tx: tx.contests.state(made.id, hash_of("s"), now))
    contest = await contest_by_author(bench.desk, "s", "It was a joke", "en")
    assert contest is not None
    return contest.id


async def settle(bench: Bench, channel: Channel) -> None:
    """Draw all that is asked for, however much of it asks for more."""
    bench.clock.pass_by(seconds=5)
    for _ in range(20):
        cards = await turn(card_lane(bench.desk, channel))
        if not await turn(reminder_lane(bench.desk, channel, None)) and not cards:
            return


def cards(channel: Channel) -> list[ContestCard]:
    return [one.what for one in channel.messages.values() if isinstance(one.what, ContestCard)]


@pytest.fixture
def channel(bench: Bench) -> Channel:
    return Channel(bench.clock)


async def test_a_contest_lands_once_with_the_whole_case(bench: Bench, channel: Channel):
    number = await contested(bench, note="Look at her history")
    await settle(bench, channel)
    [card] = cards(channel)
    seen = card.seen
    assert (seen.contest.id, seen.contest.text) == (number, "It was a joke")
    assert (seen.text, seen.decision.verdict.by.name) == ("Look at these people", "Ana")
    assert seen.told == bench.policy.rule(seen.decision.verdict.rule or 4).notice  # type: ignore[arg-type]
    assert seen.answers == (Answer.UPHELD, Answer.OVERTURNED)
    assert seen.due_at == seen.contest.at + timedelta(hours=72)
    assert [made.action for made in seen.view.history] == [Action.HIDE]


@pytest.mark.parametrize("appeals", [None, APPEALS])
async def test_it_stands_in_the_appeals_channel_or_else_the_moderators(
    bench: Bench, channel: Channel, appeals: int | None
):
    channel.places = replace(PLACES, appeals_channel_id=appeals)
    await contested(bench)
    await settle(bench, channel)
    [shown] = [one for one in channel.messages.values() if isinstance(one.what, ContestCard)]
    assert shown.channel_id == (appeals or CHANNEL)


async def test_a_ban_can_be_shortened_as_well(bench: Bench, channel: Channel):
    await contested(bench, Action.BAN, lasting=timedelta(days=7))
    await settle(bench, channel)
    [card] = cards(channel)
    assert card.seen.answers == (Answer.UPHELD, Answer.OVERTURNED, Answer.SHORTENED)


async def test_it_follows_its_case_and_the_answer(bench: Bench, channel: Channel):
    number = await contested(bench)
    await settle(bench, channel)
    await reverse(bench.desk, CASE, by=SAM, door=Door.BUTTON)
    await settle(bench, channel)
    [card] = cards(channel)
    assert card.seen.answers == (), "an open case is decided first"

    await bench.decide(CASE, Action.KEEP)
    await settle(bench, channel)
    [card] = cards(channel)
    assert card.seen.answers == (Answer.UPHELD, Answer.OVERTURNED)
    assert not card.seen.stands

    await answer_contest(bench.desk, number, Answer.OVERTURNED, by=BEN, reasons="It is back")
    await settle(bench, channel)
    [card] = cards(channel)
    assert card.seen.answers == ()
    assert (card.seen.contest.answer, card.seen.contest.by_name) == (Answer.OVERTURNED, "Ben")
    assert await cards_of_waiting(bench.desk) == []


async def test_what_was_posted_and_not_heard_of_is_not_posted_twice(bench: Bench, channel: Channel):
    await contested(bench)
    await turn(card_lane(bench.desk, channel))
    channel.trouble = "lost"
    await settle(bench, channel)
    bench.clock.pass_by(minutes=30)
    await settle(bench, channel)
    assert len(cards(channel)) == 1


async def test_one_that_somebody_deleted_comes_again_while_it_waits(bench: Bench, channel: Channel):
    number = await contested(bench)
    await settle(bench, channel)
    [at] = await cards_of_waiting(bench.desk)
    for _ in range(2):
        channel.messages.pop(at.message_id, None)
        await want_deleted_again(bench.desk, at)
        await settle(bench, channel)
        assert len(cards(channel)) == 1
    [at] = await cards_of_waiting(bench.desk)

    await answer_contest(bench.desk, number, Answer.UPHELD, by=BEN, reasons="No joke")
    await settle(bench, channel)
    channel.messages.pop(at.message_id)
    await want_deleted_again(bench.desk, at)
    await settle(bench, channel)
    assert cards(channel) == []


async def test_a_deleted_message_of_another_kind_asks_for_nothing(bench: Bench, channel: Channel):
    await contested(bench)
    await settle(bench, channel)
    await want_deleted_again(bench.desk, MessageRef(channel_id=CHANNEL, message_id=99999))
    assert not await turn(reminder_lane(bench.desk, channel, None))


async def test_earlier_contests_stand_on_it(bench: Bench, channel: Channel):
    first = await contested(bench)
    await answer_contest(bench.desk, first, Answer.OVERTURNED, by=BEN, reasons="A joke")
    await reverse(bench.desk, CASE, by=SAM, door=Door.BUTTON)
    made = await bench.decide(CASE, Action.HIDE, rule=3)
    now = bench.clock.now
    await bench.store.write(lambda tx: tx.contests.state(made.id, hash_of("t"), now))
    await contest_by_author(bench.desk, "t", "Again?", "en")
    await settle(bench, channel)
    seen = cards(channel)[-1].seen
    assert [(one.party, one.answer) for one in seen.earlier] == [(Party.AUTHOR, Answer.OVERTURNED)]


@pytest.mark.parametrize("where", [CHANNEL, APPEALS])
async def test_what_may_be_quoted_in_one_channel_only_is_not_quoted_here(bench: Bench, where: int):
    number = await contested(bench)
    route = Route(channel_id=APPEALS, state=StoryState.PROTECTED)
    bench.policy = replace(bench.policy, routes=(route,))
    await restricted(bench)
    seen = await contest_on_card(bench.desk, number, where)
    assert seen is not None
    words = (seen.text, seen.contest.text, seen.view.comment.text)
    assert all(words) if where == APPEALS else not any(words)


async def test_where_no_channel_may_show_it_no_card_does(bench: Bench):
    number = await contested(bench)
    await restricted(bench)
    seen = await contest_on_card(bench.desk, number, APPEALS)
    assert seen is not None
    assert (seen.text, seen.contest.text) == ("", "")


async def test_the_form_opens_for_whoever_may_answer_and_nobody_else(bench: Bench):
    number = await contested(bench)
    assert (await to_answer(bench.desk, number, BEN)).contest.id == number
    with pytest.raises(NotAllowed, match="took part"):
        await to_answer(bench.desk, number, ANA)
    with pytest.raises(NotAllowed):
        await to_answer(bench.desk, number, OLLY)
    with pytest.raises(NoChange):
        await to_answer(bench.desk, 99, BEN)
    bench.policy = replace(bench.policy, contests_alone=True)
    assert (await to_answer(bench.desk, number, ANA)).contest.id == number


async def test_the_place_of_a_card_is_kept(bench: Bench, channel: Channel):
    number = await contested(bench)
    await settle(bench, channel)
    at = await bench.store.read(lambda tx: tx.messages.at(MessageKind.CONTEST, number))
    assert at is not None
    assert isinstance(channel.messages[at.message_id].what, ContestCard)


async def restricted(bench: Bench) -> None:
    """Let the story be one whose comments may be quoted in one channel only."""
    said = StateChange(site=SiteId("courier"), story_id="s1", state=StoryState.PROTECTED)
    await mark(bench.desk, said, by=SAM)
