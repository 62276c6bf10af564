"""A threat to somebody's life: the checklist, and the call to editors."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.cards.text.common import ago
from bot.domain.life import LifeStep

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
