"""What people do in Discord, with the checks that Discord's own client makes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.standin import commands, forms, mentions, messages, reactions
from bot.standin.entities import resolve
from bot.standin.errors import Code, missing_access, missing_permissions, unknown
from bot.standin.forms import Field
from bot.standin.interactions import Interaction, Interactions
from bot.standin.options import build as fill_in
from bot.standin.permissions import Permission
from bot.standin.wire import Asked, CommandKind, Json, MessageFlag
from bot.standin.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a person saw come of something they did.

    Attributes:
        late: Whether the bot failed to answer in time: "This interaction failed" under a message,
            "The application did not respond" for a command.
        token: What a modal is submitted with.
        message_id: The message that the answer made or changed, if any.
        modal: The form that opened, in Discord's shape, if any.
        ephemeral: Whether only this person sees the message.
    """

    late: bool
    token: str
    message_id: str | None
    modal: Json | None
    ephemeral: bool


class Actions:
    """People's hands: the page and the tests both act through here.

    Every method raises LookupError with a sentence when Discord's client would not let a person
    do it, and ApiError when Discord's server would refuse.

    Args:
        world: Where.
        interactions: Where presses and commands begin.
    """

    def __init__(self, world: World, interactions: Interactions) -> None:
        self._world = world
        self._interactions = interactions

    async def send(
        self,
        user_id: str,
        channel_id: str,
        content: str,
        *,
        reply_to: str | None = None,
        ping: bool = True,
    ) -> Json:
        """Post a message.

        Args:
            user_id: Who.
            channel_id: Where.
            content: The text.
            reply_to: The id of the message that is answered.
            ping: Whether a reply pings whom it answers, as it does unless switched off.
        """
        body: Json = {"content": content}
        if reply_to is not None:
            self._visible(user_id, channel_id, reply_to, ephemeral=False)
            body["message_reference"] = {"message_id": reply_to, "channel_id": channel_id}
            body["allowed_mentions"] = mentions.PARSE_ALL | {"replied_user": ping}
        made = messages.post(self._world, channel_id, user_id, body, messages.NO_FILES)
        return self._world.view(made, user_id)

    async def edit(self, user_id: str, channel_id: str, message_id: str, content: str) -> Json:
        """Change the text of one's own message."""
        found = self._visible(user_id, channel_id, message_id)
        if found["author"]["id"] != user_id:
            raise LookupError("Only one's own messages can be edited.")
        changed = messages.edit(self._world, found, {"content": content})
        return self._world.view(changed, user_id)

    async def delete(self, user_id: str, channel_id: str, message_id: str) -> None:
        """Delete one's own message, or another's with the right to manage messages."""
        found = self._visible(user_id, channel_id, message_id)
        held = self._world.permissions(user_id, channel_id)
        private = message_id in self._world.private
        if (
            found["author"]["id"] != user_id
            and not private
            and not held & Permission.MANAGE_MESSAGES
        ):
            raise missing_permissions("MANAGE_MESSAGES")
        messages.delete(self._world, found)

    async def react(self, user_id: str, channel_id: str, message_id: str, emoji: str) -> None:
        """Add a reaction."""
        self._visible(user_id, channel_id, message_id, ephemeral=False)
        reactions.add(self._world, user_id, channel_id, message_id, emoji)

    async def unreact(self, user_id: str, channel_id: str, message_id: str, emoji: str) -> None:
        """Take one's own reaction away."""
        self._visible(user_id, channel_id, message_id, ephemeral=False)
        reactions.remove(self._world, user_id, channel_id, message_id, emoji)

    async def press(
        self,
        user_id: str,
        channel_id: str,
        message_id: str,
        custom_id: str,
        values: list[str] | None = None,
    ) -> Outcome:
        """Press a button, or pick values in a select, and wait for the bot's first answer."""
        found = self._visible(user_id, channel_id, message_id)
        data = forms.pressed(self._world, found, custom_id, values)
        return await self._ask(Asked.COMPONENT, user_id, channel_id, data, message=found)

    async def submit(self, user_id: str, token: str, fields: Mapping[str, Field | Any]) -> Outcome:
        """Send a modal off with what was entered, by `custom_id`."""
        opener = self._interactions.of(user_id, token)
        if opener.modal is None:
            raise LookupError("This form is not open any more.")
        data = forms.submitted(self._world, opener.modal, fields)
        outcome = await self._ask(
            Asked.MODAL, user_id, opener.channel_id, data, message=opener.message
        )
        if not outcome.late:  # a form that failed stays open, so that nothing typed is lost
            opener.modal = None
        return outcome

    async def slash(
        self, user_id: str, channel_id: str, path: str, options: Mapping[str, Any]
    ) -> Outcome:
        """Send a slash command.

        Args:
            user_id: Who.
            channel_id: Where.
            path: The command's name and those of its subcommands, with blanks between.
            options: Values by option name.
        """
        command = self._command(user_id, channel_id, path)
        data = fill_in(self._world, command, path, options)
        return await self._ask(Asked.COMMAND, user_id, channel_id, data)

    async def autocomplete(
        self,
        user_id: str,
        channel_id: str,
        path: str,
        options: Mapping[str, Any],
        focused: str,
    ) -> list[Json]:
        """Return the choices that the bot offers while an option is being typed."""
        command = self._command(user_id, channel_id, path)
        data = fill_in(self._world, command, path, options, focused=focused)
        asked = self._interactions.start(Asked.AUTOCOMPLETE, user_id, channel_id, data)
        await asked.settled.wait()
        return asked.choices or []

    async def context(
        self,
        user_id: str,
        channel_id: str,
        name: str,
        *,
        message_id: str | None = None,
        target_id: str | None = None,
    ) -> Outcome:
        """Use a command from the menu of a message, or of a person."""
        world = self._world
        kind = CommandKind.USER if message_id is None else CommandKind.MESSAGE
        command = commands.find(world, user_id, channel_id, name, kind)
        target = target_id if message_id is None else message_id
        data: Json = {"id": command["id"], "name": name, "type": int(kind), "target_id": target}
        if command.get("guild_id"):
            data["guild_id"] = command["guild_id"]
        if message_id is None:
            data["resolved"] = resolve(world, [target or ""])
        else:
            found = self._visible(user_id, channel_id, message_id)
            data["resolved"] = {"messages": {message_id: world.view(found, world.bot_id)}}
        return await self._ask(Asked.COMMAND, user_id, channel_id, data)

    def _command(self, user_id: str, channel_id: str, path: str) -> Json:
        root = path.split(maxsplit=1)[0] if path.strip() else path
        kind = CommandKind.CHAT_INPUT
        return commands.find(self._world, user_id, channel_id, root, kind)

    def _visible(
        self, user_id: str, channel_id: str, message_id: str, *, ephemeral: bool = True
    ) -> Json:
        """Return a message that somebody sees.

        Raises:
            ApiError: They see neither the channel nor, if it is another's ephemeral, the message.
        """
        found = self._world.message(channel_id, message_id)
        if not self._world.permissions(user_id, channel_id) & Permission.VIEW_CHANNEL:
            raise missing_access()
        reader = self._world.private.get(message_id)
        if reader is not None and (reader != user_id or not ephemeral):
            unknown(Code.UNKNOWN_MESSAGE)
        return found

    async def _ask(
        self,
        kind: Asked,
        user_id: str,
        channel_id: str,
        data: Json,
        *,
        message: Json | None = None,
    ) -> Outcome:
        asked = self._interactions.start(kind, user_id, channel_id, data, message=message)
        await asked.settled.wait()
        return _outcome(asked)


def _outcome(asked: Interaction) -> Outcome:
    made = asked.response
    return Outcome(
        late=asked.late,
        token=asked.token,
        message_id=made["id"] if made else None,
        modal=asked.modal,
        ephemeral=bool(made and made["flags"] & MessageFlag.EPHEMERAL),
    )
