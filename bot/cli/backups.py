"""The commands that copy the database while the desk runs, and put a copy back."""
# ruff: noqa: PLC0415 - what a command needs is loaded once it is called

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from bot.cli.calling import Database, file_of, in_words, until_done
from bot.cli.terminal import out


def add_to(cli: typer.Typer) -> None:
    """Let the command line have these commands."""
    cli.command("backup")(back_up)
    cli.command("restore")(restore)


@in_words
def back_up(
    target: Annotated[
        Path | None,
        typer.Argument(
            help="The file to write; it must not exist. One more in the folder of the settings if "
            "left out."
        ),
    ] = None,
    database: Database = None,
) -> None:
    """Copy the database, while the desk runs, and open the copy to see that it holds."""
    from bot.cli import restore as restoring

    written = until_done(restoring.back_up(file_of(database), target))
    out.print(f"Copied to {escape(str(written))}.")


@in_words
def restore(
    backup: Annotated[Path, typer.Argument(help="The backup to put back.")],
    database: Database = None,
) -> None:
    """Put a backup in the database's place; the desk must not run meanwhile."""
    from bot.cli import restore as restoring

    for line in until_done(restoring.restore(backup, file_of(database))):
        out.print(escape(line))
