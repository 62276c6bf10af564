"""One PostgreSQL connection as the tables know it, through psycopg."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import lru_cache
from itertools import count
from random import randrange
from time import monotonic, sleep
from typing import Any, Final

import psycopg
from psycopg import pq

from bot.store.engine.connection import Rows, Words
from bot.store.engine.postgresql import WORDS, PostgresqlServer, numbered
from bot.store.engine.postgresql_errors import READ_ONLY, translated
from bot.store.engine.postgresql_values import adapt
from bot.store.errors import StoreAway, StoreTrouble, StoreUnsure, TakenOver

Driver = psycopg.Connection[tuple[Any, ...]]
"""A connection of the driver's."""

WRITING: Final = (0x434F4D44, 1)
"""The lock that whoever writes waits for: the letters COMD, and the first of the desk's locks."""

# Those who write take turns, whichever process they are in, as they do on SQLite: what a work reads
# is what stands until it has written, so there is one chain and nothing to try again.
# Each statement sees what was kept before it, whatever the database's own settings say: one that saw
# only what was kept before the turn came would not see the newest line of the record.
_BEGIN: Final = (
    b"BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(%d, %d); "
    b"SELECT pg_current_xact_id()"
) % WRITING
_BEGIN_READING: Final = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
# To claim something waits for nobody: rows are locked one by one, and those that are locked left out.
_BEGIN_CLAIMING: Final = b"BEGIN ISOLATION LEVEL READ COMMITTED"
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
_STATUS: Final = "SELECT pg_xact_status(CAST(CAST(? AS text) AS xid8))"
_STATUS_WITHIN: Final = 5.0
_STATUS_AGAIN_AFTER: Final = 0.2
"""Seconds within which it is asked, again and again, what became of a transaction."""

_SETTINGS: Final = (
    "SET client_min_messages = warning",
    "SET standard_conforming_strings = on",
    # What an account or a database was given as its own is not meant for the desk, which waits for
    # its turn, and brings its tables up to date, for as long as that takes.
    """
    SELECT set_config(name, '0', false) FROM pg_settings WHERE setting <> '0' AND name IN
    ('statement_timeout', 'lock_timeout', 'idle_session_timeout', 'transaction_timeout')
    """,
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
    "client_encoding": "utf8",
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
    if driver.execute("SELECT pg_is_in_recovery()").fetchone() != (False,):
        raise StoreAway(READ_ONLY)


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
        self._writes = ""
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

    def commit(self) -> None:
        """Keep what was written; where the connection is lost meanwhile, find out whether it was.

        Raises:
            StoreUnsure: It is not known.
            StoreTrouble: Nothing of it was kept.
        """
        writes = self._writes
        try:
            self._cursor.execute("COMMIT")
        except psycopg.Error as error:
            if not self._driver.closed or not self._was_kept(writes):
                raise translated(error) from error

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

    def _was_kept(self, writes: str) -> bool:
        """Ask the server, once it is back, what became of a transaction of that number."""
        end = monotonic() + _STATUS_WITHIN
        while monotonic() < end:
            with suppress(StoreTrouble):
                if self._driver.closed:
                    self._connect()
                [status] = self.run(_STATUS, (writes,)).fetchone()
                if status != "in progress":
                    return status == "committed"
            sleep(_STATUS_AGAIN_AFTER)
        raise StoreUnsure

    def _connect(self) -> None:
        self._driver = self._anew()
        self._cursor = self._driver.cursor()

    def _begin(self, sql: bytes) -> None:
        with ExitStack() as undone:
            undone.callback(self._roll_back)
            if not self._begun(sql):
                self._connect()
                with translating():
                    self._cursor.execute(sql)
            if sql is _BEGIN:
                self._writes = self._said_last()
            if self._as_desk is not None and self.run(_DESKS).fetchone()[0] != self._as_desk:
                raise TakenOver
            undone.pop_all()

    def _said_last(self) -> str:
        """Return what the last of several statements found."""
        while self._cursor.nextset():
            pass
        return str((self._cursor.fetchone() or [""])[0])

    def _roll_back(self) -> None:
        if self.in_transaction:
            with suppress(psycopg.Error):
                self._driver.execute("ROLLBACK")

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
