"""The signed anchors that a record is held against."""

from collections.abc import Sequence
from pathlib import Path

from bot.domain.anchors import Anchor, to_sign
from bot.domain.errors import DeskError
from bot.signing import is_signed
from bot.store.anchors import AnchorFile
from bot.store.opening import beside
from bot.store.store import Place


class AnchorFalse(DeskError):
    """An anchor is not as it was signed, or somebody else signed it."""


def signed_anchors(
    named: Path | None, database: Place | None, keys: Sequence[str]
) -> Sequence[Anchor]:
    """Return the anchors of the file that was named, or of the one that a database has.

    Raises:
        AnchorFalse: One of them is none.
        DeskError: There is no such file, or it cannot be read.
    """
    path = _file_of(named, database)
    if path is None:
        return ()
    found = AnchorFile(path).all()
    for one in found:
        _check(one, path, {key.strip().lower() for key in keys})
    return found


def _file_of(named: Path | None, database: Place | None) -> Path | None:
    if named is None:
        return anchors_of(beside(database)).path if database is not None else None
    if not named.exists():
        raise DeskError(f"There is no file {named}.")
    return named


def anchors_of(database: Path) -> AnchorFile:
    """Return a database's anchors, which are where the settings say if it is theirs."""
    from config.anchor import AnchorSettings  # noqa: PLC0415 - loaded once it is asked for
    from config.settings import load  # noqa: PLC0415 - as above

    try:
        newsrooms = load().each.values()
    except DeskError:
        return AnchorFile(AnchorSettings().file_of(database))
    ours = (one.anchor for one in newsrooms if one.database.absolute() == database.absolute())
    return AnchorFile(next(ours, AnchorSettings()).file_of(database))


def _check(anchor: Anchor, path: Path, keys: set[str]) -> None:
    of = f"The anchor of {anchor.at:%-d %B %Y, %H:%M} UTC in {path}"
    if not is_signed(to_sign(anchor), anchor.signature, anchor.key):
        raise AnchorFalse(f"{of} is not as it was signed.")
    if keys and anchor.key not in keys:
        raise AnchorFalse(
            f"{of} is signed with another key, {anchor.key}. If the key was changed then, name both "
            "with --key."
        )
