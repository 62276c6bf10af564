"""Packages of Debian, also of other releases than the one that runs here: unpacked, not installed."""

import os
import shutil
from pathlib import Path

from tests.support.machine import CACHE, run

_KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def fetch(*names: str, release: str | None = None) -> Path:
    """Return the root under which packages are, after fetching those that are not.

    `release` is another release than this machine's, by its name. It is asked of the mirror that
    the machine itself is served by.
    """
    home = CACHE / f"debian-{release or 'here'}"
    root, packed = home / "root", home / "packed"
    wanted = [name for name in names if not (packed / f"{name}.ready").exists()]
    if not wanted:
        return root
    packed.mkdir(parents=True, exist_ok=True)
    apt = ["-o", "APT::Sandbox::User=", *(_elsewhere(home, release) if release else [])]
    if release or os.geteuid() == 0:
        run("apt-get", *apt, "update", "-qq")
    for name in wanted:
        before = set(packed.glob("*.deb"))
        run("apt-get", *apt, "download", "-qq", name, where=packed)
        [package] = set(packed.glob("*.deb")) - before
        run("dpkg", "-x", str(package), str(root))
        package.unlink()
        (packed / f"{name}.ready").touch()
    return root


def _elsewhere(home: Path, release: str) -> list[str]:
    """Return what lets apt look at another release, and touch nothing of this machine's."""
    (home / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    (home / "archives" / "partial").mkdir(parents=True, exist_ok=True)
    served = run("apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages")
    mirror = next(line for line in served.split() if line.rstrip("/").endswith("/debian"))
    sources = home / "sources.list"
    sources.write_text(f"deb [signed-by={_KEYS}] {mirror} {release} main\n")
    settings = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": home / "lists",
        "Dir::State::status": os.devnull,
        "Dir::Cache": home,
    }
    return [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]


def program(name: str, package: str, under: str = "usr/sbin") -> str:
    """Return where a program is: the machine's own, or that of a package fetched for it."""
    return shutil.which(name, path=f"/usr/sbin:{os.environ['PATH']}") or str(
        fetch(package) / under / name
    )
