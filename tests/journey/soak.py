"""A desk that is killed again and again while readers report and moderators decide.

Killed means SIGKILL, at any moment: while it starts, between a card and its record, in the middle
of a commit. Sites send again what was not answered, as the protocol asks; people press once and
look no further. In the end everything that was ever confirmed to anybody has to stand in the
record, once, and record, channel and site have to say the same.
"""

import asyncio
import os
import random
import re
import signal
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import Any

import aiohttp

from bot.domain.decisions import Action, Decision
from bot.domain.ids import CaseId
from bot.standin.wire import MessageFlag
from bot.store.tx import Tx
from tests.journey.newsroom import SITE, Newsroom
from tests.journey.processes import Nursery, nursery
from tests.support.cards import Card
from tests.support.chains import first_broken
from tests.support.driver import Actor
from tests.support.waiting import eventually, until

_EMOJI = {Action.KEEP: "✅", Action.HIDE: "🙈"}
_LABEL = {Action.KEEP: "Keep", Action.HIDE: "Hide"}
_TYPED = {Action.KEEP: "k", Action.HIDE: "h 3"}
_DONE = {Action.KEEP: "Kept", Action.HIDE: "Hidden"}
_STAFF = ("ana", "ben", "sam")
_READERS = 3
_HIDES = 0.3
"""How many of the verdicts are to hide, so that no brake is met: it is tried elsewhere."""

_DEADLINE = 3.0
"""Seconds in which Discord wants a press answered."""

_NEWEST = 150
"""Among so many of the newest messages a moderator looks for a card."""

_ENOUGH = 20
"""Undecided cards from which on readers report nothing new, only what was reported before."""

_LONGEST_LIFE = 4.0
_LONGEST_START = 1.5
"""Seconds until a desk dies, from when it takes reports; and of each fifth, from its very start."""

_SETTLES = 600.0
"""Seconds for what still waits after the last death: some hundred cards, drawn one by one."""

_PAGE = 1000
ADDRESS = re.compile(r"taking reports at (\S+)")
PART_FAILED = "a part of the desk failed and is started again"
ERROR = re.compile(r"^.* ERROR .*$", re.MULTILINE)
_NUMBER = re.compile(r"#(\d+)")


@dataclass(slots=True, kw_only=True)
class Told:
    """What people did, and what they were told.

    `taken` has each report that was answered, by its delivery, with the case in the answer.
    `confirmed` has who read of a case that it was decided as they pressed. `lines` are typed, by
    message, and `reactions` given, by card. `logs` are whole, of lives in which a part failed.
    """

    taken: dict[str, tuple[dict[str, Any], int]] = field(default_factory=dict[str, Any])
    sent_again: int = 0
    presses: int = 0
    confirmed: dict[int, tuple[str, Action]] = field(default_factory=dict[int, Any])
    lines: dict[str, int] = field(default_factory=dict[str, int])
    reactions: dict[str, int] = field(default_factory=dict[str, int])
    deaths: int = 0
    errors: list[str] = field(default_factory=list[str])
    logs: list[str] = field(default_factory=list[str])


