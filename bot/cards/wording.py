"""Every sentence and label that people read in Discord; change it here to change the voice.

Names, titles and texts passed in have been made inert already, by `bot.cards.escape`. Sentences
say what happened, what it means for the comment, and what to do.
"""

from datetime import datetime, timedelta, tzinfo
from typing import Final

from bot.domain import durations
from bot.domain.case import CaseState
from bot.domain.decision import Action
from bot.domain.numbers import count
from bot.domain.policy import Emoji, Rule, Severity

# What stands first on a card.
STATES: Final = {
    CaseState.OPEN: "⚠",
    CaseState.CLAIMED: "👤 Claimed",
    CaseState.ESCALATED: "⏫ With the editors",
    CaseState.REOPENED: "↩ Open again",
}
COLOURS: Final = {
    Severity.LOW: 0xF0B232,
    Severity.MEDIUM: 0xF0B232,
    Severity.HIGH: 0xE67E22,
    Severity.CRITICAL: 0xE8552D,
}
DECIDED_COLOURS: Final = {Action.KEEP: 0x23A55A, Action.HIDE: 0x80848E, Action.BAN: 0x5B4B8A}
TROUBLE_COLOUR: Final = 0xDA373C

# On buttons; short, for a telephone is narrow.
KEEP: Final = "Keep"
BAN: Final = "Ban…"
BAN_NOW: Final = "Ban"
MORE: Final = "More"
UNDO: Final = "Undo"
OPEN: Final = "Open"
TRY_NOW: Final = "Try now"
OTHER_RULE: Final = "Cite another rule"
HIDE_AS: Final = "Hide under another rule"
NEXT_PAGE: Final = "Next page"
FIRST_PAGE: Final = "First page"

# On cards.
NO_NAME: Final = "Anonymous"
NO_TITLE: Final = "a story without a title"
NO_TEXT: Final = "*There is no text to show: nothing in the comment can be seen.*"
FIRST_REPORT: Final = "not reported before"
SEE_STORY: Final = "the story"
SEE_COMMENT: Final = "see it there"

_A_DAY: Final = timedelta(days=1)


def capital(words: str) -> str:
    """Return the words with a capital in front and the rest as it is."""
    return words[:1].upper() + words[1:]


def ago(at: datetime) -> str:
    """Return a time as Discord shows it to each person: ``3 minutes ago``."""
    return f"<t:{int(at.timestamp())}:R>"


def clock(at: datetime) -> str:
    """Return a time as Discord shows it to each person: ``14:03``."""
    return f"<t:{int(at.timestamp())}:t>"


def day_and_clock(at: datetime) -> str:
    """Return a moment with its weekday: ``Friday, 27 November 2026 08:00``."""
    return f"<t:{int(at.timestamp())}:F>"


def date_and_clock(at: datetime) -> str:
    """Return a moment as Discord shows it to each person: ``24 November 2026 14:03``."""
    return f"<t:{int(at.timestamp())}:f>"


def day(at: datetime) -> str:
    """Return a day as Discord shows it to each person: ``24 November 2026``."""
    return f"<t:{int(at.timestamp())}:D>"


def case(number: int) -> str:
    """Return how a case is called: ``#1042``."""
    return f"#{number}"


def unshowable(number: int, button: str) -> str:
    """Stand for a comment that Discord refuses to show."""
    return (
        f"### {case(number)}\nDiscord refuses to show this comment in a message here. Press "
        f"{button} to read it; only you will see it."
    )


def rule(cited: Rule) -> str:
    """Return how a rule is called: ``3 Harassment``."""
    return f"{cited.number} {cited.name}"


def hide(rule_name: str) -> str:
    """Label the button that hides under a rule: ``Hide: harassment``."""
    return f"Hide: {rule_name.lower()}"


def read_all(words: int) -> str:
    """Label the button that shows a long comment."""
    return f"Read all ({count(words, 'word')})"


def notes(number: int) -> str:
    """Label the button that shows what reporters wrote."""
    return f"Notes ({number:,})"


def readers(number: int) -> str:
    """Say how many people reported the comment."""
    return count(number, "reader")


def first_reported(at: datetime) -> str:
    """Say since when the comment waits."""
    return f"first {ago(at)}"


def received_late(at: datetime) -> str:
    """Say that a card comes long after its report."""
    return f"⏳ Received {ago(at)}; the desk could not show it sooner."


def author_record(reported: int, hidden: int) -> str:
    """Say how an author's reported comments fared, this one included."""
    return (
        f"{reported:,} reported, {hidden:,} hidden"
        if hidden
        else f"{reported:,} reported, none hidden"
    )


def member_since(at: datetime) -> str:
    """Say how old an account is."""
    return f"here since {at.year}"


def banned(until: datetime | None, since: datetime) -> str:
    """Say that an author is banned, seen from a moment."""
    return f"banned {ban_length(until, since)}"


def on_story(story: str, section: str | None) -> str:
    """Say under which story the comment stands."""
    return f"on {story} · {section}" if section else f"on {story}"


def edited(before: str) -> str:
    """Say on a card that the comment is not what was first reported."""
    return f"✎ **Edited since it was reported.** Before: {before}"


def quoted(text: str) -> str:
    """Put a reader's words in quotation marks."""
    return f"“{text}”"


def rule_corrected(name: str) -> str:
    """Say that somebody cited another rule afterwards."""
    return f"rule corrected by {name}"


def answering(author: str, text: str) -> str:
    """Say what the comment answers."""
    return f"answering {author}: “{text}”"


def why(reasons: str) -> str:
    """Say why a case stands where it stands."""
    return f"Place in the queue: {reasons}"


