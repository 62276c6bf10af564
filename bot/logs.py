"""The log: one line an event, and nothing in it that a log should not hold."""

import logging
import re
import sys
import traceback
from types import TracebackType
from typing import TextIO

from bot.domain.errors import DeskError

_SECRETS = re.compile(
    r"whsec_[\w+/=-]+"  # signing secrets
    r"|[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"  # Discord's tokens
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"  # e-mail addresses
    r"|(?<=/interactions/)[^\s'\"]+"  # tokens in interaction and webhook addresses
    r"|(?<=/webhooks/)[^\s'\"]+"
)

_OURS = {"bot", "cogs", "config"}

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class Redacting(logging.Formatter):
    """Formats a line, traces included, and takes secrets and addresses out of it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line as it may be kept."""
        return _SECRETS.sub("[left out]", super().format(record))

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - the library's name
        """Return where an error and its causes came from, and their words where those are ours.

        Others' errors quote the values that they stumble over.
        """
        lines: list[str] = []
        error = ei[1]
        while error is not None:
            lines += traceback.format_tb(error.__traceback__)
            words = str(error) if isinstance(error, DeskError) else ""
            lines.append(f"{type(error).__name__}{': ' if words else ''}{words}\n")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "".join(lines).rstrip("\n")


def _may_be_kept(record: logging.LogRecord) -> bool:
    """Drop what libraries say below a warning: at DEBUG they quote all that they handle."""
    if record.name.partition(".")[0] in _OURS:
        return True
    if record.name == "asyncio":
        # The first line says what failed; those below quote the things that were at work.
        record.msg, record.args = record.getMessage().partition("\n")[0], None
    return record.levelno >= logging.WARNING


def set_up(level: str, *, stream: TextIO | None = None) -> None:
    """Send every log line of this process, the libraries' too, through one handler."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Redacting(_FORMAT))
    handler.addFilter(_may_be_kept)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # discord.py says at INFO what we say ourselves, and aiohttp logs a line a request.
    logging.getLogger("discord").setLevel(max(root.level, logging.WARNING))
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
