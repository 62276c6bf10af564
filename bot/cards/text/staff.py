"""Shifts, claims, and what colleagues do with a case."""

from datetime import datetime, timedelta
from typing import Final

from bot.cards.text.common import ago, clock, day_and_clock
from bot.domain.lines import count

# On buttons and menus.
CLAIM: Final = "Claim"
TAKE_OVER: Final = "Take over"
RELEASE: Final = "Release"
NOTE: Final = "Staff note"
ESCALATE: Final = "To the editors…"
TAKE_BACK: Final = "Take back"
THREAD: Final = "Thread"
NEXT: Final = "Next"
SKIP: Final = "Skip"
WAKE: Final = "Back in the queue"
SNOOZE: Final = "Put off for…"
ASSIGN: Final = "Ask a colleague to take it"
REASON: Final = "Tell the author more"
SNOOZES: Final = (
    ("30 minutes", 30),
    ("1 hour", 60),
    ("2 hours", 120),
    ("4 hours", 240),
    ("Until tomorrow, 8:00", 0),
)
"""What a case is put off for, in minutes; 0 is the next morning."""

# Forms.
NOTE_TITLE: Final = "Staff note"
NOTE_FIELD: Final = "What should they know?"
NOTE_HELP: Final = "Only staff see it, on the card and in More."
ESCALATE_TITLE: Final = "Hand to the editors"
ESCALATE_FIELD: Final = "What should the editors know?"
ESCALATE_HELP: Final = "Sent to them with a link to the card. May be left empty."
REASON_FIELD: Final = "Tell the author more"
REASON_HELP: Final = "Added to the notice of the rule. May be left empty."

# Answers.
RELEASED: Final = "Released. It is open to everybody again."
NOTED: Final = "Your staff note is on the card."
ESCALATED: Final = "Handed to the editors, who are being told."
TAKEN_BACK: Final = "Taken back. It waits for the moderators again."
THREAD_COMES: Final = "A thread is being opened under the card."
AWAKE: Final = "It is back in the queue."
UNASSIGNED: Final = "Nobody is asked to take it any more."
SHIFT_OVER: Final = "Your shift is over: no more calls. Rest well."
NOT_ON: Final = (
    "You are not on shift, so nothing was changed. /shift start begins a shift, /shift who shows "
    "who is on."
)
BREAK_OVER: Final = "Welcome back. Overdue cases may call you again."


NOTHING_FREE: Final = (
    "Nothing waits. What is open is in hand, put off, with the editors, or waits for somebody else."
)


def free_elsewhere(channels: str) -> str:
    return f"Nothing waits here. Cases are free in {channels}: type /next there."


def nobody_on(roles: str) -> str:
    return f"Nobody is on shift. Overdue cases ping {roles or 'nobody'}."


def claimed_by_me(until: datetime) -> str:
    return f"It is yours until {clock(until)}. Colleagues see that on the card."


def claimed(number: int, until: datetime) -> str:
    return f"#{number} is yours until {clock(until)}."


def already_claimed(name: str, number: int, at: datetime, until: datetime) -> str:
    return (
        f"{name} took #{number} {ago(at)} and has it until {clock(until)}. Nothing was changed. "
        "If they cannot finish it, take it over."
    )


def snoozed(until: datetime) -> str:
    return f"Put off until {day_and_clock(until)}. It comes back by itself, sooner if something new comes in."


def assigned(name: str) -> str:
    return f"{name} is asked to take it."


def on_shift_until(until: datetime) -> str:
    return f"You are on shift until {clock(until)}. Overdue cases ping you until then."


def resting_until(until: datetime) -> str:
    return f"No calls until {clock(until)}. The desk can wait; take your time."


def resting(who: str, until: datetime) -> str:
    return f"{who} (on a break until {clock(until)})"


def rest(number: int) -> str:
    return (
        f"You have decided {count(number, 'case')} today, which is a lot to read. "
        "`/break` stops the pings for a while, and somebody else can take the rest."
    )


def looking(names: str, one: bool) -> str:
    return f"👀 {names} {'is' if one else 'are'} looking at this too."


def also_told(reason: str) -> str:
    return f"The author is also told: “{reason}”"


# On cards and in details.


def has_claimed(name: str, until: datetime) -> str:
    return f"👤 **{name}** has it until {clock(until)}"


def is_asked(name: str, by: str) -> str:
    return f"➡ {by} asked **{name}** to take it"


def with_editors(by: str, at: datetime, note: str | None) -> str:
    said = f"⏫ {by} handed it to the editors {ago(at)}"
    return f"{said}: “{note}”" if note else said


def raised(by: str, at: datetime, alert: int) -> str:
    return f"🔺 {by} raised it to the front of the queue {ago(at)}, for alert {alert}"


def put_off(by: str, until: datetime) -> str:
    return f"💤 {by} put it off; back {ago(until)}"


