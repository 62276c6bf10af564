"""Moderators at work in the channel: who decides what, through which door, in how many presses."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.cases import CardRef
from bot.domain.decisions import Action, Door
from bot.domain.ids import CaseId
from tests.journey.newsroom import Newsroom
from tests.support.cards import Card
from tests.support.driver import Actor, Result
from tests.support.waiting import until

EMOJI = {Action.KEEP: "✅", Action.HIDE: "🙈", Action.BAN: "🔨"}
_LABELS = {Action.KEEP: "Keep", Action.HIDE: "Hide", Action.BAN: "Ban"}
_TYPED = {Action.KEEP: "k", Action.HIDE: "h", Action.BAN: "ban 7d 5 again and again"}
_SLASH: Mapping[Action, Mapping[str, int]] = {
    Action.KEEP: {},
    Action.HIDE: {},
    Action.BAN: {"duration": 7, "rule": 5},
}
_ANSWERS_AMONG = 80
"""An answer to a typed line is looked for among so many of the newest messages."""

DOORS: Mapping[str, Mapping[Door, int]] = {
    "ana": {Door.BUTTON: 8, Door.REACTION: 1, Door.TYPED: 1},
    "ben": {Door.REACTION: 5, Door.TYPED: 3, Door.BUTTON: 2},
    "sam": {Door.SLASH: 5, Door.BUTTON: 4, Door.TYPED: 1},
}
"""How often each of the three goes through which door: a phone, a mouse, a keyboard."""


@dataclass(slots=True, kw_only=True)
class Work:
    """What the staff did: presses by case, and the cases that took more than deciding them."""

    presses: Counter[CaseId] = field(default_factory=Counter[CaseId])
    special: set[CaseId] = field(default_factory=set[CaseId])
    too_late: int = 0
    """Times that Discord said "This interaction failed"."""


def verdict_on(case_id: CaseId) -> Action:
    """Return what is right about a case; whoever looks at it finds the same."""
    chance = random.Random(case_id)  # noqa: S311 - the same every time
    return chance.choices((Action.KEEP, Action.HIDE, Action.BAN), (52, 41, 7))[0]


class Moderator:
    """One person, with habits."""

    def __init__(self, newsroom: Newsroom, name: str, work: Work) -> None:
        self.name = name
        self._newsroom = newsroom
        self._work = work
        self._chance = random.Random(name)  # noqa: S311 - the same habits every time
        self._doors = DOORS[name]

    @property
    def actor(self) -> Actor:
        return self._newsroom.sandbox.as_user(self.name)

    def card(self, ref: CardRef) -> Card:
        world = self._newsroom.sandbox.world
        return Card(world, str(ref.channel_id), str(ref.message_id), self.actor.id)

    async def decide(self, ref: CardRef, wish: Action, door: Door | None = None) -> None:
        """Decide a case by its card, in one go."""
        card = self.card(ref)
        if not card.exists or _LABELS[Action.KEEP] not in card.labels:
            await self.by_number(ref.case_id, wish)
            return
        chosen = door or self._chance.choices([*self._doors], [*self._doors.values()])[0]
        self._work.presses[ref.case_id] += 1
        if wish is Action.BAN:
            self._work.special.add(ref.case_id)
        match chosen:
            case Door.REACTION:
                await self._react(card, wish)
            case Door.TYPED:
                await self._type(card, _TYPED[wish])
            case Door.SLASH:
                await self._command(ref.case_id, wish)
            case _:
                await self._press(card, wish)

    async def by_number(self, case_id: CaseId, wish: Action) -> None:
        """Decide a case that has no card to press, as the queue shows it."""
        self._work.presses[case_id] += 1
        await self._command(case_id, wish)

    async def slip(self, ref: CardRef, wish: Action) -> None:
        """Decide a case and take that back at once."""
        self._work.special.add(ref.case_id)
        said = await self.actor.press(self.card(ref), _LABELS[wish])
        if said.failed or said.message is None:
            self._work.too_late += 1
            return
        undone = await self.actor.press(said.message, "Undo")
        self._work.too_late += undone.failed

    async def propose_for_good(self, ref: CardRef) -> None:
        """Ask for a ban without an end, which somebody else has to agree to."""
        self._work.special.add(ref.case_id)
        form = await self.actor.press(self.card(ref), _LABELS[Action.BAN])
        if form.modal is not None:
            await self._send_ban(form, rule=["4"], days=["0"], note="a fourth account")

    async def agree(self, ref: CardRef) -> None:
        card = self.card(ref)
        await until(lambda: "Agree" in card.labels, what="the card to ask for a second")
        answer = await self.actor.press(card, "Agree")
        self._work.too_late += answer.failed

    async def _press(self, card: Card, wish: Action) -> None:
        answer = await self.actor.press(card, _LABELS[wish])
        if wish is Action.BAN and answer.modal is not None:
            answer = await self._send_ban(answer, rule=["5"], days=["7"])
        self._work.too_late += answer.failed

    async def _send_ban(self, form: Result, **filled_in: Any) -> Result:
        """Send the form off, unless a colleague was first while it was filled in."""
        shown = await self.actor.submit(form, **filled_in)
        if shown.message is None or "Send" not in shown.labels:
            return shown
        return await self.actor.press(shown.message, "Send")

    async def _command(self, case_id: CaseId, wish: Action) -> None:
        answer = await self.actor.slash("moderation", wish, case=case_id, **_SLASH[wish])
        self._work.too_late += answer.failed

    async def _react(self, card: Card, wish: Action) -> None:
        me, emoji = self.actor, EMOJI[wish]
        await me.react(card, emoji)
        left = self._newsroom.sandbox.world.reactions

        def taken_off() -> bool:
            return me.id not in left.get(card.id, {}).get(emoji, ())

        if wish is Action.BAN:
            # The hammer asks first, unless somebody was quicker to decide.
            await until(lambda: taken_off() or self._asked(card), what="the hammer's line")
            if line := self._asked(card):
                self._work.too_late += (await me.press(line, _LABELS[wish])).failed
        await until(taken_off, what="the reaction to be taken off")

    def _asked(self, card: Card) -> Card | None:
        """Return the line that asks this moderator about a card."""
        for one in self.actor.sees("moderation") or []:
            about = (one.raw.get("message_reference") or {}).get("message_id")
            mine = f"only {self.name.capitalize()} can" in one.text
            if about == card.id and mine and "Cancel" in one.labels:
                return one
        return None

    async def _type(self, card: Card, words: str) -> None:
        line = await self.actor.reply(card, words)
        messages = self._newsroom.sandbox.world.messages[card.channel_id]

        def answered() -> bool:
            newest = [*messages.values()][-_ANSWERS_AMONG:]
            return any(
                (one.get("message_reference") or {}).get("message_id") == line.id for one in newest
            )

        await until(answered, what=f"an answer to {words!r}")
