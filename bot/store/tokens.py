"""What a record draws at random, so that no other record of the same numbers has it too."""

import secrets


def new_token() -> str:
    """Return 12 letters, digits, hyphens and underscores: 72 bits."""
    return secrets.token_urlsafe(9)
