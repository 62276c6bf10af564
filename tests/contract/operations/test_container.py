"""The container's steps, done without Docker: what goes in, how it is shut in, and that it runs."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import web

from bot.web.app import make_health_app
from bot.web.health import Metrics
from bot.web.listening import listening
from config.settings import Settings
from tests.contract.operations.container import (
    ROOT,
    Image,
    build,
    copied,
    let_in,
    said_in,
    shut_in,
    steps,
)
from tests.support.waiting import PATIENCE, until

SECRET = "whsec_" + "c2VjcmV0LWZvci10aGUtdGVzdHMtb2YtY29udGFpbmVycw=="
full = pytest.mark.skipif(
    os.environ.get("CI_FULL") != "1", reason="fetches what the desk needs: CI_FULL=1"
)


def service() -> Mapping[str, Any]:
    return yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["desk"]


def settings_of(lines: list[str]) -> dict[str, str]:
    return dict(line.split("=", maxsplit=1) for line in lines if line.startswith("DESK_"))


def test_what_is_copied_is_there_and_nothing_else_goes_to_the_builder():
    taken = [
        source
        for step in steps()
        if step.name == "COPY" and "--from=" not in step.rest
        for source in copied(step)[0]
    ]
    assert {"bot", "cogs", "config", "requirements.lock"} <= {*taken}
    for source in taken:
        assert (ROOT / source).exists(), source
        assert let_in(source.removeprefix("./")), source
    for secret in (".env", ".env.setup", "desk.db", "desk.db-wal", "backups", ".git", "tests"):
        assert not let_in(secret), secret


def test_everything_is_pinned_by_hash_and_nobody_runs_as_root():
    runs = [step.rest for step in steps() if step.name == "RUN"]
    [fetched] = [run for run in runs if "-r requirements.lock" in run]
    assert "--require-hashes" in fetched
    last = [step.rest for step in steps() if step.name == "USER"][-1]
    assert last.split(":") == ["10001", "10001"]
    desk = service()
    assert desk["user"] == last
    assert desk["read_only"] is True
    assert desk["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in desk["security_opt"]
    [mount] = desk["volumes"]
    assert mount.partition(":")[2] == "/data"
    assert desk["environment"]["DESK_DATABASE"].startswith("/data/")
    assert all(port.startswith("127.0.0.1:") for port in desk["ports"])


def test_what_both_files_set_are_settings():
    said = settings_of([step.rest for step in steps() if step.name == "ENV"])
    said |= service()["environment"]
    for name in said:
        group, _, rest = name.removeprefix("DESK_").lower().partition("__")
        field = Settings.model_fields[group]
        assert not rest or rest in type(field.default).model_fields, name


async def test_the_health_check_says_whether_the_desk_lives(tmp_path: Path):
    [said] = [step for step in steps() if step.name == "HEALTHCHECK"]
    image = Image(tmp_path)
    image.health = yaml.safe_load(said.rest.partition("CMD ")[2])

    async def check(port: str) -> int:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, *image.health[1:]),
            env={"DESK_HEALTH__PORT": port},
            stderr=asyncio.subprocess.DEVNULL,
        )
        return await process.wait()

    async def ready() -> list[Any]:
        return []

    app: web.Application = make_health_app(Metrics(), ready)
    async with listening(app, "127.0.0.1", 0) as address:
        port = address.rpartition(":")[2]
        assert await check(port) == 0
    assert await check(port) == 1


@full
@pytest.mark.timeout(900)
async def test_the_steps_build_a_desk_that_runs_as_nobody_from_its_own_folder(folder: Path):
    """Done in a folder instead of an image: fetched by hash, installed, started, asked, stopped."""
    image = build(folder)
    assert list(said_in(image)) == []
    port = free_port()
    env = image.environment(
        {
            **service()["environment"],
            "DESK_WEB__PORT": "0",
            "DESK_HEALTH__PORT": str(port),
            "DESK_DISCORD__TOKEN": "a-token",
            "DESK_DISCORD__GUILD_ID": "1",
            "DESK_DISCORD__CHANNEL_ID": "2",
            "DESK_DISCORD__API_URL": "http://127.0.0.1:9",
            "DESK_DISCORD__GATEWAY_URL": "ws://127.0.0.1:9",
            "DESK_SITES__COURIER__SECRETS": f'["{SECRET}"]',
            "DESK_SITES__COURIER__REPORTER_SALT": "sixteen characters and more",
            "DESK_SITES__COURIER__URL": "https://courier.example/desk",
            "DESK_SITES__COURIER__OUTGOING_SECRETS": f'["{SECRET}"]',
        }
    )
    within = shut_in(image)
    if within:
        elsewhere = image.here(
            'for one in /venv /src "/data/.." /usr /etc; do touch $one/x && exit 1; done'
        )
        tried = subprocess.run(  # noqa: S603, ASYNC221 - ours
            [*within, "sh", "-c", f"{elsewhere}; touch {image.here('/data')}/x; id -u"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (tried.returncode, tried.stdout.strip()) == (0, "10001"), tried.stderr
        assert tried.stderr.count("Read-only file system") >= 4, tried.stderr
    process = subprocess.Popen(  # noqa: S603, ASYNC220 - ours
        [*within, *image.argv([*image.entry, *image.command])],
        cwd=image.here(image.folder),
        env=env,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:

        def lives() -> bool:
            assert process.poll() is None, process.communicate()[1]
            asked = subprocess.run(  # noqa: S603 - ours
                image.argv(image.health), env=env, stderr=subprocess.DEVNULL, check=False
            )
            return asked.returncode == 0

        await until(lives, what="the health check to pass")
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert process.returncode == 0, said
    assert "taking reports at http://0.0.0.0:" in said
    database = (folder / "data/desk.db").stat()
    assert database.st_mode & 0o777 == 0o600
    assert not within or (database.st_uid, database.st_gid) == (10001, 10001)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that whoever the image runs as can reach; pytest keeps its own to itself."""
    with tempfile.TemporaryDirectory(prefix="comment-desk-image-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]
