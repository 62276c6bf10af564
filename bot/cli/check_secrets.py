"""Whether others can read what only the desk may, and whether a secret is weak or old."""

import base64
import binascii
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from bot.cli.envfile import read
from bot.domain.errors import DeskError
from bot.domain.lines import count
from bot.domain.site import Finding
from config.secrets import files_named, secrets_in
from config.settings import Settings

ENV_FILE: Final = Path(".env")
OLD: Final = timedelta(days=365)
"""After this a secret should be changed, whoever has had it meanwhile."""

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_GIVEN: Final = Path("/run")
"""What lies below was put there for this one service by whatever runs it, with rights of its own."""
_EXPORTED: Final = ("*.jsonl", "*.csv")
"""What `comment-desk export` is told to write; where it lies beside the database, it is looked at."""
_DRAWN: Final = ("__SECRETS", "__OUTGOING_SECRETS", "__REPORTER_SALT")
_CHOSEN: Final = "__PASSWORD"
_LOG_IN: Final = re.compile(r"^[^:/]+://[^/?#]*?:([^/?#]+)@")
"""How a password stands in an address; what else may be secret there somebody else has made."""
_PREFIX: Final = "whsec_"
_FEWEST: Final = 8
"""Different characters at least; by chance a secret of its length has twice as many."""
_LONG: Final = 60
"""Characters of a secret in which a word may stand by chance, or for no harm."""
_SHORTEST_PASSWORD: Final = 12
_COMMON: Final = ("changeme", "change-me", "password", "passwort", "example", "12345", "qwerty")
_SHOWN: Final = 3


def check_files(settings: Settings, env_file: Path = ENV_FILE) -> Finding:
    """Say which files others on this machine can read, of those that only the desk may."""
    name = "Files"
    there = [path for path in _private(settings, env_file) if path.exists()]
    open_to_others = [path for path in there if path.stat().st_mode & _OTHERS]
    if not open_to_others:
        return Finding(name=name, good=True, words=f"{count(len(there), 'file')}, all private")
    return Finding(
        name=name,
        good=False,
        words=f"others on this machine can read {_first_of(open_to_others)}",
        mend=(f"chmod 600 {' '.join(map(str, open_to_others))}",),
    )


def _first_of(paths: Sequence[Path]) -> str:
    shown = ", ".join(map(str, paths[:_SHOWN]))
    more = len(paths) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def check_secrets(
    settings: Settings, now: datetime, env_file: Path = ENV_FILE
) -> Iterator[Finding]:
    """Say which secrets are weak, and how long the oldest has not been changed."""
    secrets, name = [*secrets_in(settings)], "Secrets"
    for setting, secret in secrets:
        words = _weakness(setting, secret)
        if words:
            mend = ("Make another: docs/security.md says how each is changed.",)
            yield Finding(name=name, good=False, words=f"{setting} {words}", mend=mend)
            return
    key = settings.anchor.key_of(settings.database.absolute())
    ages = _ages({setting for setting, _ in secrets}, env_file, key, now)
    age, setting = max(((age, setting) for setting, age in ages), default=(timedelta(), ""))
    if age > OLD:
        words = f"{setting} has not been changed for {age.days // 30} months"
        mend = ("Change it soon: docs/security.md says how, without losing a report.",)
        yield Finding(name=name, good=True, words=words, mend=mend)
    else:
        yield Finding(name=name, good=True, words=f"{count(len(secrets), 'secret')}, none weak")


def _private(settings: Settings, env_file: Path) -> Iterator[Path]:
    database = settings.database.absolute()
    yield from (env_file, env_file.with_name(f"{env_file.name}.setup"))
    if database.parent.is_dir():
        beside = (f"{database.name}*", *_EXPORTED)
        yield from sorted({path for one in beside for path in database.parent.glob(one)})
    copies = settings.backups.folder_of(database)
    if copies.is_dir():
        yield from sorted(path for path in copies.iterdir() if path.is_file())
    anchor = settings.anchor
    outside = {anchor.key_of(database), *_secret_files(env_file).values()}
    yield from sorted(path for path in outside if not path.absolute().is_relative_to(_GIVEN))


def _secret_files(env_file: Path) -> Mapping[str, Path]:
    try:
        of_file = read(env_file)
    except DeskError:
        of_file = {}
    return files_named({**of_file, **os.environ}, Settings)


def _ages(
    settings: set[str], env_file: Path, key: Path, now: datetime
) -> Iterator[tuple[str, timedelta]]:
    """Yield how long ago the file was written in which a secret stands; others' age nobody knows."""
    files = _secret_files(env_file)
    try:
        in_env_file = set(read(env_file)) - {name.upper() for name in os.environ}
    except DeskError:
        in_env_file = set[str]()
    for setting in sorted(settings):
        path = files.get(setting) or (env_file if setting in in_env_file else None)
        if path is not None and path.exists():
            yield setting, _age(path, now)
    if key.exists():
        yield "DESK_ANCHOR__KEY_PATH", _age(key, now)


def _age(path: Path, now: datetime) -> timedelta:
    return now - datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _weakness(setting: str, secret: str) -> str:
    log_in, is_drawn = _LOG_IN.match(secret), setting.endswith(_DRAWN)
    said = unquote(log_in[1]) if log_in is not None else secret
    if any(word in said.lower() for word in _COMMON) and len(said) < _LONG:
        return "is one that anybody would try"
    if is_drawn:
        return _not_drawn(secret)
    if log_in is None and not setting.endswith(_CHOSEN):
        return ""  # made by Discord or a platform, which knows what it takes
    short = len(said) < _SHORTEST_PASSWORD
    return f"has only {count(len(said), 'character')}" if short else ""


def _not_drawn(secret: str) -> str:
    """Say of what should be drawn by chance that it was not: few characters, or typed ones."""
    drawn: Sequence[int | str] = secret
    if secret.startswith(_PREFIX):
        try:
            drawn = base64.b64decode(secret.removeprefix(_PREFIX))
        except binascii.Error:
            return "is not as secrets are made"
    return "" if len({*drawn}) >= _FEWEST else "repeats a few characters"
