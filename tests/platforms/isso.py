"""A real Isso, installed from pip into an environment of its own, outside the tree."""

import contextlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.support.machine import CACHE, Process, free_port, run

VERSION = "0.13.0"
_HOME = CACHE / f"isso-{VERSION}"


def fetch() -> Path:
    """Return where the program is, after installing it if it is not there."""
    program = _HOME / "bin" / "isso"
    if not (_HOME / "ready").exists():
        shutil.rmtree(_HOME, ignore_errors=True)
        run(sys.executable, "-m", "venv", str(_HOME))
        pip = str(_HOME / "bin" / "pip")
        run(pip, "install", "--quiet", "--disable-pip-version-check", f"isso=={VERSION}")
        (_HOME / "ready").touch()
    return program


@dataclass(frozen=True)
class RealIsso:
    """One running Isso."""

    url: str
    origin: str

    def write(self, story: str, text: str, author: str) -> int:
        """Write a comment as a reader does; return its id."""
        body = {"text": text, "author": author, "title": "Three charged after Colchester raids"}
        return self._ask("POST", f"/new?uri={quote(story, safe='')}", body)["id"]

    def comments(self, story: str) -> list[dict[str, Any]]:
        """Return the comments of a story as its page gets them."""
        return self._ask("GET", f"/?uri={quote(story, safe='')}")["replies"]

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        connection = HTTPConnection(self.url.removeprefix("http://"), timeout=30)
        headers = {"Origin": self.origin, "Content-Type": "application/json"}
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            said = answer.read()
            assert answer.status < 300, (answer.status, said)
            return json.loads(said)
        finally:
            connection.close()


@contextlib.contextmanager
def running_isso(origin: str) -> Iterator[RealIsso]:
    """Run an Isso for the pages of one address, for as long as the context lasts."""
    program, folder = fetch(), Path(tempfile.mkdtemp(prefix="desk-isso-"))
    url = f"http://127.0.0.1:{free_port()}"
    (folder / "isso.cfg").write_text(
        f"[general]\ndbpath = {folder}/comments.db\nhost = {origin}/\n"
        f"[server]\nlisten = {url}\n[guard]\nenabled = false\n"
    )
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        log, settings = folder / "isso.log", str(folder / "isso.cfg")
        server = Process(stack, str(program), "-c", settings, "run", log=log)
        isso = RealIsso(url, origin)
        server.until(lambda: _answers(isso))
        yield isso


def _answers(isso: RealIsso) -> bool:
    try:
        isso.comments("/")
    except AssertionError:
        return True  # of a story without comments it says 404
    except OSError:
        return False
    return True
