"""A message as one person sees it, for tests."""

from collections.abc import Callable, Sequence

from bot.standin.components import texts, walk
from bot.standin.reading import listed, nested, words
from bot.standin.wire import Component, Json
from bot.standin.world import World


class Card:
    """One message through one person's eyes; everything is read when it is asked for.

    Args:
        world: Where it is.
        channel_id: In which channel.
        message_id: Which.
        user_id: Who looks.
    """

    def __init__(self, world: World, channel_id: str, message_id: str, user_id: str) -> None:
        self.channel_id = channel_id
        self.id = message_id
        self._world = world
        self._user_id = user_id

    @property
    def exists(self) -> bool:
        """Whether it has not been deleted."""
        return self.id in self._world.messages.get(self.channel_id, {})

    @property
    def raw(self) -> Json:
        """The message in REST shape.

        Raises:
            ApiError: It has been deleted.
        """
        message = self._world.message(self.channel_id, self.id)
        return self._world.view(message, self._user_id)

    @property
    def text(self) -> str:
        """All its words: content, embeds and text displays, a line each."""
        raw = self.raw
        parts = [raw["content"], *texts(raw["components"])]
        for embed in raw["embeds"]:
            parts += _embed_texts(embed)
        return "\n".join(part for part in parts if part)

    @property
    def buttons(self) -> list[Json]:
        """Its buttons, in the order they are shown."""
        return [one for one in walk(self.raw["components"]) if one["type"] == Component.BUTTON]

    @property
    def labels(self) -> list[str]:
        """What is written on its buttons."""
        return [words(button, "label") for button in self.buttons]

    @property
    def enabled(self) -> list[str]:
        """What is written on those buttons that can be pressed."""
        return [words(one, "label") for one in self.buttons if not one.get("disabled")]

    @property
    def reactions(self) -> dict[str, int]:
        """How many reacted, by emoji."""
        found = self._world.reactions.get(self.id, {})
        return {key: len(who) for key, who in found.items()}

    @property
    def pinged(self) -> set[str]:
        """The user names of the people whom it notified."""
        found = self._world.pinged.get(self.id, frozenset())
        return {self._world.users[one]["username"] for one in found}

    @property
    def thread(self) -> str | None:
        """The id of the thread that hangs on it, if there is one."""
        return self.id if self.id in self._world.channels else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Card) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"<Card {self.text!r} {self.labels}>" if self.exists else "<Card deleted>"


def _embed_texts(embed: Json) -> list[str]:
    parts = [words(nested(embed, "author"), "name"), words(embed, "title")]
    parts.append(words(embed, "description"))
    for field in listed(embed, "fields"):
        parts += [words(field, "name"), words(field, "value")]
    return [*parts, words(nested(embed, "footer"), "text")]


def match(offered: Sequence[Json], name: str) -> Json:
    """Return the one control with a name.

    The first of these that fits anything decides: the same label, placeholder or custom id; a
    label that starts so; a custom id that starts so.

    Raises:
        LookupError: Nothing fits, or several do.
    """
    rules: tuple[Callable[[str, str], bool], ...] = (
        lambda label, custom_id: name in (label, custom_id),
        lambda label, _: label.startswith(name),
        lambda _, custom_id: custom_id.startswith(name),
    )
    for fits in rules:
        found = [one for one in offered if fits(_label(one), words(one, "custom_id"))]
        if len(found) > 1:
            raise LookupError(f"{name!r} names {len(found)} controls.")
        if found:
            return found[0]
    raise LookupError(f"Nothing is called {name!r}, only {[_label(one) for one in offered]}.")


def _label(control: Json) -> str:
    return words(control, "label") or words(control, "placeholder")
