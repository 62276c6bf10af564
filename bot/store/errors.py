"""What can go wrong with the database, for the person who runs the desk."""

from pathlib import Path

from bot.domain.errors import DeskError

STOPPING = "The desk is stopping; nothing was done. Try again in a minute."
"""What is said to those who come too late."""


class StoreTrouble(DeskError):
    """The database could not do what was asked; nothing of it was kept."""


class StoreAway(StoreTrouble):
    """The database takes nothing now, whoever asks; it may later."""


class StoreUnsure(StoreTrouble):
    """The database went away while something was being kept, and may have kept it."""

    def __init__(self) -> None:
        super().__init__(
            "The PostgreSQL server of the desk went away in the moment in which this was being kept, "
            "so it may be done or not. See what stands there before you do it again."
        )


class StoreBusy(StoreTrouble):
    """So much waits to be written that nothing more is let in for now."""

    def __init__(self) -> None:
        super().__init__("More reports come than can be stored. Nothing was done; try again soon.")


class StoreDamaged(StoreTrouble):
    """The file does not hold what was written to it."""

    def __init__(self) -> None:
        super().__init__("The database is damaged. Stop, and restore the newest backup.")


class StoreGone(StoreTrouble):
    """There was a database here, and there is none now."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"There is no database at {path}, or it is empty, and there was one before. Put the "
            "file or the newest backup there. To begin anew, with no case and no decision of "
            "before, start once with: comment-desk run --new"
        )


class TakenOver(StoreTrouble):
    """Another desk runs on the database now."""

    def __init__(self) -> None:
        super().__init__(
            "Another desk has taken over, as this one was cut off from the database. This one ends, "
            "so that nothing is done twice; what it had confirmed is kept."
        )


class StoreTooNew(StoreTrouble):
    """The database was written by a newer version of the program."""


class NoSuchNumber(DeskError):
    """A number is larger than the database has room for, so nothing can have it."""
