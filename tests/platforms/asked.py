"""Which platforms somebody asks to be tried: DESK_TRY_CORAL and the like."""

from collections.abc import Mapping

from bot.sites.registry import PLATFORMS

PREFIX = "DESK_TRY_"


def told(kind: str, said: str) -> dict[str, object]:
    """Return the settings of a site from one line: its address, and NAME=VALUE for each of its own.

    A platform that needs one setting alone may have its value alone.

    Raises:
        ValueError: The line has another form; it is not quoted, as it holds a key.
    """
    url, *rest = said.split() or [""]
    group = PLATFORMS[kind].settings
    fields = group.model_fields if group else {}
    needed = [name for name, info in fields.items() if info.is_required()]
    if len(rest) == len(needed) == 1 and rest[0].partition("=")[0] not in fields:
        rest = [f"{needed[0]}={rest[0]}"]
    own = dict(one.partition("=")[::2] for one in rest)
    if (
        not url.startswith(("https://", "http://"))
        or not set(needed) <= own.keys() <= fields.keys()
    ):
        wanted = " ".join(["ADDRESS", *(f"{name}=..." for name in needed)])
        raise ValueError(f"{PREFIX}{kind.upper()} has to be of the form {wanted}")
    return {"url": url, kind: own} if group else {"url": url}


def asked_for(environment: Mapping[str, str]) -> dict[str, dict[str, object]]:
    """Return the settings of each platform that is to be tried, by its kind."""
    named = {
        name.removeprefix(PREFIX).lower(): said
        for name, said in environment.items()
        if name.startswith(PREFIX)
    }
    return {kind: told(kind, said) for kind, said in named.items() if kind in PLATFORMS}
