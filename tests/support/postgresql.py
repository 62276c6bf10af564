"""A PostgreSQL to hold the statements against, with the tables that SQLite's migrations made."""

import os
import pwd
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

_TYPES = {"INTEGER": "bigint", "TEXT": "text", "BLOB": "bytea", "REAL": "double precision"}
_TABLES = """
SELECT name FROM sqlite_master
WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'words%'
"""
_VIEWS = "SELECT sql FROM sqlite_master WHERE type = 'view'"
_INDEX = "SELECT sql FROM sqlite_master WHERE name = ?"
_REFUSED = re.compile(r"psql:[^:]+:(\d+): ERROR:\s+(.+?)(?: at character \d+)?")
_COMMENT = re.compile(r"--[^\n]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgreSQL:
    """One that runs, reached through a socket in its folder."""

    programs: Path
    folder: Path
    fsync: bool = False

    def start(self) -> None:
        options = (
            f"-c listen_addresses='' -c fsync={'on' if self.fsync else 'off'} -k {self.folder}"
        )
        self._control("-o", options, "start")

    def stop(self, how: str = "immediate") -> None:
        self._control("-m", how, "stop")

    @contextmanager
    def standby(self) -> Iterator["PostgreSQL"]:
        """Run another server that follows this one while the block lasts."""
        with tempfile.TemporaryDirectory(prefix="comment-desk-") as made:
            other = replace(self, folder=Path(made))
            account = _account(other.folder)
            copied = ("-R", "-X", "stream", "-c", "fast", "-h", self.folder, "-U", "desk")
            _do(self.programs / "pg_basebackup", *copied, "-D", other.folder / "data", **account)
            other.start()
            with _ending_with_us(other):
                try:
                    yield other
                finally:
                    other.stop()

    def _control(self, *said: str) -> None:
        server = ("-D", self.folder / "data", "-w", "-s", "-l", self.folder / "log")
        _do(self.programs / "pg_ctl", *server, *said, **_account(self.folder))

    def refused(self, statements: Sequence[str]) -> Mapping[int, str]:
        """Run statements one after another; return what it says of those that it refuses."""
        lines = [" ".join(_COMMENT.sub("", statement).split()) for statement in statements]
        asked = (self.programs / "psql", "-Xq", "-h", self.folder, "-U", "desk", "-d", "postgres")
        said = subprocess.run(  # noqa: S603 - our own command
            (*asked, "-v", "VERBOSITY=terse", "-f", "-"),
            input="".join(f"{line};\n" for line in lines),
            capture_output=True,
            text=True,
            check=True,
        ).stderr
        found = [match for line in said.splitlines() if (match := _REFUSED.fullmatch(line))]
        assert len(found) == len(said.splitlines()), said
        return {int(match[1]) - 1: match[2] for match in found}


@contextmanager
def running(*, fsync: bool = False) -> Iterator[PostgreSQL]:
    """Run a server of its own while the block lasts; the test is skipped where there is none.

    With `fsync` what it has committed would outlive the machine.
    """
    found = programs()
    with tempfile.TemporaryDirectory(prefix="comment-desk-") as made:
        folder = Path(made)
        account = _account(folder)
        data = folder / "data"
        _do(found / "initdb", "-D", data, "-U", "desk", "-A", "trust", "-E", "UTF8", **account)
        server = PostgreSQL(programs=found, folder=folder, fsync=fsync)
        server.start()
        with _ending_with_us(server):
            try:
                yield server
            finally:
                server.stop()


@contextmanager
def _ending_with_us(server: PostgreSQL) -> Iterator[None]:
    """See that the server ends if this process is killed while the block lasts.

    It runs in a session of its own, so that no signal for our group reaches it. Neither does one
    reach the shell that waits for our end of the pipe to close, and then stops the server.
    """
    command = (server.programs / "pg_ctl", "-D", server.folder / "data", "-m", "immediate", "-s")
    with subprocess.Popen(  # noqa: S603 - our own command
        (
            "/bin/sh",
            "-c",
            'read -r done || { "$@"; rm -rf "$0"; }',
            server.folder,
            *command,
            "stop",
        ),
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **_account(server.folder),
    ) as waiting:
        yield
        waiting.communicate(b"done\n")


def tables(database: sqlite3.Connection) -> list[str]:
    """Return what makes the same tables, keys and views, as far as names and types go."""
    # What finds words is each engine's own; here it is only something to name.
    made = ["CREATE TABLE words (rowid bigint, text text, author text, story text)"]
    for (name,) in database.execute(_TABLES).fetchall():
        made += [_table(database, name), *_keys(database, name)]
    return [*made, *(sql for (sql,) in database.execute(_VIEWS).fetchall())]


def _table(database: sqlite3.Connection, name: str) -> str:
    columns = database.execute(f"PRAGMA table_info({name})").fetchall()
    key = [column[1] for column in sorted(columns, key=lambda column: column[5]) if column[5]]
    parts = [f"{column[1]} {_TYPES[column[2]]}" for column in columns]
    parts += [f"PRIMARY KEY ({', '.join(key)})"] if key else []
    return f"CREATE TABLE {name} ({', '.join(parts)})"


def _keys(database: sqlite3.Connection, table: str) -> Iterator[str]:
    indexes = database.execute(f"PRAGMA index_list({table})").fetchall()
    for _, name, unique, origin, _ in indexes:
        if unique and origin == "u":
            columns = [row[2] for row in database.execute(f"PRAGMA index_info({name})").fetchall()]
            yield f"CREATE UNIQUE INDEX ON {table} ({', '.join(columns)})"
        elif unique and origin == "c":
            yield database.execute(_INDEX, (name,)).fetchone()[0]


def programs() -> Path:
    """Return the folder of its programs; Debian keeps them off the path."""
    found = [Path(found).resolve().parent] if (found := shutil.which("initdb")) else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in found:
        if all((folder / program).exists() for program in ("initdb", "pg_ctl", "psql")):
            return folder
    return pytest.skip("there is no PostgreSQL here; Debian's package is postgresql")


def _account(folder: Path) -> Mapping[str, Any]:
    """Return as whom to run it: it refuses to be root."""
    if os.geteuid() != 0:
        return {}
    try:
        account = pwd.getpwnam("postgres")
    except KeyError:
        return pytest.skip("there is no account postgres, and PostgreSQL does not run as root")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _do(*command: str | Path, **account: Any) -> None:
    subprocess.run(  # noqa: S603 - our own commands
        command, cwd="/", check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **account
    )
