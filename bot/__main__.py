"""The command line: `comment-desk`, or `python -m bot`."""

import asyncio
import signal
import sys
from collections.abc import Coroutine
from datetime import datetime, tzinfo
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
import uvloop
from rich.console import Console
from rich.markup import escape

from bot import app as desk_app
from bot import logs
from bot.commands import check as checking
from bot.commands import export as exporting
from bot.commands import rehearse as rehearsing
from bot.commands import sites as site_commands
from bot.commands import spikes as spike_commands
from bot.demo import demo as demonstration
from bot.domain.errors import DeskError
from bot.domain.finding import Finding
from bot.domain.numbers import count
from bot.store.sqlite import open_store
from config.policy import load_policy
from config.settings import Settings, load

T = TypeVar("T")

cli = typer.Typer(
    name="comment-desk",
    help="Readers' reports from a news site, decided by moderators in Discord.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
cli.add_typer(spike_commands.app, name="spikes")
cli.add_typer(site_commands.app, name="sites")
_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)

_DEMO_DATA = Path.home() / ".local/share/comment-desk/demo"

_Database = Annotated[
    Path | None,
    typer.Option(help="The database file; the one of the settings if left out."),
]


@cli.command()
def run(
    *,
    new: Annotated[
        bool, typer.Option("--new", help="Begin with an empty database where there was one before.")
    ] = False,
) -> None:
    """Run the desk with the settings of the environment and of .env."""
    settings = load()
    logs.set_up(settings.log_level)
    _run(desk_app.run(settings, anew=new))


@cli.command()
def demo(
    *,
    data: Annotated[
        Path, typer.Option(help="Where the demo keeps its database and pages.")
    ] = _DEMO_DATA,
    port: Annotated[int, typer.Option(help="The port of the two pages; 0 for any.")] = 8765,
    json: Annotated[
        bool, typer.Option("--json", help="Print one line of JSON when ready.")
    ] = False,
    open_pages: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the pages in the browser.")
    ] = True,
) -> None:
    """Try everything on this machine: a local paper, its moderators' channel and the desk."""
    options = demonstration.Options(
        data=data, port=port, as_json=json, open_pages=open_pages and not json
    )
    logs.set_up("WARNING")
    _run(demonstration.run(options, _out))


@cli.command()
def check(
    site: Annotated[
        str | None, typer.Argument(help="Only this site; everything if left out.")
    ] = None,
) -> None:
    """Look at everything the desk needs, and say in plain words what to mend."""
    settings = load()
    logs.set_up("CRITICAL")
    if not _run(_show_findings(settings, site)):
        raise typer.Exit(1)


@cli.command()
def export(
    database: _Database = None,
    form: Annotated[
        exporting.Format, typer.Option("--format", help="One decision a line, or a table.")
    ] = exporting.Format.JSONL,
) -> None:
    """Write every decision to the standard output, oldest first."""
    # What is written is the same on every machine: UTF-8, and line ends as the format wants them.
    out = TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    _run(exporting.export(_path(database), out, form, _zone()))
    out.flush()
    out.detach()


@cli.command()
def verify(
    database: _Database = None,
    known: Annotated[
        str | None, typer.Option(help="A digest noted earlier, to see that nothing was cut off.")
    ] = None,
    exported: Annotated[
        Path | None, typer.Option(help="A file that export wrote as JSON lines, not the database.")
    ] = None,
) -> None:
    """Check that no decision was changed after it was recorded."""
    path = exported or _path(database)
    found = (
        exporting.verify_lines(exported, known)
        if exported is not None
        else _run(exporting.verify(path, known))
    )
    if found.broken is not None:
        _err.print(f"Decision {found.broken} in {path} was changed after it was recorded.")
        raise typer.Exit(1)
    if found.missed:
        _err.print(f"The digest {known} is not in {path}: decisions were cut off its end.")
        raise typer.Exit(1)
    many = count(found.decisions, "decision")
    _out.print(f"{many}, none changed. The last digest is {found.last}")
    _out.print("Note it elsewhere: verify --known DIGEST shows later that nothing was cut off.")


@cli.command()
def backup(
    target: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")],
    database: _Database = None,
) -> None:
    """Copy the database, while the desk runs."""
    _run(_backup(_path(database), target))
    _out.print(f"Copied to {target}.")


@cli.command()
def rehearse(
    recording: Annotated[
        Path, typer.Argument(help="A desk's database, or reports as JSON, one a line.")
    ],
    *,
    channel: Annotated[
        int | None, typer.Option(help="The test channel's id; the one of the settings if left out.")
    ] = None,
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day to replay; the last one if left out."),
    ] = None,
    speed: Annotated[
        float, typer.Option(min=0.1, max=10_000, help="How many times as fast as it was.")
    ] = 60,
    policy: Annotated[
        Path | None, typer.Option(help="A changed policy file to try; says what it would change.")
    ] = None,
    dry: Annotated[
        bool, typer.Option("--dry", help="Only say what the changed policy would change.")
    ] = False,
) -> None:
    """Replay a recorded day in a test channel; the site and the record are left alone."""
    settings = load()
    logs.set_up("WARNING")
    options = rehearsing.Options(
        recording=recording,
        channel_id=channel or settings.discord.rehearsal_channel_id,
        day=day.date() if day else None,
        speed=speed,
        policy=policy,
        dry=dry,
    )
    _run(rehearsing.rehearse(settings, options, _out))


def main() -> None:
    """Run the command line; what the desk itself raises is said in a sentence."""
    try:
        cli()
    except DeskError as error:
        _err.print(escape(str(error)))
        sys.exit(1)


def _path(database: Path | None) -> Path:
    return database if database is not None else load().database


def _zone() -> tzinfo:
    """Return the newsroom's zone; a record that was taken elsewhere is read without settings."""
    try:
        return load_policy(load().policy).shift.zone
    except DeskError:
        return load_policy(None).shift.zone


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Run until done or stopped; Ctrl-C and a termination both end everything in order."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            return runner.run(_until_terminated(work))
        except (KeyboardInterrupt, asyncio.CancelledError):
            raise typer.Exit(0) from None


async def _until_terminated(work: Coroutine[Any, Any, T]) -> T:
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


async def _show_findings(settings: Settings, only: str | None) -> bool:
    good = True
    async for finding in checking.check(settings, only):
        _show(finding)
        good = good and finding.good
    return good


def _show(finding: Finding) -> None:
    mark = "[green]✓[/green]" if finding.good else "[red]✗[/red]"
    _out.print(f"{mark} [bold]{escape(finding.name)}[/bold]  {escape(finding.words)}")
    for number, step in enumerate(finding.mend, start=1):
        _out.print(f"    {number}. {escape(step)}")


async def _backup(database: Path, target: Path) -> None:
    async with open_store(database, create=False) as store:
        await store.backup(target)


if __name__ == "__main__":
    main()
