"""What PostgreSQL wants said otherwise than SQLite."""

import re
from itertools import count
from typing import Final

_TOKEN: Final = re.compile(r"'[^']*'|\"[^\"]*\"|--[^\n]*|\?\d*")


def numbered(sql: str) -> str:
    """Return a statement with `$1`, `$2` and so on for `?`, and for `?1` and `?2`.

    Those within quotes and comments are no parameters, and stay.
    """
    numbers = count(1)

    def parameter(token: re.Match[str]) -> str:
        if not token[0].startswith("?"):
            return token[0]
        return f"${token[0][1:] or next(numbers)}"

    return _TOKEN.sub(parameter, sql)
