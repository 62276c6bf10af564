"""The morning's summary."""

from collections.abc import Sequence

from bot.domain.numbers import count


def title(day: str) -> str:
    """Head the summary; `day` is yesterday, in words."""
    return f"**☕ Good morning. This was {day}:**"


def figures(number: int, week_before: int | None) -> str:
    told = count(number, "report")
    return (
        f"{told}; a week before it was {week_before:,}." if week_before is not None else f"{told}."
    )


def decided(kept: int, hidden: int, banned: int) -> str:
    return f"Decided: {kept:,} kept, {hidden:,} hidden, {banned:,} banned."


def spikes(found: Sequence[tuple[str, int]]) -> str:
    if not found:
        return "Reports did not pile up anywhere in the last 24 hours."
    named = "; ".join(f"{name} ({count(number, 'report')})" for name, number in found)
    return f"In the last 24 hours reports piled up on {named}."


def busiest(stories: Sequence[tuple[str, int]]) -> str:
    if not stories:
        return ""
    named = "; ".join(f"{title} ({count(number, 'report')})" for title, number in stories)
    return f"Most reported: {named}."


def waiting(number: int, oldest: str | None, since: str) -> str:
    if not number:
        return "Nothing waits for a decision."
    return f"{count(number, 'case waits', 'cases wait')}; the oldest is {oldest}, {since}."


def stories(titles: Sequence[str]) -> str:
    return f"Stories to watch: {'; '.join(titles)}." if titles else ""
