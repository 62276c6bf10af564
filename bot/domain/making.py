"""Frozen dataclasses made quickly, where some of them are made for every report.

Python makes a frozen dataclass by going round its guard with a call for each field. Of a report some
nine are made, with seventy fields together: a fifth of all that the intake does. So there a plain
twin of the class is filled, which has the same slots and no guard, and then given its class. What
comes of it is the same in every respect.
"""

from collections.abc import Callable, Sequence
from dataclasses import MISSING, Field, fields
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")


def maker_of(kind: Callable[P, T]) -> Callable[P, T]:
    """Return what makes what a frozen dataclass with slots makes, and takes the same arguments.

    It takes them in the order of the fields as well, which halves the time for two dozen of them.

    Raises:
        TypeError: The class does more than keep what it is given, or has no slots of its own.
    """
    told = _fields_of(kind)
    names: dict[str, Any] = {
        "_kind": kind,
        "_twin": type("Twin", (), {"__slots__": [one.name for one in told]}),
        **{f"_{one.name}": one.default for one in told if one.default is not MISSING},
    }
    arguments = [one.name if one.default is MISSING else f"{one.name}=_{one.name}" for one in told]
    lines = (
        f"def make({', '.join(arguments)}):",
        "    made = _twin()",
        *(f"    made.{one.name} = {one.name}" for one in told),
        "    made.__class__ = _kind",
        "    return made",
    )
    exec("\n".join(lines), names)  # noqa: S102 - of names of fields alone, as dataclasses do it
    return cast("Callable[P, T]", names["make"])


def _fields_of(kind: Any) -> Sequence[Field[Any]]:
    told = fields(kind) if hasattr(kind, "__dataclass_fields__") else ()
    is_plain = (
        kind.__bases__ == (object,)
        and {*getattr(kind, "__slots__", ())} == {one.name for one in told}
        and not hasattr(kind, "__post_init__")
        and all(one.init and one.default_factory is MISSING for one in told)
    )
    if not told or not is_plain:
        raise TypeError(f"{kind} cannot be made of its fields alone")
    return told
