"""The one table of presses: which handler carries out which kind, none missing and none twice.

A cog says so at its methods::

    @answers(KeepCase)
    async def _keep(self, press: KeepCase, at: Pressed) -> discord.ui.LayoutView: ...
"""

from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import isfunction
from re import fullmatch
from typing import Any, Final, TypeAlias, TypeVar, cast

import discord

from bot.cards.presses.scheme import Press, declared
from bot.domain.errors import DeskError
from bot.domain.staff import Person

Fields: TypeAlias = Mapping[str, tuple[str, ...]]
"""All that was picked or written in each field, by its id: at least one text, maybe empty."""


def fields_of(interaction: discord.Interaction[Any]) -> Fields:
    """Return what was filled in in a form that was sent off."""
    data = cast("Mapping[str, Any]", interaction.data or {})
    return dict(_fields(cast("Sequence[Mapping[str, Any]]", data.get("components", ()))))


def first(fields: Fields, name: str) -> str:
    """Return the text of a field or the first pick in it, empty if there is none."""
    return next(iter(fields.get(name, ())), "").strip()


def _fields(components: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each field's id and what is in it; fields lie in labels, or rows."""
    for component in components:
        if "component" in component:
            yield from _fields([component["component"]])
        elif "components" in component:
            yield from _fields(component["components"])
        else:
            picked = component.get("values") or [component.get("value") or ""]
            yield str(component.get("custom_id", "")), tuple(str(one) for one in picked)


_MARK: Final = "__presses__"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """What only this pressing of a press could tell.

    `picks` is what was picked in a menu, `people` whom in a menu of people (`None` if it was none),
    and `fields` what was filled in in a form.
    """

    interaction: discord.Interaction[Any]
    by: Person
    picks: tuple[str, ...] = ()
    people: tuple[discord.Member | discord.User, ...] | None = None
    fields: Fields = field(default_factory=dict[str, tuple[str, ...]])

    @property
    def where(self) -> int:
        """The channel it was pressed in."""
        return self.interaction.channel_id or 0

    @property
    def number(self) -> int | None:
        """The number picked from a menu, such as a rule's; `None` if nothing sound was."""
        value = self.picks[0] if self.picks else ""
        return int(value) if fullmatch(r"[0-9]{1,9}", value) else None


Shown: TypeAlias = discord.ui.LayoutView | discord.ui.Modal
ShownT = TypeVar("ShownT", bound=Shown)
PressT = TypeVar("PressT", bound=Press)
CogT = TypeVar("CogT")
_Method: TypeAlias = Callable[[CogT, PressT, Pressed], Coroutine[Any, Any, ShownT]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """What carries a kind out, and whether it may show a form, which cannot be put off."""

    carry_out: Callable[[Press, Pressed], Coroutine[Any, Any, Any]]
    opens: bool


class Unhandled(DeskError):
    """A kind of press has no handler, or two."""


def answers(
    *kinds: type[PressT],
) -> Callable[
    [_Method[CogT, PressT, discord.ui.LayoutView]], _Method[CogT, PressT, discord.ui.LayoutView]
]:
    """Have a cog's method carry presses out and return the answer."""
    return _marking(kinds, opens=False)


def opens(
    *kinds: type[PressT],
) -> Callable[[_Method[CogT, PressT, Shown]], _Method[CogT, PressT, Shown]]:
    """Have a cog's method return the form to show, or an answer instead of one.

    It must do no more than look something up: a form cannot be put off as an answer can.
    """
    return _marking(kinds, opens=True)


def _marking(kinds: tuple[type[Press], ...], *, opens: bool) -> Callable[[Any], Any]:
    def mark(method: Any) -> Any:
        setattr(method, _MARK, (kinds, opens))
        return method

    return mark


def require_handlers(cogs: Iterable[type]) -> None:
    """Make sure that every kind of press has one handler in these classes.

    Raises:
        Unhandled: One has none, or two; the sentence says which.
    """
    handled = [kind for cog in cogs for _, (kinds, _) in _marked(cog) for kind in kinds]
    for name, kind in declared().items():
        if handled.count(kind) != 1:
            many = "no handler" if kind not in handled else "two handlers"
            raise Unhandled(
                f"The desk does not start: {kind.__name__} ({name}) has {many}, so a press of it "
                "could not be answered. This is a fault of the program: say so to its makers."
            )


def table_of(cogs: Iterable[object]) -> Mapping[type[Press], Handler]:
    """Return which of the cogs' methods carries out which kind.

    Raises:
        Unhandled: A kind has no handler, or two.
    """
    cogs = list(cogs)
    require_handlers(map(type, cogs))
    return {
        kind: Handler(carry_out=getattr(cog, name), opens=opens)
        for cog in cogs
        for name, (kinds, opens) in _marked(type(cog))
        for kind in kinds
    }


def _marked(cog: type) -> Iterator[tuple[str, tuple[tuple[type[Press], ...], bool]]]:
    for name, method in vars(cog).items():
        if isfunction(method) and hasattr(method, _MARK):
            yield name, getattr(method, _MARK)
