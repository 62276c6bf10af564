"""/status says how the desk stands, in words for who is on shift."""

from datetime import timedelta

import pytest

from bot.cards.text import status as status_text
from bot.domain.effects import EffectKind
from bot.domain.errors import NotAllowed
from bot.domain.sayings import Reminder, ReminderKind
from bot.domain.staff import Trouble
from bot.services.staff.status import status
from tests.contract.store.makers import SITE
from tests.services.desks import ANA, NOON, OLLY, Bench

MOST = 4000
"""Characters that Discord shows in one message of components."""


async def said(bench: Bench, *troubles: Trouble) -> str:
    desk = bench.desk
    for trouble in troubles:
        desk.troubles.met(trouble)
    return status_text.status(await status(desk, ANA))


def trouble(number: int, words: str = "The desk cannot post.") -> Trouble:
    return Trouble(name=f"post {number}", words=words, over="It can.", mend="Allow it.")


async def test_a_desk_where_all_is_done_says_so(bench: Bench):
    assert (await said(bench)).splitlines() == [
        "No case is open.",
        "All that was asked for is done.",
        "Nothing is in the way.",
    ]


async def test_what_waits_is_said_in_words_with_its_age(bench: Bench):
    await bench.take(comment="c1")
    await bench.decide(await bench.take(comment="c2"))
    bench.clock.pass_by(hours=1)
    at = f"<t:{int(NOON.timestamp())}:R>"
    lines = (await said(bench)).splitlines()
    assert lines[0] == f"1 case is open, the oldest since {at}."
    assert f"- 1 decision to tell {SITE}, the oldest since {at}" in lines
    assert any(line.startswith("- 2 cards to draw, the oldest since") for line in lines)


async def test_what_was_tried_says_how_often(bench: Bench):
    await bench.decide(await bench.take())

    def put_off(tx):
        for one in tx.outbox.due_orders(SITE, bench.clock(), limit=9):
            tx.outbox.retry(one, bench.clock() + timedelta(hours=1), "down")

    for _ in range(3):
        await bench.store.write(put_off)
        bench.clock.pass_by(hours=2)
    assert f"- 1 decision to tell {SITE}, tried 3 times" in await said(bench)


async def test_a_reminder_of_tomorrow_waits_for_nobody(bench: Bench):
    kind, due_at = ReminderKind.REVIEW, NOON + timedelta(days=1)
    reminder = Reminder(name="review:1", kind=kind, due_at=due_at)
    await bench.store.write(lambda tx: tx.outbox.want_reminder(reminder))
    assert "All that was asked for is done." in await said(bench)
    bench.clock.pass_by(days=2)
    assert "- 1 reminder, the oldest since" in await said(bench)


async def test_what_is_in_the_way_is_said_with_what_to_do(bench: Bench):
    assert "- The desk cannot post. Allow it." in await said(bench, trouble(1))


async def test_however_much_is_in_the_way_it_fits_a_message(bench: Bench):
    many = [trouble(number, "The desk cannot post in #moderation. " * 10) for number in range(40)]
    words = await said(bench, *many)
    assert words.endswith("- 35 more things of that kind.")
    assert len(words) < MOST


def test_every_kind_has_its_words():
    assert {*status_text._WHAT} == {*EffectKind}


async def test_only_a_moderator_is_told(bench: Bench):
    with pytest.raises(NotAllowed):
        await status(bench.desk, OLLY)
