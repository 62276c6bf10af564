"""Who is on shift: by the rota, by saying so, and less those who take a break."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.ids import PersonId
from bot.domain.staff import Person, Rank
from bot.services.desk import Desk
from bot.store.tx import Tx

_REMIND_EVERY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class OnShift:
    """Who is called now, and who has a break until when."""

    people: tuple[PersonId, ...]
    resting: tuple[tuple[PersonId, datetime], ...]


async def start_shift(desk: Desk, by: Person, lasting: timedelta) -> datetime:
    """Put the person on shift, and return until when: a shift forgotten ends by itself.

    Raises:
        NotAllowed: The person is no moderator.
    """
    desk.require(by, Rank.MODERATOR)
    now = desk.clock()
    until = now + lasting
    await desk.store.write(lambda tx: tx.staff.begin(by.id, by.name, now, until))
    return until


async def end_shift(desk: Desk, by: Person) -> bool:
    """Take the person off shift, and off what the rota still has for them.

    False if there was nothing to end; then nothing is changed.

    Raises:
        NotAllowed: The person is no moderator.
    """
    desk.require(by, Rank.MODERATOR)
    now, rules = desk.clock(), desk.policy().shift
    rota_ends = max((until for who, until in rules.on_rota(now) if who == by.id), default=now)

    def work(tx: Tx) -> bool:
        # Who left what the rota has for them is away until it ends; a break ends before that.
        left = tx.staff.absent(now).get(by.id, now) >= rota_ends
        if by.id not in tx.staff.shifts(now) and left:
            return False
        tx.staff.end(by.id)
        tx.staff.come_back(by.id)
        if rota_ends > now:
            tx.staff.leave(by.id, by.name, rota_ends)
        return True

    return await desk.store.write(work)


async def take_break(desk: Desk, by: Person, lasting: timedelta) -> datetime | None:
    """Call the person for nothing until then; no time at all ends a break.

    Raises:
        NotAllowed: The person is no moderator.
    """
    desk.require(by, Rank.MODERATOR)
    until = desk.clock() + lasting
    if not lasting:
        await desk.store.write(lambda tx: tx.staff.come_back(by.id))
        return None
    await desk.store.write(lambda tx: tx.staff.leave(by.id, by.name, until))
    return until


async def who_is_on(desk: Desk, by: Person) -> OnShift:
    """Return who is on shift.

    Raises:
        NotAllowed: The person is no moderator.
    """
    desk.require(by, Rank.MODERATOR)
    return await desk.store.read(lambda tx: on_shift(tx, desk))


def on_shift(tx: Tx, desk: Desk) -> OnShift:
    """Return who is on shift now: first those who said so, then those of the rota."""
    now = desk.clock()
    due = [*tx.staff.shifts(now), *(person for person, _ in desk.policy().shift.on_rota(now))]
    absent = tx.staff.absent(now)
    everybody = tuple(dict.fromkeys(due))
    return OnShift(
        people=tuple(person for person in everybody if person not in absent),
        resting=tuple((person, absent[person]) for person in everybody if person in absent),
    )


async def a_lot_today(desk: Desk, by: Person) -> int | None:
    """Return how many cases the person decided since midnight, where it is time to say so.

    That is at the policy's cap and at every tenth case after it, so that it does not become noise.
    """
    rules = desk.policy().shift
    since = rules.day_began(desk.clock())
    made = await desk.store.read(lambda tx: tx.staff.decided_by(by.id, since=since))
    over = made - rules.daily_cap
    return made if rules.daily_cap and over >= 0 and over % _REMIND_EVERY == 0 else None
