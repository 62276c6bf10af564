"""What people and bots may be called in Discord."""

FEWEST = 2
MOST = 32
_FORBIDDEN = ("@", "#", ":", "```", "discord")
_TAKEN = frozenset({"everyone", "here"})


def check(username: str) -> None:
    """Refuse a user name that Discord would refuse.

    Raises:
        ValueError: With the reason.
    """
    lower = username.lower()
    if not FEWEST <= len(username) <= MOST:
        raise ValueError(f"A user name has {FEWEST} to {MOST} characters, not {len(username)}.")
    if lower in _TAKEN or any(part in lower for part in _FORBIDDEN):
        raise ValueError(f"Discord lets nobody be called {username!r}.")
    _check_blanks(username)


def check_display(name: str) -> None:
    """Refuse a name that Discord would not show.

    Raises:
        ValueError: With the reason.
    """
    if not 1 <= len(name) <= MOST:
        raise ValueError(f"A shown name has 1 to {MOST} characters, not {len(name)}.")
    _check_blanks(name)


def _check_blanks(name: str) -> None:
    if name != " ".join(name.split()):
        raise ValueError(f"Discord would take blanks out of {name!r}.")
