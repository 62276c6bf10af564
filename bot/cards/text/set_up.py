"""What /setup says, to whoever manages the server."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.cards.text.common import ago, date_and_clock
from bot.domain.set_up import Setting

HEAD: Final = "**Set-up of the desk**"
INTRO: Final = "What you pick here counts in place of the desk's files."
NEVER_CHANGED: Final = "Nothing was set here so far."
NAMES: Final[Mapping[Setting, str]] = {
    Setting.CHANNEL: "Moderators' channel",
    Setting.EDITORS_CHANNEL: "Editors' channel",
    Setting.LOG_CHANNEL: "Log channel",
    Setting.MODERATOR_ROLES: "Moderator roles",
    Setting.SENIOR_ROLES: "Senior moderator roles",
    Setting.EDITOR_ROLES: "Editor roles",
    Setting.RULES_OFF: "House rules",
    Setting.TIME_ZONE: "Time zone",
    Setting.QUIET_HOURS: "Quiet hours",
}
PLACEHOLDERS: Final[Mapping[Setting, str]] = {
    Setting.CHANNEL: "Where cards are posted",
    Setting.EDITORS_CHANNEL: "Where editors are alerted",
    Setting.LOG_CHANNEL: "Where each decision is put as a line",
    Setting.MODERATOR_ROLES: "Who may keep, hide and ban",
    Setting.SENIOR_ROLES: "Who may also undo others' decisions",
    Setting.EDITOR_ROLES: "Who may do everything",
    Setting.RULES_OFF: "The rules that are on",
}
USE_FILE: Final = "Use the file's value"
HOURS: Final = "Change the times"
HOURS_TITLE: Final = "Time zone and quiet hours"
ZONE_FIELD: Final = "Time zone"
ZONE_HELP: Final = "Such as Europe/London or America/New_York."
HOURS_FIELD: Final = "Quiet hours"
HOURS_HELP: Final = "Then only what is urgent calls or alerts anybody. 22:00-07:00, or never."
MANY_RULES: Final = (
    "There are more rules than a menu holds, so they are switched in the policy file."
)
SAVED: Final = "✔ **Saved.** It counts from now on."
SAVED_LATER: Final = "✔ **Saved.** The desk uses it from its next start."
SAME: Final = "That is how it was. Nothing was changed."
NO_CHOICE: Final = "Nothing was picked, so nothing was changed. Open /setup again."


AS_FILE: Final = "as the desk's files have it"
NO_ROLE: Final = "none"
ALL_ON: Final = "all on"


def off(numbers: str) -> str:
    return f"all but {numbers} on"


def changed(what: str, who: str, at: datetime, value: str) -> str:
    return f"⚙ **{what}**: {value} · set up by {who}, {date_and_clock(at)}"


def last_changed(what: str, who: str, at: datetime) -> str:
    return f"Last changed: {what}, by {who}, {date_and_clock(at)}."


def named(what: str, who: str | None, at: datetime | None) -> str:
    """Name a setting, with who set it here if anybody did."""
    return f"**{what}** · set here by {who} {ago(at)}" if who and at else f"**{what}**"


def times(zone: str, hours: str) -> str:
    return f"{zone}, quiet hours {hours}"


def rules(on: int, off: int) -> str:
    return f"{on:,} on, {off:,} off"
