"""The admin's terminal."""

import getpass
import shlex
import shutil
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from bot.domain.site import Finding

_PROGRAM = "comment-desk"

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def show(finding: "Finding") -> None:
    """Print what was looked at, and what to mend."""
    mark = "[green]✓[/green]" if finding.good else "[red]✗[/red]"
    out.print(f"{mark} [bold]{escape(finding.name)}[/bold]  {escape(finding.words)}")
    for number, step in enumerate(finding.mend, start=1):
        out.print(f"    {number}. {escape(step)}")


def typed_as() -> str:
    """Return how this program is called from the folder that one is in."""
    found = shutil.which(_PROGRAM)
    beside = Path(sys.executable).with_name(_PROGRAM)
    if found is not None and Path(found).resolve() == beside.resolve():
        return _PROGRAM
    if not beside.exists():
        return f"{shlex.quote(sys.executable)} -m bot"
    near = beside.relative_to(Path.cwd()) if beside.is_relative_to(Path.cwd()) else beside
    return shlex.quote(str(near))


class Talk(Protocol):
    """Whoever is asked and told: an admin at a terminal, or a script.

    `patience` is how long it waits for people, in seconds.
    """

    patience: float

    def say(self, words: str) -> None:
        """Tell something."""
        ...

    def show(self, finding: "Finding") -> None:
        """Tell what was looked at, and what to mend."""
        ...

    def ask(self, question: str, *, hidden: bool, default: str | None) -> str:
        """Ask for a value; `hidden` keeps it off the screen."""
        ...

    def confirm(self, question: str) -> bool:
        """Ask whether to go on."""
        ...

    def choose(self, question: str, options: Sequence[str], *, key: str) -> int:
        """Ask for one of the options, by its place; `key` is its name in a file of answers."""
        ...

    def choose_some(self, question: str, options: Sequence[str], *, key: str) -> list[int]:
        """Ask for any of the options, by their places; none is an answer too."""
        ...

    def waiting(self, words: str) -> AbstractContextManager[object]:
        """Show that something is waited for."""
        ...

    @property
    def insists(self) -> bool:
        """Whether a wrong answer can be given again."""
        ...


class Terminal:
    """Asks and tells an admin; `patience` is how long it waits for them, in seconds."""

    insists = True

    def __init__(self, *, patience: float = 3600.0) -> None:
        self.patience = patience

    def say(self, words: str) -> None:
        """Print something."""
        out.print(escape(words))

    def show(self, finding: "Finding") -> None:
        """Print what was looked at, and what to mend."""
        show(finding)

    def ask(self, question: str, *, hidden: bool, default: str | None) -> str:
        """Ask for a value."""
        while hidden:
            if given := _hidden(question) or default:
                return given
        answer: object = typer.prompt(question, default=default, show_default=False)
        return str(answer).strip()

    def confirm(self, question: str) -> bool:
        """Ask whether to go on."""
        return typer.confirm(question)

    def choose(self, question: str, options: Sequence[str], *, key: str = "") -> int:
        """Ask for one of the options, by its number or the beginning of its name."""
        del key
        self._list(options)
        while True:
            found = _meant(self.ask(question, hidden=False, default=None), options)
            if found is not None:
                return found
            self.say(f"Answer with a number from 1 to {len(options)}, or the beginning of a name.")

    def choose_some(self, question: str, options: Sequence[str], *, key: str = "") -> list[int]:
        """Ask for any of the options, with commas between; an empty answer is none."""
        del key
        self._list(options)
        while True:
            given = self.ask(question, hidden=False, default="")
            found = [_meant(one, options) for one in given.split(",") if one.strip()]
            known = [one for one in found if one is not None]
            if len(known) == len(found):
                return list(dict.fromkeys(known))
            self.say("Answer with numbers and commas, such as 1, 3. Leave it empty for none.")

    def waiting(self, words: str) -> AbstractContextManager[object]:
        """Show a spinner beside what is waited for."""
        return out.status(escape(words))

    def _list(self, options: Sequence[str]) -> None:
        for number, option in enumerate(options, start=1):
            out.print(f"  [bold]{number}[/bold]  {escape(option)}")


def _hidden(question: str) -> str:
    """Ask for words that are not shown; the question stands there once the keyboard is read.

    `typer.prompt` shows it before: what is pasted in between is thrown away without a word.
    """
    try:
        return getpass.getpass(f"{question}: ").strip()
    except (KeyboardInterrupt, EOFError):
        out.print()
        raise typer.Abort from None


def _meant(given: str, options: Sequence[str]) -> int | None:
    """Return the place of the option that an answer means, `None` if it means none, or several."""
    answer = given.strip().lower()
    if answer.isdecimal():
        return int(answer) - 1 if 1 <= int(answer) <= len(options) else None
    plain = [option.lower().lstrip("#") for option in options]
    found = [place for place, option in enumerate(plain) if option.startswith(answer.lstrip("#"))]
    return found[0] if answer and len(found) == 1 else None
