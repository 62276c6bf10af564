"""`comment-desk setup` as somebody types it: a terminal, hidden words, Ctrl-C, and going on."""

import asyncio
import os
import pty
import re
import signal
import sys
from pathlib import Path

from tests.journey.setting_up import Scene, open_invitation, set_scene
from tests.support.waiting import PATIENCE, until


class Screen:
    """One command in a terminal of its own."""

    def __init__(self, scene: Scene) -> None:
        self.shown = ""
        self._ours, theirs = pty.openpty()
        self._theirs = theirs
        self._scene = scene

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "setup"),
            cwd=self._scene.folder,
            env=self._scene.environment | {"TERM": "xterm", "COLUMNS": "300"},
            stdin=self._theirs,
            stdout=self._theirs,
            stderr=self._theirs,
            start_new_session=True,
        )
        os.close(self._theirs)
        asyncio.get_running_loop().add_reader(self._ours, self._read)

    def _read(self) -> None:
        try:
            said = os.read(self._ours, 65536)
        except OSError:
            said = b""
        if not said:
            asyncio.get_running_loop().remove_reader(self._ours)
        self.shown += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said.decode(errors="replace"))

    async def answers(self, question: str, words: str) -> None:
        await until(lambda: question in self.shown, what=f"{question!r} in {self.shown!r}")
        os.write(self._ours, words.encode() + b"\n")

    async def close(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
        asyncio.get_running_loop().remove_reader(self._ours)
        os.close(self._ours)


async def test_stopped_at_a_question_and_while_it_waits_it_goes_on(tmp_path: Path):
    async with set_scene(tmp_path) as scene:
        first = Screen(scene)
        await first.start()
        await first.answers("(it is not shown)", scene.world.token)
        await until(lambda: "Shall it make them?" in first.shown, what="the question")
        first.process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(first.process.wait(), PATIENCE) == 130
        await until(lambda: "goes on from here" in first.shown, what="a good-bye")
        assert scene.world.token not in first.shown
        await first.close()

        second = Screen(scene)
        await second.start()
        await second.answers("Shall it make them?", "y")
        assert "(it is not shown)" not in second.shown
        await until(lambda: "Waiting until the bot" in second.shown, what="waiting")
        second.process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(second.process.wait(), PATIENCE) == 130
        await open_invitation(second.shown)
        await second.close()

        third = Screen(scene)
        await third.start()
        await third.answers("Shall it make them?", "y")
        await third.answers("Which server", "1")
        await third.answers("What do readers comment with?", "1")
        await third.answers("Where are decisions", scene.site_url)
        await third.answers("short name", "courier")
        await third.answers("Is that meant?", "y")
        assert await asyncio.wait_for(third.process.wait(), 100) == 0, third.shown
        assert "✗" not in third.shown
        assert scene.env["DESK_DISCORD__TOKEN"] == scene.world.token
        await third.close()
        scene.settled()
