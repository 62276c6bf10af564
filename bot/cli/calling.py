"""What all commands share: how they are run and ended, and where the record and the policy are."""
# ruff: noqa: PLC0415 - what a command needs is loaded once it is called

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from datetime import tzinfo
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TypeVar

import typer
from rich.markup import escape

from bot.cli.terminal import err

if TYPE_CHECKING:
    from bot.store.store import Place
    from config.settings import Settings

T = TypeVar("T")
P = ParamSpec("P")

_ENDS_WITHIN = 9.0
"""Seconds after a SIGTERM in which the process is gone, whatever keeps it. Many a service manager
kills after ten. What a desk does at its end has limits that add up to less, see `bot.app`, so this
is for what has none: a thread that looks up a name, say, which Python waits for."""

Database = Annotated[
    Path | None,
    typer.Option(help="The database file; the one in the settings if left out."),
]


class Meant:
    """Which newsroom a command is about, as it is said before the command; `None` if none is."""

    newsroom: str | None = None


def settings_there() -> "Settings":
    """Return the settings of the newsroom that is meant, as if it were the only one.

    Raises:
        DeskError: There are several and none is named, there is none of that name, or something
            is missing or wrong.
    """
    from bot.domain.errors import DeskError
    from config.newsrooms import FIRST
    from config.settings import load

    settings = load()
    if Meant.newsroom is None and settings.newsrooms:
        names = ", ".join(settings.each)
        raise DeskError(
            f"This desk has several newsrooms, each with a record of its own: {names}. Say which "
            f"one is meant, right after comment-desk: --newsroom {FIRST}"
        )
    return settings.of(Meant.newsroom or FIRST)


def require_no_newsroom(command: str) -> None:
    """Return if no newsroom is named before a command that is for all of them.

    Raises:
        DeskError: One is.
    """
    from bot.domain.errors import DeskError

    if Meant.newsroom is not None:
        raise DeskError(f"{command} is for all newsrooms together. Leave --newsroom out.")


def place_of(database: Path | None) -> "Place":
    """Return where the record is: as said, or as the settings say."""
    if database is not None:
        return database
    from bot.store import opening

    settings = settings_there()
    return opening.place_of(settings.database, settings.server)


def file_of(database: Path | None) -> Path:
    """Return the file with the record.

    Raises:
        DeskError: The record is on a server.
    """
    from bot.domain.errors import DeskError

    place = place_of(database)
    if isinstance(place, Path):
        return place
    raise DeskError(
        f"The record is in {place}, which PostgreSQL's own programs copy and put back: pg_dump and "
        "pg_restore. docs/scaling.md says how."
    )


def policy_path() -> Path | None:
    """Return the policy file that the settings name, though they may lack what a desk needs."""
    from bot.cli.envfile import Draft

    said, meant = Draft(Path(".env")), (Meant.newsroom or "").upper()
    named = said.get(f"DESK_NEWSROOMS__{meant}__POLICY") or said.get("DESK_POLICY")
    return Path(named) if named else None


def zone_there() -> tzinfo:
    """Return the newsroom's zone; a record that was taken elsewhere is read without settings."""
    from bot.domain.errors import DeskError
    from config.policy import load_policy

    try:
        return load_policy(settings_there().policy).shift.zone
    except DeskError:
        return load_policy(None).shift.zone


def in_words(command: Callable[P, T]) -> Callable[P, T]:
    """Say what the desk itself raises in a sentence."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> T:
        from bot.domain.errors import DeskError

        try:
            return command(*args, **kwargs)
        except DeskError as error:
            err.print(escape(str(error)))
            raise typer.Exit(1) from error

    return told


def serve(work: Coroutine[Any, Any, T]) -> T:
    """Run on the quicker loop, which takes reports and is worth its loading there only."""
    import uvloop

    return until_done(work, uvloop.new_event_loop)


def until_done(
    work: Coroutine[Any, Any, T], loop: Callable[[], asyncio.AbstractEventLoop] | None = None
) -> T:
    """Run until done or stopped; Ctrl-C and a termination both end everything in order."""
    with asyncio.Runner(loop_factory=loop) as runner:
        try:
            return runner.run(_until_terminated(work))
        except (KeyboardInterrupt, asyncio.CancelledError):
            raise typer.Exit(0) from None


async def _until_terminated(work: Coroutine[Any, Any, T]) -> T:
    task = asyncio.ensure_future(work)

    def terminate() -> None:
        last = threading.Timer(_ENDS_WITHIN, _leave)
        last.daemon = True
        last.start()
        task.cancel()

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, terminate)
    return await task


def _leave() -> None:
    """Leave as a killed process does, after which nothing that was confirmed is missing."""
    sys.stderr.write("Something did not end in time, and is left behind.\n")
    sys.stderr.flush()
    os._exit(0)