class Soak:
    """One newsroom's long bad day.

    Args:
        newsroom: With no desk running.
        seed: What chance begins with.
    """

    def __init__(self, newsroom: Newsroom, *, seed: int = 1) -> None:
        self.newsroom = newsroom
        self.told = Told()
        self._chance = random.Random(seed)  # noqa: S311 - the same load every time
        self._address = ""
        self._over = asyncio.Event()
        self._undecided = 0
        self._tried: set[str] = set()
        self._comments = 0
        self._reports = count(1)
        newsroom.sandbox.interactions.deadline = _DEADLINE
        newsroom.write_policy(
            ("hides = 40", "hides = 1000"), ("backlog_digest = 50", "backlog_digest = 0")
        )

    async def run(self, kills: int) -> None:
        """Kill the desk so many times under load, then let one live until all is done.

        It may be run again, and goes on then.
        """
        await self.newsroom.stop()
        self._over.clear()
        async with nursery() as desks, asyncio.TaskGroup() as load:
            for _ in range(_READERS):
                load.create_task(self._report())
            for name in _STAFF:
                load.create_task(self._decide(self.newsroom.sandbox.as_user(name), name))
            for number in range(kills):
                await self.one_life(desks, number)
            self._over.set()
            await self.end()
        await self.newsroom.start()
        try:
            await eventually(self._settled, "everything that waits to be done", _SETTLES)
        except AssertionError as error:
            raise AssertionError(f"{error} Left: {await self._left()}") from None

    def address(self) -> str:
        """Return where reports are taken now, nothing if nowhere."""
        return self._address

    # ---- lives and deaths

    async def one_life(self, desks: Nursery, number: int) -> None:
        """Let a desk live for a while, and kill it."""
        early = number % 5 == 4
        log = self.newsroom.database.with_name("desk.log")
        log.unlink(missing_ok=True)
        process = await desks.desk(self.newsroom, log)
        try:
            if early:
                await asyncio.sleep(self._chance.uniform(0, _LONGEST_START))
            else:
                await until(partial(self._hear, process, log), what="a desk that takes reports")
                await asyncio.sleep(self._chance.uniform(0, _LONGEST_LIFE))
        finally:
            self._address = ""
            os.kill(process, signal.SIGKILL)  # which fails if it ended by itself
        await until(lambda: not lives(process), what="the desk to be dead")
        said = log.read_text() if log.exists() else ""
        self.told.errors += ERROR.findall(said)
        self.told.logs += [said] if PART_FAILED in said else []
        self.told.deaths += 1

    async def end(self) -> None:
        """See that nothing lives any more that would be in the last one's way."""

    def _hear(self, number: int, log: Path) -> bool:
        """Look for where the desk takes reports."""
        assert lives(number), log.read_text()
        if found := ADDRESS.search(log.read_text() if log.exists() else ""):
            self._address = found[1]
        return bool(self._address)

    # ---- readers

    async def _report(self) -> None:
        while not self._over.is_set():
            await self._send(f"soak-{next(self._reports)}", self._body())
            await asyncio.sleep(self._chance.uniform(0, 0.1))

    def _body(self) -> dict[str, Any]:
        if self._undecided < _ENOUGH or not self._comments:
            self._comments += self._chance.random() < 0.3 or not self._comments
        lately = self._chance.random() < 0.7
        comment = self._chance.randint(max(1, self._comments - 20) if lately else 1, self._comments)
        author = f"a{comment % 97}"
        return self.newsroom.report_body(
            comment={"id": f"c{comment}", "author": {"id": author, "name": f"reader {author}"}}
        )

    async def _send(self, key: str, body: dict[str, Any]) -> None:
        """Send a report until it is answered, as a site does."""
        while not self._over.is_set():
            if address := self.address():
                try:
                    async with asyncio.timeout(_DEADLINE):
                        status, answer = await self.newsroom.post(
                            "/v1/reports", body, key, to=address
                        )
                except (aiohttp.ClientError, OSError, TimeoutError):
                    status, answer = 0, {}
                if status == 202:
                    self.told.taken[key] = (body, answer["case"])
                    return
                self.told.sent_again += 1
            await asyncio.sleep(0.05)

    # ---- the staff

    async def _decide(self, who: Actor, name: str) -> None:
        while not self._over.is_set():
            await asyncio.sleep(self._chance.uniform(0, 0.2))
            found = self._undecided_cards(who)
            self._undecided = len(found)
            fresh = [card for card in found if f"{name} {card.id}" not in self._tried]
            if not fresh:
                self._tried = {one for one in self._tried if not one.startswith(name)}
                continue
            card = self._chance.choice(fresh)
            self._tried.add(f"{name} {card.id}")
            wish = Action.HIDE if self._chance.random() < _HIDES else Action.KEEP
            await self._act(who, name, card, wish)

    async def _act(self, who: Actor, name: str, card: Card, wish: Action) -> None:
        case, chance = _case_of(card), self._chance.random()
        if chance < 0.6:
            if _DONE[wish] in await self._pressed(who, card, _LABEL[wish]):
                self.told.confirmed[case] = (name, wish)
        elif chance < 0.85:
            line = await who.reply(card, _TYPED[wish])
            self.told.lines[line.id] = case
        else:
            await who.react(card, _EMOJI[wish])
            self.told.reactions[card.id] = case

    async def _pressed(self, who: Actor, card: Card, label: str) -> str:
        """Press a button, and return what the person read within the time that Discord gives."""
        self.told.presses += 1
        button = next(one for one in card.buttons if one["label"].startswith(label))
        sandbox = self.newsroom.sandbox
        outcome = await sandbox.actions.press(who.id, card.channel_id, card.id, button["custom_id"])
        if outcome.late or outcome.message_id is None:
            return ""
        answer = Card(sandbox.world, card.channel_id, outcome.message_id, who.id)

        def read() -> str:
            if not answer.exists or answer.raw["flags"] & MessageFlag.LOADING:
                return ""
            return answer.text

        try:
            return await until(read, _DEADLINE, "the answer")
        except AssertionError:
            return ""  # the desk was killed in between, and nothing was confirmed

    def _undecided_cards(self, who: Actor) -> list[Card]:
        cards = _cards(self.newsroom, who, newest=_NEWEST)
        return [card for card in cards if "Keep" in card.enabled]

    # ---- afterwards

    async def _settled(self) -> bool:
        return not any((await self._left()).values())

    async def _left(self) -> dict[str, Any]:
        """Return what is still to be done."""

        def waiting(tx: Tx) -> tuple[list[int], list[int]]:
            now = self.newsroom.clock()
            cards = tx.outbox.due_cards(now, limit=9)
            orders = tx.outbox.due_orders(SITE, now, limit=9)
            return [one.case_id for one in cards], [one.case_id for one in orders]

        cards, orders = await self.newsroom.desk.desk.store.read(waiting)
        lines = [(line, self.told.lines[line]) for line, many in self.answers().items() if not many]
        return {
            "cards": cards,
            "orders": orders,
            "lines": lines,
            "reactions": self.left_over(of_open=True),
        }

    def left_over(self, *, of_open: bool) -> list[int]:
        """Return the cases under whose cards people's reactions still stand, open or decided ones.

        Under a decided card one decides nothing. At each start the desk takes it off again, but it
        looks no further back than forty decisions, which at this pace are some seconds.
        """
        world, found = self.newsroom.sandbox.world, list[int]()
        for message_id, case in self.told.reactions.items():
            who = chain.from_iterable(world.reactions.get(message_id, {}).values())
            card = Card(world, world.place("moderation"), message_id, world.bot_id)
            if set(who) - {world.bot_id} and ("Keep" in card.enabled) is of_open:
                found.append(case)
        return found

    def answers(self) -> Counter[str]:
        """Return how many answers each typed line has."""
        world = self.newsroom.sandbox.world
        found = Counter[str](dict.fromkeys(self.told.lines, 0))
        for raw in world.messages[world.place("moderation")].values():
            about = (raw.get("message_reference") or {}).get("message_id")
            if about in found and raw["author"]["id"] == world.bot_id:
                found[about] += 1
        return found

    async def decisions(self) -> list[Decision]:
        """Return the whole record."""
        store, record = self.newsroom.desk.desk.store, list[Decision]()
        while page := await store.read(partial(_after, len(record))):
            record += page
        return record


