"""The file in which the world outlives a restart."""

import asyncio
import json
import os
import time
from pathlib import Path

from bot.standin.snapshots import restore, snapshot
from bot.standin.wire import Json
from bot.standin.world import World

SETTLING_SECONDS = 0.5
"""How long to wait for more after a change before saving."""


_REST = 20
"""How many times as long as a save takes nothing is saved after it."""


class StateFile:
    """Loads the world from a file, and saves it a moment after it changes.

    Args:
        path: The file; its folder is made if need be.
        world: What to keep.
    """

    def __init__(self, path: Path, world: World) -> None:
        self._path = path
        self._world = world
        self._timer: asyncio.TimerHandle | None = None
        self._saving: asyncio.Task[None] | None = None
        self._changed = False
        self._settling = SETTLING_SECONDS

    def load(self) -> None:
        """Restore what was saved, if anything was, and watch for changes from now on.

        Raises:
            ValueError: The file is damaged or of another version.
        """
        if self._path.exists():
            try:
                restore(self._world, json.loads(self._path.read_text(encoding="utf-8")))
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{self._path} is no saved state: {error!r}.") from error
        self._world.listeners.append(self._on_event)

    def _on_event(self, _event: str, _data: Json, _visible_to: str | None) -> None:
        self._changed = True
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._settling, self._begin)

    def _begin(self) -> None:
        self._timer = None
        if self._saving is not None and not self._saving.done():
            self._timer = asyncio.get_running_loop().call_later(self._settling, self._begin)
            return
        self._saving = asyncio.create_task(self.save())

    async def save(self) -> None:
        """Write the whole state, so that a crash leaves either the old or the new file."""
        self._changed = False
        began = time.monotonic()
        text = json.dumps(snapshot(self._world))
        spent = time.monotonic() - began  # the loop stands still meanwhile, so keep that rare
        self._settling = max(SETTLING_SECONDS, _REST * spent)
        await asyncio.to_thread(_replace, self._path, text)

    async def close(self) -> None:
        """Save what has changed since, and stop watching; nothing is saved over a damaged file."""
        if self._on_event not in self._world.listeners:
            return
        self._world.listeners.remove(self._on_event)
        if self._timer is not None:
            self._timer.cancel()
        if self._saving is not None:
            await self._saving
        if self._changed:
            await self.save()


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
