"""A secret may stand in a file of its own, in place of the environment or `.env`."""

from pathlib import Path

import pytest

from bot.domain.errors import DeskError
from config.secrets import files_named, secrets_in
from config.settings import Settings, load
from tests.unit.test_settings import COMPLETE, SECRET

OTHER = "whsec_" + "YW5vdGhlci1zZWNyZXQtZm9yLXRoZS10ZXN0cy1oZXJlIQ=="
WORDPRESS = {
    "DESK_SITES__COURIER__KIND": "wordpress",
    "DESK_SITES__COURIER__WORDPRESS__LOGIN": "desk",
    "DESK_SITES__COURIER__WORDPRESS__PASSWORD": "abcd efgh",
}
SMTP = {
    "DESK_PUBLIC__URL": "https://reports.courier.example",
    "DESK_PUBLIC__SMTP__HOST": "smtp.courier.example",
    "DESK_PUBLIC__SMTP__USER": "desk",
    "DESK_PUBLIC__SMTP__SENDER": "reports@courier.example",
}


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path)
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def in_file(settings: pytest.MonkeyPatch, tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    settings.delenv(name, raising=False)
    settings.setenv(f"{name}_FILE", str(path))


CASES = [
    ({}, "DESK_DISCORD__TOKEN", "a.new.token\n", ["a.new.token"]),
    ({}, "DESK_SITES__COURIER__REPORTER_SALT", "of seventeen chars \r\n", ["of seventeen chars"]),
    ({}, "DESK_SITES__COURIER__SECRETS", f"{OTHER}\n\n{SECRET}\n", [OTHER, SECRET]),
    ({}, "DESK_SITES__COURIER__SECRETS", f'["{OTHER}"]', [OTHER]),
    ({}, "DESK_SITES__COURIER__OUTGOING_SECRETS", OTHER, [OTHER]),
    ({}, "DESK_ALERTS__URLS", "mailto://a:b@c.example\n", ["mailto://a:b@c.example"]),
    (WORDPRESS, "DESK_SITES__COURIER__WORDPRESS__PASSWORD", "zyxw vuts\n", ["zyxw vuts"]),
]


@pytest.mark.parametrize(("more", "name", "text", "said"), CASES)
def test_each_kind_of_secret_is_read_from_its_file(
    settings: pytest.MonkeyPatch, tmp_path: Path, more, name: str, text: str, said: list[str]
):
    for other, value in more.items():
        settings.setenv(other, value)
    in_file(settings, tmp_path, name, text)
    found = [value for which, value in secrets_in(load()) if which == name]
    assert found == said
    assert said[0] not in repr(load())


def test_the_mail_servers_password_is_read_from_its_file_as_before(
    settings: pytest.MonkeyPatch, tmp_path: Path
):
    for name, value in SMTP.items():
        settings.setenv(name, value)
    in_file(settings, tmp_path, "DESK_PUBLIC__SMTP__PASSWORD", "hush\n")
    public = load().public
    assert public is not None
    assert public.smtp is not None
    assert public.smtp.server.password == "hush"


def test_a_line_of_env_may_name_the_file_too(settings: pytest.MonkeyPatch, tmp_path: Path):
    settings.delenv("DESK_DISCORD__TOKEN")
    (tmp_path / "token").write_text("from.the.file", encoding="utf-8")
    (tmp_path / ".env").write_text("DESK_DISCORD__TOKEN_FILE=token\nOTHER_FILE=x\n")
    assert load().discord.token.get_secret_value() == "from.the.file"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "DESK_DISCORD__TOKEN_FILE cannot be read"),
        (b"", "DESK_DISCORD__TOKEN_FILE is empty"),
        (b" \n\n", "DESK_DISCORD__TOKEN_FILE is empty"),
        (b"\xff\xfe\x00", "DESK_DISCORD__TOKEN_FILE is no text"),
    ],
)
def test_a_file_without_a_secret_is_named(
    settings: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, said: str
):
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content)
    settings.delenv("DESK_DISCORD__TOKEN")
    settings.setenv("DESK_DISCORD__TOKEN_FILE", str(path))
    with pytest.raises(DeskError, match=said) as told:
        load()
    assert str(path) in str(told.value)


def test_a_secret_in_a_line_and_in_a_file_is_refused(settings: pytest.MonkeyPatch, tmp_path: Path):
    path = tmp_path / "token"
    path.write_text("b", encoding="utf-8")
    settings.setenv("DESK_DISCORD__TOKEN_FILE", str(path))
    with pytest.raises(DeskError, match="DESK_DISCORD__TOKEN stands in a line") as told:
        load()
    assert "a-token" not in str(told.value)


@pytest.mark.parametrize(
    "name", ["DESK_DISCORD__GUILD_ID_FILE", "DESK_SITES__COURIER__URL_FILE", "DESK_WEB__PORT_FILE"]
)
def test_only_secrets_have_files(settings: pytest.MonkeyPatch, name: str):
    settings.setenv(name, "/etc/hostname")
    with pytest.raises(DeskError, match=f"{name} is not a setting"):
        load()


def test_the_files_are_known_by_the_setting_that_each_is_for():
    named = {
        "DESK_DISCORD__TOKEN_FILE": "/t",
        "desk_sites__courier__secrets_file": "/s",
        "DESK_SITES__COURIER__CORAL__TOKEN_FILE": "/c",
        "DESK_PUBLIC__SMTP__PASSWORD_FILE": "/p",
        "DESK_ANCHOR__FILE": "/a",
        "DESK_WEB__PORT_FILE": "/w",
        "OTHER_FILE": "/o",
    }
    assert {name: str(path) for name, path in files_named(named, Settings).items()} == {
        "DESK_DISCORD__TOKEN": "/t",
        "DESK_SITES__COURIER__SECRETS": "/s",
        "DESK_SITES__COURIER__CORAL__TOKEN": "/c",
        "DESK_PUBLIC__SMTP__PASSWORD": "/p",
    }


@pytest.mark.parametrize("where", ["environment", ".env"])
def test_a_secret_in_no_group_has_its_file_too(
    settings: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture, where: str
):
    address = "postgresql://desk:hush-hush@db.example/desk"
    path = tmp_path / "address"
    path.write_text(f"{address}\n", encoding="utf-8")
    if where == ".env":
        (tmp_path / ".env").write_text(f"DESK_DATABASE_URL_FILE={path}\n", encoding="utf-8")
    else:
        settings.setenv("DESK_DATABASE_URL_FILE", str(path))
    found = load()
    assert found.database_url is not None
    assert found.database_url.get_secret_value() == address
    assert caplog.text == ""
    settings.setenv("DESK_DATABASE_FILE", str(path))
    load()
    assert "DESK_DATABASE_FILE is not a setting" in caplog.text
