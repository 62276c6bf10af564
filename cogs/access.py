"""What the server's owner changes may bring back a right that the desk waits for."""

from typing import Any

from bot.client import DeskClient

_EVENTS = (
    "on_guild_channel_create",
    "on_guild_channel_update",
    "on_guild_channel_delete",
    "on_thread_create",
    "on_thread_update",
    "on_guild_role_create",
    "on_guild_role_update",
    "on_guild_role_delete",
    "on_guild_update",
    "on_guild_join",
    "on_guild_available",
    "on_ready",
    "on_resumed",
)


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""

    async def changed(*_what: Any) -> None:
        client.desk.troubles.reopen()

    async def member_changed(_before: Any, after: Any) -> None:
        if client.is_me(after.id):
            client.desk.troubles.reopen()

    for event in _EVENTS:
        client.add_listener(changed, event)
    client.add_listener(member_changed, "on_member_update")
