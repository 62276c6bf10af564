"""Bounds on a field's length, refused in Discord's words."""

from collections.abc import Sized

from bot.standin.errors import form


def at_most(path: str, value: Sized, longest: int) -> None:
    """Refuse what is too long.

    Raises:
        ApiError: 50035.
    """
    if len(value) > longest:
        raise form(path, "BASE_TYPE_MAX_LENGTH", f"Must be {longest} or fewer in length.")


def between(path: str, value: Sized, shortest: int, longest: int) -> None:
    """Refuse what is too short or too long.

    Raises:
        ApiError: 50035.
    """
    if not shortest <= len(value) <= longest:
        raise form(
            path, "BASE_TYPE_BAD_LENGTH", f"Must be between {shortest} and {longest} in length."
        )
