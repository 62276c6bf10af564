"""The state of the pretend Discord: one guild, who is in it, and what was said. No I/O."""

from collections.abc import Callable, Iterable, Sequence

from bot.standin import ids, names, payloads, permissions
from bot.standin.buckets import OldEdits
from bot.standin.errors import Code, missing_access, missing_permissions, unknown
from bot.standin.permissions import Permission
from bot.standin.wire import THREADS, ChannelKind, Intent, Json, MessageKind

Listener = Callable[[str, Json, str | None], None]
"""Called with an event's name, its data, and the only person who sees it (or None for all)."""

Upload = tuple[str, str, bytes]
"""A file: its name, its media type, its bytes."""


class World:
    """One guild and everything in it, in Discord's own JSON shapes.

    Attributes:
        token: The bot's token.
        privileged: The privileged intents that Discord's portal has switched on for the bot.
        users: User objects by id; the bot is one of them.
        members: Member objects by user id.
        roles: Role objects by id; @everyone has the guild's id.
        channels: Channel and thread objects by id.
        messages: By channel id, message objects by id, oldest first.
        reactions: By message id, by emoji (`name` or `name:id`), the ids of who reacted.
        private: By the id of an ephemeral message, the only person who sees it.
        pinged: By message id, the people whom it notified.
        files: Attachments by `channel/id/name`: media type and bytes.
        commands: Application commands by id.
        command_creates: Ids of the commands that were new, the latest last.
        pins: By message id, when it was pinned, the earliest first.
        nonces: By channel and nonce, the id of the message made with it.
        old_edits: Counts the edits of messages older than an hour.
        listeners: Called with every event, in order; gateway and page hear the same stream.
        base_url: Where the attachments are served.
        elsewhere: Other guilds that the bot is in, as names in a list and no more.
    """

    def __init__(
        self,
        *,
        guild_name: str = "Colne Courier",
        bot_name: str = "Comment Desk",
        token: str = "sandbox-token",  # noqa: S107 - opens nothing but this stand-in on loopback
        privileged: Intent = Intent.NONE,
        bot_permissions: int = permissions.DESK,
    ) -> None:
        self.token = token
        self.privileged = privileged
        self.guild_name = guild_name
        self.ids = ids.Ids()
        self.users: dict[str, Json] = {}
        self.members: dict[str, Json] = {}
        self.roles: dict[str, Json] = {}
        self.channels: dict[str, Json] = {}
        self.thread_members: dict[str, list[str]] = {}
        self.messages: dict[str, dict[str, Json]] = {}
        self.reactions: dict[str, dict[str, list[str]]] = {}
        self.private: dict[str, str] = {}
        self.pinged: dict[str, frozenset[str]] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.commands: dict[str, Json] = {}
        self.command_creates: list[str] = []
        self.pins: dict[str, str] = {}
        self.nonces: dict[tuple[str, str], str] = {}
        self.old_edits = OldEdits()
        self.listeners: list[Listener] = []
        self.base_url = ""
        self.elsewhere: list[Json] = []
        self.guild_id = ids.named("guild", guild_name)
        self.owner = payloads.user(ids.named("owner", guild_name), "owner", display="Owner")
        self._add_role(self.guild_id, "@everyone", permissions.EVERYONE)
        self.bot_id = self.app_id = ids.named("bot", bot_name)
        names.check(bot_name)
        self.users[self.bot_id] = payloads.user(self.bot_id, bot_name, bot=True)
        self.bot_role = self.add_role(bot_name, bot_permissions)
        self.roles[self.bot_role] |= {"managed": True, "tags": {"bot_id": self.bot_id}}
        self.members[self.bot_id] = payloads.member(self.users[self.bot_id], [self.bot_role])

    # Peopling

    def add_role(
        self, name: str, rights: int = 0, *, colour: int = 0, mentionable: bool = False
    ) -> str:
        """Add a role and return its id, which depends on the name alone.

        Args:
            name: Its name.
            rights: What it gives in the whole guild, as bits.
            colour: RGB as one number, 0 for none.
            mentionable: Whether anybody may ping it.
        """
        role_id = ids.named("role", name)
        self._add_role(role_id, name, rights, colour=colour)
        self.roles[role_id]["mentionable"] = mentionable
        return role_id

    def _add_role(self, role_id: str, name: str, rights: int, *, colour: int = 0) -> None:
        self.roles[role_id] = payloads.role(
            role_id, name, rights, position=len(self.roles), colour=colour
        )

    def add_person(self, username: str, roles: Iterable[str] = (), *, display: str = "") -> str:
        """Add a member who is a person and return their id, which depends on the name alone.

        Args:
            username: What they are called in tests and in `@`-mentions.
            roles: Ids of their roles.
            display: What others read; the user name with a capital by default.

        Raises:
            ValueError: Discord would not let anybody be called so.
        """
        names.check(username)
        user_id = ids.named("user", username)
        person = payloads.user(user_id, username, display=display or username.capitalize())
        self.users[user_id] = person
        self.members[user_id] = payloads.member(person, list(roles))
        return user_id

    def add_channel(self, name: str, overwrites: Sequence[Json] = ()) -> str:
        """Add a text channel and return its id, which depends on the name alone."""
        channel_id = ids.named("channel", name)
        made = payloads.channel(
            channel_id,
            self.guild_id,
            name,
            position=len(self.channels),
            overwrites=[dict(overwrite) for overwrite in overwrites],
        )
        self.channels[channel_id] = made
        self.messages[channel_id] = {}
        self.emit("CHANNEL_CREATE", made)
        return channel_id

    # Rights

    def permissions(self, user_id: str, channel_id: str | None = None) -> int:
        """Return what somebody may do, as bits; 0 for a stranger or a channel they cannot see."""
        membership = self.members.get(user_id)
        if membership is None:
            return 0
        roles = [self.roles[self.guild_id], *(self.roles[one] for one in membership["roles"])]
        held = permissions.union(roles)
        if channel_id is None:
            return held
        place = self.channel(channel_id)
        kind = place["type"]
        parent = self.channel(place["parent_id"]) if kind in THREADS else place
        held = permissions.in_channel(
            held,
            parent["permission_overwrites"],
            everyone=self.guild_id,
            roles=membership["roles"],
            person=user_id,
            thread=kind in THREADS,
        )
        hidden = kind == ChannelKind.PRIVATE_THREAD and not held & Permission.MANAGE_THREADS
        return 0 if hidden and user_id not in self.thread_members[channel_id] else held

    def need(self, user_id: str, channel_id: str, *rights: Permission) -> None:
        """Refuse unless somebody sees a channel and holds all the rights in it.

        Raises:
            ApiError: 50001 when they do not see it, 50013 when a right is lacking.
        """
        held = self.permissions(user_id, channel_id)
        if not held & Permission.VIEW_CHANNEL:
            raise missing_access()
        lacking = [right.name or "" for right in rights if not held & right]
        if lacking:
            raise missing_permissions(", ".join(lacking))

    # Looking up

    def channel(self, channel_id: str) -> Json:
        """Return a channel or thread.

        Raises:
            ApiError: 10003.
        """
        return self.channels.get(channel_id) or unknown(Code.UNKNOWN_CHANNEL)

    def message(self, channel_id: str, message_id: str) -> Json:
        """Return a message as it is stored.

        Raises:
            ApiError: 10003 or 10008.
        """
        self.channel(channel_id)
        return self.messages[channel_id].get(message_id) or unknown(Code.UNKNOWN_MESSAGE)

    def person(self, name: str) -> str:
        """Return a user's id by id or user name.

        Raises:
            LookupError: There is nobody called so.
        """
        for user_id, found in self.users.items():
            if name in (user_id, found["username"]):
                return user_id
        raise LookupError(f"There is nobody called {name!r}.")

    def place(self, name: str) -> str:
        """Return a channel's id by id or name, with or without a leading `#`.

        Raises:
            LookupError: There is no such channel.
        """
        for channel_id, found in self.channels.items():
            if name.removeprefix("#") in (channel_id, found["name"]):
                return channel_id
        raise LookupError(f"There is no channel called {name!r}.")

    def view(self, message: Json, user_id: str) -> Json:
        """Return a message as REST gives it, with the reactions as one person sees them."""
        shown = dict(message)
        found = self.reactions.get(message["id"])
        if found:
            shown["reactions"] = [
                _reaction(key, who, mine=user_id in who) for key, who in found.items()
            ]
        if message["id"] in self.channels:
            shown["thread"] = self.channels[message["id"]]
        reference = message.get("message_reference")
        if reference and message["type"] != MessageKind.PIN_ADDED:
            target = self.messages.get(reference["channel_id"], {}).get(reference["message_id"])
            shown["referenced_message"] = target and self.view(_childless(target), user_id)
        return shown

    # Telling

    def emit(self, event: str, data: Json, visible_to: str | None = None) -> None:
        """Tell every listener.

        Args:
            event: Discord's name of it, such as `MESSAGE_CREATE`.
            data: Its data.
            visible_to: The only person who sees it, for ephemeral messages.
        """
        for listener in list(self.listeners):
            listener(event, data, visible_to)

    def guild(self) -> Json:
        """Return the guild as REST gives it."""
        return payloads.guild(
            self.guild_id, self.guild_name, self.owner["id"], list(self.roles.values())
        )

    def guild_create(self) -> Json:
        """Return the guild as the gateway first sends it, members limited to the bot."""
        return {
            **self.guild(),
            "joined_at": self.members[self.bot_id]["joined_at"],
            "large": False,
            "unavailable": False,
            "member_count": len(self.members),
            "members": [self.members[self.bot_id]],
            "channels": [c for c in self.channels.values() if c["type"] not in THREADS],
            "threads": self.active_threads(),
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def active_threads(self) -> list[Json]:
        """Return the threads that are not archived and that the bot sees."""
        threads = (c for c in self.channels.values() if c["type"] in THREADS)
        return [
            one
            for one in threads
            if not one["thread_metadata"]["archived"] and self.permissions(self.bot_id, one["id"])
        ]


def emoji(key: str) -> Json:
    """Return an emoji object of `name` or `name:id`."""
    name, _, emoji_id = key.partition(":")
    return {"id": emoji_id or None, "name": name}


def _reaction(key: str, who: list[str], *, mine: bool) -> Json:
    return {
        "emoji": emoji(key),
        "count": len(who),
        "count_details": {"burst": 0, "normal": len(who)},
        "burst_colors": [],
        "me": mine,
        "me_burst": False,
        "burst_me": False,
        "burst_count": 0,
    }


def _childless(message: Json) -> Json:
    """Return a message without what it answers: Discord nests one level only."""
    return {key: value for key, value in message.items() if key != "message_reference"}
