"""Secrets among the settings: read from files of their own, and told from all else."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.domain.errors import DeskError
from config.names import PREFIX, group_of

_FILE: Final = "_file"
"""Ends the name of a setting that says in which file a secret is."""
_MOST: Final = 64 * 1024
"""Bytes of such a file; more is not meant."""

Nested = dict[str, Any]


class SecretFileUnusable(DeskError):
    """A file that is to hold a secret does not."""


class WithFiles(PydanticBaseSettingsSource):
    """Settings as another source has them, each secret that is in a file read from there."""

    def __init__(self, settings: type[BaseSettings], source: PydanticBaseSettingsSource) -> None:
        super().__init__(settings)
        self._source = source

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        """Return one field, which nobody asks for: all are read at once."""
        return self._source.get_field_value(field, field_name)

    def __call__(self) -> Nested:
        """Return all of them.

        Raises:
            SecretFileUnusable: A file cannot be read, or the secret stands in a line as well.
        """
        alone = _files_at_the_top(self.settings_cls)
        said: Mapping[str, str | None] = getattr(self._source, "env_vars", {})
        # Those of secrets in no group look like settings of their own, which they are not.
        rest = {name: value for name, value in self._source().items() if name not in alone}
        files = {alone[name.lower()]: said[name] for name in said if name.lower() in alone}
        return _read_in({**rest, **files}, self.settings_cls, PREFIX)


def _files_at_the_top(model: type[BaseModel]) -> Mapping[str, str]:
    """Return how the files of secrets in no group are named, and what each stands for."""
    secret = (name for name in model.model_fields if _is_secret(model, name))
    return {f"{PREFIX}{name}{_FILE}".lower(): f"{name}{_FILE}" for name in secret}


def secrets_in(settings: BaseModel, prefix: str = PREFIX) -> Iterator[tuple[str, str]]:
    """Yield every secret that is set, with the name of its setting."""
    for name in type(settings).model_fields:
        yield from _found(getattr(settings, name), f"{prefix}{name.upper()}")


def files_named(environment: Mapping[str, str], model: type[BaseModel]) -> dict[str, Path]:
    """Return the files that secrets are in, each by the name of the secret's own setting."""
    found: dict[str, Path] = {}
    for name, value in environment.items():
        plain = name.upper().removesuffix(_FILE.upper())
        parts = plain.removeprefix(PREFIX).lower().split("__")
        if plain != name.upper() and plain.startswith(PREFIX) and _is_secret_at(model, parts):
            found[plain] = Path(value)
    return found


def _found(value: object, name: str) -> Iterator[tuple[str, str]]:
    match value:
        case SecretStr():
            yield name, value.get_secret_value()
        case BaseModel():
            yield from secrets_in(value, f"{name}__")
        case list():
            for one in cast("list[object]", value):
                yield from _found(one, name)
        case dict():
            for key, one in cast("dict[str, object]", value).items():
                yield from _found(one, f"{name}__{key.upper()}")
        case _:
            return


def _read_in(values: Nested, model: type[BaseModel], prefix: str) -> Nested:
    read: Nested = {}
    for name, value in values.items():
        plain, variable = name.removesuffix(_FILE), f"{prefix}{name.upper()}"
        if plain != name and _is_secret(model, plain):
            if values.get(plain):
                raise SecretFileUnusable(
                    f"{prefix}{plain.upper()} stands in a line, and {variable} names a file with it. "
                    "Keep one of them."
                )
            read[plain] = _content(variable, str(value), many=_is_list(model, plain))
        elif name not in read:
            read[name] = _within(value, model, name, f"{variable}__")
    return read


def _within(value: object, model: type[BaseModel], name: str, prefix: str) -> object:
    info = model.model_fields.get(name)
    group, by_name = group_of(info.annotation) if info is not None else (None, False)
    if group is None or not isinstance(value, dict):
        return value
    inside = cast("Nested", value)
    if not by_name:
        return _read_in(inside, group, prefix)
    return {
        key: _read_in(cast("Nested", one), group, f"{prefix}{key.upper()}__")
        if isinstance(one, dict)
        else one
        for key, one in inside.items()
    }


def _content(variable: str, said: str, *, many: bool) -> str | list[str]:
    path = Path(said)
    try:
        with path.open("rb") as file:
            text = file.read(_MOST).decode().strip()
    except OSError as error:
        raise SecretFileUnusable(f"{variable} cannot be read: {path}: {error.strerror}.") from error
    except UnicodeError:
        raise SecretFileUnusable(f"{variable} is no text: {path}.") from None
    if not text:
        raise SecretFileUnusable(f"{variable} is empty: {path}.")
    if not many:
        return text
    return _listed(text)


def _listed(text: str) -> list[str]:
    """Return several secrets: one a line, or a list as it would stand in `.env`."""
    try:
        found: Any = json.loads(text)
    except ValueError:
        found = None
    if isinstance(found, list):
        return [str(one) for one in cast("list[object]", found)]
    return [line.strip() for line in text.splitlines() if line.strip()]


def _is_secret_at(model: type[BaseModel], parts: list[str]) -> bool:
    if len(parts) == 1:
        return _is_secret(model, parts[0])
    info = model.model_fields.get(parts[0])
    group, by_name = group_of(info.annotation) if info is not None else (None, False)
    return group is not None and _is_secret_at(group, parts[2 if by_name else 1 :])


def _is_secret(model: type[BaseModel], name: str) -> bool:
    info = model.model_fields.get(name)
    return info is not None and SecretStr in _types(info.annotation)


def _is_list(model: type[BaseModel], name: str) -> bool:
    return list in _types(model.model_fields[name].annotation)


def _types(annotation: Any) -> set[Any]:
    """Return every type that a setting may be of, lists and what is in them."""
    origin = get_origin(annotation)
    if origin is None:
        return {annotation}
    inside = {one for argument in get_args(annotation) for one in _types(argument)}
    return inside | ({list} if origin is list else set())
