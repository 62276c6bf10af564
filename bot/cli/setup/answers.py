"""What a script answers beforehand, as a file of TOML."""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.errors import DeskError


class SiteAnswers(BaseModel):
    """The site; `with` holds what its kind is asked for besides, by the names of .env.example."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    url: str
    name: str = ""
    allow_private: bool = False
    given: dict[str, str] = Field(default={}, alias="with")


class Answers(BaseModel):
    """Every question of set-up that has an answer; the rest is found out or asked.

    `make` says whether set-up makes the channels and roles; those of a server are given by their
    names otherwise.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    server: str | None = None
    make: bool | None = None
    channel: str | None = None
    editors_channel: str | None = None
    moderator_roles: list[str] | None = None
    senior_roles: list[str] | None = None
    editor_roles: list[str] | None = None
    site: SiteAnswers | None = None


def read_answers(path: Path | None) -> Answers:
    """Return a file's answers; without one there are none.

    Raises:
        DeskError: It cannot be read, or holds something else; the sentence names it.
    """
    if path is None:
        return Answers()
    try:
        found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        return Answers.model_validate(found)
    except ValidationError as error:
        # What was written there is not repeated, as it may be a password.
        said = "; ".join(
            f"{'.'.join(map(str, one['loc']))}: {one['msg'].lower()}" for one in error.errors()
        )
        raise DeskError(f"The answers in {path} cannot be used: {said}.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DeskError(f"The answers in {path} cannot be read: {error}.") from error
