"""The interface for tests: somebody's hands and eyes.

`sandbox.as_user("ana")` is a person. What else can happen to the bot, while it is running:

- a right goes and comes back: `sandbox.owner.take("moderation", Permission.SEND_MESSAGES)` and
  `.give(...)`, the bot's or `whom="Moderator"`; in the whole guild `.change_role(name, take=...)`;
- people: `sandbox.owner.put_into`, `.take_from` (roles), `.rename`, `.remove`;
- `sandbox.owner.age(card, timedelta(hours=2))` makes a message old (edits of old ones are few);
- things go: `sandbox.owner.delete_message(card)`, `.delete_channel(name)`, `.delete_role(name)`;
- Discord says wait: `sandbox.rest.limit_globally(seconds)`; one route with
  `sandbox.rest.fault("POST", "/channels/*/messages", status=429, retry_after=2, scope="shared")`;
- Discord refuses: `sandbox.rest.token_refused = True` (401), `.refuse_commands(403)` or `(400)`,
  `.fault("POST", "/channels/*/messages", status=403, code=50013, times=None)`;
- the line breaks: `.fault(..., drop="before")` or `"after"`, `delay=`, `status=502`;
- `sandbox.rest.clear_faults()` ends all that was said to `rest`;
- the gateway: `await sandbox.gateway.drop(4000)`, `drop(4004)` for a token that is no longer good,
  `drop(forget=True)` so that RESUME fails, `.op(9, False)`, `.op(7)`, `.down = 503` until set to
  None, `.hang_ups = 1` to cut the next socket before HELLO, `.mute_heartbeats = True`.
"""

from collections.abc import Mapping
from typing import Any

from bot.standin.actions import Actions, Outcome
from bot.standin.components import walk
from bot.standin.forms import Field
from bot.standin.reading import listed, nested, words
from bot.standin.wire import SELECTS, Component, Json, MessageFlag
from bot.standin.world import World
from tests.support.cards import Card, match
from tests.support.waiting import PATIENCE, until


class Result:
    """What came of a press, a command or a form.

    Attributes:
        outcome: As the page sees it.
        channel_id: Where it happened.
    """

    def __init__(self, world: World, user_id: str, channel_id: str, outcome: Outcome) -> None:
        self.outcome = outcome
        self._world = world
        self._user_id = user_id
        self.channel_id = channel_id
        # The next answer to the same person's presses makes this one go; they have read it by then.
        self._text, self._labels = "", list[str]()
        self._read()

    def _read(self) -> None:
        if self.message is not None and self.message.exists:
            self._text, self._labels = self.message.text, self.message.labels

    @property
    def failed(self) -> bool:
        """Whether the person read that the interaction failed."""
        return self.outcome.late

    @property
    def modal(self) -> Json | None:
        """The form that opened, if any."""
        return self.outcome.modal

    @property
    def ephemeral(self) -> bool:
        """Whether only this person sees the answer."""
        return self.outcome.ephemeral

    @property
    def thinking(self) -> bool:
        """Whether the answer was put off and is not there yet."""
        message = self.message
        if message is None or not message.exists:
            return False
        return bool(message.raw["flags"] & MessageFlag.LOADING)

    @property
    def message(self) -> Card | None:
        """The message that the answer made or changed, if there was one."""
        if self.outcome.message_id is None:
            return None
        return Card(self._world, self.channel_id, self.outcome.message_id, self._user_id)

    @property
    def text(self) -> str:
        """All words of that message as they are now, or were last read; or nothing."""
        self._read()
        return self._text

    @property
    def labels(self) -> list[str]:
        """The labels of that message's buttons, or of the form's fields."""
        if self.modal is not None:
            return [words(one, "label") for one in walk(self.modal["components"])]
        self._read()
        return self._labels

    def __repr__(self) -> str:
        kind = "failed" if self.failed else "modal" if self.modal else "ephemeral"
        return f"<Result {kind} {self.text!r}>"


