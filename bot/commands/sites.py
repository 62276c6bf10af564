"""`comment-desk sites`: what an admin does about the comment platforms."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, get_args

import typer
from rich.console import Console
from rich.markup import escape

from bot.commands.check_site import Surroundings
from bot.commands.connect import Plan, connect
from bot.domain.finding import Finding
from config.policy import load_policy
from config.sites import Kind

app = typer.Typer(help="Connect comment platforms.", no_args_is_help=True)
_out = Console(highlight=False, soft_wrap=True)


@app.callback()
def sites() -> None:
    """Connect comment platforms."""


@app.command("connect")
def connect_site(
    kind: Annotated[str, typer.Argument(help=f"One of {', '.join(get_args(Kind))}.")],
    url: Annotated[str, typer.Argument(help="The platform's own address.")],
    *,
    name: Annotated[str, typer.Option(help="A short name of your choice for the site.")] = "",
    env_file: Annotated[Path, typer.Option(help="Where the settings are added.")] = Path(".env"),
    policy: Annotated[
        Path | None, typer.Option(help="The house rules; those that ship if left out.")
    ] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="The address is in a private network.")
    ] = False,
) -> None:
    """Connect a site: credentials, settings, a first report, its hiding and the undo."""
    rules = load_policy(policy)
    surroundings = Surroundings(policy=lambda: rules, clock=lambda: datetime.now(UTC))
    plan = Plan(
        kind=kind,
        url=url,
        name=name or kind,
        env_file=env_file,
        allow_private=allow_private,
    )
    if not asyncio.run(connect(plan, Terminal(), surroundings)):
        raise typer.Exit(1)


class Terminal:
    """The admin's terminal."""

    def say(self, words: str) -> None:
        """Print something."""
        _out.print(escape(words))

    def show(self, finding: Finding) -> None:
        """Print what was looked at, and what to mend."""
        mark = "[green]✓[/green]" if finding.good else "[red]✗[/red]"
        _out.print(f"{mark} [bold]{escape(finding.name)}[/bold]  {escape(finding.words)}")
        for number, step in enumerate(finding.mend, start=1):
            _out.print(f"    {number}. {escape(step)}")

    def ask(self, question: str, *, hidden: bool, default: str | None) -> str:
        """Ask for a value."""
        answer: object = typer.prompt(
            question, default=default, hide_input=hidden, show_default=False
        )
        return str(answer).strip()

    def confirm(self, question: str) -> bool:
        """Ask whether to go on."""
        return typer.confirm(question)
