"""What can be typed behind `comment-desk`; what a command does is loaded once it is called.

So `--help`, and what only reads the record, need not wait for Discord's library, the sites' and
the demo's.
"""
# ruff: noqa: PLC0415 - see above

import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli import backups, moving, privacy, reader_commands
from bot.cli.calling import (
    Database,
    Meant,
    in_words,
    place_of,
    policy_path,
    require_no_newsroom,
    serve,
    settings_there,
    until_done,
    zone_there,
)
from bot.cli.terminal import Terminal, err, out, show, typed_as

if TYPE_CHECKING:
    from bot.domain.site import Finding

cli = typer.Typer(
    name="comment-desk",
    help="Readers' reports from a news site, decided by moderators in Discord.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
_spikes = typer.Typer(
    help="Judge reports for spikes: JSON lines in, alerts out. See also: spikes replay.",
    invoke_without_command=True,
)
_sites = typer.Typer(help="Connect comment platforms.", no_args_is_help=True)
cli.add_typer(_spikes, name="spikes")
cli.add_typer(_sites, name="sites")
reader_commands.add_to(cli)
privacy.add_to(cli)
backups.add_to(cli)
moving.add_to(cli)
_DEMO_DATA = Path.home() / ".local/share/comment-desk/demo"


def _say_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        out.print(f"comment-desk {version('comment-desk')}")
        raise typer.Exit


@cli.callback()
def _about(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Say which version this is.", callback=_say_version, is_eager=True
        ),
    ] = False,
    newsroom: Annotated[
        str | None,
        typer.Option(help="Which newsroom is meant, where the desk has several; first is one."),
    ] = None,
) -> None:
    del version
    Meant.newsroom = newsroom


_BudgetOption = Annotated[
    float, typer.Option(min=0.1, max=50.0, help="False alarms a week that you would accept.")
]
_Hourly = Annotated[
    float | None, typer.Option(help="Reports an hour you expect; the policy's if left out.")
]
_Policy = Annotated[Path | None, typer.Option(help="The policy file, for time zone and traffic.")]


@cli.command()
@in_words
def run(
    *,
    new: Annotated[
        bool, typer.Option("--new", help="Begin with an empty database where there was one before.")
    ] = False,
    stand_by: Annotated[
        bool,
        typer.Option(
            "--stand-by", help="Wait while another desk runs, and take over once that is gone."
        ),
    ] = False,
    only: Annotated[
        Literal["web", "deliver", "gateway"] | None,
        typer.Option(
            help="Run one part of a desk on PostgreSQL: take reports, give sites their orders, or "
            "the rest, which one process at a time does."
        ),
    ] = None,
) -> None:
    """Run the desk with the settings of the environment and of .env; a HUP reads them anew."""
    from bot import logs
    from bot.cli.running import read, run_renewed

    require_no_newsroom("run")
    settings = read(only)
    logs.set_up(settings.log_level, as_json=settings.log_format == "json")
    serve(run_renewed(settings, new=new, stands_by=stand_by, only=only))


@cli.command("setup")
@in_words
def set_up(
    *,
    token_file: Annotated[
        Path | None,
        typer.Option(help="A file with the bot's token in it; - for the standard input."),
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="Answers given beforehand, as TOML; see docs/running.md.")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Ask nothing: agree to what is proposed.")
    ] = False,
    env_file: Annotated[Path, typer.Option(help="Where the settings are written.")] = Path(".env"),
    wait: Annotated[
        float, typer.Option(min=0, help="Seconds to wait for what is done in Discord.")
    ] = 600,
    newsroom: Annotated[
        str | None,
        typer.Option(
            help="Add a further newsroom of this name to the desk; see docs/newsrooms.md."
        ),
    ] = None,
) -> None:
    """Set a desk up, from the bot's token to a check that is green; go on where it stopped."""
    from bot import logs
    from bot.cli.setup.command import Given, sit_down

    logs.set_up("CRITICAL")
    given = Given(
        env_file=env_file,
        token_file=token_file,
        answers=answers,
        yes=yes,
        patience=wait,
        newsroom=newsroom or Meant.newsroom,
    )
    if not sit_down(given):
        raise typer.Exit(1)


@cli.command()
@in_words
def demo(
    *,
    data: Annotated[
        Path, typer.Option(help="Where the demo keeps its database and pages.")
    ] = _DEMO_DATA,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port of the two pages; 0 for any.")
    ] = 8765,
    json: Annotated[
        bool, typer.Option("--json", help="Print one line of JSON when ready.")
    ] = False,
    open_pages: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the pages in the browser.")
    ] = True,
) -> None:
    """Try everything on this machine: a local paper, its moderators' channel and the desk."""
    from bot import logs
    from bot.demo import demo as demonstration

    options = demonstration.Options(
        data=data,
        port=port,
        as_json=json,
        open_pages=open_pages and not json,
        typed_as=typed_as(),
    )
    logs.set_up("WARNING")
    serve(demonstration.run(options, out))


