"""The admin's `.env` is changed without losing a byte of the admin's own."""

import stat
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.cli import envfile
from bot.cli.envfile import Draft
from bot.domain.errors import DeskError

OWN = (
    "# Ours, do not touch\n"
    "\n"
    "TZ=Europe/London\r\n"
    "export DESK_WEB__PORT=8080  # behind nginx, don't change\n"
    'OTHER="two\nlines"\n'
    "desk_discord__token=\n"
    "=nonsense\n"
    "LAST='no newline'"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / ".env"
    made.write_bytes(OWN.encode())
    return made


def test_a_new_name_stands_at_the_end_and_all_else_as_it_was(path: Path):
    envfile.write(path, {"DESK_NEW": "x"})

    assert path.read_bytes().decode() == OWN + "\nDESK_NEW='x'\n"


def test_a_name_that_is_there_is_set_in_its_place(path: Path):
    envfile.write(path, {"DESK_DISCORD__TOKEN": "t"})

    assert path.read_bytes().decode() == OWN.replace(
        "desk_discord__token=\n", "DESK_DISCORD__TOKEN='t'\n"
    )


def test_export_and_the_remark_behind_a_value_stay(path: Path):
    envfile.write(path, {"DESK_WEB__PORT": "9000"})

    assert "export DESK_WEB__PORT='9000'  # behind nginx, don't change\n" in path.read_text()


def test_a_value_that_is_so_already_changes_nothing(path: Path):
    envfile.write(path, {"DESK_WEB__PORT": "8080", "OTHER": "two\nlines"})

    assert path.read_bytes().decode() == OWN


def test_of_a_name_that_stands_twice_the_one_that_counts_is_set(tmp_path: Path):
    path = tmp_path / ".env"
    path.write_text("A=1\n# and again\nA=2\n")

    envfile.write(path, {"A": "3"})

    assert path.read_text() == "A=1\n# and again\nA='3'\n"


@pytest.mark.parametrize(
    "value",
    ["", "plain", "it's", 'say "x"', r"back\slash", r"\'", "${HOME}", "$HOME", "a # b", " x ", "é"],
)
@pytest.mark.parametrize("before", ["", "SECRET=old # remark\n", "SECRET='a # b' # c\n"])
def test_a_value_is_read_back_as_the_settings_read_it(tmp_path: Path, value: str, before: str):
    path = tmp_path / ".env"
    path.write_text(before)

    class Read(BaseSettings):
        model_config = SettingsConfigDict(env_file=path)
        secret: str

    envfile.write(path, {"SECRET": value})

    assert Read().secret == value
    assert envfile.read(path)["SECRET"] == value
    assert path.read_text().rstrip().endswith(before.rpartition("#")[2].strip())


def test_only_its_owner_may_read_it(path: Path):
    path.chmod(0o644)
    envfile.write(path, {"A": "1"})

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_bytes_that_are_no_text_stay_what_they_are(tmp_path: Path):
    path = tmp_path / ".env"
    path.write_bytes(b"# caf\xe9\nA=1\n")

    envfile.write(path, {"A": "2"})

    assert path.read_bytes() == b"# caf\xe9\nA='2'\n"


def test_what_a_link_points_to_is_changed(tmp_path: Path):
    real, link = tmp_path / "real", tmp_path / ".env"
    real.write_text("A=1\n")
    link.symlink_to(real)

    envfile.write(link, {"A": "2"})

    assert link.is_symlink()
    assert real.read_text() == "A='2'\n"


def test_a_line_break_is_refused_and_the_file_left_alone(path: Path):
    with pytest.raises(DeskError, match="line break"):
        envfile.write(path, {"A": "1\n2"})

    assert path.read_bytes().decode() == OWN
    assert [one.name for one in path.parent.iterdir()] == [".env"]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(DeskError, match="cannot be written"):
        envfile.write(tmp_path / "none" / ".env", {"A": "1"})


def test_what_is_half_known_is_kept_beside_it_until_it_is_forgotten(path: Path):
    Draft(path).note("site courier", {"secret": "x"})

    again = Draft(path)
    assert again.noted("site courier") == {"secret": "x"}
    assert stat.S_IMODE(again.notes_file.stat().st_mode) == 0o600
    again.note("site courier", {})
    assert not again.notes_file.exists()
    assert path.read_bytes().decode() == OWN


def test_what_the_environment_gives_is_not_copied_into_the_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DESK_DISCORD__TOKEN", "from-outside")
    draft = Draft(path)

    draft.settle({"DESK_DISCORD__TOKEN": "from-outside"})

    assert draft.get("DESK_DISCORD__TOKEN") == "from-outside"
    assert path.read_bytes().decode() == OWN
