"""A real Litestream, as the papers set it up, copies a running desk's database, and gives it back."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.store.sqlite import open_store
from tests.contract.operations.container import ROOT
from tests.services.desks import Bench
from tests.support.fresh import new_desk
from tests.support.waiting import PATIENCE, eventually

PAPERS = (ROOT / "docs/running.md").read_text("utf-8")
YAML = re.compile(r"```yaml\n# /etc/litestream.yml\n(.*?)```", re.DOTALL)

pytestmark = pytest.mark.skipif(
    os.environ.get("CI_FULL") != "1", reason="fetches Litestream: CI_FULL=1"
)


@pytest.fixture(scope="module")
def litestream(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, fetched by its hash."""
    folder = tmp_path_factory.mktemp("litestream")
    how = ("--quiet", "--no-deps", "--require-hashes", "--target", str(folder))
    lock = Path(__file__).parent / "litestream.lock"
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-m", "pip", "install", *how, "-r", str(lock)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    found = next(folder.rglob("bin/litestream"), None)
    if done.returncode or found is None:
        pytest.skip(f"Litestream cannot be fetched: {done.stderr[-200:]}")
    return found


@pytest.fixture
async def copying(
    litestream: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Path]:
    """Copy with the configuration of the papers; yields the configuration."""
    monkeypatch.chdir(tmp_path)
    new_desk(tmp_path / "desk.db")
    found = YAML.search(PAPERS)
    assert found is not None
    config = tmp_path / "litestream.yml"
    config.write_text(
        found[1]
        .replace("/var/lib/comment-desk/desk.db", str(tmp_path / "desk.db"))
        .replace("s3://courier-backups/desk", f"file://{tmp_path / 'bucket'}")
    )
    with (tmp_path / "litestream.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(litestream, "replicate", "-config", config), stdout=log, stderr=log
        )
        try:
            async with asyncio.timeout(PATIENCE * 2):
                yield config
        finally:
            process.terminate()
            await process.wait()


async def test_what_was_copied_meanwhile_is_put_back_by_the_documented_lines(
    copying: Path, litestream: Path, tmp_path: Path
):
    tries = 0

    async def copied(decisions: int) -> bool:
        nonlocal tries
        tries += 1
        found = tmp_path / f"found{tries}.db"
        process = await asyncio.create_subprocess_exec(
            *(litestream, "restore", "-config", copying, "-o", found, tmp_path / "desk.db"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        await process.wait()
        said = await typed("verify", "--database", str(found)) if found.exists() else ""
        return f"{decisions} decisions, none changed" in said

    async with open_store(tmp_path / "desk.db") as store:
        bench = Bench(store)
        for number in range(40):
            case = await bench.take(comment=f"c{number}", text="wobblegate" * 50)
            await bench.decide(case, rule=4)
        await eventually(lambda: copied(40), "all to be copied")
        for number in range(40, 60):
            await bench.decide(await bench.take(comment=f"c{number}"), rule=4)
        await eventually(lambda: copied(60), "what came since to be copied")

    said = await typed("restore", f"found{tries}.db", "--database", "desk.db")
    assert "60 decisions, none changed" in said
    async with open_store(tmp_path / "desk.db") as store:
        bench = Bench(store)
        await bench.decide(await bench.take(comment="after"), rule=4)
    assert "61 decisions, none changed" in await typed("verify", "--database", "desk.db")


async def typed(*said: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *(Path(sys.executable).with_name("comment-desk"), *said),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    return " ".join(out.decode().split())