@cli.command("check")
@in_words
def look_over(
    site: Annotated[
        str | None, typer.Argument(help="Only this site; everything if left out.")
    ] = None,
) -> None:
    """Look at everything the desk needs, and say in plain words what to mend."""
    from bot import logs
    from bot.cli.check_newsrooms import check_each
    from config.settings import load

    logs.set_up("CRITICAL")
    settings = settings_there() if Meant.newsroom else load()
    if not until_done(_show_all(check_each(settings, site))):
        raise typer.Exit(1)


@cli.command()
@in_words
def export(
    database: Database = None,
    form: Annotated[
        Literal["jsonl", "csv"], typer.Option("--format", help="One decision a line, or a table.")
    ] = "jsonl",
) -> None:
    """Write every decision to the standard output, oldest first."""
    from bot.cli import export as exporting

    # What is written is the same on every machine: UTF-8, and line ends as the format wants them.
    written = TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    zone = zone_there() if form == "csv" else UTC  # only a table is in the newsroom's time
    until_done(exporting.export(place_of(database), written, exporting.Format(form), zone))
    written.flush()
    written.detach()


@cli.command()
@in_words
def verify(
    database: Database = None,
    known: Annotated[
        str, typer.Option(help="A digest noted earlier, to see that nothing was cut off.")
    ] = "",
    exported: Annotated[
        Path | None, typer.Option(help="A file that export wrote as JSON lines, not the database.")
    ] = None,
    anchors: Annotated[
        Path | None,
        typer.Option(help="The record's signed anchors; those of the settings if left out."),
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(help="The public key that anchors are signed with; again for an older one."),
    ] = None,
) -> None:
    """Check that no decision was changed after it was recorded."""
    from bot.cli import verify as verifying
    from bot.cli.anchors import signed_anchors

    path = exported or place_of(database)
    set_there = signed_anchors(anchors, None if exported else path, key or ())
    found = (
        verifying.verify_lines(exported, known, set_there)
        if exported is not None
        else until_done(verifying.verify(path, known, set_there))
    )
    wrong = verifying.what_is_wrong(found, path, known)
    if wrong is not None:
        err.print(wrong)
        raise typer.Exit(1)
    out.print("\n".join(verifying.in_words(found, set_there)))


@cli.command()
@in_words
def rehearse(
    recording: Annotated[
        Path | None, typer.Argument(help="A database, or reports, JSON, one a line; else its own.")
    ] = None,
    *,
    channel: Annotated[
        int | None, typer.Option(help="The test channel's id; the one in the settings if left out.")
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
    from bot import logs
    from bot.cli import rehearse as rehearsing

    logs.set_up("WARNING")
    options = rehearsing.Options(
        recording=place_of(recording),
        channel_id=channel,
        day=day.date() if day else None,
        speed=speed,
        policy=policy,
        dry=dry,
    )
    if dry:
        until_done(rehearsing.look_through(policy_path(), options, out))
        return
    settings = settings_there()
    chosen = channel or settings.discord.rehearsal_channel_id
    until_done(rehearsing.rehearse(settings, replace(options, channel_id=chosen), out))


@_spikes.callback()
@in_words
def spikes(
    context: typer.Context,
    budget: _BudgetOption = 1.0,
    hourly: _Hourly = None,
    policy: _Policy = None,
) -> None:
    """Read reports as JSON lines from the standard input, and write the alerts they raise."""
    from bot.cli.spikes import stream

    if context.invoked_subcommand is None:
        stream(budget, hourly, policy)


@_spikes.command()
@in_words
def replay(
    source: Annotated[
        Path, typer.Argument(help="A file of JSON lines, or the desk's database.", exists=True)
    ],
    budget: _BudgetOption = 1.0,
    hourly: _Hourly = None,
    policy: _Policy = None,
) -> None:
    """Show what past reports would have alerted you to."""
    from bot.cli.spikes import replay

    replay(source, budget, hourly, policy)


@_sites.callback()
def sites() -> None:
    """Connect comment platforms."""


@_sites.command("connect")
@in_words
def connect_site(
    kind: Annotated[str, typer.Argument(help="The platform, by the name in docs/sites.md.")],
    url: Annotated[str, typer.Argument(help="The platform's own address.")],
    *,
    name: Annotated[str, typer.Option(help="A short name of your choice for the site.")] = "",
    env_file: Annotated[Path, typer.Option(help="Where the settings are added.")] = Path(".env"),
    policy: Annotated[
        Path | None,
        typer.Option(help="The house rules; the ones that ship with the desk if left out."),
    ] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="The address is in a private network.")
    ] = False,
) -> None:
    """Connect a site: credentials, settings, a first report, its hiding and the undo."""
    from bot.cli.connect import Plan, connect_in

    plan = Plan(
        kind=kind,
        url=url,
        name=name or kind,
        env_file=env_file,
        allow_private=allow_private,
    )
    if not connect_in(Terminal(), plan, policy):
        raise typer.Exit(1)


async def _show_all(findings: "AsyncIterator[Finding]") -> bool:
    good = True
    async for finding in findings:
        show(finding)
        good = good and finding.good
    return good
