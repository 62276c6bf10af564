"""The settings' names, as they stand in the environment; and which one a misspelt name means."""

import types
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

PREFIX = "DESK_"
_ALIKE = 0.87
"""Of names that are alike, one letter in eight may differ: TOKN is TOKEN, and URL is not URLS."""


def names(model: type[BaseModel], prefix: str = PREFIX) -> Iterator[str]:
    """Yield the name of every setting in a group; a group of many by name gives one name."""
    for name, info in model.model_fields.items():
        variable = prefix + name.upper()
        inner, by_name = group_of(info.annotation)
        if inner is None or by_name:
            yield variable
        else:
            yield from names(inner, f"{variable}__")


def needed(model: type[BaseModel]) -> Iterator[str]:
    """Yield the fields of a group that have no default."""
    return (name for name, info in model.model_fields.items() if info.is_required())


def nearest(variable: str, known: Iterable[str]) -> str | None:
    """Return the known name that a name was probably to be, `None` if none is much like it."""
    known = list(known)
    whole = get_close_matches(variable, known, n=1, cutoff=_ALIKE)
    if whole:
        return whole[0]
    last = {_last(name): name for name in known}
    found = get_close_matches(_last(variable), last, n=1, cutoff=_ALIKE)
    return last[found[0]] if found else None


def hint(variable: str, known: Iterable[str]) -> str:
    """Return what to say after a name that is no setting's."""
    meant = nearest(variable, known)
    return f"did you mean {meant}?" if meant else "see .env.example."


def unread(environment: Iterable[str], model: type[BaseModel]) -> Iterator[str]:
    """Yield the names that look like settings' and belong to no setting or group of them."""
    for name in sorted(environment):
        variable = name.upper()
        first = variable.removeprefix(PREFIX).partition("__")[0]
        known = first.lower() in model.model_fields or _is_file_of_secret(first.lower(), model)
        if variable.startswith(PREFIX) and not known:
            yield variable


def _is_file_of_secret(name: str, model: type[BaseModel]) -> bool:
    secret = model.model_fields.get(name.removesuffix("_file"))
    return name.endswith("_file") and secret is not None and "Secret" in str(secret.annotation)


def _last(variable: str) -> str:
    return variable.removeprefix(PREFIX).rpartition("__")[2]


def group_of(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """Return the group of settings behind a type, and whether it is one of many by name."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is dict:
        return group_of(arguments[1])[0], True
    if origin in (Annotated, Union, types.UnionType):
        return next((one for one in map(group_of, arguments) if one[0] is not None), _NO_GROUP)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    return _NO_GROUP


_NO_GROUP = (None, False)
