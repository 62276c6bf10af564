"""`check` says what others can read, and which secret is weak or old."""

import base64
import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli.check_secrets import check_files, check_secrets
from config.settings import Settings, load
from tests.unit.test_secret_files import in_file
from tests.unit.test_settings import COMPLETE

NOW = datetime.now(UTC)


@pytest.fixture
def load_with(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Settings]:
    """Settings as an admin has them in .env, with some of them otherwise."""
    monkeypatch.chdir(tmp_path)

    def made(**other: str) -> Settings:
        values = {**COMPLETE, "DESK_DATABASE": str(tmp_path / "desk.db"), **other}
        lines = [f"{name}='{value}'" for name, value in values.items()]
        path = tmp_path / ".env"
        path.write_text("\n".join(lines), encoding="utf-8")
        path.chmod(0o600)
        return load()

    return made


def drawn(size: int = 32) -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(size)).decode()


@pytest.mark.parametrize(
    "name",
    [
        ".env",
        ".env.setup",
        "desk.db",
        "desk.db-wal",
        "desk.db-shm",
        "desk.db.forgotten",
        "desk.db.anchor-key",
        "desk.db.anchors.jsonl",
        "desk.db.before-update-from-12",
        "desk.db.replaced-2026-11-27T10-00-00Z",
        "record.jsonl",
        "decisions.csv",
        "backups/desk-2026-11-27T03-00-00Z.db",
    ],
)
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o622, 0o777])
def test_a_file_that_others_can_use_is_a_cross(
    load_with: Callable[..., Settings], tmp_path: Path, name: str, mode: int
):
    settings = load_with()
    (tmp_path / "backups").mkdir()
    path = tmp_path / name
    path.touch()
    path.chmod(0o600)
    assert check_files(settings).good
    path.chmod(mode)
    found = check_files(settings)
    assert not found.good
    assert name in found.words
    assert found.mend[0].startswith("chmod 600 ")
    assert name in found.mend[0]


def test_many_are_named_in_what_is_to_be_typed(load_with: Callable[..., Settings], tmp_path: Path):
    settings = load_with()
    for number in range(5):
        (tmp_path / f"desk.db.{number}").touch(mode=0o644)
        (tmp_path / f"desk.db.{number}").chmod(0o644)
    found = check_files(settings)
    assert "and 2 more" in found.words
    assert found.mend[0].count("desk.db.") == 5


def test_a_secrets_own_file_is_looked_at_too(
    load_with: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings = load_with()
    in_file(monkeypatch, tmp_path, "DESK_DISCORD__TOKEN", "x")
    path = tmp_path / "DESK_DISCORD__TOKEN"
    path.chmod(0o644)
    assert str(path) in check_files(settings).words
    path.chmod(0o400)
    assert check_files(settings).good


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRETS", '["whsec_' + base64.b64encode(b"a" * 32).decode() + '"]', "repeats a few"),
        ("OUTGOING_SECRETS", '["whsec_' + base64.b64encode(b"ab" * 16).decode() + '"]', "repeats"),
        ("REPORTER_SALT", "aaaaaaaaaaaaaaaaaaaa", "repeats a few"),
        ("REPORTER_SALT", "changeme-changeme", "anybody would try"),
        ("REPORTER_SALT", "my-password-is-salt", "anybody would try"),
    ],
)
def test_a_weak_secret_is_a_cross_that_does_not_repeat_it(
    load_with: Callable[..., Settings], name: str, value: str, said: str
):
    [found] = check_secrets(load_with(**{f"DESK_SITES__COURIER__{name}": value}), NOW)
    assert not found.good
    assert said in found.words
    assert f"DESK_SITES__COURIER__{name}" in found.words
    assert value.strip('[]"') not in str(found)


def test_a_short_password_is_weak(load_with: Callable[..., Settings]):
    [found] = check_secrets(
        load_with(
            DESK_PUBLIC__URL="https://reports.courier.example",
            DESK_PUBLIC__SMTP__HOST="smtp.courier.example",
            DESK_PUBLIC__SMTP__USER="desk",
            DESK_PUBLIC__SMTP__PASSWORD="hush hush",
            DESK_PUBLIC__SMTP__SENDER="reports@courier.example",
        ),
        NOW,
    )
    assert (found.good, "has only 9 characters" in found.words) == (False, True)


def test_secrets_drawn_by_chance_are_never_weak(load_with: Callable[..., Settings]):
    for _ in range(20):
        settings = load_with(
            DESK_SITES__COURIER__SECRETS=f'["{drawn(24)}"]',
            DESK_SITES__COURIER__OUTGOING_SECRETS=f'["{drawn()}", "{drawn()}"]',
            DESK_SITES__COURIER__REPORTER_SALT=secrets.token_urlsafe(24),
        )
        [found] = check_secrets(settings, NOW)
        assert (found.good, found.words) == (True, "5 secrets, none weak")


def test_what_has_not_been_changed_for_a_year_is_told(
    load_with: Callable[..., Settings], tmp_path: Path
):
    settings = load_with()
    long_ago = (NOW - timedelta(days=400)).timestamp()
    os.utime(tmp_path / ".env", (long_ago, long_ago))
    [found] = check_secrets(settings, NOW)
    assert "has not been changed for 13 months" in found.words
    assert found.mend


def test_a_secrets_own_file_tells_its_own_age(
    load_with: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings = load_with()
    in_file(monkeypatch, tmp_path, "DESK_DISCORD__TOKEN", "x")
    [found] = check_secrets(settings, NOW)
    assert "none weak" in found.words
    long_ago = (NOW - timedelta(days=800)).timestamp()
    os.utime(tmp_path / "DESK_DISCORD__TOKEN", (long_ago, long_ago))
    [found] = check_secrets(settings, NOW)
    assert "DESK_DISCORD__TOKEN has not been changed for 26 months" in found.words
