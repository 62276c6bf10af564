"""Nothing is released that is not committed, named in the changelog and green."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "comment-desk"
version = "1.2.0"
requires-python = ">=3.11"

[tool.hatch.build.targets.wheel]
packages = ["bot"]
"""
MAIN = """\
from importlib.metadata import version
print("comment-desk", version("comment-desk"))
"""
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
CHANGELOG = "# Changelog\n\n## 1.2.0, 27 November 2026\n\nMore.\n\n## 1.1.0, 1 May 2026\n\nSome.\n"


def run(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    names = {
        f"GIT_{who}_{what}": "desk" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder.parent),
        "PIP_NO_CACHE_DIR": "1",
        "PYTHON": sys.executable,
        **names,
        **more,
    }
    return subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - ours


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "bot").mkdir(parents=True)
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/release", folder / ".ci/release")
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "bot/__init__.py").touch()
    (folder / "bot/__main__.py").write_text(MAIN)
    (folder / "CHANGELOG.md").write_text(CHANGELOG)
    (folder / "Makefile").write_text("sbom:\n\techo {} > sbom.cdx.json\n")
    (folder / ".gitignore").write_text("dist/\n__pycache__/\n")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "Begin")):
        assert run(folder, "git", *words).returncode == 0
    return folder


def release(project: Path, check: str = "true") -> subprocess.CompletedProcess[str]:
    return run(project, "bash", ".ci/release", RELEASE_CHECK=check)


def commit(project: Path) -> None:
    assert run(project, "git", "commit", "-q", "-a", "-m", "Change").returncode == 0


def test_what_is_green_is_built_summed_and_tagged(project: Path):
    done = release(project)
    assert done.returncode == 0, done.stdout + done.stderr
    names = {path.name for path in (project / "dist").iterdir()}
    assert names == {
        "comment_desk-1.2.0-py3-none-any.whl",
        "comment_desk-1.2.0.tar.gz",
        "sbom.cdx.json",
        "SHA256SUMS",
    }
    assert run(project / "dist", "sha256sum", "--check", "--quiet", "SHA256SUMS").returncode == 0
    assert run(project, "git", "describe", "--exact-match").stdout == "v1.2.0\n"
    again = release(project)
    assert "v1.2.0 is there already" in again.stderr


def changed(project: Path) -> None:
    (project / "bot/__init__.py").write_text("changed = True\n")


def added(project: Path) -> None:
    (project / "bot/new.py").touch()


def unreleased(project: Path) -> None:
    text = CHANGELOG.replace("27 November 2026", "unreleased")
    (project / "CHANGELOG.md").write_text(text)
    commit(project)


def unnamed(project: Path) -> None:
    (project / "CHANGELOG.md").write_text(CHANGELOG.replace("1.2.0", "1.1.9"))
    commit(project)


def silent(project: Path) -> None:
    (project / "CHANGELOG.md").write_text("# Changelog\n")
    commit(project)


def nothing(project: Path) -> None:
    del project


@pytest.mark.parametrize(
    ("make", "check", "says"),
    [
        (changed, "true", "not committed"),
        (added, "true", "not committed"),
        (unreleased, "true", "1.2.0 is unreleased"),
        (unnamed, "true", "is not that of 1.2.0"),
        (silent, "true", "is not that of 1.2.0"),
        (nothing, "false", "it is not green"),
        (nothing, "exit 3", "it is not green"),
        (nothing, "echo x >> CHANGELOG.md", "the checks have changed files"),
    ],
)
def test_anything_else_is_refused_and_leaves_nothing(
    project: Path, make: Callable[[Path], None], check: str, says: str
):
    make(project)
    done = release(project, check)
    assert done.returncode == 1
    assert done.stderr.startswith("Not released: ")
    assert says in done.stderr
    assert not (project / "dist").exists()
    assert run(project, "git", "tag").stdout == ""


def test_make_release_does_so_with_all_checks_in_their_long_forms():
    assert "release:" in (ROOT / "Makefile").read_text()
    assert "RELEASE_CHECK:-CI_FULL=1 .ci/run" in (ROOT / ".ci/release").read_text()
