"""The command that moves a desk's record from a file to a PostgreSQL server."""
# ruff: noqa: PLC0415 - what a command needs is loaded once it is called

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from bot.cli.calling import in_words, settings_there
from bot.cli.terminal import err, out


def add_to(cli: typer.Typer) -> None:
    """Let the command line have this command."""
    cli.command("migrate-store")(migrate_store)


@in_words
def migrate_store(
    source: Annotated[str, typer.Argument(help="The file: sqlite:desk.db")],
    target: Annotated[
        str | None,
        typer.Argument(
            help="An empty database: postgresql://desk:password@db.example/desk. The one that "
            "DESK_DATABASE_URL names if left out."
        ),
    ] = None,
) -> None:
    """Copy the record from a file into an empty PostgreSQL database, and verify it there."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    from bot.cli.verify import verified_in, what_is_wrong
    from bot.domain.lines import count
    from bot.store.engine.postgresql import PostgresqlServer
    from bot.store.opening import require_driver
    from bot.store.tx import Tx

    path, server = Path(source.removeprefix("sqlite:")), PostgresqlServer(url=_address(target))
    require_driver()
    from bot.store.moving import move

    decisions = 0

    def look(tx: Tx) -> str | None:
        nonlocal decisions
        found = verified_in(tx)
        decisions = found.decisions
        whole = found.fault is None and found.broken_contest is None
        return None if whole else what_is_wrong(found, server, "")

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        bar = progress.add_task("")
        rows = move(
            path, server, lambda done, all_: progress.update(bar, completed=done, total=all_), look
        )
    out.print(
        escape(
            f"Copied to {server}: {count(rows, 'row')}, as many as in the file, and "
            f"{count(decisions, 'decision')}, none changed."
        )
    )
    out.print(
        escape(
            f"Now name it in DESK_DATABASE_URL and start the desk. Keep {path} until it works, and "
            "start no desk on it again."
        )
    )


def _address(target: str | None) -> str:
    from bot.domain.errors import DeskError

    address = target or settings_there().server
    if address is None or not address.startswith(("postgresql://", "postgres://")):
        raise DeskError("Say where to: postgresql://desk:password@db.example/desk")
    return address
