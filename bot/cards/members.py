"""Which of the people that the desk knows by number are still moderators on the server."""

from collections.abc import Iterable

import discord

from bot.domain.errors import BoardDown
from bot.domain.ids import PersonId
from bot.domain.staff import Authority, Person, Rank


async def still_staff(
    client: discord.Client, guild_id: int, authority: Authority, people: Iterable[PersonId]
) -> tuple[PersonId, ...]:
    """Return those who have not left, nor lost the role that makes them one of the staff.

    Each is asked for singly: a list of all members takes an intent that the desk does without.

    Raises:
        BoardDown: The server is not there at the moment.
        discord.HTTPException: Discord refused to tell.
    """
    guild = client.get_guild(guild_id)
    if guild is None:
        raise BoardDown("Discord has not shown the server yet.")
    found: list[PersonId] = []
    for one in people:
        try:
            member = await guild.fetch_member(one)
        except discord.NotFound:
            continue
        roles = frozenset(role.id for role in member.roles)
        who = Person(id=one, name=member.display_name, roles=roles)
        if authority.rank(who) >= Rank.MODERATOR:
            found.append(one)
    return tuple(found)
