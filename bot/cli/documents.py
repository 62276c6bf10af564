"""Documents that leave the machine: written whole, and over nothing."""

import sys
from pathlib import Path

from bot.cli.calling import policy_path
from bot.domain.errors import DeskError
from bot.domain.policy import Policy
from config.policy import load_policy


class CannotWrite(DeskError):
    """A document cannot be put where it was to go."""


def policy_there(named: Path | None) -> Policy:
    """Return the policy of a file, or the one that the settings name."""
    return load_policy(named or policy_path())


def write_out(said: str, to: Path | None) -> None:
    """Write a document as UTF-8, with its line ends as they are; nothing is overwritten.

    Raises:
        CannotWrite: There is a file of that name, or none can be made.
    """
    raw = said.encode()
    if to is None:
        sys.stdout.buffer.write(raw)
        sys.stdout.flush()
        return
    try:
        with to.open("xb") as file:
            to.chmod(0o600)  # what is in it may be about people
            file.write(raw)
    except FileExistsError as error:
        raise CannotWrite(f"{to} is there already. Name a file that is not.") from error
    except OSError as error:
        raise CannotWrite(f"{to} cannot be written: {error.strerror}.") from error
