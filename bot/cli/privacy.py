"""The commands about what is kept of people: one person's data, and what is kept for too long."""
# ruff: noqa: PLC0415 - what a command needs is loaded once it is called

from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.cli.calling import Database, in_words, place_of, policy_path, until_done
from bot.cli.terminal import err, out


def add_to(cli: typer.Typer) -> None:
    """Let the command line have these commands."""
    cli.command("person")(person)
    cli.command("purge")(purge_old)


@in_words
def purge_old(
    database: Database = None,
    *,
    policy: Annotated[
        Path | None, typer.Option(help="The policy file; the one in the settings if left out.")
    ] = None,
    dry: Annotated[bool, typer.Option("--dry", help="Only say what a purge would forget.")] = False,
) -> None:
    """Forget what was kept for as long as the policy says; the running desk does so once a day."""
    from bot.cli.person import purge_now
    from config.policy import load_policy

    rules = load_policy(policy or policy_path())
    until_done(purge_now(place_of(database), rules, dry=dry, say=out.print))


@in_words
def person(
    kind: Annotated[
        Literal["author", "reader", "staff", "email"],
        typer.Argument(help="By what they are known."),
    ],
    value: Annotated[
        str,
        typer.Argument(
            help="SITE/ACCOUNT of an author; a reader's key or the reference of a report; the "
            "Discord id of one of the staff; an e-mail address."
        ),
    ],
    *,
    database: Database = None,
    show_all: Annotated[
        bool, typer.Option("--export", help="Write all that is held about them, as JSON.")
    ] = False,
    erase: Annotated[
        bool, typer.Option("--erase", help="Erase it, after saying what and asking.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Erase without asking.")] = False,
) -> None:
    """Show what is held about one person, or erase it."""
    from bot.cli import person as persons
    from bot.domain.subject import SubjectKind, parse
    from config.policy import load_policy

    if show_all is erase:
        err.print("Say one of --export and --erase.")
        raise typer.Exit(2)
    path, rules = place_of(database), load_policy(policy_path())
    subject = parse(SubjectKind(kind), value)
    if show_all:
        typer.echo(until_done(persons.export_person(path, rules, subject)))
        return
    for line in until_done(persons.look_at_person(path, rules, subject)).lines:
        typer.echo(line)
    if not yes and not typer.confirm("Erase all of it? It cannot be brought back."):
        out.print("Nothing was erased.")
        raise typer.Exit(1)
    done = until_done(persons.erase_person(path, rules, subject))
    for line in persons.erased_words(done, path):
        typer.echo(line)
