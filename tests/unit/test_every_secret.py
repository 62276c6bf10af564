"""Each secret that there is among the settings, through all that is promised of secrets.

The table is held against the settings themselves: a new secret has to be tried here.
"""

import io
import json
import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, SecretStr

from bot import logs
from bot.cli.check_secrets import check_files, check_secrets
from config.secrets import secrets_in
from config.settings import Settings, load
from tests.unit.test_logs import LIBRARIES, spellings
from tests.unit.test_settings import COMPLETE

NOW = datetime.now(UTC)
FIRST, SECOND = (
    "whsec_" + name
    for name in (
        "Zmlyc3Qtc2VjcmV0LW9mLXRoZS1raW5kLWluLXVzZQ==",
        "c2Vjb25kLXNlY3JldC13aXRoLW90aGVyIGxldHRlcnM=",
    )
)
SITE = "DESK_SITES__COURIER__"
WEBHOOK = {name: value for name, value in COMPLETE.items() if name.startswith(SITE)}
SMTP = {
    "DESK_PUBLIC__URL": "https://reports.courier.example",
    "DESK_PUBLIC__SMTP__HOST": "smtp.courier.example",
    "DESK_PUBLIC__SMTP__USER": "desk",
    "DESK_PUBLIC__SMTP__SENDER": "reports@courier.example",
}


def platform(kind: str, **more: str) -> dict[str, str]:
    group = f"{SITE}{kind.upper()}__"
    return {
        f"{SITE}KIND": kind,
        f"{SITE}REPORTER_SALT": "sixteen characters and more",
        f"{SITE}URL": "https://courier.example",
        f"{SITE}SECRETS": f'["{FIRST}"]',
        **{f"{group}{name.upper()}": value for name, value in more.items()},
    }


DISQUS = {"forum": "courier", "api_key": "k1y", "api_secret": "s2t", "access_token": "t3n"}
KINDS: dict[str, tuple[dict[str, str], str, str]] = {
    "DESK_DISCORD__TOKEN": (WEBHOOK, "one-token-of-the-bot", "another-token-of-the-bot"),
    "DESK_DATABASE_URL": (
        WEBHOOK,
        "postgresql://desk:long-and-by-chance-1@db.example/desk",
        "postgresql://desk:long-and-by-chance-2@db.example/desk",
    ),
    "DESK_ALERTS__URLS": (
        WEBHOOK,
        "mailtos://desk:long-and-by-chance-1@mail.example",
        "mailtos://desk:long-and-by-chance-2@mail.example",
    ),
    "DESK_PUBLIC__SMTP__PASSWORD": ({**WEBHOOK, **SMTP}, "long and by chance", "and by chance 2"),
    f"{SITE}SECRETS": (WEBHOOK, FIRST, SECOND),
    f"{SITE}OUTGOING_SECRETS": (WEBHOOK, FIRST, SECOND),
    f"{SITE}REPORTER_SALT": (WEBHOOK, "a salt drawn by chance", "salt that came later"),
    f"{SITE}WORDPRESS__PASSWORD": (
        platform("wordpress", login="desk"),
        "abcd efgh ijkl mnop",
        "qrst uvwx yzab cdef",
    ),
    f"{SITE}CORAL__TOKEN": (platform("coral"), "coral-token-1", "coral-token-2"),
    f"{SITE}GHOST__ADMIN_KEY": (
        platform("ghost"),
        "65f0a1b2c3d4e5f6a7b8c9d0:0011223344556677",
        "65f0a1b2c3d4e5f6a7b8c9d1:8899aabbccddeeff",
    ),
    f"{SITE}DISCOURSE__API_KEY": (
        platform("discourse", api_username="desk"),
        "discourse-key-1",
        "discourse-key-2",
    ),
    f"{SITE}REMARK42__PASSWORD": (platform("remark42"), "long and by chance", "by chance the 2nd"),
    f"{SITE}COMENTARIO__PASSWORD": (
        platform("comentario", email="desk@courier.example"),
        "long and by chance",
        "by chance the 2nd",
    ),
    **{
        f"{SITE}DISQUS__{name.upper()}": (
            platform("disqus", **{key: one for key, one in DISQUS.items() if key != name}),
            f"disqus-{name}-1",
            f"disqus-{name}-2",
        )
        for name in ("api_key", "api_secret", "access_token")
    },
}
CHOSEN = [name for name in KINDS if name.endswith(("PASSWORD", "_URL", "__URLS"))]


def secrets_of(model: type[BaseModel], prefix: str) -> Iterator[str]:
    """Yield the names of all secrets that settings may have, a site being `COURIER`."""
    for name, info in model.model_fields.items():
        full = f"{prefix}{name.upper()}"
        types = _types(info.annotation)
        if SecretStr in types:
            yield full
        for group in types:
            if isinstance(group, type) and issubclass(group, BaseModel):
                by_name = "__COURIER" if name in {"sites", "newsrooms"} else ""
                yield from secrets_of(group, f"{full}{by_name}__")


