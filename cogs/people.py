"""Who is at the door, as Discord tells it at this moment."""

import discord
from discord.ext import commands

from bot.domain.foreign import whole
from bot.domain.ids import PersonId
from bot.domain.staff import Person


def person(user: discord.User | discord.Member) -> Person:
    """Return the person with the roles they hold; a mere user holds none."""
    roles = user.roles if isinstance(user, discord.Member) else []
    return Person(
        id=PersonId(user.id),
        name=whole(user.display_name),
        roles=frozenset(role.id for role in roles),
    )


async def with_roles(
    client: commands.Bot, guild_id: int, user: discord.User | discord.Member
) -> discord.User | discord.Member:
    """Return the user with their roles, which past messages and lists of reactions lack.

    Somebody who has left the server comes back as they were given, with no roles.
    """
    guild = client.get_guild(guild_id)
    if guild is None or isinstance(user, discord.Member):
        return user
    try:
        return await guild.fetch_member(user.id)
    except discord.NotFound:
        return user
