"""Settings: what is wrong is named, and the example cannot disagree with them."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.domain.errors import DeskError
from config.example import example
from config.settings import SettingsError, SmtpSettings, load

ROOT = Path(__file__).parents[2]
SECRET = "whsec_" + "c2VjcmV0LWZvci10aGUtdGVzdHMtb2Ytc2V0dGluZ3M="

COMPLETE = {
    "DESK_DISCORD__TOKEN": "a-token",
    "DESK_DISCORD__GUILD_ID": "1",
    "DESK_DISCORD__CHANNEL_ID": "2",
    "DESK_DISCORD__MODERATOR_ROLES": "[3, 4]",
    "DESK_SITES__COURIER__SECRETS": f'["{SECRET}"]',
    "DESK_SITES__COURIER__REPORTER_SALT": "sixteen characters and more",
    "DESK_SITES__COURIER__URL": "https://courier.example/desk",
    "DESK_SITES__COURIER__OUTGOING_SECRETS": f'["{SECRET}"]',
}


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path)
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_the_example_file_is_what_the_settings_say():
    written = (ROOT / ".env.example").read_text(encoding="utf-8")

    assert written == example(), "run: .venv/bin/python -m config.example"


@pytest.mark.usefixtures("settings")
def test_complete_settings_are_read():
    found = load()

    assert found.discord.moderator_roles == [3, 4]
    assert list(found.sites) == ["courier"]
    assert SECRET not in repr(found)


def test_the_example_filled_in_is_accepted(settings: pytest.MonkeyPatch, tmp_path: Path):
    lines = example().splitlines()
    for name, value in COMPLETE.items():
        asked = (f"{name}=", f"# {name}=[]")
        lines = [f"{name}={value}" if line.startswith(asked) else line for line in lines]
        settings.delenv(name)
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")

    assert load().discord.guild_id == 1


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DESK_DISCORD__TOKEN", None, "DESK_DISCORD__TOKEN is missing"),
        ("DESK_DISCORD__GUILD_ID", "abc", "DESK_DISCORD__GUILD_ID is empty or not a number"),
        ("DESK_DISCORD__GUILD_ID", "", "DESK_DISCORD__GUILD_ID is empty or not a number"),
        ("DESK_DISCORD__MODERATOR_ROLES", "879", "is not a list: write it with brackets"),
        ("DESK_SITES__COURIER__SECRETS", '["abc"]', "the README has a line that makes one"),
        ("DESK_SITES__COURIER__REPORTER_SALT", "short", "at least 16 characters"),
        ("DESK_WEB__PORT", "99999", "DESK_WEB__PORT is wrong"),
        ("DESK_SITES__COURIER__KIND", "facebook", "DESK_SITES__COURIER__KIND is wrong"),
        ("DESK_SITES__COURIER__KIND", "coral", "kind coral needs CORAL"),
        ("DESK_SITES__COURIER__SECRETS", None, "kind webhook needs SECRETS"),
        (
            "DESK_SITES__COURIER__CORAL__TOKEN",
            "t",
            "group CORAL is for kind coral, and KIND is web",
        ),
        (
            "DESK_DISCORD__TOKNE",
            "x",
            "TOKNE is not a setting of this version; did you mean DESK_DISCORD__TOKEN",
        ),
        (
            "DESK_SITES__COURIER__SECRET",
            "x",
            "SECRET is not a setting of this version; did you mean DESK_SITES__COURIER__SECRETS",
        ),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_repeated(
    settings: pytest.MonkeyPatch, name: str, value: str | None, said: str
):
    if value is None:
        settings.delenv(name)
    else:
        settings.setenv(name, value)

    with pytest.raises(SettingsError, match=said) as error:
        load()

    assert SECRET not in str(error.value)


def test_all_that_is_missing_is_named_at_once_as_it_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("DESK_DISCORD__TOKEN=\nDESK_DISCORD__GUILD_ID=1\n")

    with pytest.raises(SettingsError) as error:
        load()
    assert _named(error) == [
        "DESK_DISCORD__TOKEN",
        "DESK_DISCORD__CHANNEL_ID",
        "DESK_SITES__COURIER__REPORTER_SALT",
        "DESK_SITES__COURIER__URL",
    ]
    (tmp_path / ".env").unlink()
    with pytest.raises(SettingsError) as error:
        load()
    assert "DESK_DISCORD__GUILD_ID" in _named(error)


def _named(error: pytest.ExceptionInfo[SettingsError]) -> list[str]:
    return [line.split()[0] for line in str(error.value).splitlines()]


def test_what_a_desk_needs_stands_in_the_example_without_a_mark():
    lines = example().splitlines()
    names = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    assert names == {*COMPLETE, "DESK_SITES__COURIER__KIND"}


@pytest.mark.usefixtures("settings")
def test_what_env_holds_for_other_programs_is_left_alone(tmp_path: Path):
    (tmp_path / ".env").write_text("TZ=Europe/London\nSMTP_HOST=mail.example\n")
    assert load().discord.guild_id == 1
    (tmp_path / ".env").write_text("DESK_DATABSE=x\n")
    with pytest.raises(SettingsError, match="did you mean DESK_DATABASE"):
        load()


def test_a_list_that_is_no_json_is_said_to_be_so(settings: pytest.MonkeyPatch):
    settings.setenv("DESK_DISCORD__MODERATOR_ROLES", "3, 4")

    with pytest.raises(SettingsError, match="list under DESK_DISCORD is not written as JSON"):
        load()


@pytest.mark.parametrize("group", ["MODERATOR", "SENIOR", "EDITOR"])
def test_everybody_cannot_be_made_a_moderator(settings: pytest.MonkeyPatch, group: str):
    settings.setenv(f"DESK_DISCORD__{group}_ROLES", "[1]")  # the server's own id

    with pytest.raises(SettingsError, match="stands for @everyone"):
        load()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("DESK_TOKN", "DESK_TOKN is not a setting, so it is ignored; did you mean DESK_DISCORD__T"),
        ("DESK_DISCORD_TOKEN", "did you mean DESK_DISCORD__TOKEN?"),
        ("desk_databse", "DESK_DATABSE is not a setting, so it is ignored; did you mean DESK_DATA"),
        ("DESK_PORT_8080_TCP", "DESK_PORT_8080_TCP is not a setting, so it is ignored; see .env.e"),
    ],
)
def test_a_name_that_is_no_setting_is_warned_of(
    settings: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str, said: str
):
    settings.setenv(name, "a value")

    load()

    assert said in caplog.text
    assert "a value" not in caplog.text


def test_a_misspelt_name_is_said_together_with_what_is_missing(settings: pytest.MonkeyPatch):
    settings.delenv("DESK_DISCORD__TOKEN")
    settings.setenv("DESK_TOKN", "x")

    with pytest.raises(SettingsError) as error:
        load()

    missing, misspelt = str(error.value).splitlines()
    assert missing.startswith("DESK_DISCORD__TOKEN is missing")
    assert misspelt.endswith("did you mean DESK_DISCORD__TOKEN?")


@pytest.mark.usefixtures("settings")
def test_a_misspelt_name_in_the_file_is_said_as_it_is_written(tmp_path: Path):
    (tmp_path / ".env").write_text("DESK_TOKN=x\n", encoding="utf-8")

    with pytest.raises(SettingsError, match=r"^DESK_TOKN is not a setting of this version; did"):
        load()


@pytest.mark.usefixtures("settings")
def test_good_settings_are_read_without_a_word(caplog: pytest.LogCaptureFixture):
    load()

    assert caplog.text == ""


SMTP = {"host": "smtp.courier.example", "sender": "reports@courier.example"}


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_a_mail_server_is_reached_at_the_port_of_its_kind(security, port):
    assert SmtpSettings(**SMTP, security=security).server.port == port
    assert SmtpSettings(**SMTP, security=security, port=2525).server.port == 2525


@pytest.mark.parametrize(
    "wrong",
    [
        {"sender": "The Courier <reports@courier.example>"},
        {"sender": "reports@courier.example\nBcc: x@y.example"},
        {"sender_name": "The\nCourier"},
        {"user": "desk"},
        {"password": "secret"},
        {"user": "desk", "password": "secret", "password_file": "/run/secrets/mail"},
        {"user": "desk", "password": "secret", "security": "none"},
        {"security": "ssl"},
        {"port": 0},
        {"host": ""},
    ],
)
def test_a_mail_server_that_cannot_be_meant_is_refused(wrong):
    with pytest.raises(ValidationError):
        SmtpSettings(**{**SMTP, **wrong})


def test_the_password_may_stand_in_a_file_of_its_own(tmp_path):
    (tmp_path / "mail").write_text("correct horse\n")
    told = SmtpSettings(**SMTP, user="desk", password_file=tmp_path / "mail")
    assert told.server.password == "correct horse"
    assert "correct horse" not in repr(told.server)
    (tmp_path / "mail").unlink()
    with pytest.raises(DeskError, match="PASSWORD_FILE cannot be read"):
        _ = told.server


def test_a_process_that_does_not_speak_to_discord_needs_no_token(settings: pytest.MonkeyPatch):
    for name in ("TOKEN", "GUILD_ID", "CHANNEL_ID", "MODERATOR_ROLES"):
        settings.delenv(f"DESK_DISCORD__{name}")
    assert load(speaks_to_discord=False).sites["courier"].url == "https://courier.example/desk"
    settings.setenv("DESK_DISCORD__MODERATOR_ROLES", "[3]")  # as where one .env serves all
    assert load(speaks_to_discord=False).discord.moderator_roles == [3]
    with pytest.raises(SettingsError, match="DESK_DISCORD__TOKEN is missing"):
        load()
