"""Every sentence about authors and found cases.

Names, titles and texts passed in have been made inert already, by `bot.cards.escape`.
"""

from datetime import datetime
from typing import Final

from bot.cards.wording import ago, count, day

RECORD: Final = "Author's record"
NOT_THEM: Final = "Not the same person"
NO_CARD: Final = (
    "That message is no card of mine, so it has no author to look up. Use this on a card, or type "
    "/author show and the beginning of a name."
)
STRIKES: Final = "**Strikes that count**"
BANS: Final = "**Bans**"
STILL_OPEN: Final = "Still open"
UNDONE: Final = "undone since"
NOTHING_FOUND: Final = "Nothing fits. Try fewer words, or only the beginning of one."
NO_MORE: Final = "There is nothing more to show here. Search again to start from the newest."
HINT_CAUTION: Final = "-# Only a hint: nothing was done, and it may be wrong."
NOTE_HELP: Final = "-# Add to it with /author note; only staff see this."


def reported_for(rule_name: str) -> str:
    """Say what a comment was reported for, where no decision cites a rule."""
    return f"reported for {rule_name}"


def first_seen(at: datetime, site: str) -> str:
    """Say since when the desk knows an author."""
    return f"-# First reported {day(at)} on {site}"


def strikes(number: int) -> str:
    """Head the strikes, where some are left out."""
    return f"{STRIKES} ({number:,})"


def expires(at: datetime) -> str:
    """Say until when a strike counts."""
    return f"counts until {day(at)}"


def notes(number: int, shown: int) -> str:
    """Head the staff's notes."""
    left = f", the newest {shown}" if number > shown else ""
    return f"**Staff notes** ({number:,}{left})"


def note(text: str, by: str, at: datetime) -> str:
    """Show a note."""
    return f"{text}\n-# {by}, {ago(at)}"


def no_notes() -> str:
    """Say that there are no notes."""
    return "-# No staff notes yet; /author note adds one."


def cases(first: int, last: int, total: int) -> str:
    """Head the author's cases."""
    if total == last - first + 1:
        return f"**{count(total, 'case')}, newest first**"
    return f"**Cases {first:,} to {last:,} of {total:,}, newest first**"


def may_be(name: str, reasons: str, banned: str) -> str:
    """Say that an account may be somebody banned: a hint, with its reasons."""
    return f"🔎 **May be {name}**, {banned}: {reasons}."


def denied(number: int) -> str:
    """Say that a hint was taken off."""
    return (
        f"Noted: {'that is' if number == 1 else 'those are'} somebody else. "
        "The hint is off this author's cards and record."
    )


NOTHING_DENIED: Final = (
    "There is no hint on this author any more, so there was nothing to take off."
)


def noted(name: str) -> str:
    """Say that a note was kept."""
    return f"Noted on {name}. Everybody on the desk sees it in the record."


def found(first: int, last: int, *, more: bool) -> str:
    """Head a list of found cases."""
    if first == 1 and not more:
        return f"**{count(last, 'case')} found, newest first**"
    return f"**Found cases {first:,} to {last:,}, newest first**" + (
        " · there are more" if more else ""
    )


# Hotspots.
CHART_AUTHORS: Final = "Authors"
CHART_STORIES: Final = "Stories"
CHART_QUARRELS: Final = "Who answers whom"
QUARRELS: Final = "**Who answers whom**"
NO_QUARRELS: Final = "-# No two accounts were reported for answering each other more than once."
CUT: Final = "-# There were too many reports to look at all; these are the newest ones."


def no_reports(days: int) -> str:
    """Say that nothing was reported."""
    return f"Nothing was reported in the last {count(days, 'day')}."


def hotspots(reports: int, comments: int, days: int) -> str:
    """Head the hotspots."""
    return (
        f"**The last {count(days, 'day')}**: {count(reports, 'report')} on "
        f"{count(comments, 'comment')}"
    )


def behind(kind: str, share: int, named: int, total: int) -> str:
    """Say how much of it all the few are behind."""
    many = {"author": "authors", "story": "stories"}[kind]
    if named == total:
        return f"**{many.capitalize()}**"
    are = "is" if named == 1 else "are"
    return f"**{many.capitalize()}**: {named} of {total:,} {are} behind {share} % of the reports"


def on_comments(number: int) -> str:
    """Say on how many comments the reports are."""
    return f"on {count(number, 'comment')}"


def most_reported(case: str) -> str:
    """Name the most reported case."""
    return f"most on {case}"


def quarrel(first: str, reports: int, second: str, others: int) -> str:
    """Name two who answer each other, each with the reports on what they wrote to the other."""
    return f"**{first}** {reports:,} ⇄ **{second}** {others:,}"


def alt(days: int) -> str:
    """Begin the description of the picture."""
    return f"Bars: what the reports of the last {count(days, 'day')} were about."
