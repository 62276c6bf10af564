"""One PostgreSQL connection as the tables know it, through psycopg."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import lru_cache
from itertools import count
from random import randrange
from typing import Any, Final

import psycopg
from psycopg import errors, pq

from bot.store.engine.connection import Rows, Words
from bot.store.engine.postgresql import WORDS, PostgresqlServer, numbered
from bot.store.engine.postgresql_values import adapt
from bot.store.errors import NoSuchNumber, StoreDamaged, StoreTrouble, TakenOver

Driver = psycopg.Connection[tuple[Any, ...]]
"""A connection of the driver's."""

WRITING: Final = (0x434F4D44, 1)
"""The lock that whoever writes waits for: the letters COMD, and the first of the desk's locks."""

# Those who write take turns, whichever process they are in, as they do on SQLite: what a work reads
# is what stands until it has written, so there is one chain and nothing to try again.
_BEGIN: Final = b"BEGIN; SELECT pg_advisory_xact_lock(%d, %d)" % WRITING
_BEGIN_READING: Final = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
# To claim something waits for nobody: rows are locked one by one, and those that are locked left out.
_BEGIN_CLAIMING: Final = b"BEGIN"
_CLAIMING: Final = WRITING[0] + 1
_HOLD: Final = f"SELECT pg_advisory_lock({_CLAIMING}, CAST(? AS integer))"
_HELD: Final = f"""
SELECT CAST(objid AS bigint) FROM pg_locks
WHERE locktype = 'advisory' AND classid = {_CLAIMING} AND objsubid = 2
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""  # noqa: S608 - a number of ours
CHANNEL: Final = "comment_desk"
_TELL: Final = f"SELECT pg_notify('{CHANNEL}', ?)"
_NEW_IDS: Final = """
SELECT nextval(pg_get_serial_sequence(CAST(? AS text), 'id')) FROM generate_series(1, ?)
"""
_ONE_MORE: Final = "UPDATE comment_desk SET desks = desks + 1"
_UNLOCK: Final = b"SELECT pg_advisory_unlock_all()"
_DESKS: Final = "SELECT desks FROM comment_desk"

_SETTINGS: Final = (
    "SET client_min_messages = warning",
    "SET standard_conforming_strings = on",
    # A desk that hangs within a transaction keeps all others from writing.
    "SET idle_in_transaction_session_timeout = '60s'",
    # Statements are short, and compiling one would take longer than running it.
    "SET jit = off",
    # What is answered is on disk, whatever the server does for others.
    """
    SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') = 'off'
    """,
)
KEEPING: Final[dict[str, Any]] = {
    "application_name": "comment-desk",
    "connect_timeout": 10,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""A server that is gone without a word is noticed in some ten seconds."""

_OLDEST: Final = 130_000

_MANY: Final = 1_000
"""Statements that the server keeps ready for a connection; the store has fewer."""

_AT_ONCE: Final = 200  # rows fetched in one go of those that are read one by one


def connect(server: PostgresqlServer) -> Driver:
    """Return a connection on which transactions are begun and ended by hand.

    Raises:
        StoreTrouble: The server cannot be reached, or is none for a desk.
    """
    with translating():
        try:
            driver = psycopg.connect(
                server.url, autocommit=True, cursor_factory=psycopg.RawCursor, **KEEPING
            )
        except psycopg.ProgrammingError:
            raise StoreTrouble(
                "DESK_DATABASE_URL cannot be read. It looks like this: "
                "postgresql://desk:password@db.example/desk"
            ) from None
        with ExitStack() as unusable:
            unusable.callback(driver.close)
            _check(driver)
            _settle(driver)
            unusable.pop_all()
    return driver


def _check(driver: Driver) -> None:
    if driver.info.server_version < _OLDEST:
        raise StoreTrouble("That PostgreSQL is too old. Version 13 or newer is needed.")
    if driver.info.parameter_status("server_encoding") != "UTF8":
        raise StoreTrouble(
            "That database does not hold every letter. Make one for the desk: "
            "CREATE DATABASE desk ENCODING 'UTF8' TEMPLATE template0"
        )


