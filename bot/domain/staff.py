"""Who may decide what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from bot.domain.ids import PersonId


class Rank(IntEnum):
    """What a person may do at the desk; each rank may do all that the lower ones may."""

    NONE = 0
    MODERATOR = 1
    SENIOR = 2
    EDITOR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody at a door, with the roles Discord says they hold at this moment.

    Roles come and go: they are not kept, and do not make somebody another person.
    """

    id: PersonId
    name: str
    roles: frozenset[int] = field(default=frozenset(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Turns roles into a rank. A role that is not named in the settings counts for nothing."""

    ranks: Mapping[int, Rank]

    def rank(self, person: Person) -> Rank:
        """Return the highest rank that any of the person's roles gives."""
        return max((self.ranks.get(role, Rank.NONE) for role in person.roles), default=Rank.NONE)

    def holding(self, rank: Rank) -> tuple[int, ...]:
        """Return the roles that give just this rank."""
        return tuple(role for role, gives in self.ranks.items() if gives is rank)