def lives(number: int) -> bool:
    """Whether a process is there."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def _after(last: int, tx: Tx) -> Sequence[Decision]:
    return tx.decisions.after(last, limit=_PAGE)


def _cards(newsroom: Newsroom, who: Actor, newest: int | None = None) -> list[Card]:
    """Return the cards of cases in the moderators' channel, the newest first."""
    world = newsroom.sandbox.world
    place, found = world.place("moderation"), list[Card]()
    for number, (message_id, raw) in enumerate(reversed(world.messages[place].items())):
        if number == newest:
            break
        ours = raw["author"]["id"] == world.bot_id and message_id not in world.private
        if ours and not raw.get("message_reference") and raw["components"]:
            card = Card(world, place, message_id, who.id)
            if "More" in card.labels and _NUMBER.search(card.text):
                found.append(card)
    return found


def _case_of(card: Card) -> int:
    number = _NUMBER.search(card.text)
    assert number is not None, card.text
    return int(number[1])


async def check(soak: Soak) -> None:
    """See that nothing that was confirmed is lost, and nothing was done twice."""
    newsroom, told = soak.newsroom, soak.told
    record = await soak.decisions()
    assert first_broken(record) is None, "the record's chain is broken"
    by_case = Counter(one.case_id for one in record)
    twice = [case for case, many in by_case.items() if many > 1]
    assert not twice, f"decided more than once: {twice}"
    await _no_report_is_lost(soak)
    decided = {one.case_id: (one.verdict.by.name.lower(), one.action) for one in record}
    lost = {
        case: said for case, said in told.confirmed.items() if decided.get(CaseId(case)) != said
    }
    assert not lost, f"confirmed, and not so in the record: {lost}"
    answers = soak.answers()
    assert min(answers.values(), default=1) > 0, "a typed line was never answered"
    cards = Counter(map(_case_of, _cards(newsroom, newsroom.sandbox.as_user("ana"))))
    assert max(cards.values(), default=1) == 1, f"more than one card: {cards.most_common(3)}"
    hidden = {one.comment_id for one in record if one.action is Action.HIDE}
    assert newsroom.site.hidden == hidden, "the site does not show what was decided"
    orders = Counter(order["data"]["decision"] for order in newsroom.site.orders)
    assert max(orders.values(), default=1) == 1, "an order was carried out twice"
    rest = newsroom.sandbox.rest
    assert (rest.crashes, rest.unknown_routes, rest.violations) == ([], [], [])


