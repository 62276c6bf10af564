"""What stands on a case's card, open and decided."""

import re
from datetime import datetime
from typing import Final

from bot.cards.text.common import ago, ban_length, capital, case, clock, people
from bot.domain.cases import CaseState
from bot.domain.decisions import Action
from bot.domain.lines import count
from bot.domain.policy import Emoji, Severity

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

_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
"""Letters of scripts that set no spaces between words, as Thai, Japanese and Chinese."""

# On buttons; short, for a telephone is narrow.
KEEP: Final = "Keep"
BAN: Final = "Ban…"
BAN_NOW: Final = "Ban"
MORE: Final = "More"
UNDO: Final = "Undo"
OPEN: Final = "Open"
TRY_NOW: Final = "Try now"
OTHER_RULE: Final = "Cite another rule"
CHANGE_RULE: Final = "Other rule…"
HIDE_AS: Final = "Hide under another rule"
NO_TEXT: Final = "*There is no text to show: nothing in the comment can be seen.*"
TAKEN_BACK: Final = (
    "↩ The reader took the report back. Keep the comment if you see nothing wrong with it."
)
FIRST_REPORT: Final = "not reported before"
SEE_STORY: Final = "the story"
SEE_COMMENT: Final = "see it there"
TRIAL: Final = "🔧 **Test of the set-up** · it goes away by itself in a moment"
REHEARSAL: Final = "🎓 **Rehearsal** · nothing here reaches the site or the record"


def uncounted(readers: int) -> str:
    whose = "its reader" if readers == 1 else "their readers"
    return f"{count(readers, 'report')} not counted: {whose} reported many comments that were kept"


def unshowable(number: int, button: str) -> str:
    return (
        f"### {case(number)}\nDiscord refuses to show this comment in a message here. Press "
        f"{button} to read it; only you will see it."
    )


def hide(rule_name: str) -> str:
    """Label the button that hides under a rule: ``Hide: harassment``."""
    return f"Hide: {rule_name.lower()}"


def read_all(text: str) -> str:
    """Say how long a text is: in words, or in characters where its script sets no spaces."""
    words = text.split()
    characters = sum(map(len, words))
    if 2 * len(_UNSPACED.findall(text)) > characters:
        return f"Read all ({count(characters, 'character')})"
    return f"Read all ({count(len(words), 'word')})"


READERS_NOTES: Final = "Readers' notes"


def readers_notes(number: int) -> str:
    """Label the button beside which nothing says how many there are."""
    return f"{READERS_NOTES} ({number:,})"


def notes(number: int) -> str:
    return count(number, "note")


def readers(number: int) -> str:
    return count(number, "reader")


def first_reported(at: datetime) -> str:
    return f"first {ago(at)}"


def received_late(at: datetime) -> str:
    return f"⏳ Received {ago(at)}; the desk could not show it sooner."


def author_record(reported: int, hidden: int) -> str:
    return (
        f"{reported:,} reported, {hidden:,} hidden"
        if hidden
        else f"{reported:,} reported, none hidden"
    )


def member_since(at: datetime) -> str:
    return f"here since {at.year}"


def banned(until: datetime | None, since: datetime) -> str:
    return f"banned {ban_length(until, since)}"


def on_story(story: str, section: str | None) -> str:
    return f"on {story} · {section}" if section else f"on {story}"


def edited(before: str) -> str:
    return f"✎ **Edited since it was reported.** Before: {before}"


def rule_corrected(name: str) -> str:
    return f"rule corrected by {name}"


def answering(author: str, text: str) -> str:
    return f"answering {author}: “{text}”"


def why(reasons: str) -> str:
    return f"Place in the queue: {reasons}"


def reopened_by_undo(name: str, at: datetime, before: str) -> str:
    return f"↩ {name} undid it at {clock(at)}; it was {before}."


def not_carried_out(name: str, at: datetime, before: str) -> str:
    return (
        "✋ The comment was edited before the site could do it, so **nothing was done there**. "
        f"{name} had decided at {clock(at)}: {before}. Read the new text."
    )


NOT_SHOWN_AGAIN: Final = "✋ The comment was edited while it was hidden, so it was **not shown again**. Read the new text."


def reopened_by_edit(name: str, at: datetime, before: str) -> str:
    return f"↩ Edited and reported again. {name} had decided at {clock(at)}: {before}."


def reopened_by_report(name: str, at: datetime) -> str:
    return f"↩ Reported again. {name} kept it {ago(at)}."


def mark(action: Action, emoji: Emoji) -> str:
    return {
        Action.KEEP: f"{emoji.keep} Kept",
        Action.HIDE: f"{emoji.hide} Hidden",
        Action.BAN: f"{emoji.ban} Banned",
    }.get(action, capital(decided(action)))


def decided(action: Action) -> str:
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


GONE: Final = "gone"
"""What became of a comment that its author deleted."""


def by(name: str, at: datetime, second: str | None = None) -> str:
    return f"by {people(name, second)}, {clock(at)}"


def by_site(name: str | None, at: datetime) -> str:
    return (
        f"on the site itself, by {name}, {clock(at)}"
        if name
        else f"on the site itself, {clock(at)}"
    )


def reported_since(number: int, at: datetime) -> str:
    if number == 1:
        return f"Reported once more since, {ago(at)}"
    return f"Reported again {number:,} times since, last {ago(at)}"


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
    if visible:
        return f"{ASKED_TO_HIDE} and to ban the author {length}"
    return f"Author not banned yet: the site was asked to ban them {length}"


SITE_WAITING: Final = "the site is being told"


def site_retrying(words: str, at: datetime, tries: int, most: int) -> str:
    return f"**{words}** Trying again {ago(at)} ({tries} of {most})."


def site_failed(words: str, tries: int) -> str:
    return (
        f"**{words}** The desk asked {count(tries, 'time')} and has stopped. Press Try now, or do it on "
        "the site by hand."
    )


SITE_SILENT: Final = "The site did not answer."


FOOT: Final = "More cards follow as these are decided, worst first. /queue lists every open case."


def head(opened: int, without_card: int) -> str:
    waits = "waits" if without_card == 1 else "wait"
    return (
        f"📚 **{count(opened, 'open case')}**, of which {without_card:,} {waits} for a card. "
        "The worst of all:"
    )


NOTHING_FOUND: Final = "Nothing fits. Try fewer words, or only the beginning of one."
NO_MORE: Final = "There is no more to show. Search again to start from the newest."


def found(first: int, last: int, *, more: bool) -> str:
    if first == 1 and not more:
        return f"**{count(last, 'case')} found, newest first**"
    return f"**Found cases {first:,} to {last:,}, newest first**" + (
        " · there are more" if more else ""
    )
