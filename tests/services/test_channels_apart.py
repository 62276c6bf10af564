"""Each channel's cards are drawn by themselves, posts and edits apart, the worst case first."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial

import pytest

from bot.domain.comments import Author, Report, Story
from bot.domain.ids import CaseId, MessageRef, ReporterKey, RuleNumber
from bot.domain.routing import Route
from bot.domain.sayings import Saying
from bot.ports import Posted
from bot.services.cases.claim import claim
from bot.services.deliver import CardPlace, Drawer, keep_drawing
from bot.store.cases import Opened
from bot.store.outbox import Outbox
from tests.services.desks import BEN, Bench
from tests.services.outside import CHANNEL, Channel
from tests.support.waiting import eventually, until

ELSEWHERE, FAR = 701, 702
MENACE, SPAM = RuleNumber(3), RuleNumber(5)


@dataclass
class SlowChannel(Channel):
    """Takes a post in some channels, and tells of it once it is allowed to go on."""

    slow: set[int] = field(default_factory=set[int])
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)
    begun_in: list[int] = field(default_factory=list[int])

    async def post(self, channel_id: int, what: Saying, **how: object) -> Posted:
        self.begun_in.append(channel_id)
        posted = await super().post(channel_id, what, **how)  # type: ignore[arg-type]
        if channel_id in self.slow:
            await self.goes_on.wait()
        return posted

    def in_channel(self, channel_id: int) -> list[CaseId]:
        return [one.case_id for one in self.messages.values() if one.channel_id == channel_id]


async def many(bench: Bench, like: CaseId, number: int) -> None:
    """Let so many more cases wait for their cards, each worse than the one that they are like."""
    now = bench.clock()

    def work(tx):
        case, comment = tx.cases.get(like), tx.cases.comment(tx.cases.get(like))
        report = Report(
            site=case.site,
            delivery="d",
            note=None,
            comment=comment,
            author=Author(external_id=case.author_id, name="Jo"),
            story=Story(external_id="s1", title="Raids", url="https://courier.example/s1"),
            reporter=ReporterKey(b"r" * 16),
            rule=SPAM,
            at=now,
        )
        ids = list(tx.cases.new_ids(number))
        opened = [
            replace(case, id=one, comment_id=f"more-{one}", token=f"t{one}", priority=10_000)
            for one in ids
        ]
        tx.cases.open_all([Opened(one, report, "Jo", "Raids") for one in opened])
        tx.outbox.want_cards(dict.fromkeys(ids, now))

    await bench.store.write(work)


@pytest.fixture
def channel(bench: Bench) -> SlowChannel:
    bench.policy = replace(
        bench.policy,
        routes=(Route(channel_id=ELSEWHERE, reason=MENACE), Route(channel_id=FAR, section="far")),
    )
    return SlowChannel(bench.clock)


@asynccontextmanager
async def drawing(bench: Bench, channel: Channel) -> AsyncGenerator[None]:
    task = asyncio.create_task(keep_drawing(bench.desk, channel))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_channel_that_takes_no_more_for_now_holds_no_other_up(
    bench: Bench, channel: SlowChannel
):
    channel.slow = {ELSEWHERE}
    async with drawing(bench, channel):
        await bench.take(comment="c1", rule=MENACE)
        await until(lambda: channel.begun_in == [ELSEWHERE], what="the post to have begun")
        others = [await bench.take(comment=f"c{n}", rule=SPAM) for n in range(2, 9)]
        await until(lambda: channel.in_channel(CHANNEL) == others, what="the other channel's cards")


async def test_a_post_that_waits_holds_no_edit_up_in_its_channel(
    bench: Bench, channel: SlowChannel
):
    async with drawing(bench, channel):
        first = await bench.take(comment="c1", rule=SPAM)
        await until(lambda: channel.in_channel(CHANNEL) == [first], what="the card")
        await eventually(lambda: bench.store.read(lambda tx: tx.cards.get(first)), "it to be kept")
        channel.slow = {CHANNEL}
        await bench.take(comment="c2", rule=SPAM)
        await until(lambda: len(channel.begun_in) == 2, what="the post to have begun")
        await claim(bench.desk, first, BEN)
        await until(
            lambda: any(
                one.case_id == first and one.state == "claimed" for one in channel.messages.values()
            ),
            what="the edit",
        )


async def test_the_worst_is_posted_first_in_each_channel(bench: Bench, channel: SlowChannel):
    for n in range(4):
        for _ in range(n + 1):
            await bench.take(comment=f"m{n}", rule=MENACE)
            await bench.take(comment=f"s{n}", rule=SPAM)
    async with drawing(bench, channel):
        await until(lambda: len(channel.messages) == 8, what="all cards")

    def order(tx):
        return [case.id for case in tx.cases.queue(limit=9)]

    worst = await bench.store.read(order)
    for place in (CHANNEL, ELSEWHERE):
        here = channel.in_channel(place)
        assert here == [case for case in worst if case in here]


async def test_a_card_whose_channel_changes_while_it_is_posted_is_not_posted_by_both(
    bench: Bench, channel: SlowChannel
):
    channel.slow = {CHANNEL}
    async with drawing(bench, channel):
        case = await bench.take(comment="c1", rule=SPAM)
        await until(lambda: channel.begun_in == [CHANNEL], what="the post to have begun")
        await bench.take(comment="c1", rule=MENACE)
        other = await bench.take(comment="c2", rule=MENACE)
        await until(lambda: channel.in_channel(ELSEWHERE) == [other], what="another's card there")
        assert channel.begun_in.count(ELSEWHERE) == 1

        channel.goes_on.set()

        def stands_elsewhere(tx):
            ref = tx.cards.get(case)
            return ref if ref and ref.channel_id == ELSEWHERE else None

        async def moved() -> MessageRef | None:
            bench.clock.pass_by(seconds=1)
            return await bench.store.read(stands_elsewhere)

        await eventually(moved, "the card to have moved")
        assert sorted(channel.in_channel(ELSEWHERE)) == [case, other]


async def test_thousands_that_wait_in_one_channel_keep_none_from_another(
    bench: Bench, channel: SlowChannel
):
    channel.slow = {CHANNEL}
    bench.policy = replace(bench.policy, channel=replace(bench.policy.channel, backlog_digest=0))
    like = await bench.take(comment="c0", rule=SPAM)
    await many(bench, like, 3_000)
    menaces = [await bench.take(comment=f"m{number}", rule=MENACE) for number in range(7)]
    async with drawing(bench, channel):
        await until(lambda: len(channel.in_channel(ELSEWHERE)) == 7)

        assert channel.in_channel(ELSEWHERE) == menaces
        assert channel.begun_in.count(CHANNEL) == 1


async def test_the_worst_is_first_however_many_wait_and_none_is_drawn_twice(
    bench: Bench, channel: SlowChannel
):
    bench.policy = replace(bench.policy, channel=replace(bench.policy.channel, backlog_digest=0))
    like = await bench.take(comment="c0", rule=SPAM)
    await many(bench, like, 300)
    drawer, here = Drawer(bench.desk, channel), CardPlace(channel_id=CHANNEL, is_new=True)
    lane = drawer.lane(here)
    drawn: list[CaseId] = []
    while due := await bench.store.read(lambda tx: lane.due(tx, bench.clock())):
        for effect in due:
            drawn.append(effect.case_id)
            done = partial(Outbox.done, effect=effect, at=bench.clock())
            await bench.store.write(lambda tx, end=done: end(tx.outbox))

    assert drawn == [*range(like + 1, like + 301), like]


async def test_a_drawn_card_is_nobody_elses_until_it_is_kept_where_it_stands(
    bench: Bench, channel: SlowChannel
):
    drawer, here = Drawer(bench.desk, channel), CardPlace(channel_id=CHANNEL, is_new=True)

    async def places() -> list[CardPlace]:
        now = bench.clock()
        return await bench.store.read(lambda tx: drawer.places(tx, now, but={here}))

    await bench.take(comment="c1", rule=SPAM)
    lane = drawer.lane(here)
    (effect,) = await bench.store.read(lambda tx: lane.due(tx, bench.clock()))
    await lane.carry_out(effect)
    await bench.take(comment="c1", rule=MENACE)
    assert await places() == []
    assert await bench.store.read(lambda tx: lane.due(tx, bench.clock())) == []
    assert await places() == [CardPlace(channel_id=ELSEWHERE, is_new=True)]
