"""How set-up is started: at a terminal or by a script, with the token by one of three ways."""

import asyncio
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Never

import typer

from bot.cli.setup.flow import Options, set_up
from bot.cli.setup.sitting import Script, read_answers
from bot.cli.terminal import Talk, Terminal, typed_as
from bot.domain.errors import DeskError

_STANDARD_INPUT = "-"
_STOPPED = 130
"""What a program that was interrupted returns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was typed behind `setup`. `patience` is in seconds."""

    env_file: Path
    token_file: Path | None
    answers: Path | None
    yes: bool
    patience: float
    newsroom: str | None = None


def sit_down(given: Given) -> bool:
    """Run a set-up; false if something is left to mend, which was then said.

    Raises:
        DeskError: It cannot go on; the sentence says what to do.
        typer.Exit: It was interrupted.
    """
    options = Options(
        env_file=given.env_file,
        answers=read_answers(given.answers),
        token=_token(given),
        newsroom=given.newsroom,
    )
    # asyncio would only take note of Ctrl-C while a question waits for its answer.
    signal.signal(signal.SIGINT, _interrupted)
    try:
        return asyncio.run(set_up(options, _sitting(given)))
    except (KeyboardInterrupt, typer.Abort):
        Terminal().say(
            f"\nStopped. What was done so far is kept: {typed_as()} setup goes on from here."
        )
        raise typer.Exit(_STOPPED) from None


def _sitting(given: Given) -> Talk:
    if given.yes or given.answers is not None or not sys.stdin.isatty():
        return Script(patience=given.patience, agrees=given.yes or given.answers is not None)
    return Terminal(patience=given.patience)


def _token(given: Given) -> str | None:
    """Return the token, if it was given; one on the command line would be read by everybody."""
    if given.token_file is None:
        return None
    if str(given.token_file) == _STANDARD_INPUT:
        return sys.stdin.readline()
    try:
        return given.token_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DeskError(f"The token cannot be read from {given.token_file}: {error}.") from error


def _interrupted(_number: int, _frame: FrameType | None) -> Never:
    raise KeyboardInterrupt
