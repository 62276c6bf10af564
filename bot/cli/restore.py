"""Copy the database, and put a copy back so that a desk can go on from it."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.anchors import anchors_of
from bot.cli.person import desk_on
from bot.cli.verify import Verified, verify
from bot.domain.lines import count
from bot.services.backups import copy_now
from bot.services.privacy.person import forget_again
from bot.store.backups import Backups
from bot.store.engine.restoring import make_ready, own_as_folder, put_in_place
from bot.store.errors import StoreTrouble
from bot.store.guard import AnotherDesk, only_desk, remember
from bot.store.remembering import Forgotten
from bot.store.sqlite import open_store
from config.policy import load_policy
from config.settings import load


async def back_up(database: Path, target: Path | None) -> Path:
    """Copy a database to a file, or as one more into the folder of the settings; return where to.

    Raises:
        DeskError: It cannot be copied, or the copy does not hold what it should.
    """
    async with open_store(database, create=False) as store:
        if target is not None:
            await store.backup(target)
            return target
        settings = load().backups
        folder = settings.folder_of(database)
        backups = Backups(database, folder, keep=settings.keep)
        return await copy_now(store, backups, datetime.now(UTC))


async def restore(backup: Path, database: Path) -> Sequence[str]:
    """Put a backup in a database's place; return what came of it, in lines to be read.

    Whoever was erased since the backup was made is erased in it anew, before it takes the place.

    Raises:
        DeskError: The desk runs, or the backup cannot be used; nothing was changed.
    """
    database = database.resolve()  # noqa: ASYNC240 - nothing else runs meanwhile
    with _stopped(database):
        ready = make_ready(backup, database)
        forgotten = Forgotten(database)
        for beside in (backup, backup.with_name(database.name)):
            forgotten.keep(Forgotten(beside).all())
        async with desk_on(ready, load_policy()) as desk:
            again = await forget_again(desk, forgotten)
        anchors, now = anchors_of(database), datetime.now(UTC)
        found = await verify(ready, anchors=anchors.all())
        aside = put_in_place(ready, database, now)
        ahead = anchors.put_aside(now) if found.unanchored is not None else None
        remember(database)
        own_as_folder(database)
    return [*_put_back(found, database, again), *_anchored(ahead), *_of_before(aside)]


@contextmanager
def _stopped(database: Path) -> Generator[None]:
    """Keep every desk from starting on a database meanwhile.

    Raises:
        StoreTrouble: One runs on it.
    """
    try:
        with only_desk(database):
            yield
    except AnotherDesk as running:
        raise StoreTrouble(
            f"A desk runs on {database}, so nothing was restored and nothing was changed. Stop it "
            "first, then type this again."
        ) from running


def _put_back(found: Verified, database: Path, again: int) -> Sequence[str]:
    lines = [f"Put back to {database}: {count(found.decisions, 'decision')}, none changed."]
    if found.broken is not None:
        changed = f"Decision {found.broken} in it was changed after it was recorded"
        lines = [f"Put back to {database}. {changed}: comment-desk verify says more."]
    if again:
        who = count(again, "person", "people")
        lines.append(f"{who} who had been erased since {_was(again)} erased in it anew.")
    return lines


def _anchored(ahead: Path | None) -> Sequence[str]:
    if ahead is None:
        return []
    return [f"It ends before the record's last anchors, which are kept in {ahead}."]


def _was(many: int) -> str:
    return "was" if many == 1 else "were"


def _of_before(aside: Path | None) -> Sequence[str]:
    kept = (
        [f"What was there before is kept in {aside}. Delete it once the desk works."]
        if aside is not None
        else []
    )
    return [*kept, "Now start the desk: comment-desk run"]
