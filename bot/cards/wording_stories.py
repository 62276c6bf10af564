"""What people read about how stories stand in law, and about texts that are kept back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.cards import wording
from bot.domain.stories import StateRules, StoryState

MARKS: Final[Mapping[StoryState, str]] = {
    StoryState.NORMAL: "Normal",
    StoryState.WATCH: "👁 Watched",
    StoryState.PROCEEDINGS: "⚖ Active proceedings",
    StoryState.PROTECTED: "🛡 Sexual offence or child involved",
    StoryState.CLOSED: "🔒 Closed for comments",
}
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
PICK: Final = "Say how the story stands"
NONE_MARKED: Final = (
    "No story is marked. Where somebody was arrested or charged, or a sexual offence or a child "
    "is involved, use /story, or press More on a card and then Story…"
)
SITE_ASKED: Final = "The site is being asked."
SITE_CLOSED: Final = "Closed for comments at the site."
SITE_OPENED: Final = "Open for comments at the site."

_EFFECTS: Final = (
    ("hide_first", "comments are hidden at their first report until somebody decides"),
    ("second_pair", "showing them again takes two people"),
    ("close_comments", "the site is asked to take no more comments"),
    ("restricted", "the text is quoted only in the restricted channel"),
)


def stands(state: StoryState) -> str:
    """Say how a story stands, above the menu that changes it."""
    return f"How it stands: **{MARKS[state]}**. {MEANINGS[state]}. Pick another below to change it."


def hidden_by_desk(at: datetime) -> str:
    """Say on an open card that the comment is down already."""
    return (
        f"🙈 **Hidden by the desk** {wording.ago(at)}, because of the story, until somebody "
        "decides. Keep shows it again."
    )


def keep_takes_two() -> str:
    """Say what follows from the story's state for Keep."""
    return "Showing it again takes two people."


def withheld(channel_id: int) -> str:
    """Stand for a text that may not be quoted here."""
    if channel_id:
        return f"*The text is shown only in <#{channel_id}>, because of the story.*"
    return "*The text is not quoted here, because of the story. Press More to read it yourself.*"


def set_by(name: str, at: datetime) -> str:
    """Say who marked a story, and when."""
    return f"set by {name}, {wording.day(at)}"


def review(at: datetime) -> str:
    """Say when somebody should look whether a state still holds."""
    return f"to be looked at again {wording.ago(at)}"


def effects(rules: StateRules) -> str | None:
    """Say what a state changes, in one sentence."""
    said = [words for name, words in _EFFECTS if getattr(rules, name)]
    if not said:
        return None
    listed = said[0] if len(said) == 1 else f"{', '.join(said[:-1])}, and {said[-1]}"
    return f"{wording.capital(listed)}."


def still(mark: str, name: str, review_at: datetime | None) -> str:
    """Say under a reminder that somebody looked."""
    again = f" The next reminder comes {wording.ago(review_at)}." if review_at else ""
    return f"✔ {name} looked: still “{mark}”.{again}"


def due(mark: str) -> str:
    """Ask whether a state still holds."""
    return f"⏰ **Does this still hold?** A story has been marked “{mark}” for a while."


def moved(number: int, channel_id: int) -> str:
    """Stand in the place of a card that stands in another channel now."""
    return f"Case #{number} is now in <#{channel_id}>."


def site_trouble(words: str) -> str:
    """Say that the site did not close or open a story."""
    return f"**{words}**"


def marked(total: int) -> str:
    """Stand above the list of marked stories."""
    return f"**{wording.count(total, 'marked story', 'marked stories')}**"
