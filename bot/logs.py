"""The log: one line an event, and nothing in it that a log should not hold."""

import logging
import re
import sys
from typing import TextIO

_SECRETS = re.compile(
    r"whsec_[\w+/=-]+"  # signing secrets
    r"|[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"  # Discord's tokens
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"  # e-mail addresses
    r"|(?<=/interactions/)[^\s'\"]+"  # tokens in interaction and webhook addresses
    r"|(?<=/webhooks/)[^\s'\"]+"
)

_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class Redacting(logging.Formatter):
    """Formats a line, traces included, and takes secrets and addresses out of it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line as it may be kept."""
        return _SECRETS.sub("[left out]", super().format(record))


def set_up(level: str, *, stream: TextIO | None = None) -> None:
    """Send every log line of this process, the libraries' too, through one handler."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Redacting(_FORMAT))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # discord.py says at INFO what we say ourselves, and aiohttp logs a line a request.
    logging.getLogger("discord").setLevel(max(root.level, logging.WARNING))
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
