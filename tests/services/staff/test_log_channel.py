"""The log channel hears of each decision once, from the first start on."""

import pytest

from bot.domain.cases import CardRef
from bot.domain.decisions import Decision
from bot.domain.errors import BoardDown
from bot.domain.sayings import LogLines
from bot.services.cases.archive import log_next
from tests.services.desks import Bench
from tests.services.outside import Channel

LOG = 55


class LogChannel(Channel):
    """A channel that keeps what it is told."""

    @property
    def told(self) -> list[tuple[list[int], list[int], str]]:
        lines = [(one.what, one.nonce) for one in self.said if one.silent]
        return [
            ([one.id for one in what.decisions], list(what.cards), nonce)
            for what, nonce in lines
            if isinstance(what, LogLines)
        ]


async def decided(bench: Bench, cases: int) -> list[Decision]:
    taken = [await bench.take(comment=f"n{number}") for number in range(cases)]
    return [await bench.decide(case) for case in taken]


async def started(bench: Bench) -> LogChannel:
    channel = LogChannel(bench.clock)
    assert await log_next(bench.desk, channel, LOG)
    return channel


async def test_a_new_desk_tells_of_its_first_decision(bench: Bench):
    channel = await started(bench)
    assert not await log_next(bench.desk, channel, LOG)

    [made] = await decided(bench, 1)

    assert await log_next(bench.desk, channel, LOG)
    assert channel.told == [([made.id], [], f"log-{made.id}-{made.id}")]
    assert not await log_next(bench.desk, channel, LOG)


async def test_what_was_decided_before_the_first_start_is_left(bench: Bench):
    old = await decided(bench, 2)
    channel = await started(bench)
    assert not await log_next(bench.desk, channel, LOG)

    bench.clock.pass_by(minutes=1)
    case = await bench.take(comment="new")
    new = await bench.decide(case)
    await log_next(bench.desk, channel, LOG)

    assert [ids for ids, _, _ in channel.told] == [[new.id]]
    assert new.id > old[-1].id


async def test_another_channel_begins_anew(bench: Bench):
    await started(bench)
    await decided(bench, 1)
    other = LogChannel(bench.clock)

    assert await log_next(bench.desk, other, LOG + 1)
    assert not await log_next(bench.desk, other, LOG + 1)
    assert other.told == []


async def test_ten_decisions_share_a_message_and_each_case_is_linked(bench: Bench):
    channel = await started(bench)
    made = await decided(bench, 12)
    first = made[0].case_id
    ref = CardRef(case_id=first, channel_id=7, message_id=500, revision=1)
    now = bench.clock.now
    await bench.store.write(lambda tx: tx.cards.drawn(ref, touched=99, at=now))

    while await log_next(bench.desk, channel, LOG):
        pass

    ids = [one.id for one in made]
    assert [told for told, _, _ in channel.told] == [ids[:10], ids[10:]]
    assert [cards for _, cards, _ in channel.told] == [[first], []]
    assert channel.told[0][2] == f"log-{ids[0]}-{ids[9]}"


async def test_a_reply_to_a_line_of_the_log_means_its_cases(bench: Bench):
    channel = await started(bench)
    made = await decided(bench, 2)
    await log_next(bench.desk, channel, LOG)

    about = await bench.store.read(lambda tx: tx.lines.cases_of(min(channel.messages)))
    assert set(about) == {one.case_id for one in made}


async def test_a_channel_that_is_down_hears_of_it_later_and_once(bench: Bench):
    channel = await started(bench)
    [made] = await decided(bench, 1)
    channel.down = BoardDown("nobody is there")
    with pytest.raises(BoardDown):
        await log_next(bench.desk, channel, LOG)

    channel.down = None
    while await log_next(bench.desk, channel, LOG):
        pass
    assert [ids for ids, _, _ in channel.told] == [[made.id]]