def _settle(driver: Driver) -> None:
    driver.prepare_threshold = 2
    driver.prepared_max = _MANY
    adapt(driver)
    for setting in _SETTINGS:
        driver.execute(setting)


class PostgresqlConnection:
    """A connection of the driver's, as the tables know it; made anew once it is lost."""

    def __init__(self, anew: Callable[[], Driver]) -> None:
        """Connect.

        Args:
            anew: Makes a connection.
        """
        self.words: Words = WORDS
        self._anew = anew
        self._names = count(1)
        self._driver = anew()
        self._cursor = self._driver.cursor()
        self._as_desk: int | None = None
        self._begin_reading = _BEGIN_READING
        self._claimer: tuple[Driver, int] | None = None
        self.passing_over = "FOR UPDATE OF outbox SKIP LOCKED"

    def take_over(self) -> int:
        """Become the one desk that runs, and return its number: how many there have been.

        From then on no desk of a smaller number reads or writes anything more.
        """
        self.begin()
        self.run(_ONE_MORE)
        number = int(self.run(_DESKS).fetchone()[0])
        self.run("COMMIT")
        self.be_desk(number)
        return number

    def be_desk(self, number: int) -> None:
        """Begin transactions only as long as the desk of that number is the one that runs."""
        self._as_desk = number

    def tell(self, word: str) -> None:
        """Say a word to the other processes once the transaction is kept."""
        self.run(_TELL, (word,))

    def be_for_claims(self) -> None:
        """Let what is read be changed as well, for which nobody's turn is waited for."""
        self._begin_reading = _BEGIN_CLAIMING

    @property
    def claimer(self) -> int:
        """By which number this connection claims work; a new one after it was lost."""
        if self._claimer is None or self._claimer[0] is not self._driver:
            number = randrange(1, 2**31)  # noqa: S311 - guards nothing
            self.run(_HOLD, (number,))
            self._claimer = (self._driver, number)
        return self._claimer[1]

    def gone(self, claimers: Sequence[int]) -> Sequence[int]:
        """Return those of some whose connections have ended."""
        if not set(claimers) - {self.claimer}:
            return ()
        held = {number for (number,) in self.run(_HELD).fetchall()}
        return [number for number in claimers if number not in held]

    @property
    def driver(self) -> Driver:
        """The connection that is used now."""
        return self._driver

    def run(self, sql: str, values: Sequence[Any] = (), /) -> Rows:
        """Run a statement on the one cursor that all tables share.

        Raises:
            StoreTrouble: The server refused it, or cannot be reached.
        """
        # The block that translates errors would be entered a dozen times a report.
        try:
            return _Found(self._cursor.execute(_said(sql), values or None))
        except psycopg.Error as error:
            raise translated(error) from error

    def run_each(self, sql: str, rows: Sequence[Sequence[Any]], /) -> Rows:
        """Run a statement once for each row, without waiting for one before the next is sent.

        Raises:
            StoreTrouble: The server refused one, or cannot be reached.
        """
        with translating():
            self._cursor.executemany(_said(sql), rows)
        return _Found(self._cursor)

    @contextmanager
    def rows(self, sql: str, values: Sequence[Any]) -> Generator[Iterator[Any]]:
        """Yield rows as they are asked for, until the block is left."""
        cursor = psycopg.RawServerCursor(self._driver, f"rows_{next(self._names)}")
        cursor.itersize = _AT_ONCE
        with translating(), closing(cursor):
            cursor.execute(_said(sql), values or None)
            yield iter(cursor)

    def add(self, sql: str, values: Sequence[Any]) -> int:
        """Insert one row, and return the id that it was given."""
        row = self.run(f"{sql} RETURNING id", values).fetchone()
        return int(row[0]) if row else 0

    def new_ids(self, table: str, number: int) -> Sequence[int]:
        """Return the ids that so many new rows of a table are to have, of those nobody else gets."""
        return [int(row[0]) for row in self.run(_NEW_IDS, (table, number))]

    def tidy(self, *, begins: bool) -> bool:  # noqa: ARG002 - SQLite's index needs it
        """Return that nothing is left to do: the server takes words out of its index by itself."""
        return False

    def begin(self) -> None:
        """Begin a transaction that will write, once nobody else does; connect anew if need be."""
        self._begin(_BEGIN)

    def begin_reading(self) -> None:
        """Begin a transaction that reads one state; connect anew if need be."""
        self._begin(self._begin_reading)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction goes on, or waits to be rolled back after an error."""
        ended = (pq.TransactionStatus.IDLE, pq.TransactionStatus.UNKNOWN)
        return self._driver.info.transaction_status not in ended

    def close(self) -> None:
        """Close the connection, and let go of its locks before, which the server does later."""
        with suppress(psycopg.Error):
            self._driver.execute(_UNLOCK)
        self._driver.close()

    def _begin(self, sql: bytes) -> None:
        if not self._begun(sql):
            self._driver = self._anew()
            self._cursor = self._driver.cursor()
            with translating():
                self._cursor.execute(sql)
        if self._as_desk is not None and self.run(_DESKS).fetchone()[0] != self._as_desk:
            self.run("ROLLBACK")
            raise TakenOver

    def _begun(self, sql: bytes) -> bool:
        """Begin a transaction; false if there is no connection any more."""
        if self._driver.closed:
            return False
        try:
            self._cursor.execute(sql)
        except psycopg.Error as error:
            if not self._driver.closed:
                raise translated(error) from error
            return False
        return True


class _Found:
    """What a statement found; nothing where it is none that finds, as with SQLite's driver."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: psycopg.Cursor[tuple[Any, ...]]) -> None:
        self._cursor = cursor

    @property
    def rowcount(self) -> int:
        """How many rows a statement wrote."""
        return self._cursor.rowcount

    def fetchone(self) -> Any:
        """Return the next row, `None` after the last."""
        return self._cursor.fetchone() if self._cursor.description else None

    def fetchall(self) -> list[Any]:
        """Return all rows that are left."""
        return self._cursor.fetchall() if self._cursor.description else []

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchall())


