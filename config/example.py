"""Writes `.env.example` from the settings themselves, so that the two cannot disagree."""

import json
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.sites.registry import PLATFORMS
from config.names import group_of
from config.settings import Settings

_HEAD = """\
# Comment Desk: settings. `comment-desk setup` writes .env by itself. By hand: copy this file to
# .env and fill in what stands without a # before it; what is commented out shows its default.
# Lists are written as JSON: [1, 2].
# Any secret may stand in a file of its own: DESK_DISCORD__TOKEN_FILE=/run/secrets/token, and so on.
# COURIER stands for a name of your own choice for a site; several sites may stand here. HERALD
# stands for that of a further newsroom.
"""

_SITE = "COURIER"
_NAMED = {"DESK_SITES": _SITE, "DESK_NEWSROOMS": "HERALD"}
"""What stands for the name of one of many."""
_NEEDED = {
    "DESK_DISCORD__MODERATOR_ROLES": "[]",
    f"DESK_SITES__{_SITE}__KIND": next(iter(PLATFORMS)),
    f"DESK_SITES__{_SITE}__SECRETS": '["whsec_..."]',
    f"DESK_SITES__{_SITE}__OUTGOING_SECRETS": '["whsec_..."]',
}
"""What has a default that no desk, or no site of the first kind, could work with."""


def example() -> str:
    """Return the text of `.env.example`."""
    return "\n".join([_HEAD, *_lines(Settings, "DESK")]) + "\n"


def _lines(
    model: type[BaseModel], prefix: str, separator: str = "_", *, optional: bool = False
) -> Iterator[str]:
    for name, info in model.model_fields.items():
        variable = f"{prefix}{separator}{name.upper()}"
        inner, is_map = group_of(info.annotation)
        if inner is None:
            yield from _setting(variable, info, optional=optional)
        else:
            title = (inner.__doc__ or "").strip().splitlines()[0]
            yield f"# ---- {title}"
            yield ""
            below = f"{variable}__{_NAMED[variable]}" if is_map else variable
            yield from _lines(inner, below, "__", optional=_may_be_left_out(info))


def _may_be_left_out(info: FieldInfo) -> bool:
    """Whether a group is only there for those who want it: what it needs is shown, not asked."""
    return not info.is_required() and info.default in (None, {})


def _setting(variable: str, info: FieldInfo, *, optional: bool) -> Iterator[str]:
    yield f"# {info.description or ''}".rstrip()
    if variable in _NEEDED:
        yield f"{variable}={_NEEDED[variable]}"
    elif info.is_required():
        yield f"{'# ' if optional else ''}{variable}="
    else:
        yield f"# {variable}={_written(info.get_default(call_default_factory=True))}"
    yield ""


def _written(value: object) -> str:
    match value:
        case None:
            return ""
        case Enum():
            return str(value.value)
        case bool() | list() | tuple() | dict():
            return json.dumps(value)
        case _:
            return str(value)


def main() -> None:
    """Write the file into the folder above this package."""
    Path(__file__).parents[1].joinpath(".env.example").write_text(example(), encoding="utf-8")


if __name__ == "__main__":
    main()
