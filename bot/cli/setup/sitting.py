"""Whoever set-up talks to: an admin at a terminal, or a script that answered beforehand."""

import tomllib
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.cli.terminal import Terminal
from bot.domain.errors import DeskError


class Script:
    """A script: what it did not answer beforehand is said, and ends the set-up.

    Args:
        patience: How long to wait for people, in seconds.
        agrees: Whether it says yes to whatever is proposed.
    """

    insists = False

    def __init__(self, *, patience: float, agrees: bool) -> None:
        self.patience = patience
        self._agrees = agrees
        self._terminal = Terminal()
        self.say = self._terminal.say
        self.show = self._terminal.show

    def ask(self, question: str, *, hidden: bool, default: str | None) -> str:
        """Take the default; without one there is no answer."""
        del hidden
        if default is None:
            raise DeskError(f"There is nobody to ask, and this has no answer yet: {question}")
        return default

    def confirm(self, question: str) -> bool:
        """Agree, if that was said beforehand."""
        self.say(f"{question} {'Yes' if self._agrees else 'No'}.")
        return self._agrees

    def choose(self, question: str, options: Sequence[str], *, key: str) -> int:
        """Take the only option there is."""
        if len(options) == 1:
            return 0
        raise DeskError(
            f"{question} There are {', '.join(options)}. Say which with {key} in the file of "
            "answers."
        )

    def choose_some(self, question: str, options: Sequence[str], *, key: str) -> list[int]:
        """Take none."""
        del question, options, key
        return []

    def waiting(self, words: str) -> AbstractContextManager[object]:
        """Say once what is waited for."""
        self.say(words)
        return nullcontext()


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
