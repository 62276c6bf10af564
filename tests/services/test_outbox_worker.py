"""The outbox: what goes wrong with one thing holds up none of the others, and nothing is lost."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.alerts import AlertView
from bot.domain.decisions import Action, Door
from bot.domain.effects import RETRY, TRIES, EffectKind, EffectState, Order, Outcome, Verb
from bot.domain.errors import BoardBarred
from bot.domain.ids import CaseId, MessageRef, PersonId, SiteId
from bot.domain.sayings import (
    Reminder,
    ReminderKind,
    StaffCall,
    StaffMessage,
    StaffMessageKind,
    ThreadOpening,
)
from bot.domain.staff import Trouble
from bot.domain.triage import CaseNote
from bot.services.cases.lookup import look
from bot.services.cases.notes import ask_thread
from bot.services.cases.reverse import reverse
from bot.services.deliver import card_lane, order_lane
from bot.services.outbox_worker import keep_on, turn
from bot.services.staff.staff_messages import message_lane
from tests.services.desks import ANA, BEN, NOON, SAM, Bench
from tests.services.outside import Channel
from tests.services.outside import ObedientSite as Site
from tests.support.waiting import PATIENCE, until

COURIER = SiteId("courier")

DAY = timedelta(days=1)


def said(room: Channel) -> list[CaseId]:
    """Return about which cases staff were told something."""
    calls = [one.what for one in room.said if isinstance(one.what, StaffCall)]
    return [case for call in calls for case in call.message.cases]


async def ask(bench: Bench, *cases: CaseId) -> None:
    for case_id in cases:
        message = StaffMessage(kind=StaffMessageKind.ASSIGNED, cases=(case_id,), people=(BEN.id,))
        at = bench.clock.now
        await bench.store.write(lambda tx, message=message, at=at: tx.outbox.want_said(message, at))


async def test_a_fault_with_one_holds_up_no_other_and_loses_nothing(bench: Bench):
    first, second = await bench.take(comment="c1"), await bench.take(comment="c2")
    await ask(bench, first, second)
    room = Channel(bench.clock, faulty={first})

    assert await turn(message_lane(bench.desk, room))
    assert said(room) == [second]
    assert not await turn(message_lane(bench.desk, room)), "it is put off, not tried again at once"

    room.faulty.clear()
    bench.clock.now += DAY
    assert await turn(message_lane(bench.desk, room))
    assert said(room) == [second, first]


async def test_a_fault_that_stays_is_given_up_in_the_end(bench: Bench):
    case_id = await bench.take()
    await ask(bench, case_id)
    room = Channel(bench.clock, faulty={case_id})
    for _ in range(TRIES):
        assert await turn(message_lane(bench.desk, room))
        bench.clock.now += DAY
    assert not await turn(message_lane(bench.desk, room))


async def test_asking_twice_for_a_thread_begins_one(bench: Bench):
    case_id, other = await bench.take(comment="c1"), await bench.take(comment="c2")
    room = Channel(bench.clock)
    await turn(card_lane(bench.desk, room))
    await ask_thread(bench.desk, case_id, ANA)
    await ask_thread(bench.desk, case_id, BEN)
    await ask_thread(bench.desk, other, BEN)
    await turn(message_lane(bench.desk, room))
    assert [one.cases for one in room.begun if isinstance(one, StaffMessage)] == [
        (case_id,),
        (other,),
    ]
    work = (await look(bench.desk, case_id)).work
    assert work.thread_id is not None
    [opening, _] = [one for one in room.said if isinstance(one.what, ThreadOpening)]
    assert opening.channel_id == work.thread_id


def barred(words: str) -> BoardBarred:
    return BoardBarred(Trouble(name="post 700", words=words, over="It may again."))


class NoThreads(Channel):
    """A channel in which the desk may open no threads."""

    why = "The bot may not open threads there."

    async def thread(self, at: MessageRef, about: StaffMessage | AlertView) -> int:
        del at, about
        raise barred(self.why)


@pytest.mark.parametrize("why", [NoThreads.why, "No. " * 200])
async def test_why_a_thread_is_not_open_is_noted_once_on_its_case_and_fits(bench: Bench, why: str):
    case_id, room = await bench.take(), NoThreads(bench.clock)
    room.why = why
    await turn(card_lane(bench.desk, room))
    await ask_thread(bench.desk, case_id, ANA)
    said = f"The thread is not open yet; it is opened once it can be. {why}"
    note = CaseNote(by_id=PersonId(0), by_name="Comment Desk", text=said[:500], at=bench.clock.now)
    for _ in range(2):
        assert await turn(message_lane(bench.desk, room))
        assert (await look(bench.desk, case_id)).work.notes == (note,)
        bench.clock.now += DAY


async def test_a_thread_waits_for_its_card_and_says_so(bench: Bench):
    case_id, room = await bench.take(), Channel(bench.clock)
    await ask_thread(bench.desk, case_id, ANA)
    assert await turn(message_lane(bench.desk, room))
    assert room.begun == []
    troubles = "SELECT trouble FROM outbox WHERE kind = 'staff'"
    [(trouble,)] = await bench.store.read(lambda tx: tx.run(troubles).fetchall())
    assert trouble == f"The card of case {case_id} is not there yet."


async def test_why_something_else_could_not_be_said_is_no_note(bench: Bench):
    case_id = await bench.take()
    await ask(bench, case_id)
    room = Channel(bench.clock, down=barred("The bot may not write there."))
    await turn(message_lane(bench.desk, room))
    assert (await look(bench.desk, case_id)).work.notes == ()


async def test_staff_are_called_with_the_cards_that_stand(bench: Bench):
    drawn = await bench.take(comment="c1")
    room = Channel(bench.clock)
    await turn(card_lane(bench.desk, room))
    undrawn = await bench.take(comment="c2")
    await ask(bench, drawn, undrawn)
    await turn(message_lane(bench.desk, room))
    calls = [one.what for one in room.said if isinstance(one.what, StaffCall)]
    ref = await bench.store.read(lambda tx: tx.cards.get(drawn))
    assert [call.cards for call in calls] == [{drawn: ref}, {}]
    assert [call.view for call in calls] == [None, None]


ELSEWHERE = {EffectKind.SITE, EffectKind.CLOSING, EffectKind.ROAD, EffectKind.MAIL}
IN_DISCORD = set(EffectKind) - ELSEWHERE


def test_every_kind_has_a_rule():
    assert set(RETRY) == set(EffectKind)


@pytest.mark.parametrize("kind", sorted(IN_DISCORD))
@pytest.mark.parametrize("verb", [Verb.LATER, Verb.MISCONFIGURED])
def test_what_discord_refuses_for_now_waits_for_as_long_as_it_takes(kind: EffectKind, verb: Verb):
    assert RETRY[kind].goes_on(verb, tried=1_000_000)


@pytest.mark.parametrize("kind", [EffectKind.SITE, EffectKind.CLOSING])
@pytest.mark.parametrize("verb", [Verb.REFUSED, Verb.GONE, Verb.CHANGED])
def test_what_a_site_refuses_for_good_is_not_asked_again(kind: EffectKind, verb: Verb):
    assert not RETRY[kind].goes_on(verb, tried=1)


@pytest.mark.parametrize("kind", EffectKind)
def test_waits_grow_to_an_end_and_differ(kind: EffectKind):
    rule = RETRY[kind]
    waits = [rule.wait(attempt, chance=0.0) for attempt in range(2, 40)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(seconds=2), timedelta(minutes=15))
    assert rule.wait(5, chance=0.9) < rule.wait(5, chance=0.0)
    asked = timedelta(hours=1)
    assert rule.wait(5, chance=0.9, asked=asked) == asked


class Broken(Site):
    """A site whose adapter has a fault about one comment."""

    async def carry_out(self, order):
        if order.comment_id == "c1":
            raise ZeroDivisionError
        return await super().carry_out(order)


async def test_a_fault_with_one_order_holds_up_no_other_and_is_shown(bench: Bench):
    cases = [await bench.take(comment=f"c{number}") for number in (1, 2)]
    for case_id in cases:
        await bench.decide(case_id)
    site = Broken()
    lane = order_lane(bench.desk, COURIER, site)
    assert await turn(lane)
    assert site.hidden == {"c2"}
    assert not await turn(lane), "it is put off, not tried again at once"
    delivery = (await look(bench.desk, cases[0])).delivery
    assert delivery is not None
    assert "a fault of its own" in (delivery.trouble or "")
    assert await bench.store.read(lambda tx: tx.outbox.due_cards(bench.clock.now, limit=9))


async def test_what_cannot_be_read_holds_up_no_other(bench: Bench):
    first, second = await bench.take(comment="c1"), await bench.take(comment="c2")
    await ask(bench, first, second)
    await bench.store.write(
        lambda tx: tx.run("UPDATE outbox SET payload = '{' WHERE kind = 'staff' AND id = 3")
    )
    room = Channel(bench.clock)
    assert await turn(message_lane(bench.desk, room))
    assert said(room) == [second]


WANTED = {
    "a card": lambda tx, case: tx.outbox.want_card(case, NOON),
    "a message": lambda tx, case: tx.outbox.want_said(
        StaffMessage(kind=StaffMessageKind.ASSIGNED, cases=(case,)), NOON
    ),
    "a thread": lambda tx, case: tx.outbox.want_said(
        StaffMessage(kind=StaffMessageKind.THREAD, cases=(case,)), NOON
    ),
    "a reminder": lambda tx, case: tx.outbox.want_reminder(
        Reminder(name="r", kind=ReminderKind.LIFE, due_at=NOON, case_id=case)
    ),
    "a closing": lambda tx, _: tx.outbox.want_closing(COURIER, "s1", NOON, closed=True),
    "a summary": lambda tx, _: tx.outbox.want_alert(
        EffectKind.BULLETIN, due_at=NOON, now=NOON, name="digest:1"
    ),
    "a road": lambda tx, _: tx.outbox.want_alert(
        EffectKind.ROAD, due_at=NOON, now=NOON, body="The summary."
    ),
}


@pytest.mark.parametrize("wanted", WANTED)
async def test_whatever_is_asked_for_wakes_who_waits_for_more(bench: Bench, wanted: str):
    case_id = await bench.take()
    await bench.store.write(lambda tx: tx.outbox.done(tx.outbox.due_cards(NOON, limit=1)[0], NOON))
    seen = await bench.store.changed(0, within=0)
    await bench.store.write(lambda tx: WANTED[wanted](tx, case_id))
    assert await bench.store.changed(seen, within=0) > seen


@pytest.mark.parametrize("end", ["done", "retry", "fail"])
async def test_an_attempt_at_what_was_asked_before_does_not_end_what_was_asked_since(
    bench: Bench, end: str
):
    """A story is to be opened again while its site still closes it."""
    ask_for = lambda closed: bench.store.write(  # noqa: E731 - twice
        lambda tx: tx.outbox.want_closing(COURIER, "s1", NOON, closed=closed)
    )
    due = lambda tx: tx.outbox.due(EffectKind.CLOSING, NOON, limit=9, site=COURIER)  # noqa: E731
    await ask_for(True)
    [closing] = await bench.store.read(due)
    await ask_for(False)
    more = {"done": (NOON,), "retry": (NOON + DAY, "Later."), "fail": (NOON, "No.")}[end]
    await bench.store.write(lambda tx: getattr(tx.outbox, end)(closing, *more))

    [opening] = await bench.store.read(due)
    assert (opening.payload, opening.attempts) == ("open", 0)


async def test_news_between_a_look_and_the_wait_is_not_missed(bench: Bench):
    """As much as a moment after the look found nothing."""
    case_id, room, looks = await bench.take(), Channel(bench.clock), 0
    lane = message_lane(bench.desk, room)

    async def look_once() -> bool:
        nonlocal looks
        looks += 1
        found = await turn(lane)
        if looks == 1:
            await ask(bench, case_id)
        if said(room):
            raise EOFError
        return found

    with pytest.raises(EOFError):
        await asyncio.wait_for(keep_on(bench.desk, look_once, look_every=600), PATIENCE)
    assert said(room) == [case_id]


class SlowOnce(Site):
    """A site that does whatever it hears last; the first order gets through to it late."""

    def __init__(self, end: Verb) -> None:
        super().__init__()
        self.end: Verb = end
        self.heard: list[Action] = []
        self.lets_go = asyncio.Event()

    async def carry_out(self, order: Order) -> Outcome:
        first = not self.heard
        self.heard.append(order.action)
        if first:
            await self.lets_go.wait()
        self._apply(order)
        return Outcome(verb=self.end if first else Verb.DONE)


@pytest.mark.parametrize("end", [Verb.DONE, Verb.LATER])
async def test_an_attempt_that_ends_after_a_later_order_has_not_the_last_word(
    bench: Bench, end: Verb
):
    # As by a process that lost its connection, so that another took over what it was about.
    site = SlowOnce(end)
    case = await bench.take()
    await bench.decide(case, Action.HIDE)
    late = asyncio.create_task(turn(order_lane(bench.desk, COURIER, site)))
    await until(lambda: site.heard == [Action.HIDE], what="the order to be with the site")
    other = order_lane(bench.desk, COURIER, site)
    assert await turn(other)
    await reverse(bench.desk, case, by=SAM, door=Door.BUTTON, note="A joke")
    assert await turn(other)
    assert site.hidden == set()

    site.lets_go.set()
    assert await late
    assert site.hidden == {"c1"}
    bench.clock.now += DAY
    assert await turn(other)
    assert not await turn(other)

    assert site.heard == [Action.HIDE, Action.HIDE, Action.UNHIDE, Action.UNHIDE]
    assert site.hidden == set()
    asked = await bench.store.read(lambda tx: tx.deliveries.delivery(case))
    assert asked is not None
    assert asked.state is EffectState.DONE
