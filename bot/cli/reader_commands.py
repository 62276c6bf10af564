"""The commands about what readers and regulators are told: figures of a month, and packs."""
# ruff: noqa: PLC0415 - what a command does is loaded once it is called

from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.cli.calling import Database, in_words, place_of, until_done
from bot.cli.terminal import out

_Policy = Annotated[
    Path | None, typer.Option(help="The house rules; the ones in the settings if left out.")
]
_Out = Annotated[
    Path | None, typer.Option("--out", help="The file to write; the standard output if left out.")
]


def add_to(cli: typer.Typer) -> None:
    """Let the command line have these commands."""
    cli.command("transparency")(transparency)
    cli.command("pack")(pack)


@in_words
def transparency(  # noqa: PLR0913 - one for each option
    *,
    month: Annotated[str, typer.Option(help="The month, as 2026-11; with --dsa… also a year.")],
    form: Annotated[
        Literal["html", "csv", "json"],
        typer.Option("--format", help="A page to publish, a table, or JSON."),
    ] = "html",
    dsa: Annotated[
        bool,
        typer.Option("--dsa", help="Instead, rows for the EU's harmonised report, exact, as CSV."),
    ] = False,
    dsa_statements: Annotated[
        bool,
        typer.Option(
            "--dsa-statements", help="Instead, statements for the EU's database, as JSON."
        ),
    ] = False,
    dsa_part: Annotated[
        int | None,
        typer.Option(
            "--dsa-part",
            help="Instead, a part of the EU's template, by its number, as CSV: 1, 4, 5, 6, 7 or 8.",
        ),
    ] = None,
    database: Database = None,
    policy: _Policy = None,
    to: _Out = None,
) -> None:
    """Count a month for the public: reports, decisions, how long they took, contests."""
    from bot.cli import transparency as counting

    wanted = counting.wanted(form, dsa=dsa, statements=dsa_statements, part=dsa_part)
    made = counting.counted(place_of(database), policy, month, wanted, dsa_part or 0)
    said = until_done(made)
    hand_out(said, to)


@in_words
def pack(
    case: Annotated[
        int, typer.Argument(help="The case's number, as on its card.", min=1, max=10**15)
    ],
    *,
    form: Annotated[
        Literal["html", "json"], typer.Option("--format", help="A page that prints, or JSON.")
    ] = "html",
    without_texts: Annotated[
        bool,
        typer.Option(
            "--without-texts", help="Leave out what anybody wrote, for a copy to pass on."
        ),
    ] = False,
    database: Database = None,
    policy: _Policy = None,
    to: _Out = None,
) -> None:
    """Put together all that is on record of a case, with the proof, for a regulator or a court."""
    from bot.cli.pack import packed

    said = until_done(packed(place_of(database), policy, case, form, withheld=without_texts))
    hand_out(said, to)


def hand_out(said: str, to: Path | None) -> None:
    """Write a document to a file of its own, or to the standard output."""
    from bot.cli.documents import write_out

    write_out(said, to)
    if to is not None:
        out.print(f"Written to {to}.")
