"""Secret addresses: whoever has one may read what it leads to, and nobody else."""

import hashlib
import secrets


def new_secret() -> str:
    """Return 256 random bits as 43 letters, digits, hyphens and underscores."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> bytes:
    """Return what is kept of a secret; it has 256 random bits, so it needs no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
