"""The guild's owner, for tests: rights, roles and channels that change while the bot is running."""

from datetime import datetime, timedelta

from bot.standin import ids, membership, messages, names, threads
from bot.standin.permissions import DESK, Permission
from bot.standin.wire import THREADS, Json
from bot.standin.world import World
from tests.support.cards import Card


class Owner:
    """Changes the guild at will; the bot is told of each change as Discord tells it.

    Args:
        world: The guild.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    # Rights

    def take(self, channel: str, *rights: Permission, whom: str = "") -> None:
        """Take rights in a channel from a person or a role; from the bot if nobody is named."""
        overwrite, bits = self._overwrite(channel, whom), _sum(rights)
        overwrite["allow"] = str(int(overwrite["allow"]) & ~bits)
        overwrite["deny"] = str(int(overwrite["deny"]) | bits)
        self._tell_of_channel(channel)

    def give(self, channel: str, *rights: Permission, whom: str = "") -> None:
        """Give rights in a channel to a person or a role; to the bot if nobody is named."""
        overwrite, bits = self._overwrite(channel, whom), _sum(rights)
        overwrite["allow"] = str(int(overwrite["allow"]) | bits)
        overwrite["deny"] = str(int(overwrite["deny"]) & ~bits)
        self._tell_of_channel(channel)
        if bits & Permission.VIEW_CHANNEL:
            self._tell_of_threads(channel)

    def change_role(
        self, role: str, *, give: Permission = Permission.NONE, take: Permission = Permission.NONE
    ) -> None:
        """Change what a role gives in the whole guild."""
        found = self._world.roles[self.role(role)]
        found["permissions"] = str(int(found["permissions"]) & ~take | give)
        self._world.emit("GUILD_ROLE_UPDATE", {"guild_id": self._world.guild_id, "role": found})

    def _overwrite(self, channel: str, whom: str) -> Json:
        """Return the overwrite of a person or a role in a channel, made if need be."""
        world = self._world
        place = world.channel(world.place(channel))
        if place["type"] in THREADS:
            raise LookupError("A thread has no rights of its own; change those of its channel.")
        target, person = self._target(whom)
        overwrites: list[Json] = place["permission_overwrites"]
        for found in overwrites:
            if found["id"] == target:
                return found
        made: Json = {"id": target, "type": int(person), "allow": "0", "deny": "0"}
        overwrites.append(made)
        return made

    def _target(self, whom: str) -> tuple[str, bool]:
        """Return the id of the bot, a person or a role, and whether it is no role."""
        try:
            return (self._world.person(whom) if whom else self._world.bot_id), True
        except LookupError:
            return self.role(whom), False

    def _tell_of_channel(self, channel: str) -> None:
        world = self._world
        world.emit("CHANNEL_UPDATE", world.channel(world.place(channel)))

    def _tell_of_threads(self, channel: str) -> None:
        """Tell the bot which threads there are in a channel that it may see again."""
        world = self._world
        place = world.place(channel)
        found = [one for one in world.active_threads() if one["parent_id"] == place]
        mine = [one["id"] for one in found if world.bot_id in world.thread_members[one["id"]]]
        data: Json = {"guild_id": world.guild_id, "channel_ids": [place], "threads": found}
        data["members"] = [threads.membership(one, world.bot_id) for one in mine]
        world.emit("THREAD_LIST_SYNC", data)

    def leave(self) -> None:
        """Let the bot be in no server, as before it was ever invited."""
        membership.leave(self._world)

    def invite(self, *rights: Permission) -> None:
        """Let the bot in, or give it other rights; what it needs at the desk if none is named."""
        membership.invite(self._world, _sum(rights) or DESK)

    def add_elsewhere(self, name: str) -> None:
        """Let the bot be in a further server, of which there is no more than its name."""
        guild = {"id": ids.named("guild", name), "name": name, "icon": None, "banner": None}
        self._world.elsewhere.append({**guild, "features": []})

    # People

    def role(self, name: str) -> str:
        """Return a role's id by id or name.

        Raises:
            LookupError: There is no such role.
        """
        for role_id, found in self._world.roles.items():
            if name in (role_id, found["name"]):
                return role_id
        raise LookupError(f"There is no role called {name!r}.")

    def put_into(self, person: str, role: str) -> None:
        """Give somebody a role."""
        member, role_id = self._member(person), self.role(role)
        if role_id not in member["roles"]:
            member["roles"].append(role_id)
            self._tell_of_member(member)

    def take_from(self, person: str, role: str) -> None:
        """Take a role from somebody."""
        member, role_id = self._member(person), self.role(role)
        if role_id in member["roles"]:
            member["roles"].remove(role_id)
            self._tell_of_member(member)

    def rename(self, person: str, display: str) -> None:
        """Let somebody be called something else."""
        names.check_display(display)
        member = self._member(person)
        member["user"]["global_name"] = display
        self._tell_of_member(member)

    def remove(self, person: str) -> None:
        """Let somebody leave the guild; what they wrote stays."""
        member = self._world.members.pop(self._world.person(person))
        data = {"guild_id": self._world.guild_id, "user": member["user"]}
        self._world.emit("GUILD_MEMBER_REMOVE", data)

    def _member(self, person: str) -> Json:
        return self._world.members[self._world.person(person)]

    def _tell_of_member(self, member: Json) -> None:
        self._world.emit("GUILD_MEMBER_UPDATE", {**member, "guild_id": self._world.guild_id})

    # Messages

    def age(self, card: Card, by: timedelta) -> None:
        """Let a message be older than it is, for the limit on edits of old messages."""
        found = self._world.message(card.channel_id, card.id)
        sent = datetime.fromisoformat(found["timestamp"]) - by
        found["timestamp"] = sent.isoformat()

    # Deleting

    def delete_message(self, card: Card) -> None:
        """Delete anybody's message."""
        messages.delete(self._world, self._world.message(card.channel_id, card.id))

    def delete_channel(self, channel: str) -> None:
        """Delete a channel or thread, with its threads and all that was said there."""
        world = self._world
        place = world.channel(world.place(channel))
        if place["type"] in THREADS:
            threads.remove(world, place)
            return
        for thread in [one for one in world.channels.values() if one["parent_id"] == place["id"]]:
            threads.forget(world, thread)
        del world.messages[place["id"]], world.channels[place["id"]]
        world.emit("CHANNEL_DELETE", place)

    def delete_role(self, role: str) -> None:
        """Delete a role; whoever has it loses it, and channels forget it."""
        world, role_id = self._world, self.role(role)
        del world.roles[role_id]
        held = [one for one in world.members.values() if role_id in one["roles"]]
        for member in held:
            member["roles"].remove(role_id)
        for place in world.channels.values():
            kept = [one for one in place.get("permission_overwrites", []) if one["id"] != role_id]
            if place["type"] not in THREADS:
                place["permission_overwrites"] = kept
        world.emit("GUILD_ROLE_DELETE", {"guild_id": world.guild_id, "role_id": role_id})
        for member in held:
            self._tell_of_member(member)


def _sum(rights: tuple[Permission, ...]) -> int:
    return sum(int(right) for right in rights)
