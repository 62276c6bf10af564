"""Who is at the door, as Discord tells it at this moment."""

import discord

from bot.domain.ids import PersonId
from bot.domain.staff import Person


def person(user: discord.User | discord.Member) -> Person:
    """Return the person with the roles they hold; a mere user holds none."""
    roles = user.roles if isinstance(user, discord.Member) else []
    return Person(
        id=PersonId(user.id),
        name=user.display_name,
        roles=frozenset(role.id for role in roles),
    )
