"""What is said about cases that somebody looked for."""

from typing import Final

from bot.domain.numbers import count

NOTHING_FOUND: Final = "Nothing fits. Try fewer words, or only the beginning of one."
NO_MORE: Final = "There is no more to show. Search again to start from the newest."


def found(first: int, last: int, *, more: bool) -> str:
    if first == 1 and not more:
        return f"**{count(last, 'case')} found, newest first**"
    return f"**Found cases {first:,} to {last:,}, newest first**" + (
        " · there are more" if more else ""
    )
