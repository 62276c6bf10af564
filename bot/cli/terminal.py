"""The admin's terminal."""

from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from bot.domain.finding import Finding

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def show(finding: "Finding") -> None:
    """Print what was looked at, and what to mend."""
    mark = "[green]✓[/green]" if finding.good else "[red]✗[/red]"
    out.print(f"{mark} [bold]{escape(finding.name)}[/bold]  {escape(finding.words)}")
    for number, step in enumerate(finding.mend, start=1):
        out.print(f"    {number}. {escape(step)}")


class Terminal:
    """Asks and tells an admin, as `connect` wants it."""

    def say(self, words: str) -> None:
        """Print something."""
        out.print(escape(words))

    def show(self, finding: "Finding") -> None:
        """Print what was looked at, and what to mend."""
        show(finding)

    def ask(self, question: str, *, hidden: bool, default: str | None) -> str:
        """Ask for a value."""
        answer: object = typer.prompt(
            question, default=default, hide_input=hidden, show_default=False
        )
        return str(answer).strip()

    def confirm(self, question: str) -> bool:
        """Ask whether to go on."""
        return typer.confirm(question)