class Actor:
    """One person: what they do and what they see.

    Args:
        world: Where.
        actions: Their hands.
        user_id: Who they are.
    """

    def __init__(self, world: World, actions: Actions, user_id: str) -> None:
        self.id = user_id
        self._world = world
        self._actions = actions

    async def send(
        self, channel: str, text: str, *, reply_to: Card | None = None, ping: bool = True
    ) -> Card:
        """Post a message in a channel given by name or id; a reply pings unless told not to."""
        place = self._world.place(channel)
        answered = reply_to.id if reply_to else None
        made = await self._actions.send(self.id, place, text, reply_to=answered, ping=ping)
        return self._card(place, made["id"])

    async def reply(self, card: Card, text: str, *, ping: bool = True) -> Card:
        """Reply to a message, where it is."""
        return await self.send(card.channel_id, text, reply_to=card, ping=ping)

    async def edit(self, card: Card, text: str) -> None:
        """Change the text of one's own message."""
        await self._actions.edit(self.id, card.channel_id, card.id, text)

    async def delete(self, card: Card) -> None:
        """Delete a message."""
        await self._actions.delete(self.id, card.channel_id, card.id)

    async def react(self, card: Card, emoji: str) -> None:
        """Add a reaction."""
        await self._actions.react(self.id, card.channel_id, card.id, emoji)

    async def unreact(self, card: Card, emoji: str) -> None:
        """Take one's own reaction away."""
        await self._actions.unreact(self.id, card.channel_id, card.id, emoji)

    async def press(self, card: Card, button: str) -> Result:
        """Press a button named by its label, the start of it, or the start of its custom id.

        Raises:
            LookupError: No button, or more than one, is named so.
        """
        found = match(card.buttons, button)
        return await self._result(
            card.channel_id,
            await self._actions.press(self.id, card.channel_id, card.id, found["custom_id"]),
        )

    async def select(self, card: Card, select: str, values: list[str]) -> Result:
        """Pick values in a select named by its placeholder or its custom id.

        Raises:
            LookupError: No select, or more than one, is named so.
        """
        offered = [one for one in walk(card.raw["components"]) if one["type"] in SELECTS]
        found = match(offered, select)["custom_id"]
        outcome = await self._actions.press(self.id, card.channel_id, card.id, found, values)
        return await self._result(card.channel_id, outcome)

    async def submit(self, opened: Result, **by_label: Field) -> Result:
        """Send a form off, its fields named by their labels or custom ids.

        Raises:
            LookupError: There is no form, or no such field in it.
        """
        if opened.modal is None:
            raise LookupError("No form is open.")
        names = _field_names(opened.modal)
        for label in by_label:
            if label not in names:
                raise LookupError(f"The form has no field {label!r}, only {sorted(names)}.")
        fields = {names[label]: value for label, value in by_label.items()}
        outcome = await self._actions.submit(self.id, opened.outcome.token, fields)
        return await self._result(opened.channel_id, outcome)

    async def slash(self, channel: str, path: str, **options: Any) -> Result:
        """Send a slash command; people and messages may stand for their ids in options."""
        place = self._world.place(channel)
        outcome = await self._actions.slash(self.id, place, path, _plain(options))
        return await self._result(place, outcome)

    async def autocomplete(
        self, channel: str, path: str, focused: str, **options: Any
    ) -> list[Json]:
        """Return the choices offered while an option is being typed."""
        place = self._world.place(channel)
        return await self._actions.autocomplete(self.id, place, path, _plain(options), focused)

    async def context(self, target: Card, name: str) -> Result:
        """Use a command from a message's menu."""
        outcome = await self._actions.context(
            self.id, target.channel_id, name, message_id=target.id
        )
        return await self._result(target.channel_id, outcome)

    async def context_on(self, person: "Actor", channel: str, name: str) -> Result:
        """Use a command from a person's menu."""
        place = self._world.place(channel)
        outcome = await self._actions.context(self.id, place, name, target_id=person.id)
        return await self._result(place, outcome)

    def sees(self, channel: str) -> list[Card] | None:
        """Return the messages that this person sees, oldest first; None if not the channel."""
        place = self._world.place(channel)
        if not self._world.permissions(self.id, place):
            return None
        private = self._world.private
        return [
            self._card(place, message_id)
            for message_id in self._world.messages[place]
            if private.get(message_id, self.id) == self.id
        ]

    async def wait_for(self, channel: str, text: str, timeout: float = PATIENCE) -> Card:  # noqa: ASYNC109 - as `until`
        """Wait for a message with some words in it, the newest if there are several."""

        def found() -> Card | None:
            seen = self.sees(channel) or []
            return next((card for card in reversed(seen) if text in card.text), None)

        return await until(found, timeout, f"{text!r} in #{channel}")

    def _card(self, channel_id: str, message_id: str) -> Card:
        return Card(self._world, channel_id, message_id, self.id)

    async def _result(self, channel_id: str, outcome: Outcome) -> Result:
        """Return what came of it, once it is there: nobody reads "is thinking" as the answer."""
        result = Result(self._world, self.id, channel_id, outcome)
        await until(lambda: not result.thinking, what="the answer that was put off")
        return result


def _field_names(modal: Json) -> dict[str, str]:
    """Return the custom ids of a form's fields by their labels and by themselves."""
    names: dict[str, str] = {}
    for part in modal["components"]:
        label_outside = part["type"] == Component.LABEL
        fields = [nested(part, "component")] if label_outside else listed(part, "components")
        for field in fields:
            custom_id = words(field, "custom_id")
            names[custom_id] = custom_id
            names[words(part if label_outside else field, "label")] = custom_id
    return names


def _plain(options: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.id if isinstance(value, Actor | Card) else value
        for name, value in options.items()
    }
