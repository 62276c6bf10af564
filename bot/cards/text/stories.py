"""How stories stand in law, and texts that are kept back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.cards.text.common import ago, capital, date_and_clock, day
from bot.domain.lines import count
from bot.domain.stories import Closing, StateRules, StoryState

MARKS: Final[Mapping[StoryState, str]] = {
    StoryState.NORMAL: "Normal",
    StoryState.WATCH: "👁 Watched",
    StoryState.PROCEEDINGS: "⚖ Active proceedings",
    StoryState.PROTECTED: "🛡 Sexual offence or child involved",
    StoryState.CLOSED: "🔒 Asked to close for comments",
}
"""How a story stands, on cards and in lists; see `mark`."""
CHOICES: Final = {**MARKS, StoryState.CLOSED: "🔒 Close for comments"}
"""What may be picked."""
CLOSED: Final = "🔒 Closed for comments"
"""The mark of a story that its site says is closed."""
MEANINGS: Final[Mapping[StoryState, str]] = {
    StoryState.NORMAL: "Nothing special",
    StoryState.WATCH: "Its cases come sooner in the queue",
    StoryState.PROCEEDINGS: "Somebody was arrested or charged",
    StoryState.PROTECTED: "Nobody may be identified",
    StoryState.CLOSED: "No more comments are wanted",
}

STORY: Final = "Story…"
CHANGE: Final = "Change…"
STILL: Final = "Still so"
PICK: Final = "Change the status"
NONE_MARKED: Final = (
    "No story is marked. Where somebody was arrested or charged, or a sexual offence or a child "
    "is involved, use /story, or press More on a card and then Story…"
)
SITE_ASKED_TO_CLOSE: Final = "The site is being asked to close it for comments."
SITE_ASKED_TO_OPEN: Final = "The site is being asked to open it for comments again."
SITE_CLOSED: Final = "Closed for comments at the site."
SITE_OPENED: Final = "Open for comments at the site."
CANNOT_CLOSE: Final = (
    "This site cannot close a story from here. If it should take no more comments, close them "
    "there by hand."
)

_EFFECTS: Final = (
    ("second_pair", "showing a comment again takes two people"),
    ("close_comments", "the site is asked to take no more comments"),
    ("restricted", "the text is quoted only in the restricted channel"),
)

# Asked before a state is set.
SET: Final = "Set it"
LEAVE: Final = "Leave it as it is"
LEFT: Final = "Nothing was changed."
ASKED_TOO_LONG_AGO: Final = (
    "That question was answered already, or is too old, so nothing was changed. Pick the status "
    "again."
)
HOLDS_NONE: Final = "No comment goes on hold now."
WOULD_CLOSE: Final = "The site is asked to close the story for comments."
WOULD_OPEN: Final = "The site is asked to open the story for comments again."


def mark(state: StoryState, closing: Closing | None) -> str:
    is_closed = closing is not None and closing.closed and closing.is_done
    return CLOSED if state is StoryState.CLOSED and is_closed else MARKS[state]


def stands(state: StoryState, closing: Closing | None) -> str:
    means = "" if state is StoryState.NORMAL else f" {MEANINGS[state]}."
    return f"Status: **{mark(state, closing)}**.{means} Pick another below to change it."


def ask(state: StoryState, title: str) -> str:
    return f"Set {title} to **{CHOICES[state]}** from now on?"


def would_hold(number: int) -> str:
    if not number:
        return HOLDS_NONE
    goes = "goes" if number == 1 else "go"
    return f"**{count(number, 'comment')}** {goes} on hold until a moderator has looked."


def would_free(number: int) -> str:
    if number == 1:
        return "**1 comment** stays on hold until you release it in the next step, or decide it."
    return (
        f"**{number:,} comments** stay on hold until you release them in the next step, or decide "
        "them."
    )


def take_back(minutes: int) -> str:
    return f"You can take it back for {count(minutes, 'minute')}."


def held(number: int) -> str:
    is_ = "is" if number == 1 else "are"
    return f"⏸ **{count(number, 'comment')}** {is_} on hold until a moderator has looked."


def release(number: int) -> str:
    return f"Release {count(number, 'comment')}"


def released(number: int) -> str:
    if not number:
        return "Nothing was left on hold to release."
    if number == 1:
        return "1 comment is released, and the site is being told. Its case stays open."
    return f"{number:,} comments are released, and the site is being told. Their cases stay open."


def on_hold(at: datetime, *, two: bool) -> str:
    shown = "Keep shows it, which takes two people" if two else "Keep shows it"
    return (
        f"⏸ **On hold** since {date_and_clock(at)}, until a moderator has looked at it. "
        f"Nothing is decided; {shown}."
    )


GOING_ON_HOLD: Final = "⏸ **Being put on hold** until a moderator has looked at it."


def not_on_hold(still: str) -> str:
    return f"👁 **{still}.**"


def withheld(channel_id: int) -> str:
    if channel_id:
        return f"*The text is shown only in <#{channel_id}>, because of the story.*"
    return "*The text is not quoted here, because of the story. Press More to read it yourself.*"


def set_by(name: str, at: datetime) -> str:
    return f"set by {name}, {day(at)}"


def review(at: datetime) -> str:
    return f"to be reviewed {ago(at)}"


def effects(rules: StateRules, holding: Sequence[str], *, all_hold: bool) -> str | None:
    """Say what a state changes, in one sentence; `holding` are the names of the rules that hold."""
    said = [words for name, words in _EFFECTS if getattr(rules, name)]
    if holding:
        under = "" if all_hold else f" under {_listed(holding, ' or')}"
        said.insert(0, f"one report{under} puts a comment on hold until a moderator has looked")
    return f"{capital(_listed(said, ', and'))}." if said else None


def _listed(said: Sequence[str], last: str) -> str:
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])}{last} {said[-1]}"


def still(mark: str, name: str, review_at: datetime | None) -> str:
    again = f" The next reminder comes {ago(review_at)}." if review_at else ""
    return f"✔ {name} looked: still “{mark}”.{again}"


def due(mark: str) -> str:
    return f"⏰ **Does this still hold?** A story has been marked “{mark}” for a while."


def moved(number: int, channel_id: int) -> str:
    return f"Case #{number} is now in <#{channel_id}>."


def site_trouble(words: str) -> str:
    return f"**{words}**"


def marked(total: int) -> str:
    return f"**{count(total, 'marked story', 'marked stories')}**"
