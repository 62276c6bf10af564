"""What is one e-mail address, and nothing else."""

import re
from typing import Final

LONGEST_EMAIL: Final = 254

_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_LONGEST_LOCAL = 64


def is_email(text: str) -> bool:
    """Whether a text can be one e-mail address, in plain letters, and nothing else."""
    local = text.partition("@")[0]
    return (
        len(text) <= LONGEST_EMAIL
        and len(local) <= _LONGEST_LOCAL
        and _EMAIL.fullmatch(text) is not None
    )
