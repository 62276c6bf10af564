"""Reads a Dockerfile, and does on this machine what it says, with the image's root in a folder."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Step:
    """One instruction, and what stands behind it."""

    name: str
    rest: str


def steps(dockerfile: Path = ROOT / "Dockerfile") -> Sequence[Step]:
    lines = re.sub(r"\\\n", " ", dockerfile.read_text("utf-8")).splitlines()
    said = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return [Step(*line.split(maxsplit=1)) for line in said]


def copied(step: Step) -> tuple[list[str], str]:
    """Return what a COPY from the folder takes, and where to."""
    *sources, target = [word for word in step.rest.split() if not word.startswith("--")]
    return sources, target


def let_in(source: str) -> bool:
    """Whether .dockerignore lets something at the top of the folder go to the builder."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    taken = True
    for rule in rules:
        if fnmatch(source, rule.removeprefix("!")):
            taken = rule.startswith("!")
    return taken


@dataclass
class Image:
    """An image whose root is a folder of this machine."""

    root: Path
    env: dict[str, str] = field(default_factory=dict)
    user: str = "root"
    folder: str = "/"
    entry: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    def here(self, words: str) -> str:
        """Return what is said of paths in the image, said of the folder."""
        return re.sub(r"(?<![\w/.:])/(venv|src|data)\b", rf"{self.root}/\1", words)

    def argv(self, words: Sequence[str]) -> list[str]:
        return [self.here(word) for word in words]

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        said = {name: self.here(value) for name, value in {**self.env, **more}.items()}
        path = f"{self.root}/venv/bin:{os.environ['PATH']}"
        return {**said, "PATH": path, "HOME": str(self.root / "data")}


def python_for_all() -> str | None:
    """Return a Python of the image's version that every account can reach, `None` without one."""
    ours = Path(sys.executable).resolve()
    if all(one.stat().st_mode & 0o001 for one in ours.parents):
        return sys.executable
    wanted = next(step.rest for step in steps() if step.name == "FROM").partition("python:")[2]
    found = shutil.which(f"python{wanted.partition('-')[0]}", path="/usr/local/bin:/usr/bin")
    can = found and subprocess.run([found, "-c", "import ensurepip"], check=False).returncode == 0  # noqa: S603 - found above
    return found if can else None


def shut_in(image: Image) -> Sequence[str]:
    """Return what runs a command as the image's user, everything read-only but /data and /tmp.

    As compose.yaml says it: with no rights, and none to be had. Nothing where that cannot be, as
    only root may.
    """
    if os.geteuid() != 0 or python_for_all() is None or shutil.which("unshare") is None:
        return ()
    root, (user, group) = str(image.root), image.user.split(":")
    mounts = [
        "mount --make-rprivate /",
        f"mount --bind {root} {root}",
        f"mount --bind {root}/data {root}/data",
        f"mount -o remount,bind,ro {root}",
        "mount -o remount,bind,ro /",
        *(() if root.startswith("/tmp/") else ("mount -t tmpfs -o mode=1777 tmpfs /tmp",)),  # noqa: S108 - asked of where tests are
    ]
    rights = ("--clear-groups", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all")
    who = f"setpriv --reuid={user} --regid={group} {' '.join(rights)}"
    return ("unshare", "--mount", "sh", "-ec", f'{"; ".join(mounts)}; exec {who} "$@"', "sh")


def build(root: Path) -> Image:
    """Do what every step says; both stages share the root, as the second copies from the first."""
    image = Image(root)
    for step in steps():
        _DO.get(step.name, _nothing)(image, step)
    return image


def _nothing(image: Image, step: Step) -> None:
    del image, step


def _from(image: Image, step: Step) -> None:
    del step
    image.env, image.user, image.folder = {}, "root", "/"


def _folder(image: Image, step: Step) -> None:
    image.folder = step.rest
    Path(image.here(step.rest)).mkdir(parents=True, exist_ok=True)


def _copy(image: Image, step: Step) -> None:
    if "--from=" in step.rest:
        return  # it is there already
    sources, target = copied(step)
    for source in sources:
        at = Path(image.here(image.folder)) / target
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, at, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, at)


def _run(image: Image, step: Step) -> None:
    words = shlex.split(image.here(step.rest))
    if words[0] == "python":
        words[0] = python_for_all() or sys.executable
    if words[0] == "install" and os.geteuid() != 0:
        words = [word for word in words if word not in {"-o", "-g", "10001"}]
    env = {**os.environ, **image.env}
    subprocess.run(words, cwd=image.here(image.folder), env=env, check=True, timeout=600)  # noqa: S603 - ours


def _env(image: Image, step: Step) -> None:
    name, _, value = step.rest.partition("=")
    image.env[name] = value


def _user(image: Image, step: Step) -> None:
    image.user = step.rest


def _entry(image: Image, step: Step) -> None:
    image.entry = json.loads(step.rest)


def _command(image: Image, step: Step) -> None:
    image.command = json.loads(step.rest)


def _health(image: Image, step: Step) -> None:
    image.health = json.loads(step.rest.partition("CMD ")[2])


_DO = {
    "FROM": _from,
    "WORKDIR": _folder,
    "COPY": _copy,
    "RUN": _run,
    "ENV": _env,
    "USER": _user,
    "ENTRYPOINT": _entry,
    "CMD": _command,
    "HEALTHCHECK": _health,
}


def said_in(image: Image) -> Iterator[str]:
    """Yield what the image leaves unset that a step needs to have said."""
    for name in ("user", "entry", "command", "health"):
        if not getattr(image, name) or getattr(image, name) == "root":
            yield name
