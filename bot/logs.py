"""The log: one line an event, and nothing in it that a log should not hold."""

import base64
import json
import logging
import re
import sys
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO
from urllib.parse import quote, quote_plus

from bot.domain.errors import DeskError
from bot.services.about import case_now, newsroom_now

_SECRETS = re.compile(
    r"whsec_[\w+/=-]+"  # signing secrets
    r"|[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"  # Discord's tokens
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"  # e-mail addresses
    r"|(?<=/interactions/)[^\s'\"]+"  # tokens in interaction and webhook addresses
    r"|(?<=/webhooks/)[^\s'\"]+"
)

_SHORTEST = 5
"""Characters of a secret at least, so that what is common in all lines is not taken out of them."""
_PIECE = re.compile(r"[^/:@?&=#]{8,}")
"""What of an address may be a secret by itself."""


class _Known:
    """The secrets of this desk's settings, however a line may spell them."""

    def __init__(self) -> None:
        self._spelt: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def add(self, secrets: Iterable[str]) -> None:
        for secret in secrets:
            for one in {secret, *_pieces(secret)}:
                self._spelt |= {spelt for spelt in _spellings(one) if len(spelt) >= _SHORTEST}
        longest_first = sorted(self._spelt, key=len, reverse=True)
        if longest_first:
            self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def left_out(self, line: str) -> str:
        return self._pattern.sub("[left out]", line) if self._pattern else line


def _pieces(secret: str) -> list[str]:
    """Return what may be a secret by itself in an address, of which the host after a log-in is none."""
    _, is_address, place = secret.partition("://")
    log_in, has_log_in, rest = place.rpartition("@")
    said = f"{log_in}/{rest.partition('/')[2]}" if has_log_in else place
    return _PIECE.findall(said) if is_address else []


def _spellings(secret: str) -> set[str]:
    return {
        secret,
        repr(secret)[1:-1],
        json.dumps(secret)[1:-1],
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        base64.b64encode(secret.encode()).decode().rstrip("="),
    }


_known = _Known()


def hide(secrets: Iterable[str]) -> None:
    """Let no line hold these from now on, in whatever form they have."""
    _known.add(secrets)


_OURS = {"bot", "cogs", "config"}

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
_NAMED = re.compile(r"\bcase (\d+)\b")
"""How a line names a case in its words."""


class Redacting(logging.Formatter):
    """Formats a line, traces included, and takes secrets and addresses out of it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line as it may be kept."""
        return _without_secrets(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        """Return the line without its trace; it names what is being worked on."""
        line, case, newsroom = super().formatMessage(record), case_now(), newsroom_now()
        about = [f"newsroom {newsroom}"] if newsroom else []
        if case and not _NAMED.search(record.message):
            about.append(f"case {case}")
        return f"{line} ({', '.join(about)})" if about else line

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


class JsonLines(Redacting):
    """Formats each record as one line of JSON: when, how grave, whose, what, and about what."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line as it may be kept."""
        message = record.getMessage()
        named = _NAMED.search(message)
        case = case_now() or (int(named[1]) if named else 0)
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, str | int] = {
            "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": _without_secrets(message),
        }
        if newsroom := newsroom_now():
            line["newsroom"] = newsroom
        if case:
            line["case"] = case
        if record.exc_info:
            line["trace"] = _without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def _without_secrets(words: str) -> str:
    return _SECRETS.sub("[left out]", _known.left_out(words))


def _may_be_kept(record: logging.LogRecord) -> bool:
    """Drop what libraries say below a warning: at DEBUG they quote all that they handle."""
    if record.name.partition(".")[0] in _OURS:
        return True
    if record.name == "asyncio":
        # The first line says what failed; those below quote the things that were at work.
        record.msg, record.args = record.getMessage().partition("\n")[0], None
    return record.levelno >= logging.WARNING


def set_up(level: str, *, stream: TextIO | None = None, as_json: bool = False) -> None:
    """Send every log line of this process, the libraries' too, through one handler."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if as_json else Redacting(_FORMAT))
    handler.addFilter(_may_be_kept)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # discord.py says at INFO what we say ourselves, and aiohttp logs a line a request.
    logging.getLogger("discord").setLevel(max(root.level, logging.WARNING))
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