async def _no_report_is_lost(soak: Soak) -> None:
    """Give every report that was answered once more: its case has to know the reader."""
    for key, (body, case) in soak.told.taken.items():
        status, answer = await soak.newsroom.post("/v1/reports", body, f"{key}-again")
        assert (status, answer) == (202, {"case": case, "counted": False}), (key, status, answer)


async def figures(soak: Soak) -> str:
    """Return what happened, in lines."""
    told, record = soak.told, await soak.decisions()
    doors = Counter(str(one.verdict.door) for one in record)
    answers = soak.answers()
    lines = {
        "killed": f"{told.deaths} times",
        "reports answered": f"{len(told.taken)}, none lost, none counted twice; "
        f"{told.sent_again} times one was sent again",
        "decisions": f"{len(record)} on {len({one.case_id for one in record})} cases: "
        + ", ".join(f"{door} {many}" for door, many in doors.most_common()),
        "confirmed": f"{len(told.confirmed)} of {told.presses} presses, none lost",
        "typed lines": f"{len(told.lines)}, all answered, "
        f"{sum(many > 1 for many in answers.values())} of them twice",
        "reactions": f"{len(told.reactions)}, all taken up; "
        f"{len(soak.left_over(of_open=False))} still stand on decided cards",
        "the site": f"{len(soak.newsroom.site.orders)} orders carried out once, "
        f"{soak.newsroom.site.attempts} tried",
        "errors in the log": str(len(told.errors)),
    }
    return "\n".join(f"{name:<20}{said}" for name, said in lines.items())