def _types(annotation: Any) -> set[Any]:
    arguments = get_args(annotation)
    return {one for part in arguments for one in _types(part)} if arguments else {annotation}


def test_every_secret_is_tried_here():
    # A newsroom beside others has the same settings once more.
    there = {one for one in secrets_of(Settings, "DESK_") if "__COURIER__" not in one[:28]}
    there |= {one for one in secrets_of(Settings, "DESK_") if one.startswith(SITE)}
    assert there == set(KINDS)


class Kept:
    """A desk's settings, one secret of which is in a file."""

    def __init__(self, setting: str, folder: Path, environment: pytest.MonkeyPatch) -> None:
        self.setting, self.path = setting, folder / "secret"
        others, self.first, self.second = KINDS[setting]
        environment.chdir(folder)
        discord = {name: value for name, value in COMPLETE.items() if name not in WEBHOOK}
        all_of_it = {**discord, **others, "DESK_DATABASE": str(folder / "desk.db")}
        for name, value in all_of_it.items():
            if name != setting:
                environment.setenv(name, value)
        environment.setenv(f"{setting}_FILE", str(self.path))

    def load(self, secret: str) -> Settings:
        self.path.write_text(f"{secret}\n", encoding="utf-8")
        self.path.chmod(0o600)
        return load()


@pytest.fixture(params=KINDS)
def kept(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    return Kept(request.param, tmp_path, monkeypatch)


def test_it_is_read_from_its_file_and_anew_once_that_is_changed(kept: Kept):
    """What a reload reads: see `test_a_secret_is_changed_while_reports_come_in_…` for the desk."""
    for secret in (kept.first, kept.second, kept.first):
        settings = kept.load(secret)
        assert (kept.setting, secret) in [*secrets_in(settings)]
        assert secret not in repr(settings)
        assert secret not in str(settings)


@pytest.mark.parametrize("as_json", [False, True])
def test_it_is_in_no_line_of_any_library_at_any_level(kept: Kept, as_json: bool):
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    try:
        logs.set_up("DEBUG", stream=stream, as_json=as_json)
        logs.hide(secret for _, secret in secrets_in(kept.load(kept.first)))
        for name in ("bot.x", *LIBRARIES):
            for grade, said in product((logging.DEBUG, logging.WARNING), spellings(kept.first)):
                logging.getLogger(name).log(grade, "it sent %s and %r", said, {"with": said})
            logging.getLogger(name).error("it failed", exc_info=ValueError(kept.first))
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    assert "it sent" in stream.getvalue()
    assert kept.first not in stream.getvalue()
    assert json.dumps(kept.first)[1:-1] not in stream.getvalue()


def test_check_tells_when_it_is_old(kept: Kept):
    settings = kept.load(kept.first)
    assert [one.good and "none weak" in one.words for one in check_secrets(settings, NOW)] == [True]
    long_ago = (NOW - timedelta(days=400)).timestamp()
    os.utime(kept.path, (long_ago, long_ago))
    [found] = check_secrets(settings, NOW)
    assert f"{kept.setting} has not been changed for 13 months" in found.words
    assert found.mend


def test_check_tells_who_else_may_read_its_file(kept: Kept):
    settings = kept.load(kept.first)
    assert check_files(settings).good
    kept.path.chmod(0o604)
    found = check_files(settings)
    assert not found.good
    assert "secret" in found.words


def weak(setting: str) -> str:
    """Return what anybody would try first, in the form that the setting asks for."""
    if setting.endswith("SECRETS"):
        return "whsec_" + "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE="
    first = KINDS[setting][1]
    if "://" in first:
        return first.replace("long-and-by-chance-1", "changeme")
    return "65f0a1b2c3d4e5f6a7b8c9d0:changeme" if "GHOST" in setting else "changeme-changeme"


def test_check_tells_when_it_is_weak_and_does_not_repeat_it(kept: Kept):
    said = weak(kept.setting)
    [found] = check_secrets(kept.load(said), NOW)
    assert not found.good
    assert kept.setting in found.words
    assert said not in str(found)
    assert "changeme" not in str(found)


@pytest.mark.parametrize("setting", CHOSEN)
def test_check_tells_when_a_password_is_short(
    setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    kept = Kept(setting, tmp_path, monkeypatch)
    first = kept.first
    short = first.replace("long-and-by-chance-1", "q%40z!9") if "://" in first else "q@z!9"
    [found] = check_secrets(kept.load(short), NOW)
    assert not found.good
    assert f"{setting} has only" in found.words


def test_the_key_of_the_anchors_grows_old_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    settings = Kept("DESK_DISCORD__TOKEN", tmp_path, monkeypatch).load("a-token-by-chance")
    key = settings.anchor.key_of(settings.database.absolute())
    key.touch()
    long_ago = (NOW - timedelta(days=800)).timestamp()
    os.utime(key, (long_ago, long_ago))
    [found] = check_secrets(settings, NOW)
    assert "DESK_ANCHOR__KEY_PATH has not been changed for 26 months" in found.words
