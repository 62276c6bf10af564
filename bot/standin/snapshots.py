"""What of the world outlives a restart: what was said, and the commands that were registered."""

import base64
import json
from typing import Any

from bot.standin.wire import THREADS, Json
from bot.standin.world import World

VERSION = 1
_ATTACHMENTS = "/attachments/"


def snapshot(world: World) -> Json:
    """Return messages, reactions, threads, files and commands as plain JSON.

    Guild, channels, roles and people are not in it: the scenario makes them again, under the same
    ids. Ephemeral messages are not either, as in Discord, where a reload forgets them.
    """
    return {
        "version": VERSION,
        "base_url": world.base_url,
        "threads": [one for one in world.channels.values() if one["type"] in THREADS],
        "thread_members": world.thread_members,
        "messages": {
            channel_id: [one for key, one in stored.items() if key not in world.private]
            for channel_id, stored in world.messages.items()
        },
        "reactions": world.reactions,
        "pins": world.pins,
        "commands": list(world.commands.values()),
        "files": {
            path: [media_type, base64.b64encode(data).decode()]
            for path, (media_type, data) in world.files.items()
        },
    }


def restore(world: World, saved: Json) -> None:
    """Put a snapshot's contents into a fresh world.

    What belongs to a channel or a person that no longer exists is left out. The addresses of
    attachments follow the server to another port.

    Raises:
        ValueError: The snapshot is of another version.
    """
    if saved.get("version") != VERSION:
        raise ValueError(f"The saved state has version {saved.get('version')}, not {VERSION}.")
    saved = _readdressed(saved, world.base_url)
    _restore_threads(world, saved)
    _restore_messages(world, saved)
    _restore_pins(world, saved.get("pins", {}))
    world.commands = {one["id"]: one for one in saved["commands"]}
    world.files = {
        path: (media_type, base64.b64decode(data))
        for path, (media_type, data) in saved["files"].items()
    }


def _restore_threads(world: World, saved: Json) -> None:
    for thread in saved["threads"]:
        if thread["parent_id"] in world.channels:
            world.channels[thread["id"]] = thread
            world.thread_members[thread["id"]] = saved["thread_members"].get(thread["id"], [])


def _restore_messages(world: World, saved: Json) -> None:
    for channel_id, stored in saved["messages"].items():
        if channel_id not in world.channels:
            continue
        known = {one["id"]: one for one in stored if one["author"]["id"] in world.users}
        world.messages[channel_id] = known
        world.channels[channel_id]["last_message_id"] = next(reversed(known), None)
        for message_id in known:
            world.ids.seen(message_id)
            if message_id in saved["reactions"]:
                world.reactions[message_id] = saved["reactions"][message_id]


def _restore_pins(world: World, saved: dict[str, str]) -> None:
    """Put the pins back; what was pinned before their times were kept counts from its sending."""
    pinned: dict[str, str] = {
        message["id"]: saved.get(message["id"]) or message["timestamp"]
        for stored in world.messages.values()
        for message in stored.values()
        if message["pinned"]
    }
    world.pins = dict(sorted(pinned.items(), key=lambda one: one[1]))


def _readdressed(saved: Json, base_url: str) -> Json:
    old, new = saved["base_url"] + _ATTACHMENTS, base_url + _ATTACHMENTS
    if old == new or not saved["base_url"]:
        return saved
    moved: Any = json.loads(json.dumps(saved).replace(old, new))
    return moved
