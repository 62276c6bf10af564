"""What the README and its neighbours promise is there."""

import re
from pathlib import Path

import pytest

from bot.cli.entry import cli
from bot.standin.permissions import DESK

ROOT = Path(__file__).parents[2]
PAPERS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_invitation_asks_for_just_what_the_bot_is_tried_with():
    asked = re.search(r"permissions=(\d+)", read("README.md"))

    assert asked is not None
    assert int(asked[1]) == int(DESK)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_somewhere(paper: Path):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", paper.read_text(encoding="utf-8"))

    assert [link for link in links if not (paper.parent / link).exists()] == []


def test_every_picture_is_shown_and_loads_fast():
    shown = "".join(paper.read_text(encoding="utf-8") for paper in PAPERS)
    pictures = [
        one for one in (ROOT / "docs" / "pictures").iterdir() if one.suffix in {".png", ".svg"}
    ]

    assert [one.name for one in pictures if f"pictures/{one.name})" not in shown] == []
    assert [one.name for one in pictures if one.stat().st_size > 300_000] == []


@pytest.mark.parametrize("paper", ["README.md", "CONTRIBUTING.md", "docs/running.md"])
def test_every_make_target_that_is_named_exists(paper: str):
    targets = set(re.findall(r"^([\w-]+):", read("Makefile"), re.MULTILINE))
    named = set(re.findall(r"`make ([\w -]+)`", read(paper)))

    assert {word for line in named for word in line.split()} <= targets


def test_every_command_that_is_named_exists():
    known = {one.name or getattr(one.callback, "__name__", "") for one in cli.registered_commands}
    known |= {one.name for one in cli.registered_groups}
    named = set(
        re.findall(
            r"comment-desk ([a-z]+(?:-[a-z]+)*)",
            "".join(read(p.name) if p.parent == ROOT else p.read_text() for p in PAPERS),
        )
    )

    assert named - known - {"demo"} <= {"is"}