_UNREACHABLE: Final = (
    "The PostgreSQL server of the desk cannot be reached. Nothing of this was kept; the desk tries "
    "again by itself. See that the server runs, and that DESK_DATABASE_URL names it."
)
_SENTENCES: Final = {
    "53100": "The disk of the server is full. Free some space; nothing that was confirmed is lost.",
    "25006": "The database cannot be written to. See that it is no standby of another server.",
    "42501": "The desk's account may not do that in its database. Make it the owner of it.",
    "28P01": "The server refuses the password. Mend DESK_DATABASE_URL.",
    "28000": "The server does not let the desk in. Mend DESK_DATABASE_URL, or the server's rules.",
    "3D000": "There is no such database on the server. Make it, or mend DESK_DATABASE_URL.",
    "53300": "The server has no connection left. Let it take more: max_connections.",
}


def translated(error: psycopg.Error) -> Exception:
    """Return an error of the driver's as one of ours."""
    code = error.sqlstate or ""
    if code == errors.NumericValueOutOfRange.sqlstate:
        return NoSuchNumber("There is nothing of that number: it is longer than any here.")
    if code in {"XX001", "XX002"}:
        return StoreDamaged()
    if code in _SENTENCES:
        return StoreTrouble(_SENTENCES[code])
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return StoreTrouble(_said_on_connecting(str(error)) or _UNREACHABLE)
    return StoreTrouble(f"The database refused: {error.diag.message_primary or error}.")


def _said_on_connecting(words: str) -> str | None:
    """Return the sentence for a server that refuses a connection, which it does without a code."""
    for part, code in (
        ("password authentication failed", "28P01"),
        ("no pg_hba.conf entry", "28000"),
        ("too many clients", "53300"),
        ("does not exist", "3D000"),
    ):
        if part in words:
            return _SENTENCES[code]
    return None


@contextmanager
def translating() -> Generator[None]:
    """Raise what the driver raises as ours."""
    try:
        yield
    except psycopg.Error as error:
        raise translated(error) from error


@lru_cache(maxsize=2 * _MANY)
def _said(sql: str) -> bytes:
    return numbered(sql).encode()
