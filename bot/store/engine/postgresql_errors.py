"""What PostgreSQL says, as sentences for the person who runs the desk."""

from typing import Final

import psycopg
from psycopg import errors

from bot.store.errors import NoSuchNumber, StoreAway, StoreDamaged, StoreTrouble

UNREACHABLE: Final = (
    "The PostgreSQL server of the desk cannot be reached. Nothing of this was kept; the desk tries "
    "again by itself. See that the server runs, and that DESK_DATABASE_URL names it."
)
READ_ONLY: Final = (
    "The database cannot be written to. See that it is no standby of another server, and that "
    "neither it nor the desk's account is set to default_transaction_read_only."
)
_BROKEN_OFF: Final = (
    "The PostgreSQL server broke this off, and nothing of it was kept. Try again; if that does not "
    "help, whoever runs the server finds the reason in its log."
)
_SENTENCES: Final = {
    "53100": "The disk of the server is full. Free some space; nothing that was confirmed is lost.",
    "53200": "The server is out of memory. Give it more; nothing that was confirmed is lost.",
    "58030": "The disk of the server failed to read or write. Check its health before going on.",
    "25006": READ_ONLY,
    "42501": "The desk's account may not do that in its database. Make it the owner of it.",
    "28P01": "The server refuses the password. Mend DESK_DATABASE_URL.",
    "28000": "The server does not let the desk in. Mend DESK_DATABASE_URL, or the server's rules.",
    "3D000": "There is no such database on the server. Make it, or mend DESK_DATABASE_URL.",
    "53300": "The server has no connection left. Let it take more: max_connections.",
    **dict.fromkeys(("25P03", "40001", "40P01", "55P03", "57014"), _BROKEN_OFF),
}
_OF_THE_LINE: Final = ("08", "57P")
"""What the codes begin with by which a server ends a connection, or takes none."""
_ON_CONNECTING: Final = (
    ("password authentication failed", "28P01"),
    ("no pg_hba.conf entry", "28000"),
    ("role ", "28000"),
    ("not permitted to log in", "28000"),
    ("permission denied for database", "42501"),
    ("too many ", "53300"),
    ("remaining connection slots", "53300"),
    ("does not exist", "3D000"),
)
"""What a server that refuses a connection says, which it does without a code."""


def translated(error: psycopg.Error) -> Exception:
    """Return an error of the driver's as one of ours."""
    code = error.sqlstate or ""
    if code == errors.NumericValueOutOfRange.sqlstate:
        return NoSuchNumber("There is nothing of that number: it is longer than any here.")
    if code in {"XX001", "XX002"}:
        return StoreDamaged()
    if code in _SENTENCES:
        return StoreAway(_SENTENCES[code])
    if code.startswith(_OF_THE_LINE) or (not code and _is_of_the_line(error)):
        return StoreAway(_said_on_connecting(str(error)) or UNREACHABLE)
    return StoreTrouble(f"The database refused: {error.diag.message_primary or error}.")


def _is_of_the_line(error: psycopg.Error) -> bool:
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


def _said_on_connecting(words: str) -> str | None:
    _, refused, why = words.partition("FATAL: ")
    if not refused or "the database system" in why:
        return None
    return next((_SENTENCES[code] for part, code in _ON_CONNECTING if part in why), None)
