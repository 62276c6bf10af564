"""Interactions: a token's life from what a person did to the bot's last follow-up."""

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from bot.standin.errors import ApiError, Code, missing_access, unknown
from bot.standin.permissions import Permission
from bot.standin.wire import Answer, Asked, Json
from bot.standin.world import World

DEADLINE = 3.0
"""Seconds within which Discord wants a first answer."""

LIFETIME = 15 * 60.0
"""Seconds for which a token lasts after that."""

_FILE_BYTES = 10 * 1024 * 1024


@dataclass(slots=True, kw_only=True, eq=False)
class Interaction:
    """One thing a person did, and what the bot made of it.

    Attributes:
        id: Its id.
        token: What the bot answers with.
        kind: What the person did.
        user_id: Who did it.
        channel_id: Where.
        data: What exactly, in Discord's shape.
        message: The message whose control was pressed, also behind a modal opened by it.
        born: When, on the sandbox's clock.
        answered: How the bot answered first, or None.
        late: Whether it failed to in time.
        response: The message that the answer made or changed.
        modal: The form that the answer opened.
        choices: What the answer offers to pick from, for autocompletion.
        followups: Further messages, in order.
        settled: Set when answered or late.
    """

    id: str
    token: str
    kind: Asked
    user_id: str
    channel_id: str
    data: Json
    message: Json | None
    born: float
    answered: Answer | None = None
    late: bool = False
    response: Json | None = None
    modal: Json | None = None
    choices: list[Json] | None = None
    followups: list[Json] = field(default_factory=list[Json])
    settled: asyncio.Event = field(default_factory=asyncio.Event)


class Interactions:
    """All interactions whose tokens still live.

    Args:
        world: Where they happen.
        dispatch: Sends an event to the bot.
        clock: Seconds that only grow.

    Attributes:
        deadline: Seconds for the first answer; tests shorten it.
    """

    def __init__(
        self,
        world: World,
        dispatch: Callable[[str, Json], None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.deadline = DEADLINE
        self._world = world
        self._dispatch = dispatch
        self._clock = clock
        self._live: dict[str, Interaction] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def start(
        self,
        kind: Asked,
        user_id: str,
        channel_id: str,
        data: Json,
        *,
        message: Json | None = None,
    ) -> Interaction:
        """Tell the bot of something a person did, and start the clock.

        Args:
            kind: What they did.
            user_id: Who.
            channel_id: Where.
            data: What exactly, in Discord's shape.
            message: The message whose control was pressed.

        Raises:
            ApiError: 50001, the person does not see the channel.
        """
        if not self._world.permissions(user_id, channel_id) & Permission.VIEW_CHANNEL:
            raise missing_access()
        self._forget_expired()
        made = Interaction(
            id=self._world.ids.new(),
            token=secrets.token_urlsafe(40),
            kind=kind,
            user_id=user_id,
            channel_id=channel_id,
            data=data,
            message=message,
            born=self._clock(),
        )
        self._live[made.token] = made
        loop = asyncio.get_running_loop()
        self._timers[made.token] = loop.call_later(self.deadline, self._expire, made)
        self._dispatch("INTERACTION_CREATE", _payload(self._world, made))
        return made

    def _expire(self, interaction: Interaction) -> None:
        self._timers.pop(interaction.token, None)
        if interaction.answered is None:
            interaction.late = True
            interaction.settled.set()

    def _forget_expired(self) -> None:
        oldest = self._clock() - 2 * LIFETIME  # until then a late answer is told why
        for token, interaction in list(self._live.items()):
            if interaction.born >= oldest:
                break  # tokens stand in the order of their births
            del self._live[token]

    def knows(self, token: str) -> bool:
        """Whether a token is of something that was done here."""
        return token in self._live

    def settle(self, interaction: Interaction, answer: Answer) -> None:
        """Take the bot's first answer as given; nobody waits any longer."""
        interaction.answered = answer
        timer = self._timers.pop(interaction.token, None)
        if timer is not None:
            timer.cancel()
        interaction.settled.set()

    def unanswered(self, interaction_id: str, token: str) -> Interaction:
        """Return the interaction that a first answer is for.

        Raises:
            ApiError: 10062 when it is unknown or its time is up, 40060 when it was answered.
        """
        found = self._live.get(token)
        if found is None or found.id != interaction_id or found.late:
            unknown(Code.UNKNOWN_INTERACTION)
        if found.answered is not None:
            raise ApiError(
                HTTPStatus.BAD_REQUEST,
                Code.ALREADY_ACKNOWLEDGED,
                "Interaction has already been acknowledged.",
            )
        return found

    def answered(self, app_id: str, token: str) -> Interaction:
        """Return the interaction that a follow-up is for.

        Raises:
            ApiError: 10015 when it is unknown or has no first answer, 50027 after 15 minutes.
        """
        found = self._live.get(token)
        if found is None or app_id != self._world.app_id or found.answered is None:
            unknown(Code.UNKNOWN_WEBHOOK)
        if self._clock() - found.born > LIFETIME:
            raise ApiError(
                HTTPStatus.UNAUTHORIZED, Code.INVALID_WEBHOOK_TOKEN, "Invalid Webhook Token"
            )
        return found

    def of(self, user_id: str, token: str) -> Interaction:
        """Return an interaction that a person started.

        Raises:
            LookupError: They did not, or it is too long ago.
        """
        found = self._live.get(token)
        if found is None or found.user_id != user_id:
            raise LookupError("This form is not open any more.")
        return found

    def close(self) -> None:
        """Stop all clocks and let nobody wait."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        for interaction in self._live.values():
            interaction.late = interaction.late or interaction.answered is None
            interaction.settled.set()


def _payload(world: World, interaction: Interaction) -> Json:
    user_id, channel_id = interaction.user_id, interaction.channel_id
    held = str(world.permissions(user_id, channel_id))
    payload: Json = {
        "id": interaction.id,
        "application_id": world.app_id,
        "type": int(interaction.kind),
        "data": interaction.data,
        "guild_id": world.guild_id,
        "guild": {"id": world.guild_id, "locale": "en-US", "features": list[str]()},
        "channel": {**world.channel(channel_id), "permissions": held},
        "channel_id": channel_id,
        "member": {**world.members[user_id], "permissions": held},
        "token": interaction.token,
        "version": 1,
        "app_permissions": str(world.permissions(world.bot_id, channel_id)),
        "locale": "en-GB",
        "guild_locale": "en-US",
        "entitlements": list[Json](),
        "entitlement_sku_ids": list[str](),
        "authorizing_integration_owners": {"0": world.guild_id},
        "context": 0,
        "attachment_size_limit": _FILE_BYTES,
    }
    if interaction.message is not None:
        payload["message"] = world.view(interaction.message, world.bot_id)
    return payload


def metadata(world: World, interaction: Interaction) -> Json:
    """Return the `interaction_metadata` of a message that answers an interaction."""
    shared: Json = {
        "id": interaction.id,
        "user": world.users[interaction.user_id],
        "authorizing_integration_owners": {"0": world.guild_id},
    }
    origin = {"interacted_message_id": interaction.message["id"]} if interaction.message else {}
    if interaction.kind == Asked.MODAL:
        trigger = Asked.COMPONENT if interaction.message else Asked.COMMAND
        inner = {**shared, "type": int(trigger), **origin}
        return {**shared, "type": int(Asked.MODAL), "triggering_interaction_metadata": inner}
    return {**shared, "type": int(interaction.kind), **origin}
