"""What the command line says of itself, and of what was mistyped."""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.demo.demo import DemoTrouble, Options, open_demo
from tests.support.fresh import new_desk

ROOT = Path(__file__).parents[2]


def typed(folder: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_version_is_said(tmp_path: Path):
    said = typed(tmp_path, "--version")
    assert said.returncode == 0
    assert re.fullmatch(r"comment-desk \d+\.\d+\.\d+\n", said.stdout)


@pytest.mark.parametrize("port", ["-1", "65536", "99999", "web"])
def test_a_port_that_is_none_is_an_error(tmp_path: Path, port: str):
    said = typed(tmp_path, "demo", "--no-open", "--port", port, "--data", str(tmp_path / "demo"))
    assert said.returncode == 2
    assert "port" in said.stderr
    assert not (tmp_path / "demo").exists()


async def test_a_second_demo_on_the_same_data_is_refused_in_a_sentence(tmp_path: Path):
    options = Options(data=tmp_path, port=0, open_pages=False)
    async with open_demo(options) as demo:
        await demo.paper.all_sent()
        before = (tmp_path / "paper.json").read_bytes()
        with pytest.raises(DemoTrouble, match=r"A demo runs in .* already"):
            async with open_demo(options):
                pass
        assert (tmp_path / "paper.json").read_bytes() == before


async def test_a_taken_port_is_said(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(DemoTrouble, match=f"Port {port} of this machine is taken"):
            async with open_demo(Options(data=tmp_path, port=port, open_pages=False)):
                pass


def test_a_dry_rehearsal_needs_no_settings(tmp_path: Path):
    body = {
        "site": "courier",
        "comment": {"id": "1", "text": "x", "author": {"id": "a", "name": "a"}},
        "story": {"id": "s", "title": "t", "url": "https://x.example/"},
        "reporter": "r",
        "reason": "spam",
        "at": "2026-11-20T10:00:00Z",
    }
    (tmp_path / "reports.jsonl").write_text(json.dumps(body) + "\n")
    said = typed(tmp_path, "rehearse", "reports.jsonl", "--dry")
    assert said.returncode == 0, said.stderr + said.stdout
    assert "1 report on 1 comment" in said.stdout


def test_a_line_that_is_no_report_is_named_with_its_field(tmp_path: Path):
    said = typed(tmp_path, "spikes", stdin='{"t": "noon", "article": 1}\n')
    assert said.returncode == 1
    assert "Line 1 is no report: the field comment is missing" in said.stderr
    (tmp_path / "old.jsonl").write_text("\nnothing\n")
    said = typed(tmp_path, "spikes", "replay", "old.jsonl")
    assert said.returncode == 1
    assert "Line 2 is no report: it is not JSON" in said.stderr


@pytest.mark.parametrize(
    ("asked", "code", "says"),
    [
        (("transparency", "--month", "2026-11"), 1, "Nothing was reported or decided yet"),
        (("transparency", "--month", "soon"), 1, '"soon" is no month'),
        (("pack", "1042"), 1, "There is no case #1042"),
        (("pack", "0"), 2, "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_handed_out_is_said_in_a_sentence(
    tmp_path: Path, asked: tuple[str, ...], code: int, says: str
):
    new_desk(tmp_path / "desk.db")
    said = typed(tmp_path, *asked, "--database", "desk.db")
    assert (said.returncode, said.stdout) == (code, "")
    assert says in " ".join(said.stderr.split())
