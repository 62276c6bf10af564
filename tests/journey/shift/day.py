"""Eight hours at the desk in minutes: reports come, things break, and the staff works on."""

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

from bot.domain.cases import CardRef
from bot.domain.decisions import Action, Door
from bot.domain.ids import CaseId
from bot.standin import messages
from bot.standin.ids import Ids
from bot.store.tx import Tx
from tests.journey.newsroom import SITE, Newsroom
from tests.journey.shift.readers import Complaint
from tests.journey.shift.staff import EMOJI, Moderator, Work, verdict_on
from tests.support.waiting import eventually, until

_AT_ONCE = 20
"""Reports that come together are sent as one batch from this many on."""

_LOOKED_AT = 200
_SETTLE_SECONDS = 2.0
_MOST_STEPS_MORE = 200

Event = tuple[float, Callable[[], Awaitable[None]]]


class Day:
    """One shift in one newsroom.

    Args:
        newsroom: With its desk running.
        complaints: What readers report, in order.
        minutes: How long the shift is.
        step: Minutes that pass at once.
        pace: Decisions that one moderator makes in a step, at most.
    """

    def __init__(
        self,
        newsroom: Newsroom,
        complaints: Sequence[Complaint],
        *,
        minutes: float,
        step: float,
        pace: int,
    ) -> None:
        self.newsroom = newsroom
        self.work = Work()
        self.received = self.known = 0
        self.discord_is_down = False
        self._rest = list(complaints)
        self._minutes = minutes
        self._step = step
        self._pace = pace
        self._staff = [Moderator(newsroom, name, self.work) for name in ("ana", "ben", "sam")]
        self._chance = random.Random(4)  # noqa: S311 - the same day every time
        self._began = newsroom.clock()
        # Discord's clock is the desk's: message ids carry the time.
        newsroom.sandbox.rest.log = deque()  # all of it, for the figures
        newsroom.sandbox.world.ids = Ids(lambda: newsroom.clock().timestamp())

    async def run(self) -> None:
        """Work until the shift is over and nothing is left to do."""
        events = self._events()
        minute = 0.0
        while minute < self._minutes:
            minute += self._step
            await self._drawn()
            self._pass_to(minute)
            while events and events[0][0] * self._minutes <= minute:
                await events.pop(0)[1]()
            await self._work_a_step()
            await self._report_until(minute)
        await self._finish(minute)

    # ---- what goes wrong, and when

    def _events(self) -> list[Event]:
        return [
            (0.10, self._lose_a_reply),
            (0.20, self._restart_with_work_done_meanwhile),
            (0.30, self._slow_down),
            (0.40, self._restart),
            (0.50, self._a_card_is_deleted),
            (0.55, self._discord_goes_down),
            (0.59, self._restart),
            (0.63, self._discord_comes_back),
            (0.72, self._site_goes_down),
            (0.78, self._site_comes_back),
            (0.85, self._lose_a_reply),
            (0.90, self._restart),
        ]

    async def _lose_a_reply(self) -> None:
        self.newsroom.sandbox.rest.fault("POST", "/channels/*/messages", drop="after", times=1)
        self.newsroom.sandbox.rest.fault("PATCH", "/channels/*/messages/*", status=502, times=2)

    async def _slow_down(self) -> None:
        rest = self.newsroom.sandbox.rest
        rest.fault("POST", "/channels/*/messages", status=429, retry_after=0.2, times=3)
        rest.fault("PATCH", "/channels/*/messages/*", status=429, retry_after=0.2, times=3)

    async def _restart(self) -> None:
        await self.newsroom.stop()
        await self.newsroom.start(wait=not self.discord_is_down)

    async def _restart_with_work_done_meanwhile(self) -> None:
        """Some react and type while the desk is down: it is to catch up with them."""
        ana, ben, *_ = self._staff
        refs = (await self._open_cards())[:4]
        await self.newsroom.stop()
        for ref in refs[:2]:
            self.work.presses[ref.case_id] += 1
            await ana.actor.react(ana.card(ref), EMOJI[Action.HIDE])
        for ref in refs[2:]:
            self.work.presses[ref.case_id] += 1
            await ben.actor.reply(ben.card(ref), "k")
        await self.newsroom.start()
        for ref in refs:
            await self._decided(ref.case_id)

    async def _a_card_is_deleted(self) -> None:
        """A card of an open case goes by mistake; its reader's friend reports it again."""
        refs = await self._open_cards()
        if not refs:
            return
        world = self.newsroom.sandbox.world
        messages.delete(world, world.message(str(refs[0].channel_id), str(refs[0].message_id)))

    async def _discord_goes_down(self) -> None:
        self.discord_is_down = True
        self.newsroom.sandbox.gateway.down = 503
        self.newsroom.sandbox.rest.fault("*", "*", status=503, times=None)
        await self.newsroom.sandbox.gateway.drop(1012, forget=True)

    async def _discord_comes_back(self) -> None:
        self.newsroom.sandbox.gateway.down = None
        self.newsroom.sandbox.rest.clear_faults()
        self.discord_is_down = False
        await until(lambda: self.newsroom.desk.presence.is_here, what="the desk to be connected")

    async def _site_goes_down(self) -> None:
        self.newsroom.site.status = 503

    async def _site_comes_back(self) -> None:
        self.newsroom.site.status = 200

    # ---- readers

    async def _report_until(self, minute: float) -> None:
        due = [one for one in self._rest if one.minute <= minute]
        del self._rest[: len(due)]
        if len(due) >= _AT_ONCE:
            await self._send_batch(due)
            return
        for one in due:
            self._count(await self._post("/v1/reports", self._body(one), one.key))
            if one.key.endswith("-0"):  # the answer was lost on its way, so the site asks again
                again = await self._post("/v1/reports", self._body(one), one.key)
                assert again["case"]

    async def _send_batch(self, due: Sequence[Complaint]) -> None:
        bodies = [self._body(one) for one in due]
        for body in bodies:
            del body["site"]
        answer = await self._post(
            "/v1/reports/batch", {"site": SITE, "reports": bodies}, f"batch-{due[0].key}"
        )
        for one in answer["answers"]:
            self._count(one)

    async def _post(self, path: str, body: dict[str, object], key: str) -> dict[str, object]:
        status, answer = await self.newsroom.post(path, body, key)
        assert status == 202, answer
        return answer

    def _count(self, answer: dict[str, object]) -> None:
        assert "case" in answer, answer
        self.received += 1
        self.known += not answer["counted"]

    def _body(self, one: Complaint) -> dict[str, object]:
        url = f"https://courier.example/{one.story}"
        return self.newsroom.report_body(
            comment={
                "id": one.comment,
                "text": one.text,
                "revision": one.revision,
                "permalink": f"{url}#{one.comment}",
                "author": {"id": one.author, "name": one.author.replace("-", " ")},
            },
            story={"id": one.story, "title": f"What we know of {one.story}", "url": url},
            reporter=one.reader,
            reason=one.reason,
        )

    # ---- the staff

    async def _work_a_step(self) -> None:
        if self.discord_is_down:
            return
        await self._drawn()
        refs = await self._open_cards()
        self._staff.append(self._staff.pop(0))  # another one is quickest every time
        shares = [refs[number :: len(self._staff)][: self._pace] for number in range(3)]
        await asyncio.gather(
            *(self._work_through(*pair) for pair in zip(self._staff, shares, strict=True))
        )

    async def _work_through(self, who: Moderator, refs: Sequence[CardRef]) -> None:
        for ref in refs:
            wish, rare = verdict_on(ref.case_id), self._chance.random()
            other = self._staff[(self._staff.index(who) + 1) % len(self._staff)]
            if rare < 0.03:
                await self._both(who, other, ref)
            elif rare < 0.05 and ref.case_id not in self.work.special:
                await who.slip(ref, Action.HIDE)
            elif rare < 0.06 and ref.case_id not in self.work.special:
                await who.propose_for_good(ref)
                await other.agree(ref)
            else:
                await who.decide(ref, wish)

    async def _both(self, one: Moderator, other: Moderator, ref: CardRef) -> None:
        """Two press at the same moment, and mean different things."""
        self.work.special.add(ref.case_id)
        await asyncio.gather(
            one.decide(ref, Action.KEEP, Door.BUTTON), other.decide(ref, Action.HIDE, Door.BUTTON)
        )

    async def _open_cards(self) -> list[CardRef]:
        """Return the cards of open cases, worst first, as the queue has them."""

        def query(tx: Tx) -> list[CardRef]:
            found = (tx.cards.get(case.id) for case in tx.cases.queue(limit=_LOOKED_AT))
            return [ref for ref in found if ref is not None]

        return await self.newsroom.desk.desk.store.read(query)

    # ---- time

    def _pass_to(self, minute: float) -> None:
        wanted = self._began + timedelta(minutes=minute)
        self.newsroom.later += max(timedelta(), wanted - self.newsroom.clock())

    async def _finish(self, minute: float) -> None:
        """Let the last cases be decided, and everything asked for be done."""
        for _ in range(_MOST_STEPS_MORE):
            if not self._rest and not await self._waiting() and not await self._open():
                return
            minute += self._step
            await self._drawn()
            self._pass_to(minute)
            await self._work_a_step()
            for case_id in await self._without_card():
                await self._staff[0].by_number(case_id, verdict_on(case_id))
        raise AssertionError("the desk did not get to the end of it")

    async def _drawn(self) -> None:
        """Give the desk a moment to draw and to send what is due."""
        if self.discord_is_down:
            return
        for _ in range(int(_SETTLE_SECONDS / 0.02)):
            if not await self._waiting(now=True):
                return
            await asyncio.sleep(0.02)

    async def _waiting(self, *, now: bool = False) -> int:
        """Return how many cards and orders wait, some at least."""
        by = self.newsroom.clock() if now else datetime.max.replace(tzinfo=UTC)

        def query(tx: Tx) -> int:
            cards = tx.outbox.due_cards(by, limit=9)
            return len(cards) + len(tx.outbox.due_orders(SITE, by, limit=9))

        return await self.newsroom.desk.desk.store.read(query)

    async def _open(self) -> int:
        return await self.newsroom.desk.desk.store.read(lambda tx: tx.cases.count_open())

    async def _without_card(self) -> list[CaseId]:
        def query(tx: Tx) -> list[CaseId]:
            worst = tx.cases.queue(limit=_LOOKED_AT)
            return [case.id for case in worst if tx.cards.get(case.id) is None]

        return await self.newsroom.desk.desk.store.read(query)

    async def _decided(self, case_id: CaseId) -> None:
        async def closed() -> bool:
            case = await self.newsroom.desk.desk.store.read(lambda tx: tx.cases.get(case_id))
            return case is not None and not case.is_open

        await eventually(closed, f"case {case_id} to close, decided while the desk was down")