def staff_note(by: str, text: str, at: datetime) -> str:
    return f"🗒 Staff note by {by}, {ago(at)}: {text}"


def more_notes(number: int) -> str:
    return f"{count(number, 'earlier staff note')} in More"


def thread(thread_id: int) -> str:
    return f"💬 <#{thread_id}>"


def content_warning(rule: str) -> str:
    return f"Reported under *{rule}*: what it says stays hidden until you press it."


# Messages to staff. They begin with nothing a reader wrote, as a telephone shows the beginning.


def told_assigned(who: str, by: str, case: str, since: datetime, *, one: str) -> str:
    """Ask a colleague to take a case, or `one` of all where that colleague is gone."""
    return f"{who} {by} asks {one} to take {case}, first reported {ago(since)}."


def told_own_back(who: str, case: str) -> str:
    return f"{who} {case}, which you put off, is back in the queue."


def told_back(who: str, by: str, case: str) -> str:
    return f"{who} {case}, which {by} put off, is back in the queue."


def told_editors(who: str, by: str, case: str, note: str | None) -> str:
    said = f"{who} {by} hands you {case}."
    return f"{said} They say: “{note}”" if note else said


def told_contested(who: str, case: str) -> str:
    return f"{who} Somebody contests the decision on {case}. /contests shows what they say."


def told_late(who: str, number: int, since: datetime, cases: str) -> str:
    wait = "waits" if number == 1 else "wait"
    return (
        f"{who} {count(number, 'case')} {wait} and nobody has taken "
        f"{'it' if number == 1 else 'them'}; the first came {ago(since)}: {cases}"
    )


def told_late_editors(who: str, number: int, since: datetime, cases: str) -> str:
    wait = "waits" if number == 1 else "wait"
    return (
        f"{who} {count(number, 'reported comment')} {wait} for the moderators and nobody has "
        f"taken {'it' if number == 1 else 'them'}; the first came {ago(since)}: {cases}"
    )


def told_late_contests(who: str, number: int, since: datetime, cases: str) -> str:
    wait = "is" if number == 1 else "are"
    return (
        f"{who} {count(number, 'contested decision')} {wait} overdue; the first was contested "
        f"{ago(since)}: {cases}. /contests lists them."
    )


def and_more(number: int) -> str:
    return f"and {number:,} more"


def thread_name(number: int, rule: str) -> str:
    return f"Case {number}: {rule}"


def thread_opening(by: str) -> str:
    return f"{by} opened this thread. What is said here stays among staff."


# The pinned overview.


def how_many(opened: int, waiting: int) -> str:
    if not opened:
        return "**Nothing waits.** Every reported comment is decided."
    free = "all of them free" if waiting == opened else f"{waiting:,} of them free"
    return f"**{count(opened, 'open case')}**, {free}"


def contest(number: int) -> str:
    return f"contest {number}"


def contested(number: int, overdue: int, first: str, due_at: datetime | None) -> str:
    """Say how many contests wait, before all else."""
    late = f", **{overdue:,} overdue**" if overdue else ""
    wait = "waits" if number == 1 else "wait"
    due = f", answer it {ago(due_at)}" if due_at else ""
    return f"⚖ **{count(number, 'contest')}** {wait} for an answer{late}; first {first}{due}"


def oldest(case: str, since: datetime) -> str:
    return f"Longest waiting: {case}, {ago(since)}"


def set_aside(escalated: int, snoozed_cases: int) -> str | None:
    said = [
        f"{escalated:,} with the editors" if escalated else "",
        f"{snoozed_cases:,} put off" if snoozed_cases else "",
    ]
    return " · ".join(filter(None, said)) or None


def raised_ones(number: int, first: str) -> str:
    return f"🔺 {count(number, 'case')} raised to the front; first {first}"


def being_worked_on(cases: str) -> str:
    return f"In hand: {cases}"


def on_shift(people: str) -> str:
    return f"On shift: {people}"


def today(decided: int, median: timedelta, slowest: timedelta) -> str:
    if decided == 1:
        return f"Today: 1 decided, within {span(median)}"
    return (
        f"Today: {decided:,} decided, half of them within {span(median)}, "
        f"nine in ten within {span(slowest)}"
    )


NOTHING_TODAY: Final = "Today: nothing decided yet"


def span(time: timedelta) -> str:
    """Say how long something took: ``40 s``, ``3 min``, ``2 h 5 min``, ``3 d``."""
    seconds = int(time.total_seconds())
    if seconds < 90:  # noqa: PLR2004 - two minutes would be far off
        return f"{seconds} s"
    minutes = round(seconds / 60)
    if minutes < 60:  # noqa: PLR2004 - minutes in an hour
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:  # noqa: PLR2004 - hours in two days
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{hours // 24} d"


def unsayable(numbers: str) -> str:
    return f"The desk has something to say about {numbers}, and Discord refuses to show it here."


WORKS_AGAIN = "The moderation desk works again"
HELD_UP = "The moderation desk is held up"
