"""The cards of notices stand where they belong, beside the case's own, and are changed in place."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.cases import NoticeKind
from bot.domain.readers.notice import NoticeText
from bot.domain.sayings import NoticeCall, NoticeCard
from bot.services.deliver import card_lane
from bot.services.outbox_worker import turn
from bot.services.readers.notice import take_notice, tie_notice
from bot.services.staff.reminders import reminder_lane
from tests.services.desks import SAM, Bench
from tests.services.outside import CHANNEL, EDITORS, Channel, Phone

SECOND = timedelta(seconds=1)
SAID = NoticeText(
    kind=NoticeKind.NEWSROOM, address="https://courier.example/other", text="It gives a plot away."
)


async def draw(bench: Bench, channel: Channel, **later: float) -> None:
    bench.clock.pass_by(**later)
    lanes = card_lane(bench.desk, channel), reminder_lane(bench.desk, channel, Phone())
    for lane in lanes:
        while await turn(lane):
            pass


def standing(channel: Channel, kind: type) -> list[Any]:
    return [one for one in channel.messages.values() if isinstance(one.what, kind)]


async def test_a_notice_has_one_card_in_the_moderators_channel_and_it_follows(bench: Bench):
    channel = Channel(bench.clock)
    case_id = await bench.take()
    await draw(bench, channel, seconds=3)
    await take_notice(bench.desk, SAID, "en")
    await draw(bench, channel, seconds=3)
    [shown] = standing(channel, NoticeCard)
    assert (shown.channel_id, shown.what.card, shown.what.notice.case_id) == (CHANNEL, None, None)

    await tie_notice(bench.desk, shown.what.notice.id, case_id, by=SAM)
    await draw(bench, channel, seconds=3)

    [shown] = standing(channel, NoticeCard)
    ref = await bench.store.read(lambda tx: tx.cards.get(case_id))
    assert ref is not None
    assert (shown.channel_id, shown.what.card, shown.what.notice.case_id) == (CHANNEL, ref, case_id)
    kept = await bench.store.read(lambda tx: tx.notices.get(shown.what.notice.id))
    assert kept is not None
    assert kept.at is not None
    assert channel.messages[kept.at.message_id] == shown


async def test_editors_are_called_to_a_notice_before_its_time_and_after(bench: Bench):
    channel = Channel(bench.clock)
    await take_notice(bench.desk, replace(SAID, kind=NoticeKind.ILLEGAL), "en")
    notice = await bench.store.read(lambda tx: tx.notices.get(1))
    assert notice is not None
    assert notice.act_by is not None
    before = notice.act_by - timedelta(hours=6)
    told: list[tuple[int, bool]] = []
    for at in (before - SECOND, before, notice.act_by - SECOND, notice.act_by):
        bench.clock.now = at
        await draw(bench, channel)
        calls = standing(channel, NoticeCall)
        told.append((len(calls), any(one.what.over for one in calls)))
        assert {one.channel_id for one in calls} <= {EDITORS}
        assert {one.what.notice.id for one in calls} <= {notice.id}
    assert told == [(0, False), (1, False), (1, False), (2, True)]
