"""Legal notices and threats to life: forms, cards, deadlines, calls; letters are in `letters`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.cards.text.common import ago
from bot.domain.legal import Stage
from bot.domain.triage import LifeStep

# The card.
TASKS: Final[Mapping[Stage, str]] = {
    Stage.RECEIVED: "Send the notice to the poster, or take the comment down",
    Stage.DEFECTIVE: "Tell the complainant what is missing",
    Stage.POSTER_TOLD: "The poster may answer",
    Stage.POSTER_SILENT: "No answer: take the comment down and tell the complainant",
    Stage.POSTER_AGREES: "Take the comment down and tell the complainant",
    Stage.POSTER_INSISTS: "Tell the complainant that the poster insists",
}
DONE: Final[Mapping[Stage, str]] = {
    Stage.POSTER_TOLD: "The poster was told",
    Stage.POSTER_AGREES: "The poster agrees to removal",
    Stage.POSTER_INSISTS: "The poster insists",
    Stage.REMOVED: "The comment is down, and the complainant knows",
    Stage.ANSWERED: "The complainant knows what is missing",
    Stage.HANDED_ON: "The complainant knows that the poster insists",
}
WHAT_COUNTS: Final = "The 48 hours leave out weekends and bank holidays in England and Wales."
WHAT_DONE: Final = "Say what was done"
LETTERS: Final = "Letters"
NOT_ADVICE: Final = "Drafts, not legal advice: have them read by somebody who knows the law."
NONE_RUNNING: Final = "No clock is running on a legal notice."
HEAD: Final = "**Legal notices**"
UNNAMED: Final = "from somebody unnamed"
DEFECTS: Final = "The notice does not say:"
MEANING: Final = "It means"
FALSITY: Final = "It is untrue that"
ITS_CARD: Final = "Its card"

# The form.
UNKNOWN: Final = "They do not know enough about the poster to sue"
MAY_TELL: Final = "The poster may be told who complains"
MAY_NOT_TELL: Final = "The poster may not be told who complains"
NAME_ALONE: Final = "The poster may be told the name, not the address"
EMAIL_ALONE: Final = "The poster may be given the address, not the name"
NAME_FIELD: Final = "Who complains"
NAME_HELP: Final = "Leave empty what the notice leaves out"
EMAIL_FIELD: Final = "Their e-mail address"
MEANING_FIELD: Final = "What it means, and why that is defamatory"
FALSITY_FIELD: Final = "What in it is untrue or baseless"
SAYS_FIELD: Final = "What else the notice says"


def form_title(case: int) -> str:
    return f"Legal notice on #{case}"


def named(notice: int) -> str:
    return f"⚖ **Legal notice {notice}**"


def from_whom(name: str) -> str:
    return f"from {name}" if name else UNNAMED


def next_step(stage: Stage, by: str) -> str:
    return f"⏱ **{TASKS[stage]}** by {by}."


def finished(stage: Stage, at: str) -> str:
    return f"✔ {DONE[stage]}, {at}."


def taken_in(notice: int) -> str:
    return f"✔ Legal notice {notice} was taken in."


def now(notice: int) -> str:
    return f"Legal notice {notice}:"


def five_days_over(notice: int, case: str) -> str:
    return f"The poster's five days are over on legal notice {notice}, {case}."


def overdue(notice: int, case: str) -> str:
    return f"The time for legal notice {notice} on {case} has run out."


def due_soon(notice: int, case: str) -> str:
    return f"The time for legal notice {notice} on {case} runs out soon."


STEPS: Final[Mapping[LifeStep, str]] = {
    LifeStep.POLICE: "The police were called: 999, or 101 if nobody is in danger right now",
    LifeStep.EDITOR: "An editor knows",
    LifeStep.KEPT: "What the site knows about the author is kept, for the police to ask for",
    LifeStep.REFERENCE: "The police's reference is noted on the case",
}
TICK: Final = "Tick what was done"
ALL_TICKED: Final = "Everything is ticked."
OPEN_CHANNEL: Final = "Open the moderators' channel."


def head(called_at: datetime) -> str:
    return (
        f"🆘 **Threat to life?** The editors were called {ago(called_at)}. Everything about this "
        "case is kept."
    )


def noted(case: str, left: int) -> str:
    return f"✔ Noted on {case}. {f'{left} left on the card.' if left else ALL_TICKED}"


def call(roles: str, case: str) -> str:
    return f"🆘 {roles} **Somebody may be in danger: {case}**"


def reported_as(rule: str) -> str:
    return f"Reported as {rule}"


def what_to_do(case: int, link: str | None) -> str:
    if link:
        return f"[Open the card]({link}) and work through its list, the police first."
    return f"Use /case {case} now; its card follows in a moment."


def plain_title(case: int) -> str:
    return f"Somebody may be in danger: case {case}"


def plain_body(rule: str, story: str) -> str:
    return f"A reader reported a comment as {rule}, on {story}."
