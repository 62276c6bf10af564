"""The ban form, what a line asks after a reaction, and what is answered to whoever decides."""

from datetime import datetime, timedelta
from typing import Final

from bot.cards.text.common import ago, ban_length, capital
from bot.domain import bans
from bot.domain.decisions import Action
from bot.domain.lines import count

# The ban form.
THE_AUTHOR: Final = "the author"
BAN_RULE: Final = "Which rule?"
BAN_LENGTH: Final = "For how long?"
BAN_NOTE: Final = "Staff note"
BAN_NOTE_HELP: Final = "For the record; the author is not shown it."
FOR_GOOD: Final = "For good"

# Answers.
NO_NOTES: Final = "No reader left a note on this case."
NOTES_WARNING: Final = "-# Written by readers. It may be untrue, or meant to hurt."
QUEUE_EMPTY: Final = "Nothing waits. Every reported comment is decided."
QUEUE_END: Final = "There are no more open cases on this page."
NOTHING_DONE: Final = "Nothing was done."
EDITED_ASK: Final = (
    "The comment was edited since you saw it, so nothing was decided. Look again and decide."
)
RULE_CORRECTED: Final = "rule corrected"
HISTORY: Final = "**What was decided so far**"
RETRYING: Final = "The site is being asked again. The card will show how it went."


# What is looked over before it is sent off.
SEND: Final = "Send"
AUTHOR_READS: Final = "The author will read:"


def would_ban(name: str, length: str, number: int, rule_name: str) -> str:
    return (
        f"**Not sent yet.** {name} is to be banned {length} and #{number} hidden, "
        f"{citing(rule_name)}."
    )


def does_not_fit(reason: str) -> str:
    return (
        f"“{reason}” belongs to another rule, so it is left out. Press {CHANGE} to pick another "
        "rule or another sentence."
    )


def ban_title(name: str, number: int) -> str:
    """Name the form; `name` may take `room_for_name` characters of the 45 that Discord shows."""
    return f"Ban {name}, case #{number}"


def room_for_name(number: int) -> int:
    return 45 - len(ban_title("", number))


def ban_suggestion(lasting: timedelta, strikes: int) -> str:
    because = count(strikes, "strike") if strikes else "no strikes so far"
    return f"{capital(bans.in_words(lasting))} is suggested: {because}."


def done(what: str, number: int, rule_name: str | None, author: str | None = None) -> str:
    """Say what a decision did: ``Hidden #1042 (salty_dog), citing *3 Harassment*.``."""
    said = f"{what} #{number} ({author})" if author else f"{what} #{number}"
    return f"{said}, {citing(rule_name)}." if rule_name else f"{said}."


DONE: Final = {
    Action.KEEP: "Kept",
    Action.HIDE: "Hidden",
    Action.BAN: "Hidden",
    Action.HOLD: "On hold:",
    Action.REOPEN: "No longer kept:",
    Action.UNHIDE: "No longer hidden:",
    Action.UNBAN: "No longer hidden or banned:",
}


SITE_NEXT: Final = {
    Action.KEEP: "It stays on the site.",
    Action.HIDE: "The site is being told.",
    Action.BAN: "The site is being told.",
    Action.HOLD: "The site is being told.",
    Action.REOPEN: "The case is open again.",
    Action.UNHIDE: "The case is open again, and the site is being told.",
    Action.UNBAN: "The case is open again, and the site is being told.",
}


BACK_ON_HOLD: Final = {
    Action.REOPEN: "No longer kept:",
    Action.UNHIDE: "Undone:",
    Action.UNBAN: "No longer banned:",
}
"""The same where what was undone leaves the comment on hold."""
HELD_AGAIN: Final = "Its case is open again, and until a moderator decides it is on hold."
PUT_BACK: Final = "It is being put back on the site."


def overtaken(action: Action, number: int) -> str:
    """Say that the site found another text than the one that was judged."""
    if action in {Action.UNHIDE, Action.UNBAN}:
        did = f"#{number} was not shown again: the comment was edited while it was hidden."
    else:
        did = f"#{number} was edited before the site could do it, so nothing was done there."
    return f"✋ {did} Its card has the new text: read it, and decide on that."


def citing(rule_name: str) -> str:
    return f"citing *{rule_name}*"


