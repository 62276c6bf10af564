"""The house rules and the rest of the policy, as /rules and /policy show them."""

from collections.abc import Mapping
from typing import Final

from bot.domain.lines import count
from bot.domain.policy import TwoPeople

SETTINGS: Final[Mapping[str, str]] = {
    "emoji": "the reactions",
    "reaction_ban": "what the reaction for a ban does",
    "strike_days": "how long strikes count",
    "undo_minutes": "how long Undo is offered",
    "contests_alone": "whether whoever decided may answer a contest",
    "contests_for": "for how long a decision can be contested",
    "contests_within": "how soon a contest is to be answered",
    "unfounded": "what becomes of many unfounded reports",
    "calm_backlog": "when cards come with reactions",
    "ladder": "the lengths of ban",
    "two_people": "what takes two people",
    "agree_within": "how long a second person has",
    "brake": "how much one person does alone within a few minutes",
    "alerts": "the alerts",
    "stories": "what a story's status changes",
    "routes": "which channel cards go to",
    "channel": "from how many open cases on new ones share one list",
    "shift": "the shifts",
    "blurred": "the blurred words",
    "retention": "how long what people wrote is kept",
}
TWO: Final[Mapping[TwoPeople, str]] = {
    TwoPeople.BAN_FOR_GOOD: "a permanent ban",
    TwoPeople.UNHIDE_LEGAL: "showing again what was hidden for a legal reason",
}
TWO_NOTHING: Final = "Nothing takes two people"

# The house rules.
RULES_FOOT: Final = "/rules with a rule shows its text and what the author is told."
NOTICE: Final = "**What the author is told**"
LEGAL: Final = "legal"
SPOILER: Final = "behind a click"
WORDING: Final = "the author may say it differently"
LIFE: Final = "🆘 editors are called at once"

# The rest of the policy.
HEAD: Final = "**The policy in force**"
STORIES: Final = "**Stories**"
CHANNELS: Final = "**Channels**"
FOOT: Final = "/rules lists the house rules. An editor changes the file, then /policy reload."
NEVER: Final = "never"
A_CARD_EACH: Final = "Every case gets its own card at once"
ONE_CHANNEL: Final = "All cards go to the desk's own channel."
EVERYTHING: Final = "everything"

# A reload.
SAME: Final = "The policy was read again. It says what it said before."
IN_FORCE: Final = "✔ **The new policy is in force.**"
ADDED: Final = "New rules"
REMOVED: Final = "Rules taken out"
CHANGED: Final = "Changed rules"


def rules_head(number: int) -> str:
    return f"**The house rules** ({number:,})"


def only_at(sites: str) -> str:
    return f"only at {sites}"


def sent_as(code: str) -> str:
    return f"The site sends it as {code}."


def reactions(keep: str, hide: str, ban: str) -> str:
    return f"Reactions: {keep} keep, {hide} hide, {ban} ban"


def strikes(days: int) -> str:
    return f"A hide or a ban counts as a strike for {count(days, 'day')}"


def undo(minutes: int) -> str:
    return f"Undo is offered for {count(minutes, 'minute')}"


def ladder(steps: str) -> str:
    return f"Bans suggested, longer with each strike: {steps}"


def alone(minutes: int, bans: int, hides: int, undos: int) -> str:
    return (
        f"One person alone within {count(minutes, 'minute')}: {count(bans, 'ban')}, "
        f"{count(hides, 'hide')}, {count(undos, 'undo', 'undos')}; "
        "senior moderators and editors twice that"
    )


def two_people(what: str, hours: int) -> str:
    return f"What takes two people: {what}. The second has {count(hours, 'hour')} to agree"


def backlog(most: int) -> str:
    are = "is" if most == 1 else "are"
    return (
        f"While {count(most, 'case')} or more {are} open, new ones share one list instead of a "
        "card each"
    )


def claims(minutes: int) -> str:
    return f"Whoever claims a case has it to themselves for {count(minutes, 'minute')}"


def after(minutes: int) -> str:
    return f"after {count(minutes, 'minute')}" if minutes else NEVER


def calls(shift: str, editors: str) -> str:
    return f"A waiting case calls the shift {shift}, the editors {editors}"


def hours(start: str, end: str) -> str:
    return f"{start} to {end}"


def quiet(hours: str) -> str:
    return f"Quiet hours, when only the gravest cases call anybody: {hours}"


def quiet_alerts(hours: str) -> str:
    return f"Quiet hours for the editors' alerts: {hours}"


def blurred(number: int) -> str:
    return f"Words blurred until clicked: {number:,}"


def section(name: str) -> str:
    return f"section {name}"


def site(name: str) -> str:
    return f"site {name}"


def listed(head: str, names: str) -> str:
    return f"{head}: {names}"


def settings(names: str) -> str:
    return f"Changed: {names}"


def moved(number: int) -> str:
    have = "has" if number == 1 else "have"
    return f"{count(number, 'open case')} {have} another place now."
