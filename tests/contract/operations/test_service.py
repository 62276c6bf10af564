"""The unit for systemd shuts the desk in, and starts what is there."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
UNIT = ROOT / "docs/operations/comment-desk.service"
ANALYZE = shutil.which("systemd-analyze")
MOST = 2.0
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="needs systemd-analyze")


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    assert ANALYZE is not None
    return subprocess.run(  # noqa: S603 - found above
        [ANALYZE, *arguments], capture_output=True, text=True, timeout=60, check=False
    )


@needs_systemd
def test_the_service_is_shut_in():
    said = analyze("security", "--offline=true", str(UNIT))
    if "unrecognized option" in said.stderr:
        pytest.skip("this systemd cannot look at a unit that is not installed")
    found = re.search(r"Overall exposure level for \S+: (\d+\.\d+)", said.stdout)
    assert found is not None, said.stdout + said.stderr
    assert float(found[1]) <= MOST


@needs_systemd
def test_systemd_understands_every_line(tmp_path: Path):
    unit = tmp_path / UNIT.name
    there = UNIT.read_text("utf-8").replace("/opt/comment-desk/.venv/bin/comment-desk", "/bin/true")
    unit.write_text(there)
    said = analyze("verify", "--man=false", str(unit))
    lines = [line for line in said.stderr.splitlines() if UNIT.name in line]
    assert lines == []


def test_the_papers_put_things_where_the_service_looks_for_them():
    unit = UNIT.read_text("utf-8")
    papers = (ROOT / "docs/running.md").read_text("utf-8")
    service = papers.partition("## As a service")[2].partition("\n## ")[0]
    for name in ("User", "WorkingDirectory", "ExecStart"):
        found = re.search(rf"^{name}=(\S+)", unit, re.MULTILINE)
        assert found is not None
        assert found[1].removesuffix("/bin/comment-desk") in service, name
    assert UNIT.name in service
