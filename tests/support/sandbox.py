"""The stand-in for Discord, with people in it whom a test moves."""

from typing import Any

from bot.standin.server import Sandbox as Server
from tests.support.driver import Actor
from tests.support.owner import Owner


class Sandbox(Server):
    """The stand-in as the demo runs it, and hands and eyes beside.

    Args:
        options: As the server takes them.

    Attributes:
        owner: What the guild's owner does.
    """

    def __init__(self, *world: Any, **options: Any) -> None:
        super().__init__(*world, **options)
        self.owner = Owner(self.world)

    def as_user(self, name: str) -> Actor:
        """Return somebody's hands and eyes.

        Raises:
            LookupError: There is nobody of that id or user name.
        """
        return Actor(self.world, self.actions, self.world.person(name))

    def next_door(self, name: str) -> Actor:
        """Return the same for somebody in the first of the further guilds."""
        [there] = self.neighbours
        return Actor(there.world, there.actions, there.world.person(name))
