"""What is said about the few behind the many reports."""

from typing import Final

from bot.domain.numbers import count

# Hotspots.
CHART_AUTHORS: Final = "Authors"
CHART_STORIES: Final = "Stories"
CHART_QUARRELS: Final = "Who answers whom"
QUARRELS: Final = "**Who answers whom**"
NO_QUARRELS: Final = "-# No two accounts were reported for answering each other more than once."
CUT: Final = "-# There were too many reports to look at all; these are the newest ones."


def no_reports(days: int) -> str:
    return f"Nothing was reported in the last {count(days, 'day')}."


def hotspots(reports: int, comments: int, days: int) -> str:
    return (
        f"**The last {count(days, 'day')}**: {count(reports, 'report')} on "
        f"{count(comments, 'comment')}"
    )


def behind(kind: str, share: int, named: int, total: int) -> str:
    many = {"author": "authors", "story": "stories"}[kind]
    if named == total:
        return f"**{many.capitalize()}**"
    are = "is" if named == 1 else "are"
    return f"**{many.capitalize()}**: {named} of {total:,} {are} behind {share} % of the reports"


def on_comments(number: int) -> str:
    return f"on {count(number, 'comment')}"


def most_reported(case: str) -> str:
    return f"most on {case}"


def quarrel(first: str, reports: int, second: str, others: int) -> str:
    return f"**{first}** {reports:,} ⇄ **{second}** {others:,}"


def alt(days: int) -> str:
    return f"Bars: what the reports of the last {count(days, 'day')} were about."