def undo_case(number: int) -> str:
    return f"Undo #{number}"


def by_position(name: str, words: str) -> str:
    return f"It is {name}'s: {words}"


NOT_KEPT: Final = (
    "The desk could not save your line just now, so nothing was done. Look at the cards in a "
    "moment, and type it again."
)
FORM_UNREAD: Final = "What was filled in cannot be read, so nothing was done. Open the form again."
FAILED_PRESS: Final = (
    "Something went wrong at the desk, and it has been noted for the admin. Look at the card: it "
    "shows whether your decision was kept."
)
FAILED: Final = (
    "Something went wrong at the desk, and it has been noted for the admin. Nothing in your line "
    "was done. Look at the card, and decide there."
)
ROLE_MENTIONED: Final = (
    "You mentioned the bot's role rather than the bot, so I cannot read your line, and nothing was "
    "done. Pick the name with BOT or APP beside it, or reply to the card."
)


def skipped(number: int) -> str:
    return f"#{number} is left as it is."


def next_cases(*, back: bool) -> str:
    return "Back to the worst" if back else "Next ten"


def author_banned(until: datetime | None, now: datetime) -> str:
    return f"The author is banned {ban_length(until, now)}."


def still_banned(until: datetime | None, now: datetime, number: int) -> str:
    return f"The author stays banned {ban_length(until, now)}, for #{number}."


def lifted(name: str, number: int) -> str:
    return (
        f"{name}'s ban is lifted (#{number}), and the site is being told. The comment stays as it "
        "is."
    )


def amended(number: int, rule_name: str) -> str:
    return f"Case #{number} now cites *{rule_name}*. Nothing else changes."


def cites_now(number: int, rule_name: str) -> str:
    return f"#{number} cites *{rule_name}*. Pick another rule, or what else to tell the author."


WITH_EDITORS: Final = "with the editors"


def held_by(name: str) -> str:
    return f"{name} has it"


def already_yours(number: int, what: str, at: datetime) -> str:
    return f"You decided this already: #{number} is {what}, {ago(at)}. Nothing was changed."


def already(name: str, number: int, what: str, at: datetime) -> str:
    return f"{name} was first: #{number} is {what}, {ago(at)}. Your decision changed nothing."


def readers_notes(number: int, shown: int) -> str:
    return f"**Readers' notes on #{number}** ({shown:,})"


def page(number: int, total: int) -> str:
    return f"-# Page {number} of {total}"


def whole_comment(name: str, number: int) -> str:
    return f"**All that {name} wrote** · #{number}"


def go_to_card(link: str) -> str:
    return f"[Go to the card]({link})"


def queue_head(total: int) -> str:
    return f"**{count(total, 'open case')}, worst first**"


RAISED: Final = "🔺 "
"""Before a case in a list that somebody put at the front of the queue."""


def queue_number(number: int, link: str | None) -> str:
    return f"[#{number}]({link})" if link else f"#{number}"


def more_orders(number: int) -> str:
    return f"and {count(number, 'more order')}; their cards show how they ended."


CHANGE: Final = "Change…"
CANCEL: Final = "Cancel"
CANCELLED: Final = "Nobody was banned. The case waits as before."

_MEANT: Final = {Action.KEEP: "keep", Action.HIDE: "hide", Action.BAN: "ban"}


def ban_question(author: str, length: str, rule: str) -> str:
    return f"**Ban {author} for {length} under {rule}?**"


def only(who: str, emoji: str, until: datetime) -> str:
    return f"{who} reacted with {emoji}, and only {who} can answer, until <t:{int(until.timestamp())}:t>."


def given(who: str, emoji: str, action: Action) -> str:
    return f"{who} {emoji} {_MEANT[action]}"


def differ(case: str, given: str) -> str:
    return (
        f"**What should become of {case}?** While the desk was away, people reacted differently, "
        f"so nothing was decided: {given}."
    )


def before_edit(case: str, given: str) -> str:
    return (
        f"**Does this still hold for {case}?** The comment was edited after people reacted while "
        f"the desk was away, so nothing was decided: {given}. It now says:"
    )


def plainly(case: str) -> str:
    return (
        f"Somebody reacted to {case}, and nothing was decided. Please press a button on its card."
    )