def reopened_by_undo(name: str, at: datetime, before: str) -> str:
    """Say on an open card that a decision was undone."""
    return f"↩ {name} undid it at {clock(at)}; it was {before}."


def not_carried_out(name: str, at: datetime, before: str) -> str:
    """Say on an open card that the site did not do what was decided, as the text was another."""
    return (
        "✋ The comment was edited before the site could do it, so **nothing was done there**. "
        f"{name} had decided at {clock(at)}: {before}. Read the new text."
    )


NOT_SHOWN_AGAIN: Final = "✋ The comment was edited while it was hidden, so it was **not shown again**. Read the new text."


def reopened_by_edit(name: str, at: datetime, before: str) -> str:
    """Say on an open card that the comment changed after it was decided."""
    return f"↩ Edited and reported again. {name} had decided at {clock(at)}: {before}."


def reopened_by_report(name: str, at: datetime) -> str:
    """Say on an open card that a kept comment was reported again."""
    return f"↩ Reported again. {name} kept it {ago(at)}."


def mark(action: Action, emoji: Emoji) -> str:
    """Say what was done, first on a card: the reaction that stands for it, and the word."""
    return {
        Action.KEEP: f"{emoji.keep} Kept",
        Action.HIDE: f"{emoji.hide} Hidden",
        Action.BAN: f"{emoji.ban} Banned",
    }.get(action, capital(decided(action)))


def decided(action: Action) -> str:
    """Name a decision within a sentence."""
    return {
        Action.KEEP: "kept",
        Action.HIDE: "hidden",
        Action.BAN: "hidden, author banned",
        Action.HOLD: "put on hold",
        Action.REOPEN: "opened again",
        Action.UNHIDE: "shown again",
        Action.UNBAN: "shown again, ban lifted",
    }[action]


BACK_ON_HOLD: Final = {
    Action.REOPEN: "opened again",
    Action.UNHIDE: "taken back",
    Action.UNBAN: "taken back, ban lifted",
}
"""What an undoing did that leaves the comment on hold."""
HELD_BY_DESK: Final = "held by the desk"
ON_HOLD: Final = "⏸ on hold"


def ban_length(until: datetime | None, since: datetime) -> str:
    """Say when a ban ends, seen from a moment: less than a day away, at which time."""
    if until is None:
        return "for good"
    return f"until {date_and_clock(until) if until - since < _A_DAY else day(until)}"


def ban_end(until: datetime | None, now: datetime, zone: tzinfo) -> str:
    """Say the same where Discord shows no times, by the newsroom's clock: ``until today 15:10``."""
    if until is None:
        return "for good"
    local, today = until.astimezone(zone), now.astimezone(zone).date()
    if until - now >= _A_DAY:
        return f"until {local.day} {local:%B %Y}"
    return f"until {'today' if local.date() == today else 'tomorrow'} {local:%H:%M}"


def ban_given(at: datetime, until: datetime | None) -> str:
    """Say for how long a ban was given, whatever became of it."""
    return "for good" if until is None else f"for {durations.in_words(until - at)}"


def by(name: str, at: datetime, second: str | None = None) -> str:
    """Say who decided, who agreed where it took two, and when."""
    return f"by {people(name, second)}, {clock(at)}"


def people(name: str, second: str | None = None) -> str:
    """Name who decided, and who agreed where it took two."""
    return f"{name} with {second}" if second else name


def by_site(name: str | None, at: datetime) -> str:
    """Say that somebody decided in the site's own console, and when."""
    return (
        f"on the site itself, by {name}, {clock(at)}"
        if name
        else f"on the site itself, {clock(at)}"
    )


def reported_since(number: int, at: datetime) -> str:
    """Say how many reports came in after the decision, and when the last one did."""
    if number == 1:
        return f"Reported once more since, {ago(at)}"
    return f"Reported again {number:,} times since, last {ago(at)}"


def note(text: str) -> str:
    """Show a moderator's note."""
    return f"Note: {text}"


# How far the site has got.

SITE_DONE: Final = {
    Action.KEEP: "up on the site",
    Action.HIDE: "taken down on the site",
    Action.BAN: "taken down on the site",
    Action.HOLD: "on hold on the site",
    Action.REOPEN: "up on the site",
    Action.UNHIDE: "up again on the site",
    Action.UNBAN: "up again on the site",
}
ASKED_TO_SHOW: Final = "Still hidden: the site was asked to show it"
ASKED_TO_HIDE: Final = "Still visible: the site was asked to hide it"
ASKED_TO_HOLD: Final = "Still visible: the site was asked to put it on hold"
ASKED_TO_LIFT: Final = "Still banned: the site was asked to lift the ban"
ASKED_TO_SHOW_AND_LIFT: Final = (
    "Still hidden, and the author still banned: the site was asked to show it and to lift the ban"
)


def asked_to_ban(length: str, *, visible: bool) -> str:
    """Say that an author is not banned yet, and whether the comment is not hidden yet either."""
    if visible:
        return f"{ASKED_TO_HIDE} and to ban the author {length}"
    return f"Author not banned yet: the site was asked to ban them {length}"


SITE_WAITING: Final = "the site is being told"


def site_retrying(words: str, at: datetime, tries: int, most: int) -> str:
    """Say that the site did not obey yet, and what happens next."""
    return f"**{words}** Trying again {ago(at)} ({tries} of {most})."


def site_failed(words: str, tries: int) -> str:
    """Say that the site did not obey and is not asked again."""
    return (
        f"**{words}** It was asked {count(tries, 'time')} and is not asked again by itself. "
        "Press Try now, or change it on the site by hand."
    )


SITE_SILENT: Final = "The site did not answer."
